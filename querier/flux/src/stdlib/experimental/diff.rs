//! `diff(got:, want:)`: the rows in which two streams differ.

use std::collections::HashMap;
use std::sync::Arc;

use weir_table::{Column, ColumnBuilder, ColumnType, Scalar, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Memory, Run, collect, interrupt};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::lazy::lazy;
use crate::tables::Call;
use crate::tables::keys::table_key;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental",
    name: "diff",
    signature: "(<-got: stream[A], want: stream[A]) => stream[{A with _diff: string}]",
    doc: "Compares tables of the same group key row by row: what only `want` has is marked \"-\", what only `got` has \
          \"+\". Equal tables are left out.",
    body: Body::Native(call),
};

/// A comparison of two streams.
#[derive(Debug, Clone)]
pub(crate) struct Diff {
    /// How far floats may lie apart.
    pub epsilon: f64,
    /// Whether NaN equals NaN.
    pub nans_equal: bool,
}

/// The code, which `testing.diff` shares.
pub(crate) fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (got, want): (Arc<Node>, Arc<Node>) = (args.pipe("got")?, args.required("want")?);
    let diff = Diff { epsilon: args.or("epsilon", 1e-6)?, nans_equal: args.or("nansEqual", true)? };
    Ok(Value::Stream(Node::new(diff, vec![got, want], args.location.clone())))
}

impl Spec for Diff {
    fn name(&self) -> &'static str {
        "diff"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let (got, want) = (inputs.remove(0), inputs.remove(0));
        let call = Call::of(node);
        let (diff, run) = (self.clone(), run.clone());
        Ok(lazy(move || {
            let (got, want) = (collect(got, &run)?, collect(want, &run)?);
            diff.compare(&got.batches, &want.batches, &run.memory).map_err(|e| call.tell(e))
        }))
    }
}

/// A table: the parts of batches with its group key.
type Table<'a> = Vec<(&'a TableBatch, usize)>;

