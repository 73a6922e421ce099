//! The room on disk that queries may use.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::SpillFile;
use crate::error::{FluxError, Result};

/// A folder for what queries cannot keep in memory, and how much of it there may be.
#[derive(Debug)]
pub struct SpillSpace {
    folder: PathBuf,
    limit: u64,
    used: AtomicU64,
    written: AtomicU64,
}

impl SpillSpace {
    /// At most `limit` bytes in files in `folder`, which is made when it is first needed.
    pub fn new(folder: impl Into<PathBuf>, limit: u64) -> Arc<Self> {
        Arc::new(Self { folder: folder.into(), limit, used: AtomicU64::new(0), written: AtomicU64::new(0) })
    }

    /// Bytes in use.
    pub fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Bytes that were ever written.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// A new file. It has no name: nothing is left of it when it is closed, or when the process dies.
    pub(crate) fn file(self: &Arc<Self>) -> Result<SpillFile> {
        let file = std::fs::create_dir_all(&self.folder).and_then(|()| tempfile::tempfile_in(&self.folder));
        let file = file.map_err(|e| {
            let folder = self.folder.display();
            FluxError::internal(format!(
                "cannot make a file for what does not fit into memory in {folder}: {e}"
            ))
        })?;
        Ok(SpillFile::new(file, Arc::clone(self)))
    }

    pub(super) fn take(&self, bytes: u64) -> Result<()> {
        let used = self.used.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if used > self.limit {
            self.give_back(bytes);
            return Err(FluxError::invalid(format!(
                "disk limit of queries reached: limit {} bytes, used: {}, wanted: {bytes}; narrow the query or raise \
                 --query-spill-bytes",
                self.limit,
                used - bytes
            )));
        }
        self.written.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }

    pub(super) fn give_back(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}
