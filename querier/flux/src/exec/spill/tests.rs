//! What is done on disk answers what is done in memory.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use weir_table::{Column, ColumnBuilder, ColumnType, Scalar, TableBatch};

use super::SpillSpace;
use crate::env::Nowhere;
use crate::error::{FluxError, Result};
use crate::eval::{Context, Place, Scope};
use crate::exec::shared::SharedSource;
use crate::exec::{BoxOperator, Memory, Operator, Order, Run};
use crate::plan::{Node, Spec};
use crate::stdlib::join::tables::Join as JoinTables;
use crate::stdlib::universe::group::Group;
use crate::stdlib::universe::join::Join;
use crate::stdlib::universe::pivot::Pivot;
use crate::stdlib::universe::sort::Sort;

struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn cell(&mut self, ty: ColumnType, nulls: bool) -> Scalar {
        if nulls && self.below(6) == 0 {
            return Scalar::Null;
        }
        let n = self.below(12);
        match ty {
            ColumnType::Bool => Scalar::Bool(n < 6),
            ColumnType::Int => Scalar::Int(n as i64 - 6),
            ColumnType::UInt => Scalar::UInt(n),
            ColumnType::Float if n == 0 => Scalar::Float(-0.0),
            ColumnType::Float => Scalar::Float((n as f64 - 5.0) / 2.0),
            ColumnType::String => {
                Scalar::String("tick\0tock…".chars().take(n as usize).collect::<String>().into())
            }
            ColumnType::Time => Scalar::Time(n as i64 * 1_000_000_000),
        }
    }
}

const KEY: [(&str, ColumnType); 2] = [("host", ColumnType::String), ("n", ColumnType::Int)];

const COLUMNS: [&[(&str, ColumnType)]; 2] = [
    &[
        ("time", ColumnType::Time),
        ("v", ColumnType::Float),
        ("s", ColumnType::String),
        ("b", ColumnType::Bool),
        ("u", ColumnType::UInt),
        ("i", ColumnType::Int),
    ],
    &[
        ("v", ColumnType::Float),
        ("time", ColumnType::Time),
        ("i", ColumnType::Int),
        ("x", ColumnType::String),
    ],
];

/// Tables in batches: of two shapes, some empty, some split between batches.
fn tables(seed: u64, tables: u64, rows: u64) -> Vec<TableBatch> {
    let mut random = Random(seed);
    // Tables, and how many of their rows come at a time.
    let mut parts: Vec<(u64, u64)> = Vec::new();
    for table in 0..tables {
        let mut left = random.below(rows);
        parts.push((table, 0));
        while left > 0 {
            let part = (1 + random.below(150)).min(left);
            match parts.last_mut() {
                Some((of, n)) if *of == table && *n == 0 => *n = part,
                _ => parts.push((table, part)),
            }
            left -= part;
        }
    }
    let mut batches: Vec<TableBatch> = Vec::new();
    let mut last = u64::MAX;
    while !parts.is_empty() {
        let shape = |table: u64| (seed ^ table) % 3 / 2;
        let more = random.below(4) as usize;
        let fits = |w: &[(u64, u64)]| w[0].0 != w[1].0 && shape(w[0].0) == shape(w[1].0);
        let n = 1 + parts.windows(2).take(more).take_while(|w| fits(w)).count();
        let some: Vec<(u64, u64)> = parts.drain(..n).collect();
        let mut offsets = vec![0];
        offsets.extend(some.iter().scan(0, |end, part| {
            *end += part.1 as usize;
            Some(*end)
        }));
        let host = |table: u64| match table % 3 {
            0 => Scalar::Null,
            n => Scalar::String(format!("h{n}").into()),
        };
        let column = |ty: ColumnType, cells: Vec<Scalar>| {
            let mut builder = ColumnBuilder::new(ty, cells.len());
            cells.iter().for_each(|cell| assert!(builder.push(cell)));
            builder.finish()
        };
        let hosts = column(KEY[0].1, some.iter().map(|p| host(p.0)).collect());
        let numbers = column(KEY[1].1, some.iter().map(|p| Scalar::Int(p.0 as i64)).collect());
        let mut columns = vec![Column::key(KEY[0].0, KEY[0].1, hosts)];
        let count = offsets[offsets.len() - 1];
        for (label, ty) in COLUMNS[shape(some[0].0) as usize] {
            let nulls = !matches!(*label, "time" | "u");
            let cells = (0..count).map(|_| random.cell(*ty, nulls)).collect();
            columns.push(Column::row(*label, *ty, column(*ty, cells)));
        }
        columns.push(Column::key(KEY[1].0, KEY[1].1, numbers));
        let mut batch = TableBatch::new(columns, offsets);
        batch.continues = some[0].0 == last;
        last = some[some.len() - 1].0;
        batches.push(batch);
    }
    batches
}

struct Batches(std::vec::IntoIter<TableBatch>);

impl Operator for Batches {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        Ok(self.0.next())
    }
}

