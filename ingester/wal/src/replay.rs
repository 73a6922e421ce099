//! Reading a log back.

use std::collections::VecDeque;
use std::path::PathBuf;

use weir_batch::SeriesKeys;

use crate::error::Error;
use crate::record::{Record, take_record};
use crate::segment::{self, HEADER, Header};
use crate::{Position, log};

/// A segment that was there when the log was opened, and how many bytes of it count.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) number: u64,
    pub(crate) path: PathBuf,
    pub(crate) length: u64,
}

/// The records that were in the log when it was opened, in order, with their positions. Stops at the first error.
#[derive(Debug, Default)]
pub struct Replay {
    segments: VecDeque<Found>,
    current: Option<(Found, Vec<u8>, usize)>,
    defined: SeriesKeys,
}

impl Replay {
    pub(crate) fn new(segments: impl IntoIterator<Item = Found>) -> Self {
        Self { segments: segments.into_iter().collect(), ..Self::default() }
    }

    fn step(&mut self) -> Result<Option<(Position, Record)>, Error> {
        loop {
            let Some((found, bytes, at)) = &mut self.current else {
                let Some(found) = self.segments.pop_front() else { return Ok(None) };
                let mut bytes = log::read(&found.path)?;
                let header = Header::read(&bytes).map_err(|why| Error::damaged(&found.path, 0, why))?;
                if header.number != found.number || (bytes.len() as u64) < found.length {
                    return Err(Error::damaged(
                        &found.path,
                        0,
                        "this is another segment, or it has been cut",
                    ));
                }
                bytes.truncate(usize::try_from(found.length).unwrap_or(usize::MAX));
                self.defined = SeriesKeys::new();
                self.current = Some((found, bytes, HEADER));
                continue;
            };
            if *at == bytes.len() {
                self.current = None;
                continue;
            }
            let Some(frame) = segment::frame(bytes, *at) else {
                return Err(Error::damaged(&found.path, *at as u64, "a record's checksum is wrong"));
            };
            let record = take_record(frame.record, &mut self.defined)
                .map_err(|garbled| Error::damaged(&found.path, *at as u64, garbled))?;
            let position = Position::new(found.number, *at as u64);
            *at = frame.end;
            return Ok(Some((position, record)));
        }
    }
}

impl Iterator for Replay {
    type Item = Result<(Position, Record), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if step.is_err() {
            *self = Self::default();
        }
        step.transpose()
    }
}
