use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use proptest::prelude::*;
use tempfile::TempDir;
use weir_batch::{
    ColumnRef, FieldColumn, FieldValues, MeasurementRows, Predicate, Sequence, SeriesKey, TimeRange,
    WriteBatch,
};
use weir_model::Id;

use crate::{
    Error, LogFile, Options, Position, Record, Shard, Wal, create_on_disk, decode_rows, encode_rows, segment,
};

fn id(n: u64) -> Id {
    Id::new(n).unwrap()
}

fn strings(texts: &[String]) -> FieldValues {
    let (mut offsets, mut bytes) = (vec![0], String::new());
    for text in texts {
        bytes.push_str(text);
        offsets.push(bytes.len() as u32);
    }
    FieldValues::String { offsets, bytes }
}

fn values(n: usize) -> impl Strategy<Value = FieldValues> {
    let float = prop_oneof![
        any::<f64>(),
        (-1000i64..1000).prop_map(|v| v as f64 / 100.0),
        prop::sample::select(vec![0.0, -0.0, f64::MAX, f64::MIN_POSITIVE]),
    ];
    let int = prop_oneof![any::<i64>(), -5i64..100, prop::sample::select(vec![i64::MIN, i64::MAX])];
    prop_oneof![
        prop::collection::vec(float, n).prop_map(FieldValues::Float),
        prop::collection::vec(int, n).prop_map(FieldValues::Integer),
        prop::collection::vec(any::<u64>(), n).prop_map(FieldValues::Unsigned),
        prop::collection::vec(any::<bool>(), n).prop_map(FieldValues::Boolean),
        prop::collection::vec("[a-z\u{e9} ]{0,6}", n).prop_map(|t| strings(&t)),
    ]
}

fn measurement(name: &'static str) -> impl Strategy<Value = MeasurementRows> {
    let key = prop::sample::select(vec!["", "t=1", "t=2", "host=a,region=b", "host=\u{e9}", "x=y\\ z"]);
    (prop::collection::vec(key, 1..4), 1usize..12).prop_flat_map(move |(keys, rows)| {
        let series = keys.len() as u32;
        let column = (prop::collection::vec(any::<bool>(), rows), any::<bool>()).prop_flat_map(
            move |(kept, dense)| {
                let at: Vec<u32> = (0..rows as u32).filter(|&i| dense || kept[i as usize]).collect();
                values(at.len()).prop_map(move |values| (values, (!dense).then(|| at.clone())))
            },
        );
        let time = prop_oneof![any::<i64>(), (0i64..5).prop_map(|n| n * 10_000_000_000)];
        (
            Just(keys),
            prop::collection::vec(0..series, rows),
            prop::collection::vec(time, rows),
            prop::collection::vec(column, 0..4),
        )
            .prop_map(move |(keys, row_series, times, columns)| {
                let mut m = MeasurementRows::new(name);
                m.series = keys.into_iter().map(SeriesKey).collect();
                (m.row_series, m.times) = (row_series, times);
                for (i, (values, rows)) in columns.into_iter().enumerate() {
                    m.fields.push(FieldColumn { name: format!("field_{i}"), values, rows });
                }
                m
            })
    })
}

fn batch() -> impl Strategy<Value = WriteBatch> {
    (measurement("cpu"), prop::option::of(measurement("mem \u{e9}")))
        .prop_map(|(a, b)| WriteBatch { measurements: [Some(a), b].into_iter().flatten().collect() })
}

fn record() -> impl Strategy<Value = Record> {
    let shard = (1u64..4, any::<i64>(), batch()).prop_map(|(bucket, shard_group, rows)| Shard {
        bucket: id(bucket),
        shard_group,
        rows,
    });
    prop_oneof![
        6 => (any::<u64>(), prop::collection::vec(shard, 1..3))
            .prop_map(|(s, shards)| Record::Write { sequence: Sequence(s), shards }),
        1 => (any::<u64>(), any::<i64>()).prop_map(|(s, start)| Record::Delete {
            sequence: Sequence(s),
            bucket: id(3),
            range: TimeRange { start, stop: i64::MAX },
            predicate: Predicate::equals(ColumnRef::Measurement, "m").and(Predicate::equals(ColumnRef::Tag("t".into()), "v")),
        }),
        1 => Just(Record::DropBucket { bucket: id(9) }),
    ]
}