/// The tables by key, and for each its columns and rows.
type Shown = BTreeMap<String, Vec<String>>;

fn shown(mut tables: BoxOperator) -> Result<Shown> {
    let mut out = Shown::new();
    while let Some(batch) = tables.next()? {
        batch.check().map_err(FluxError::internal)?;
        for run in 0..batch.runs() {
            let keys = batch.columns.iter().enumerate().filter(|(_, c)| c.is_key());
            let key: Vec<String> =
                keys.map(|(i, c)| format!("{}={:?}", c.label, batch.cell(i, run, 0))).collect();
            let head: Vec<String> = batch.columns.iter().map(|c| format!("{}:{}", c.label, c.ty)).collect();
            let known = out.contains_key(&key.join(","));
            assert_eq!(known, run == 0 && batch.continues, "a table comes twice: {key:?}");
            let lines = out.entry(key.join(",")).or_default();
            if !known {
                lines.push(head.join(","));
            }
            assert_eq!(lines[0], head.join(","));
            for row in batch.run(run) {
                let cells = (0..batch.columns.len()).map(|i| format!("{:?}", batch.cell(i, run, row)));
                lines.push(cells.collect::<Vec<_>>().join(","));
            }
        }
    }
    Ok(out)
}

/// What an operation answers with so much memory, and how many bytes it wrote to disk.
fn answer(
    open: impl FnOnce(Vec<BoxOperator>, &Run) -> Result<BoxOperator>,
    inputs: &[Vec<TableBatch>],
    memory: usize,
    spill: bool,
) -> Result<(Shown, u64)> {
    let inputs = inputs.iter().map(|i| Box::new(Batches(i.clone().into_iter())) as BoxOperator).collect();
    with_memory(memory, spill, |run| shown(open(inputs, run)?))
}

/// What comes of some work with so much memory, and how many bytes it wrote to disk.
fn with_memory<T>(memory: usize, spill: bool, work: impl FnOnce(&Run) -> Result<T>) -> Result<(T, u64)> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let space = SpillSpace::new(folder.path(), 1 << 30);
    let run = Run {
        context: Context::new(Arc::new(Nowhere), 0),
        memory: Memory::new(memory),
        spill: spill.then(|| Arc::clone(&space)),
        workers: None,
        cancelled: Arc::new(AtomicBool::new(false)),
        runtime: runtime.handle().clone(),
    };
    let done = work(&run)?;
    assert_eq!((run.memory.used(), space.used()), (0, 0), "something was not given back");
    assert!(run.memory.peak() <= memory);
    assert_eq!(std::fs::read_dir(folder.path()).expect("is there").count(), 0);
    Ok((done, space.written()))
}

/// Tables whose rows are in no order.
fn unordered(mut tables: Shown) -> Shown {
    tables.values_mut().for_each(|lines| lines[1..].sort_unstable());
    tables
}

/// Fails unless a spec answers the same in memory and on disk, and does use the disk.
fn agree(
    spec: impl Spec + Clone,
    inputs: &[Vec<TableBatch>],
    limit: usize,
    ordered: bool,
) -> std::result::Result<(), TestCaseError> {
    let node = Node::new(spec.clone(), Vec::new(), Place::default());
    let open = |inputs: Vec<BoxOperator>, run: &Run| node.spec.open(inputs, run, &node);
    match answer(open, inputs, usize::MAX / 4, false) {
        Ok((memory, _)) => {
            match answer(open, inputs, limit, true) {
                // The keys of tables stay in memory.
                Err(error) if memory.len() > 100 && error.is_out_of_memory() => {}
                Err(error) => prop_assert!(false, "{}", error.message),
                Ok((disk, written)) => {
                    let size: usize = inputs.iter().flatten().map(TableBatch::memory_size).sum();
                    prop_assert!(written > 0 || size < limit, "nothing was written");
                    match ordered {
                        true => prop_assert_eq!(memory, disk),
                        false => prop_assert_eq!(unordered(memory), unordered(disk)),
                    }
                }
            }
        }
        Err(error) => {
            let other = answer(open, inputs, limit, true);
            let other = other.map(|_| ()).expect_err("an error in memory is one on disk");
            prop_assert_eq!(error.message, other.message);
        }
    }
    Ok(())
}

/// A join of tables by functions as scripts write them.
fn join_tables(method: &str, on: &str, columns: &str) -> JoinTables {
    let context = Context::new(Arc::new(Nowhere), 0);
    let function = |body: &str| {
        let file =
            weir_flux_syntax::parse_valid(&format!("f = (l, r) => {body}\nf"), "").expect("a function");
        match crate::eval::eval_library(&file, &Scope::main(), &context) {
            Ok(crate::value::Value::Function(function)) => function,
            other => panic!("{other:?} is no function"),
        }
    };
    let as_ = format!("({{host: l.host, n: r.n, t: l.time, {columns}}})");
    JoinTables::of(method, function(on), function(&as_), context.clone()).expect("a method")
}

