//! Why a caller is turned away.

use weir_model::{Error, ErrorCode};

/// Why a caller is turned away. Public methods return it as a [`weir_model::Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// No credentials, or none that are known.
    #[error("unauthorized access")]
    Unauthorized,
    /// Credentials in a v1 form that are not known.
    #[error("Unauthorized")]
    UnauthorizedV1,
    /// The user is switched off or gone.
    #[error("User is inactive")]
    UserInactive,
    /// The old password is wrong, or there is no such user.
    #[error("your username or password is incorrect")]
    WrongPassword,
    /// Passwords are 8 to 72 bytes long (bcrypt looks no further).
    #[error("passwords must be between 8 and 72 characters long")]
    PasswordLength,
    /// The server asks for strong passwords.
    #[error(
        "passwords must mix at least three of: uppercase letters, lowercase letters, numbers, and the characters !@#$%^&*()_+"
    )]
    PasswordStrength,
    /// bcrypt refused the password.
    #[error("the password has characters that cannot be used")]
    PasswordCharacters,
}

impl AuthError {
    /// The code of the v2 API.
    pub fn code(self) -> ErrorCode {
        match self {
            Self::Unauthorized | Self::UnauthorizedV1 => ErrorCode::Unauthorized,
            Self::UserInactive | Self::WrongPassword => ErrorCode::Forbidden,
            Self::PasswordLength | Self::PasswordStrength | Self::PasswordCharacters => ErrorCode::Invalid,
        }
    }
}

impl From<AuthError> for Error {
    fn from(error: AuthError) -> Self {
        Error::new(error.code(), error.to_string())
    }
}
