//! The few things the log asks of a disk; passed in, so that tests can make it fail.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// A segment being written.
pub trait LogFile: Send {
    /// Appends all of `bytes`.
    ///
    /// # Errors
    /// Whatever the disk says; a part may have been written.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Returns once everything appended is on the disk.
    ///
    /// # Errors
    /// Whatever the disk says; nothing is known about what was appended since the last success.
    fn sync(&mut self) -> io::Result<()>;
}

/// Creates the file of a new segment, empty.
pub type CreateFile = Arc<dyn Fn(&Path) -> io::Result<Box<dyn LogFile>> + Send + Sync>;

impl LogFile for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

/// Creates files on the local disk.
pub fn create_on_disk() -> CreateFile {
    Arc::new(|path| {
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
        Ok(Box::new(file))
    })
}

/// Makes creations and removals in a folder last.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