impl Diff {
    /// The tables in which two streams differ.
    ///
    /// # Errors
    /// When a column has other types on the two sides, the group key has the mark's column, or the query's memory is
    /// used up.
    pub(crate) fn compare(
        &self,
        got: &[TableBatch],
        want: &[TableBatch],
        memory: &Arc<Memory>,
    ) -> Result<Vec<TableBatch>> {
        let mut index: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut pairs: Vec<[Table<'_>; 2]> = Vec::new();
        for (side, batches) in [got, want].into_iter().enumerate() {
            for batch in batches {
                for run in 0..batch.runs() {
                    let at = *index.entry(table_key(batch, run)).or_insert_with(|| {
                        pairs.push([Vec::new(), Vec::new()]);
                        pairs.len() - 1
                    });
                    // Tables of one key are one table.
                    pairs[at][side].push((batch, run));
                }
            }
        }
        pairs.iter().filter_map(|[got, want]| self.tables(got, want, memory).transpose()).collect()
    }

    fn tables(&self, got: &Table<'_>, want: &Table<'_>, memory: &Arc<Memory>) -> Result<Option<TableBatch>> {
        let columns = columns(got, want)?;
        let lengths: [usize; 2] =
            [got, want].map(|table| table.iter().map(|(batch, run)| batch.run(*run).len()).sum());
        let cells = size_of::<Vec<Scalar>>() + columns.len() * size_of::<Scalar>();
        let counts = size_of::<u32>() * (lengths[0] + 1).saturating_mul(lengths[1] + 1).min(ALIGNED);
        let _working = memory.reserve((lengths[0] + lengths[1]).saturating_mul(cells) + counts)?;
        let (g, w) = (rows(got, &columns)?, rows(want, &columns)?);
        let steps = edits(&w, &g, |a, b| a.iter().zip(b).all(|(x, y)| self.same(x, y)))?;
        if steps.iter().all(|s| matches!(s, Step::Both(_))) {
            return Ok(None);
        }
        let mut mark = ColumnBuilder::new(ColumnType::String, steps.len());
        let mut builders: Vec<ColumnBuilder> =
            columns.iter().map(|c| ColumnBuilder::new(c.1, steps.len())).collect();
        for step in &steps {
            let (sign, row) = match *step {
                Step::Both(i) => ("", &w[i]),
                Step::Want(i) => ("-", &w[i]),
                Step::Got(i) => ("+", &g[i]),
            };
            mark.push(&Scalar::String(sign.into()));
            builders.iter_mut().zip(row).for_each(|(b, cell)| {
                b.push(cell);
            });
        }
        let mut out = vec![Column::row("_diff", ColumnType::String, mark.finish())];
        let Some((first, run)) = got.iter().chain(want).copied().next() else { return Ok(None) };
        for ((label, ty), builder) in columns.into_iter().zip(builders) {
            out.push(match first.column(&label) {
                Some(c) if c.is_key() => Column::key(label, ty, c.data.array().slice(run, 1)),
                _ => Column::row(label, ty, builder.finish()),
            });
        }
        Ok(Some(TableBatch::new(out, vec![0, steps.len()])))
    }

    fn same(&self, a: &Scalar, b: &Scalar) -> bool {
        match (a, b) {
            (Scalar::Float(x), Scalar::Float(y)) => {
                x == y || (x - y).abs() <= self.epsilon || (self.nans_equal && x.is_nan() && y.is_nan())
            }
            _ => a == b,
        }
    }
}

/// Labels and types, the group key's first.
type Shape = Vec<(Arc<str>, ColumnType)>;

fn columns(got: &Table<'_>, want: &Table<'_>) -> Result<Shape> {
    let mut out: Shape = Vec::new();
    let parts = || want.iter().chain(got).map(|(batch, _)| *batch);
    if let Some(first) = parts().next() {
        out.extend(first.key_columns().map(|c| (Arc::clone(&c.label), c.ty)));
    }
    for batch in parts() {
        if batch.column("_diff").is_some_and(Column::is_key) {
            return Err(FluxError::invalid("group key cannot contain _diff column"));
        }
        for c in batch.columns.iter().filter(|c| &*c.label != "_diff") {
            match out.iter().find(|(label, _)| *label == c.label) {
                Some((label, ty)) if *ty != c.ty => {
                    let message = format!("column \"{label}\" has different types {ty} != {}", c.ty);
                    return Err(FluxError::invalid(message));
                }
                Some(_) => {}
                None => out.push((Arc::clone(&c.label), c.ty)),
            }
        }
    }
    if let Some((batch, _)) = want.iter().chain(got).next() {
        out.sort_by_key(|(label, _)| !batch.column(label).is_some_and(Column::is_key));
    }
    Ok(out)
}

fn rows(table: &Table<'_>, columns: &Shape) -> Result<Vec<Vec<Scalar>>> {
    let mut out = Vec::new();
    for (batch, run) in table {
        let places: Vec<Option<usize>> = columns.iter().map(|(label, _)| batch.find(label)).collect();
        let cell = |row, place: &Option<usize>| place.map_or(Scalar::Null, |i| batch.cell(i, *run, row));
        for row in batch.run(*run) {
            interrupt::tick(row)?;
            out.push(places.iter().map(|place| cell(row, place)).collect::<Vec<_>>());
        }
    }
    Ok(out)
}

/// A step from one list to the other.
#[derive(Debug, PartialEq)]
enum Step {
    /// In both; the index is the first list's.
    Both(usize),
    /// Only in the first.
    Want(usize),
    /// Only in the second.
    Got(usize),
}

/// Tables with more differing rows than this are not aligned, but shown one after the other.
const ALIGNED: usize = 4_000_000;

/// The shortest way from `want` to `got`. Of several it is the one that keeps the last rows it can, with removals before
/// additions, as the reference's.
fn edits<T>(want: &[T], got: &[T], same: impl Fn(&T, &T) -> bool) -> Result<Vec<Step>> {
    let suffix = want.iter().rev().zip(got.iter().rev()).take_while(|(a, b)| same(a, b)).count();
    let (w, g) = (&want[..want.len() - suffix], &got[..got.len() - suffix]);
    let mut prefix = 0;
    if w.len().saturating_mul(g.len()) > ALIGNED {
        prefix = w.iter().zip(g).take_while(|(a, b)| same(a, b)).count();
    }
    let mut steps: Vec<Step> = (want.len() - suffix..want.len()).rev().map(Step::Both).collect();
    let (mut i, mut j) = (w.len(), g.len());
    if (i - prefix).saturating_mul(j - prefix) <= ALIGNED {
        // common[a][b] is how many rows the first a of w and the first b of g, behind the prefix, have in common, in order.
        let width = j - prefix + 1;
        let mut common = vec![0u32; (i - prefix + 1) * width];
        for a in 1..=i - prefix {
            interrupt::check()?;
            for b in 1..=j - prefix {
                common[a * width + b] = if same(&w[prefix + a - 1], &g[prefix + b - 1]) {
                    common[(a - 1) * width + b - 1] + 1
                } else {
                    common[(a - 1) * width + b].max(common[a * width + b - 1])
                };
            }
        }
        let common = |i: usize, j: usize| common[(i - prefix) * width + j - prefix];
        while i > prefix && j > prefix {
            if same(&w[i - 1], &g[j - 1]) {
                (i, j) = (i - 1, j - 1);
                steps.push(Step::Both(i));
            } else if common(i, j - 1) >= common(i - 1, j) {
                j -= 1;
                steps.push(Step::Got(j));
            } else {
                i -= 1;
                steps.push(Step::Want(i));
            }
        }
    }
    steps.extend((prefix..j).rev().map(Step::Got));
    steps.extend((prefix..i).rev().map(Step::Want));
    steps.extend((0..prefix).rev().map(Step::Both));
    steps.reverse();
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortest_edits() {
        let edits = |w: &[i32], g: &[i32]| super::edits(w, g, |a, b| a == b).unwrap();
        assert_eq!(edits(&[1, 3], &[1, 2]), [Step::Both(0), Step::Want(1), Step::Got(1)]);
        assert_eq!(edits(&[1, 2, 3], &[2, 3]), [Step::Want(0), Step::Both(1), Step::Both(2)]);
        assert_eq!(edits(&[], &[7]), [Step::Got(0)]);
        assert_eq!(edits(&[1], &[1, 2, 1]), [Step::Got(0), Step::Got(1), Step::Both(0)]);
        assert!(edits(&[1, 2], &[1, 2]).iter().all(|s| matches!(s, Step::Both(_))));
    }
}
