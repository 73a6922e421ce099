//! The log: appends from many callers, one sync for all that waited.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

use crate::dictionary::Dictionary;
use crate::error::Error;
use crate::file::{CreateFile, LogFile, create_on_disk, sync_folder};
use crate::open::find;
pub(crate) use crate::open::read;
use crate::record::{Prepared, RecordRef};
use crate::replay::Replay;
use crate::segment::{self, FRAME, HEADER, Header};

/// A place in the log; later records have higher ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position(pub u64);

impl Position {
    /// The place at `offset` of segment `number`.
    pub(crate) fn new(number: u64, offset: u64) -> Self {
        Self(number << 32 | offset)
    }

    fn segment(self) -> u64 {
        self.0 >> 32
    }
}

/// How a log is kept.
#[derive(Clone)]
pub struct Options {
    /// The folder of the segments; the log owns it.
    pub folder: PathBuf,
    /// A segment that is larger is followed by a new one.
    pub segment_size: u64,
    /// An append is refused when more bytes than this wait for the disk.
    pub max_waiting: usize,
    /// Creates files.
    pub create: CreateFile,
}

impl Options {
    /// A log in `folder`, with segments of 64 MiB and at most 64 MiB waiting.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            segment_size: 64 << 20,
            max_waiting: 64 << 20,
            create: create_on_disk(),
        }
    }
}

/// A write-ahead log. Dropping it writes what still waits.
pub struct Wal {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    wake: Condvar,
    options: Options,
}

/// What appends and the writer share.
struct State {
    /// The series of the segment that appends go to.
    dictionary: Dictionary,
    /// What waits for the disk. Appends join the last group, the writer takes the first.
    groups: VecDeque<Group>,
    /// The segment that appends go to, and the place in it of the next one.
    segment: u64,
    end: u64,
    waiting: usize,
    closed: bool,
    /// The segments on the disk.
    files: BTreeMap<u64, PathBuf>,
}

/// Frames that are written and synced together.
struct Group {
    segment: u64,
    start: u64,
    bytes: Vec<u8>,
    waiters: Vec<(Position, oneshot::Sender<Result<Position, Error>>)>,
}

impl Group {
    fn answer(self, error: Option<&Error>) {
        for (position, waiter) in self.waiters {
            // A waiter that has gone away needs no answer.
            let _ = waiter.send(error.map_or(Ok(position), |e| Err(e.clone())));
        }
    }
}

/// A record on its way to the disk.
#[derive(Debug)]
pub struct Pending(oneshot::Receiver<Result<Position, Error>>);

impl Pending {
    /// Returns once the record is on the disk.
    ///
    /// # Errors
    /// [`Error::Io`] if it is not, or may not be.
    pub async fn synced(self) -> Result<Position, Error> {
        self.0.await.unwrap_or(Err(Error::Closed))
    }
}

impl Wal {
    /// Opens the log, and creates it if there is none. The records found are answered by the iterator; appends may
    /// begin at once.
    ///
    /// # Errors
    /// [`Error::Damaged`] if what was synced is no longer there.
    pub fn open(options: Options) -> Result<(Self, Replay), Error> {
        let found = find(&options.folder)?;
        let segment = found.last().map_or(1, |last| last.number + 1);
        let previous = found.last().map_or(0, |last| last.length);
        let state = State {
            dictionary: Dictionary::default(),
            groups: VecDeque::new(),
            segment,
            end: HEADER as u64,
            waiting: 0,
            closed: false,
            files: found.iter().map(|f| (f.number, f.path.clone())).collect(),
        };
        let shared = Arc::new(Shared { state: Mutex::new(state), wake: Condvar::new(), options });
        let writer = Writer { shared: Arc::clone(&shared), file: None, previous };
        let writer = thread::Builder::new()
            .name("wal".into())
            .spawn(move || writer.run())
            .map_err(|e| Error::io("start a thread for", &shared.options.folder, e))?;
        Ok((Self { shared, writer: Some(writer) }, Replay::new(found)))
    }

    /// Puts a record behind all others and returns; the answer says when it is on the disk.
    ///
    /// # Errors
    /// [`Error::Overloaded`] if too much waits already.
    pub fn enqueue(&self, record: &RecordRef<'_>) -> Result<Pending, Error> {
        let prepared = Prepared::new(record);
        if prepared.size() > 1 << 30 {
            return Err(Error::TooLarge);
        }
        let shared = &self.shared;
        let mut guard = shared.state.lock();
        let state = &mut *guard;
        if state.closed {
            return Err(Error::Closed);
        }
        if state.waiting > 0 && state.waiting + prepared.size() > shared.options.max_waiting {
            return Err(Error::Overloaded);
        }
        if state.end >= shared.options.segment_size && state.end > HEADER as u64 {
            state.roll(state.segment + 1);
        }
        let (segment, end) = (state.segment, state.end);
        if state.groups.back().is_none_or(|group| group.segment != segment) {
            state.groups.push_back(Group { segment, start: end, bytes: Vec::new(), waiters: Vec::new() });
        }
        let Some(group) = state.groups.back_mut() else { return Err(Error::Closed) };
        let at = group.bytes.len();
        group.bytes.resize(at + FRAME, 0);
        prepared.finish(&mut state.dictionary, &mut group.bytes);
        segment::seal(&mut group.bytes, at, group.start as u32);
        let length = group.bytes.len() - at;
        let (answer, pending) = oneshot::channel();
        group.waiters.push((Position::new(segment, end), answer));
        state.end += length as u64;
        state.waiting += length;
        drop(guard);
        shared.wake.notify_one();
        Ok(Pending(pending))
    }

