//! A configuration that follows its files.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use crate::Result;
use crate::files::Contents;

/// How often files are looked at.
const LOOK: Duration = Duration::from_secs(10);

/// What was made of files, and how to make it again.
pub(crate) struct Renewed<T> {
    state: RwLock<(Contents, Arc<T>)>,
}

impl<T> Renewed<T> {
    pub(crate) fn new(contents: Contents, made: T) -> Self {
        Self { state: RwLock::new((contents, Arc::new(made))) }
    }

    pub(crate) fn current(&self) -> Arc<T> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// Looks once; tells whether there is something new.
    pub(crate) fn look(
        &self,
        read: impl Fn() -> Result<Contents>,
        make: impl Fn(&Contents) -> Result<T>,
    ) -> Result<bool> {
        let contents = read()?;
        if self.state.read().unwrap_or_else(PoisonError::into_inner).0 == contents {
            return Ok(false);
        }
        let made = Arc::new(make(&contents)?);
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = (contents, made);
        Ok(true)
    }
}

/// Looks again and again. Never returns. A trouble is told once, not every ten seconds.
pub(crate) async fn watch(what: &str, look: impl Fn() -> Result<bool>) {
    let mut told = String::new();
    loop {
        tokio::time::sleep(LOOK).await;
        match look() {
            Ok(true) => {
                told.clear();
                tracing::info!(what, "the certificate was renewed");
            }
            Ok(false) => told.clear(),
            Err(error) => {
                let text = error.to_string();
                if text != told {
                    tracing::error!(what, %error, "the certificate cannot be renewed; the one before stays");
                    told = text;
                }
            }
        }
    }
}
