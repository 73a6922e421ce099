//! Sessions: signing in and out, and the caller behind a cookie.

use weir_model::{Caller, Credential, ErrorCode, Result, Timestamp};

use crate::{AuthError, Authenticator, basic, session_key};

/// How much longer a session lasts at least, each time it is used: five minutes.
const RENEWAL: i64 = 300_000_000_000;

/// A fresh session.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The secret key, for the cookie.
    pub key: String,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
}

impl Authenticator {
    /// Signs in the user of a `Basic` header. An inactive user may sign in, and is refused at whatever comes next.
    ///
    /// # Errors
    /// [`AuthError::Unauthorized`].
    pub async fn sign_in(&self, authorization: Option<&str>) -> Result<SignedIn> {
        let (name, password) = authorization.and_then(basic).ok_or(AuthError::Unauthorized)?;
        let user = self.user_of(&name, &password).await?;
        let (session, key) = self.catalog.create_session(user, self.options.session_length).await?;
        Ok(SignedIn { key, expires_at: session.expires_at })
    }

    /// Ends the session of a `Cookie` header.
    ///
    /// # Errors
    /// [`AuthError::Unauthorized`] if there is none.
    pub async fn sign_out(&self, cookies: Option<&str>) -> Result<()> {
        let key = cookies.and_then(session_key).ok_or(AuthError::Unauthorized)?;
        let session = self.catalog.find_session(key).await?.ok_or(AuthError::Unauthorized)?;
        self.catalog.delete_session(session.id).await
    }

    pub(crate) async fn caller_of_session(&self, key: &str) -> Result<Caller> {
        let session = self.catalog.find_session(key).await?.ok_or(AuthError::Unauthorized)?;
        match self.catalog.find_user(session.user_id).await {
            Ok(user) if user.status.is_active() => {}
            Err(error) if error.code != ErrorCode::NotFound => return Err(error),
            _ => return Err(AuthError::UserInactive.into()),
        }
        let renewed = self.catalog.now().plus(RENEWAL);
        if self.options.renew_sessions && renewed > session.expires_at {
            self.catalog.renew_session(session.id, renewed).await?;
        }
        let permissions = self.catalog.session_permissions(session.user_id).await?;
        Ok(Caller::new(session.user_id, Credential::Session { id: session.id }, permissions))
    }
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignedIn(until {})", self.expires_at)
    }
}
