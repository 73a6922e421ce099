//! Opening a log: which segments there are, and how much of each counts.

use std::fs::{self, OpenOptions};
use std::path::Path;

use crate::error::Error;
use crate::file::sync_folder;
use crate::replay::Found;
use crate::segment::{self, HEADER, Header};

/// Reads a whole file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|e| Error::io("read", path, e))
}

/// The segments in `folder`, in order. Cuts a torn tail off the last one.
pub(crate) fn find(folder: &Path) -> Result<Vec<Found>, Error> {
    fs::create_dir_all(folder).map_err(|e| Error::io("create", folder, e))?;
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| Error::io("list", folder, e))? {
        let path = entry.map_err(|e| Error::io("list", folder, e))?.path();
        if let Some(number) = segment::number(&path) {
            let length = fs::metadata(&path).map_err(|e| Error::io("look at", &path, e))?.len();
            found.push(Found { number, path, length });
        }
    }
    found.sort_by_key(|f| f.number);
    drop_unborn(folder, &mut found)?;
    for i in 1..found.len() {
        if found[i].number != found[i - 1].number + 1 {
            let reason = format!("segment {} is missing before it", found[i].number - 1);
            return Err(Error::damaged(&found[i].path, 0, reason));
        }
        let header = read_header(&found[i].path)?;
        if header.previous > found[i - 1].length {
            return Err(Error::damaged(&found[i - 1].path, found[i - 1].length, "the segment has been cut"));
        }
        found[i - 1].length = header.previous;
    }
    if let Some(last) = found.last_mut() {
        cut_tail(last)?;
    }
    Ok(found)
}

/// Removes a last segment whose header was never whole: nothing was ever acknowledged in it.
fn drop_unborn(folder: &Path, found: &mut Vec<Found>) -> Result<(), Error> {
    let Some(last) = found.last() else { return Ok(()) };
    if last.length > HEADER as u64 || Header::read(&read(&last.path)?).is_ok() {
        return Ok(());
    }
    tracing::warn!(segment = %last.path.display(), "removing a log segment that was never finished creating");
    fs::remove_file(&last.path).map_err(|e| Error::io("remove", &last.path, e))?;
    sync_folder(folder).map_err(|e| Error::io("sync", folder, e))?;
    found.pop();
    Ok(())
}

fn read_header(path: &Path) -> Result<Header, Error> {
    use std::io::Read;
    let mut bytes = Vec::with_capacity(HEADER);
    let file = fs::File::open(path).map_err(|e| Error::io("open", path, e))?;
    file.take(HEADER as u64).read_to_end(&mut bytes).map_err(|e| Error::io("read", path, e))?;
    Header::read(&bytes).map_err(|why| Error::damaged(path, 0, why))
}

fn cut_tail(last: &mut Found) -> Result<(), Error> {
    let bytes = read(&last.path)?;
    Header::read(&bytes).map_err(|why| Error::damaged(&last.path, 0, why))?;
    let length = segment::valid_length(&last.path, &bytes)?;
    if length < bytes.len() {
        tracing::warn!(
            segment = %last.path.display(),
            at = length,
            bytes = bytes.len() - length,
            "cutting a torn tail off the log: these bytes were never acknowledged"
        );
        let cut = |file: fs::File| file.set_len(length as u64).and_then(|()| file.sync_all());
        OpenOptions::new()
            .write(true)
            .open(&last.path)
            .and_then(cut)
            .map_err(|e| Error::io("cut", &last.path, e))?;
    }
    last.length = length as u64;
    Ok(())
}