/// Floats compare by bits here: NaN comes back as it was.
fn same(a: &[Record], b: &[Record]) -> bool {
    format!("{a:?}") == format!("{b:?}")
}

/// Waits without a runtime: the writer thread answers.
fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn options(folder: &TempDir) -> Options {
    Options::new(folder.path())
}

fn append_all(wal: &Wal, records: &[Record]) {
    for record in records {
        wait(wal.append(&record.as_ref())).unwrap();
    }
}

fn replayed(options: Options) -> Result<Vec<Record>, Error> {
    let (_wal, replay) = Wal::open(options)?;
    replay.map(|r| r.map(|(_, record)| record)).collect()
}

fn small(n: i64) -> Record {
    let mut m = MeasurementRows::new("m");
    m.series.push(SeriesKey("t=a"));
    m.row_series.push(0);
    m.times.push(n);
    m.fields.push(FieldColumn { name: "f".into(), values: FieldValues::Integer(vec![n]), rows: None });
    let rows = WriteBatch { measurements: vec![m] };
    Record::Write {
        sequence: Sequence(n as u64),
        shards: vec![Shard { bucket: id(1), shard_group: 1, rows }],
    }
}

#[test]
fn what_was_appended_is_read_back_over_many_segments() {
    let folder = TempDir::new().unwrap();
    let options = Options { segment_size: 300, ..options(&folder) };
    let mut all = Vec::new();
    for round in 0..3 {
        let (wal, replay) = Wal::open(options.clone()).unwrap();
        let back: Vec<Record> = replay.map(|r| r.unwrap().1).collect();
        assert!(same(&back, &all));
        for n in 0..10 {
            let record = small(round * 10 + n);
            let before = wal.end();
            let at = wait(wal.append(&record.as_ref())).unwrap();
            assert!(at >= before && at < wal.end());
            all.push(record);
        }
    }
    assert!(fs::read_dir(folder.path()).unwrap().count() > 5);
    assert!(same(&replayed(options).unwrap(), &all));
}

#[test]
fn retired_segments_go_and_the_rest_stays() {
    let folder = TempDir::new().unwrap();
    let options = Options { segment_size: 300, ..options(&folder) };
    let (wal, _) = Wal::open(options.clone()).unwrap();
    let positions: Vec<Position> = (0..20).map(|n| wait(wal.append(&small(n).as_ref())).unwrap()).collect();
    let size = wal.disk_size();
    wal.retire(positions[10]).unwrap();
    assert!(wal.disk_size() < size);
    drop(wal);
    let (wal, replay) = Wal::open(options).unwrap();
    let back: Vec<(Position, Record)> = replay.map(Result::unwrap).collect();
    assert!(back.iter().any(|(p, _)| *p == positions[10]));
    assert!(back.len() < 20);
    assert_eq!(back.last().unwrap().0, positions[19]);
    wal.retire(wal.end()).unwrap();
}

/// A disk that can be told to fail, and that counts syncs.
struct Faulty {
    file: Box<dyn LogFile>,
    fail: Arc<AtomicBool>,
    syncs: Arc<AtomicUsize>,
}

impl LogFile for Faulty {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.append(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::SeqCst);
        if self.fail.load(Ordering::SeqCst) {
            return Err(io::Error::other("the disk is on fire"));
        }
        self.file.sync()
    }
}

fn faulty(folder: &TempDir) -> (Options, Arc<AtomicBool>, Arc<AtomicUsize>) {
    let (fail, syncs) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let (f, s) = (Arc::clone(&fail), Arc::clone(&syncs));
    let create = create_on_disk();
    let create = move |path: &Path| -> io::Result<Box<dyn LogFile>> {
        Ok(Box::new(Faulty { file: create(path)?, fail: Arc::clone(&f), syncs: Arc::clone(&s) }))
    };
    (Options { create: Arc::new(create), ..options(folder) }, fail, syncs)
}

#[test]
fn a_failed_sync_fails_its_waiters_and_closes_the_segment() {
    let folder = TempDir::new().unwrap();
    let (options, fail, _) = faulty(&folder);
    let (wal, _) = Wal::open(options.clone()).unwrap();
    wait(wal.append(&small(1).as_ref())).unwrap();
    fail.store(true, Ordering::SeqCst);
    let error = wait(wal.append(&small(2).as_ref())).unwrap_err();
    assert_eq!(weir_model::Error::from(error).code, weir_model::ErrorCode::Unavailable);
    wait(wal.append(&small(3).as_ref())).unwrap_err(); // not even a new segment
    fail.store(false, Ordering::SeqCst);
    wait(wal.append(&small(4).as_ref())).unwrap();
    wait(wal.append(&small(5).as_ref())).unwrap();
    drop(wal);
    assert!(same(&replayed(options).unwrap(), &[small(1), small(4), small(5)]));
}

