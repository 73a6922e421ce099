//! Callers of the v1 endpoints: a v1 user with its password, or a token in a password's place.

use weir_model::{Caller, Result};

use crate::{AuthError, Authenticator, credentials};

impl Authenticator {
    /// Who sent a v1 request with this `u` and `p` and this `Authorization` header. Cookies and `Bearer` do not
    /// count there.
    ///
    /// # Errors
    /// [`AuthError::Unauthorized`] without credentials, [`AuthError::UnauthorizedV1`] with ones that are unknown,
    /// inactive, or of an inactive user.
    pub async fn authenticate_v1(
        &self,
        parameters: Option<(&str, &str)>,
        authorization: Option<&str>,
    ) -> Result<Caller> {
        let (name, secret) = credentials::v1(parameters, authorization).ok_or(AuthError::Unauthorized)?;
        let known = match self.caller_of_login(&name, &secret).await? {
            Some(caller) => Ok(Some(caller)),
            None => self.caller_of_token(&secret).await,
        };
        match known {
            Ok(Some(caller)) if caller.permissions().is_ok() => Ok(caller),
            Err(error) if error.code != weir_model::ErrorCode::Forbidden => Err(error),
            _ => Err(AuthError::UnauthorizedV1.into()),
        }
    }
}

impl Authenticator {
    /// The v1 user of this name and password; `None` if there is none, which says nothing about tokens.
    async fn caller_of_login(&self, name: &str, password: &str) -> Result<Option<Caller>> {
        if name.is_empty() {
            return Ok(None);
        }
        let Some((legacy, Some(hash))) = self.catalog.find_legacy_login(name).await? else { return Ok(None) };
        let id = legacy.authorization.id;
        if !self.logins.knows(id, &hash, password) {
            if !self.passwords.verify(password, Some(hash.clone())).await? {
                return Ok(None);
            }
            self.logins.remember(id, &hash, password);
        }
        crate::tokens::caller_of(legacy.authorization).map(Some)
    }
}
