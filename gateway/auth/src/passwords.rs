//! Passwords: what a good one is, hashing and comparing.

use tokio::sync::Semaphore;
use weir_model::{Error, Id, Result};

use crate::{AuthError, Authenticator, Options};

const SPECIAL: &str = "!@#$%^&*()_+";

/// A bcrypt hash of nobody's password (cost 10), compared with when there is no user, so that it takes as long.
const NOBODYS_HASH: &str = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

pub(crate) struct Passwords {
    strong: bool,
    cost: u32,
    /// bcrypt takes a core for a while: a flood of sign-ins waits here instead of taking all.
    turns: Semaphore,
}

impl Passwords {
    pub(crate) fn new(options: &Options) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            strong: options.strong_passwords,
            cost: options.bcrypt_cost,
            turns: Semaphore::new(cores.div_ceil(2)),
        }
    }

    fn check(&self, password: &str) -> Result<(), AuthError> {
        if !(8..=72).contains(&password.len()) {
            return Err(AuthError::PasswordLength);
        }
        let kinds: [fn(char) -> bool; 4] = [
            |c| c.is_ascii_uppercase(),
            |c| c.is_ascii_lowercase(),
            |c| c.is_ascii_digit(),
            |c| SPECIAL.contains(c),
        ];
        if self.strong && kinds.iter().filter(|kind| password.chars().any(kind)).count() < 3 {
            return Err(AuthError::PasswordStrength);
        }
        Ok(())
    }

    /// Runs bcrypt off the async threads, a few at a time.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _turn = self.turns.acquire().await.map_err(|_| Error::unavailable("the server is stopping"))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| {
            tracing::error!(%error, "hashing a password failed");
            Error::internal("An internal error has occurred - check server logs")
        })
    }

    /// The hash to store.
    async fn hash(&self, password: &str) -> Result<String> {
        let (password, cost) = (password.to_owned(), self.cost);
        let hashed = self.run(move || bcrypt::hash(password, cost)).await?;
        hashed.map_err(|_| AuthError::PasswordCharacters.into())
    }

    /// Whether a password is the one of which `hash` is the hash.
    pub(crate) async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS_HASH.to_owned());
        let password = password.to_owned();
        let same = self.run(move || bcrypt::verify(password, &hash).unwrap_or(false)).await?;
        Ok(known && same)
    }
}

impl Authenticator {
    /// The hash of a new password, for the catalog to keep.
    ///
    /// # Errors
    /// [`AuthError::PasswordLength`], [`AuthError::PasswordStrength`].
    pub async fn hash_password(&self, password: &str) -> Result<String> {
        self.passwords.check(password)?;
        self.passwords.hash(password).await
    }

    /// Refuses a password that must not be set, without the work of hashing it.
    ///
    /// # Errors
    /// As [`Authenticator::hash_password`].
    pub fn check_password(&self, password: &str) -> Result<()> {
        Ok(self.passwords.check(password)?)
    }

    /// Refuses unless this is the user's password: asked before it is changed.
    ///
    /// # Errors
    /// [`AuthError::WrongPassword`].
    pub async fn verify_password(&self, user: Id, password: &str) -> Result<()> {
        let hash = self.catalog.password_hash(user).await?;
        match self.passwords.verify(password, hash).await? {
            true => Ok(()),
            false => Err(AuthError::WrongPassword.into()),
        }
    }

    /// The user of a name and password.
    ///
    /// # Errors
    /// [`AuthError::Unauthorized`], whichever of the two is wrong.
    pub(crate) async fn user_of(&self, name: &str, password: &str) -> Result<Id> {
        let user = match self.catalog.find_user_by_name(name).await {
            Ok(user) => Some(user.id),
            Err(error) if error.code == weir_model::ErrorCode::NotFound => None,
            Err(error) => return Err(error),
        };
        let hash = match user {
            Some(id) => self.catalog.password_hash(id).await?,
            None => None,
        };
        match (self.passwords.verify(password, hash).await?, user) {
            (true, Some(user)) => Ok(user),
            _ => Err(AuthError::Unauthorized.into()),
        }
    }
}