#[test]
fn one_sync_serves_all_that_wait() {
    let folder = TempDir::new().unwrap();
    let (options, _, syncs) = faulty(&folder);
    let (wal, _) = Wal::open(options).unwrap();
    wait(wal.append(&small(0).as_ref())).unwrap();
    let before = syncs.load(Ordering::SeqCst);
    let pending: Vec<_> = (1..200).map(|n| wal.enqueue(&small(n).as_ref()).unwrap()).collect();
    for p in pending {
        wait(p.synced()).unwrap();
    }
    assert!(syncs.load(Ordering::SeqCst) - before < 200);
}

#[test]
fn too_much_waiting_is_refused() {
    let folder = TempDir::new().unwrap();
    let (wal, _) = Wal::open(Options { max_waiting: 1, ..options(&folder) }).unwrap();
    let results: Vec<_> = (0..200).map(|n| wal.enqueue(&small(n).as_ref())).collect();
    assert!(results.iter().any(|r| matches!(r, Err(Error::Overloaded))));
    for pending in results.into_iter().flatten() {
        wait(pending.synced()).unwrap();
    }
}

fn only_segment(folder: &TempDir) -> std::path::PathBuf {
    segment::path(folder.path(), 1)
}

#[test]
fn damage_before_synced_records_stops_the_start() {
    let folder = TempDir::new().unwrap();
    let (wal, _) = Wal::open(options(&folder)).unwrap();
    let places: Vec<_> = (0..5).map(|n| wait(wal.append(&small(n).as_ref())).unwrap()).collect();
    drop(wal);
    let path = only_segment(&folder);
    let mut bytes = fs::read(&path).unwrap();
    let at = (places[2].0 & 0xffff_ffff) as usize + segment::FRAME + 3;
    bytes[at] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let error = replayed(options(&folder)).unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error}");
}

#[test]
fn a_missing_or_cut_segment_stops_the_start() {
    let folder = TempDir::new().unwrap();
    let options = Options { segment_size: 100, ..options(&folder) };
    let (wal, _) = Wal::open(options.clone()).unwrap();
    append_all(&wal, &(0..9).map(small).collect::<Vec<_>>());
    drop(wal);
    let second = segment::path(folder.path(), 2);
    let bytes = fs::read(&second).unwrap();
    fs::write(&second, &bytes[..bytes.len() - 1]).unwrap();
    assert!(matches!(replayed(options.clone()), Err(Error::Damaged { .. })));
    fs::remove_file(&second).unwrap();
    assert!(matches!(replayed(options), Err(Error::Damaged { .. })));
}

#[test]
fn a_segment_of_the_first_version_is_still_read() {
    let folder = TempDir::new().unwrap();
    fs::write(only_segment(&folder), include_bytes!("../fixtures/version-1.log")).unwrap();
    let records = replayed(options(&folder)).unwrap();
    assert_eq!(format!("{records:#?}\n"), include_str!("../fixtures/version-1.txt"));
}