fn labels() -> impl Strategy<Value = Vec<Arc<str>>> {
    let label = proptest::sample::select(vec!["time", "v", "s", "b", "u", "i", "x", "host", "n", "none"]);
    proptest::collection::vec(label.prop_map(Arc::from), 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn sorting_on_disk_is_sorting(
        seed in any::<u64>(),
        columns in labels(),
        desc in any::<bool>(),
        limit in proptest::option::of(1usize..200),
    ) {
        let sort = Sort { name: "sort", columns, desc, limit };
        // One large table: small ones are sorted in memory.
        let long = |input: &Vec<TableBatch>| input.iter().map(TableBatch::rows).sum::<usize>() >= 2500;
        let mut inputs = (0..100).map(|more| tables(seed.wrapping_add(more), 2, 5000));
        let input = inputs.find(long).expect("every other is long");
        agree(sort, &[input], 128 << 10, true)?;
    }

    #[test]
    fn grouping_on_disk_is_grouping(seed in any::<u64>(), columns in labels(), except in any::<bool>()) {
        agree(Group { except, columns, wanted: None, order: Order::Keys }, &[tables(seed, 12, 800)], 192 << 10, true)?;
    }

    #[test]
    fn pivoting_on_disk_is_pivoting(
        seed in any::<u64>(),
        rows in proptest::sample::subsequence(vec!["time", "i", "v"], 1..3),
        columns in proptest::sample::subsequence(vec!["host", "n", "i"], 1..3),
        value in proptest::sample::select(vec!["v", "time", "n"]),
        sorted in any::<bool>(),
    ) {
        let rows: Vec<&str> = rows.into_iter().filter(|r| !columns.contains(r)).collect();
        let labels = |labels: Vec<&str>| labels.into_iter().map(Arc::from).collect();
        let pivot = Pivot { row_key: labels(rows), column_key: labels(columns), value: value.into(), sorted };
        agree(pivot, &[tables(seed, 10, 1200)], 384 << 10, true)?;
    }

    #[test]
    fn joining_on_disk_is_joining(
        left in any::<u64>(),
        right in any::<u64>(),
        on in proptest::sample::select(vec![&["i", "time", "v"], &["i", "n", "v"], &["i", "s", "time"]]),
    ) {
        let on = on.iter().map(|l| Arc::from(*l)).collect();
        let join = Join { names: ["l".into(), "r".into()], on };
        agree(join, &[tables(left, 12, 600), tables(right, 12, 600)], 448 << 10, false)?;
    }

    #[test]
    fn joining_tables_on_disk_is_joining_them(
        left in any::<u64>(),
        right in any::<u64>(),
        method in proptest::sample::select(vec!["inner", "left", "right", "full"]),
        on in proptest::sample::select(vec![
            "l.i == r.i", "l.time == r.time and l.v == r.v", "l.v == r.v and l.n == r.n", "l.time == r.i", "l.s == r.x",
        ]),
        columns in proptest::sample::select(vec!["a: l.v, b: r.v", "a: if exists l.v then l.v else r.v, i: r.i", "n: 1"]),
    ) {
        let join = join_tables(method, on, columns);
        agree(join, &[tables(left, 12, 400), tables(right, 14, 400)], 256 << 10, true)?;
    }

    #[test]
    fn all_readers_of_a_stream_read_all_of_it(seed in any::<u64>(), readers in 1usize..4, behind in any::<bool>(), gone in any::<bool>()) {
        let (input, limit) = (tables(seed, 12, 800), 96 << 10);
        let whole = shown(Box::new(Batches(input.clone().into_iter()))).expect("a stream");
        let read = |run: &Run| {
            let shared = SharedSource::new(Box::new(Batches(input.clone().into_iter())), run);
            let mut open: Vec<_> = (0..readers).map(|_| (shared.reader(), Vec::new(), false)).collect();
            if gone {
                // One that takes a little is no hindrance to others.
                let mut reader = shared.reader();
                reader.next()?;
            }
            if behind {
                while let Some(batch) = open[0].0.next()? {
                    open[0].1.push(batch);
                }
            }
            let mut random = Random(seed);
            while open.iter().any(|reader| !reader.2) {
                let (reader, batches, ended) = &mut open[random.below(readers as u64) as usize];
                for _ in 0..random.below(5) {
                    match reader.next()? {
                        Some(batch) => batches.push(batch),
                        None => *ended = true,
                    }
                }
            }
            open.into_iter().map(|(_, batches, _)| shown(Box::new(Batches(batches.into_iter())))).collect()
        };
        let (all, written): (Vec<Shown>, u64) = with_memory(limit, true, read).expect("all of it");
        let size: usize = input.iter().map(TableBatch::memory_size).sum();
        prop_assert!(written > 0 || readers == 1 || !behind || size < limit, "nothing was written");
        for one in all {
            prop_assert_eq!(&one, &whole);
        }
    }
}
