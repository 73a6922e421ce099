//! Segments: the header, and the frames that carry records.

use std::path::{Path, PathBuf};

use crate::error::Error;

/// What a segment file starts with.
pub(crate) const MAGIC: [u8; 8] = *b"weir-log";
/// The version of the form of segments.
pub(crate) const VERSION: u32 = 1;
/// The length of a segment's header.
pub(crate) const HEADER: usize = 32;
/// The length of a frame's header.
pub(crate) const FRAME: usize = 16;
/// What a frame starts with.
const MARK: [u8; 4] = *b"\xc7wr\n";

/// The header of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// The segment's number; numbers follow each other.
    pub(crate) number: u64,
    /// How many bytes of the segment before count. What lies behind was never acknowledged.
    pub(crate) previous: u64,
}

impl Header {
    pub(crate) fn bytes(self) -> [u8; HEADER] {
        let mut out = [0; HEADER];
        out[..8].copy_from_slice(&MAGIC);
        out[8..12].copy_from_slice(&VERSION.to_le_bytes());
        out[12..20].copy_from_slice(&self.number.to_le_bytes());
        out[20..28].copy_from_slice(&self.previous.to_le_bytes());
        let crc = crc32fast::hash(&out[..28]);
        out[28..].copy_from_slice(&crc.to_le_bytes());
        out
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        let bytes = bytes.get(..HEADER).ok_or("the header is cut")?;
        if bytes[..8] != MAGIC {
            return Err("this is not a log segment");
        }
        if u32_at(bytes, 8) != VERSION {
            return Err("a version this server does not know");
        }
        if u32_at(bytes, 28) != crc32fast::hash(&bytes[..28]) {
            return Err("the header's checksum is wrong");
        }
        Ok(Self { number: u64_at(bytes, 12), previous: u64_at(bytes, 20) })
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut out = [0; 4];
    out.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(out)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut out = [0; 8];
    out.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(out)
}

/// The file of a segment.
pub(crate) fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:016}.log"))
}

/// The number in a segment's file name.
pub(crate) fn number(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?.strip_suffix(".log")?;
    (name.len() == 16).then(|| name.parse().ok()).flatten()
}

/// Puts the frame's header in front of the record that `out` holds from `start + FRAME` on. `group` is where the
/// frames begin that are synced together with this one.
pub(crate) fn seal(out: &mut [u8], start: usize, group: u32) {
    let (head, record) = out[start..].split_at_mut(FRAME);
    head[..4].copy_from_slice(&MARK);
    head[4..8].copy_from_slice(&(record.len() as u32).to_le_bytes());
    head[8..12].copy_from_slice(&group.to_le_bytes());
    let crc = checksum(&head[4..12], record);
    head[12..].copy_from_slice(&crc.to_le_bytes());
}

fn checksum(head: &[u8], record: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(head);
    hasher.update(record);
    hasher.finalize()
}

/// A frame found in a segment.
pub(crate) struct Frame<'a> {
    pub(crate) record: &'a [u8],
    /// Where the frames begin that were synced together with this one.
    pub(crate) group: u32,
    /// Where the next frame begins.
    pub(crate) end: usize,
}

/// The frame at `at`, if it is whole.
pub(crate) fn frame(bytes: &[u8], at: usize) -> Option<Frame<'_>> {
    let head = bytes.get(at..at + FRAME)?;
    if head[..4] != MARK {
        return None;
    }
    let end = (at + FRAME).checked_add(u32_at(head, 4) as usize)?;
    let record = bytes.get(at + FRAME..end)?;
    (u32_at(head, 12) == checksum(&head[4..12], record)).then(|| Frame {
        record,
        group: u32_at(head, 8),
        end,
    })
}

/// Where the whole frames of a segment end, and how much lies behind.
///
/// What lies behind is a torn tail if nothing synced later follows: a crash may leave any part of the last group of
/// frames. If a frame of a later group follows, the bytes between had been synced and are damaged.
pub(crate) fn valid_length(path: &Path, bytes: &[u8]) -> Result<usize, Error> {
    let mut at = HEADER;
    while let Some(found) = frame(bytes, at) {
        at = found.end;
    }
    let mut from = at + 1;
    while let Some(next) = bytes.get(from..).and_then(find_mark) {
        let place = from + next;
        if frame(bytes, place).is_some_and(|later| later.group as usize > at) {
            return Err(Error::damaged(
                path,
                at as u64,
                "a record's checksum is wrong, and synced records follow",
            ));
        }
        from = place + 1;
    }
    Ok(at)
}

fn find_mark(bytes: &[u8]) -> Option<usize> {
    bytes.windows(MARK.len()).position(|w| w == MARK)
}
