//! Configurations that follow their files.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use crate::Result;
use crate::files::{self, Contents};

/// How often files are looked at.
const LOOK: Duration = Duration::from_secs(10);

/// Settings that name files, and what is made of those.
pub trait Source {
    /// The configuration that is made.
    type Made;

    /// The files, always in this order. The first one stands for all in the log.
    fn paths(&self) -> Vec<&Path>;

    /// Makes a configuration of what is in the files.
    ///
    /// # Errors
    /// What is wrong with it.
    fn make(&self, contents: &[Vec<u8>]) -> Result<Self::Made>;
}

/// A configuration, as its files are now. A clone is the same.
pub struct Renewed<S: Source> {
    settings: Arc<S>,
    state: Arc<RwLock<(Contents, Arc<S::Made>)>>,
}

impl<S: Source> Renewed<S> {
    /// Reads the files.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn open(settings: S) -> Result<Self> {
        let contents = files::read(&settings.paths())?;
        let made = Arc::new(settings.make(&contents)?);
        Ok(Self { settings: Arc::new(settings), state: Arc::new(RwLock::new((contents, made))) })
    }

    /// The configuration for the next connection.
    #[must_use]
    pub fn current(&self) -> Arc<S::Made> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// Looks whether the files were replaced, and tells so.
    ///
    /// # Errors
    /// What is wrong with the new ones; those before stay in use.
    pub fn look(&self) -> Result<bool> {
        let contents = files::read(&self.settings.paths())?;
        if self.state.read().unwrap_or_else(PoisonError::into_inner).0 == contents {
            return Ok(false);
        }
        let made = Arc::new(self.settings.make(&contents)?);
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = (contents, made);
        Ok(true)
    }

    /// Looks again and again. Never returns. A trouble is told once, not every ten seconds.
    pub async fn watch(self) {
        let what = self.settings.paths().first().map(|path| path.display().to_string()).unwrap_or_default();
        let mut told = String::new();
        loop {
            tokio::time::sleep(LOOK).await;
            match self.look() {
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
}

impl<S: Source> Clone for Renewed<S> {
    fn clone(&self) -> Self {
        Self { settings: Arc::clone(&self.settings), state: Arc::clone(&self.state) }
    }
}

impl<S: Source + std::fmt::Debug> std::fmt::Debug for Renewed<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renewed").field("settings", &self.settings).finish_non_exhaustive()
    }
}
