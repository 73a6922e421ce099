//! The one who knows callers.

use std::sync::Arc;

use weir_catalog::Catalog;
use weir_model::{Caller, Result};

use crate::logins::Logins;
use crate::passwords::Passwords;
use crate::tokens::Tokens;
use crate::{AuthError, bearer, session_key};

/// How strict, and for how long.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long a session lasts, in nanoseconds.
    pub session_length: i64,
    /// Whether sessions in use last longer.
    pub renew_sessions: bool,
    /// Whether passwords must mix kinds of characters.
    pub strong_passwords: bool,
    /// The cost of bcrypt: each step doubles the work.
    pub bcrypt_cost: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            session_length: 3_600_000_000_000,
            renew_sessions: true,
            strong_passwords: false,
            bcrypt_cost: 10,
        }
    }
}

/// Knows callers by their credentials. A clone shares its caches.
#[derive(Clone)]
pub struct Authenticator {
    pub(crate) catalog: Catalog,
    pub(crate) options: Arc<Options>,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) passwords: Arc<Passwords>,
    pub(crate) logins: Arc<Logins>,
}

impl Authenticator {
    /// Knows the callers of `catalog`.
    pub fn new(catalog: Catalog, options: Options) -> Self {
        let passwords = Arc::new(Passwords::new(&options));
        Self {
            catalog,
            options: Arc::new(options),
            tokens: Arc::default(),
            passwords,
            logins: Arc::default(),
        }
    }

    /// Who sent a request of the v2 API with these headers: the token if one is shown, else the session.
    ///
    /// # Errors
    /// [`AuthError::Unauthorized`] and [`AuthError::UserInactive`]. An inactive token is known here, and refused
    /// when a permission is asked for.
    pub async fn authenticate(&self, authorization: Option<&str>, cookies: Option<&str>) -> Result<Caller> {
        if let Some(token) = authorization.and_then(bearer) {
            return self.caller_of_token(token).await?.ok_or_else(|| AuthError::Unauthorized.into());
        }
        match cookies.and_then(session_key) {
            Some(key) => self.caller_of_session(key).await,
            None => Err(AuthError::Unauthorized.into()),
        }
    }
}

impl std::fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authenticator({:?})", self.options)
    }
}