    /// Puts a record behind all others, and returns its position once it is on the disk.
    ///
    /// # Errors
    /// [`Error::Overloaded`], or [`Error::Io`] if the disk failed: then the record may or may not be found at the next
    /// start.
    pub async fn append(&self, record: &RecordRef<'_>) -> Result<Position, Error> {
        self.enqueue(record)?.synced().await
    }

    /// The place behind all records put into the log so far.
    pub fn end(&self) -> Position {
        let state = self.shared.state.lock();
        Position::new(state.segment, state.end)
    }

    /// Lets the next record begin a new segment, and answers its place: all records so far lie in segments before it,
    /// which [`Wal::retire`] can then remove wholly.
    pub fn cut(&self) -> Position {
        let mut state = self.shared.state.lock();
        if state.end > HEADER as u64 {
            let next = state.segment + 1;
            state.roll(next);
        }
        Position::new(state.segment, state.end)
    }

    /// Gives up all records before `upto`: removes the segments that hold nothing else.
    ///
    /// # Errors
    /// [`Error::Io`] if a file cannot be removed.
    pub fn retire(&self, upto: Position) -> Result<(), Error> {
        let gone: Vec<(u64, PathBuf)> = {
            let state = self.shared.state.lock();
            state.files.range(..upto.segment().min(state.segment)).map(|(n, p)| (*n, p.clone())).collect()
        };
        for (number, path) in gone {
            fs::remove_file(&path).map_err(|e| Error::io("remove", &path, e))?;
            self.shared.state.lock().files.remove(&number);
        }
        Ok(())
    }

    /// Bytes of the segments on the disk.
    pub fn disk_size(&self) -> u64 {
        let files: Vec<PathBuf> = self.shared.state.lock().files.values().cloned().collect();
        files.iter().filter_map(|path| fs::metadata(path).ok()).map(|m| m.len()).sum()
    }
}

impl Drop for Wal {
    fn drop(&mut self) {
        self.shared.state.lock().closed = true;
        self.shared.wake.notify_one();
        if let Some(writer) = self.writer.take() {
            let _ = writer.join(); // a writer that panicked has dropped its waiters, who know
        }
    }
}

impl State {
    /// Lets appends go to a new segment.
    fn roll(&mut self, segment: u64) {
        self.segment = segment;
        self.end = HEADER as u64;
        self.dictionary = Dictionary::default();
    }
}

/// The thread that writes and syncs.
struct Writer {
    shared: Arc<Shared>,
    /// The segment being written: number, path, file, and how much of it is synced.
    file: Option<(u64, PathBuf, Box<dyn LogFile>, u64)>,
    /// How much of the segment before the next new one counts.
    previous: u64,
}

impl Writer {
    fn run(mut self) {
        while let Some(group) = self.take() {
            match self.write(&group) {
                Ok(()) => group.answer(None),
                Err(error) => {
                    tracing::error!(%error, "the log cannot be written; closing its segment");
                    self.fail(group, &error);
                }
            }
        }
    }

    /// Waits for a group; `None` when the log is closed and all is written.
    fn take(&self) -> Option<Group> {
        let mut state = self.shared.state.lock();
        loop {
            if let Some(group) = state.groups.pop_front() {
                state.waiting = state.waiting.saturating_sub(group.bytes.len());
                return Some(group);
            }
            if state.closed {
                return None;
            }
            self.shared.wake.wait(&mut state);
        }
    }

    fn write(&mut self, group: &Group) -> Result<(), Error> {
        if self.file.as_ref().is_none_or(|file| file.0 != group.segment) {
            self.create(group.segment)?;
        }
        let Some((_, path, file, synced)) = &mut self.file else { return Err(Error::Closed) };
        file.append(&group.bytes).map_err(|e| Error::io("write", path.as_path(), e))?;
        file.sync().map_err(|e| Error::io("sync", path.as_path(), e))?;
        *synced = group.start + group.bytes.len() as u64;
        Ok(())
    }

    fn create(&mut self, number: u64) -> Result<(), Error> {
        if let Some((_, _, _, synced)) = self.file.take() {
            self.previous = synced;
        }
        let folder = &self.shared.options.folder;
        let path = segment::path(folder, number);
        let header = Header { number, previous: self.previous };
        let create = || {
            let mut file = (self.shared.options.create)(&path)?;
            file.append(&header.bytes())?;
            file.sync()?;
            sync_folder(folder)?;
            Ok(file)
        };
        let file = create().map_err(|e| {
            let _ = fs::remove_file(&path); // nothing in it counts; the next attempt starts with a new file
            Error::io("create", &path, e)
        })?;
        self.shared.state.lock().files.insert(number, path.clone());
        self.file = Some((number, path, file, HEADER as u64));
        Ok(())
    }

    /// Answers the error to all that waits for the same segment, and lets later appends go to a new one.
    fn fail(&mut self, group: Group, error: &Error) {
        let segment = group.segment;
        let mut failed = vec![group];
        let born = self.file.take().map(|(_, _, _, synced)| self.previous = synced).is_some();
        {
            let mut state = self.shared.state.lock();
            while state.groups.front().is_some_and(|group| group.segment == segment) {
                if let Some(group) = state.groups.pop_front() {
                    state.waiting = state.waiting.saturating_sub(group.bytes.len());
                    failed.push(group);
                }
            }
            if state.segment == segment {
                // A segment that could not even be created leaves no gap in the numbers.
                state.roll(if born { segment + 1 } else { segment });
            }
        }
        for group in failed {
            group.answer(Some(error));
        }
    }
}