/// Writes the two files of the test above; run it when the version changes, and keep the old ones.
#[test]
#[ignore = "makes a fixture"]
fn make_fixture() {
    let folder = TempDir::new().unwrap();
    let (wal, _) = Wal::open(options(&folder)).unwrap();
    let mut mixed = WriteBatch { measurements: vec![MeasurementRows::new("mixed")] };
    let m = &mut mixed.measurements[0];
    m.series = ["", "host=a,region=eu", "host=b\\ c"].into_iter().map(SeriesKey).collect();
    (m.row_series, m.times) = (vec![0, 1, 2, 1], vec![0, 10, 10, -5]);
    let columns = [
        (FieldValues::Float(vec![1.5, -2.25, 1e300, 0.1]), None),
        (FieldValues::Float(vec![21.5, 22.0]), Some(vec![1, 3])),
        (FieldValues::Integer(vec![i64::MIN, 0, 7, i64::MAX]), None),
        (FieldValues::Unsigned(vec![u64::MAX]), Some(vec![2])),
        (FieldValues::Boolean(vec![true, false, true, true]), None),
        (strings(&["x".into(), String::new(), "\u{e9}t\u{e9}".into()]), Some(vec![0, 1, 2])),
    ];
    for (i, (values, rows)) in columns.into_iter().enumerate() {
        m.fields.push(FieldColumn { name: format!("f{i}"), values, rows });
    }
    let shards = vec![Shard { bucket: id(7), shard_group: 3, rows: mixed }];
    let records = [
        Record::Write { sequence: Sequence::new(1_700_000_000_000, 1, 2), shards },
        small(5),
        Record::Delete {
            sequence: Sequence(9),
            bucket: id(7),
            range: TimeRange { start: -1, stop: 100 },
            predicate: Predicate::equals(ColumnRef::Measurement, "m")
                .and(Predicate::equals(ColumnRef::Tag("t".into()), "v")),
        },
        Record::DropBucket { bucket: id(7) },
    ];
    append_all(&wal, &records);
    drop(wal);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    fs::copy(only_segment(&folder), fixtures.join("version-1.log")).unwrap();
    fs::write(fixtures.join("version-1.txt"), format!("{:#?}\n", replayed(options(&folder)).unwrap()))
        .unwrap();
}

#[test]
fn garbage_is_refused() {
    for bytes in
        [&b""[..], &[9], &[1], &[1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], &[1, 4, 0, 0, 1, 1, 109]]
    {
        assert!(decode_rows(bytes).is_err());
    }
    assert_eq!(decode_rows(&encode_rows(&WriteBatch::default())).unwrap(), WriteBatch::default());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_come_back(rows in batch()) {
        let bytes = encode_rows(&rows);
        prop_assert_eq!(format!("{:?}", decode_rows(&bytes).unwrap()), format!("{rows:?}"));
    }

    #[test]
    fn changed_rows_do_not_panic(rows in batch(), flips in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 1..4), cut in any::<prop::sample::Index>()) {
        let mut bytes = encode_rows(&rows);
        for (at, flip) in &flips {
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
        }
        let _ = decode_rows(&bytes);
        let _ = decode_rows(&bytes[..cut.index(bytes.len())]);
    }

    #[test]
    fn noise_does_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = decode_rows(&bytes);
        let _ = decode_rows(&[&[1], bytes.as_slice()].concat());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// A crash leaves any part of what was not synced; cutting the file anywhere leaves whole records before the cut.
    #[test]
    fn a_cut_log_is_a_prefix(records in prop::collection::vec(record(), 1..6), cut in any::<prop::sample::Index>()) {
        let folder = TempDir::new().unwrap();
        let (wal, _) = Wal::open(options(&folder)).unwrap();
        let mut ends = Vec::new();
        for record in &records {
            wait(wal.append(&record.as_ref())).unwrap();
            ends.push((wal.end().0 & 0xffff_ffff) as usize);
        }
        drop(wal);
        prop_assert!(same(&replayed(options(&folder)).unwrap(), &records));
        let path = only_segment(&folder);
        let bytes = fs::read(&path).unwrap();
        let cut = cut.index(bytes.len());
        fs::write(&path, &bytes[..cut]).unwrap();
        let whole = ends.iter().filter(|&&end| end <= cut).count();
        let back = replayed(options(&folder)).unwrap();
        prop_assert!(same(&back, &records[..whole]));
        // What was cut is cut for good: new records follow the prefix.
        let (wal, _) = Wal::open(options(&folder)).unwrap();
        wait(wal.append(&records[0].as_ref())).unwrap();
        drop(wal);
        let mut want = records[..whole].to_vec();
        want.push(records[0].clone());
        prop_assert!(same(&replayed(options(&folder)).unwrap(), &want));
    }

    #[test]
    fn a_flipped_bit_is_found(records in prop::collection::vec(record(), 1..6), at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let folder = TempDir::new().unwrap();
        let (wal, _) = Wal::open(options(&folder)).unwrap();
        append_all(&wal, &records);
        drop(wal);
        let path = only_segment(&folder);
        let mut bytes = fs::read(&path).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        fs::write(&path, &bytes).unwrap();
        match replayed(options(&folder)) {
            // Only the last record can be taken for a torn tail.
            Ok(back) => prop_assert!(back.len() == records.len() - 1 && same(&back, &records[..back.len()])),
            Err(Error::Damaged { .. }) => {}
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}
