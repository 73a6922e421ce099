//! `sort(columns:, desc:)`: the rows of each table in order.

mod operator;
mod parts;
mod spilled;

use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef};
use weir_table::{Bools, ColumnType, Floats, Ints, Strings, TableBatch, Uints};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::ordering::{first_of, merge_blocks};
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{KeyUse, Node, Spec, labels};
use crate::registry::{Body, Definition};
use crate::tables::rows::take_rows;
use crate::value::Value;

use operator::Sorting;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "sort",
    signature: "(<-tables: stream[A], ?columns: [string], ?desc: bool) => stream[A] where A: Record",
    doc: "Sorts the rows of each table by columns. Equal rows keep their order; nulls come first.",
    body: Body::Native(call),
};

/// Sorts the rows of each table, and keeps the first few if told to.
#[derive(Debug, Clone)]
pub(crate) struct Sort {
    /// The name shown in errors.
    pub(crate) name: &'static str,
    /// By which columns, the first foremost. Those that a table lacks are passed over.
    pub(crate) columns: Vec<Arc<str>>,
    /// Whether the greatest come first.
    pub(crate) desc: bool,
    /// How many rows are kept. Tables of which none is kept are not answered, as those of the reference's rule for
    /// `sort |> limit`.
    pub(crate) limit: Option<usize>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let columns = args.strings("columns")?.unwrap_or_else(|| vec!["_value".into()]);
    args.transform(Sort { name: "sort", columns, desc: args.or("desc", false)?, limit: None })
}

impl Sort {
    /// Ends a call of `top` or `bottom`.
    pub(super) fn first(name: &'static str, desc: bool, args: &Args) -> Result<Value> {
        let n: i64 = args.required("n")?;
        let columns = args.strings("columns")?.unwrap_or_else(|| vec!["_value".into()]);
        args.transform(Self { name, columns, desc, limit: Some(usize::try_from(n).unwrap_or(0)) })
    }

    fn apply(&self, batch: &TableBatch, run: &Run) -> Result<TableBatch> {
        // Within a table a key column is the same in all rows and decides nothing.
        let columns: Vec<_> =
            self.columns.iter().filter_map(|l| batch.column(l)).filter(|c| !c.is_key()).collect();
        if let [one] = columns.as_slice()
            && let Some(keys) = sort_keys(one.ty, one.data.array(), self.desc)
        {
            if self.limit.is_none()
                && let Some(sorted) = parts::by_keys(batch, &keys, run)?
            {
                return Ok(sorted);
            }
            return self.by_keys(batch, &keys);
        }
        let orders = columns
            .iter()
            .map(|c| order_by(c.ty, c.data.array(), self.desc))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| FluxError::internal("a column's array is not of its type"))?;
        let compare = |a: u32, b: u32| {
            orders.iter().map(|o| o(a as usize, b as usize)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
        };
        let total = !columns.iter().any(|c| has_nan(c.data.array()));
        self.rows(batch, |sorted, limit| {
            if orders.is_empty() {
                return Ok(());
            }
            if !total {
                return sort_partial(sorted, &compare);
            }
            // Place decides between equals, so that selecting agrees with a stable sort.
            first_of(sorted, limit, |a, b| compare(*a, *b).then(a.cmp(b)))
        })
    }

    /// Sorts by numbers that are ordered as the cells are.
    fn by_keys(&self, batch: &TableBatch, keys: &[u64]) -> Result<TableBatch> {
        let mut pairs: Vec<(u64, u32)> = Vec::new();
        self.rows(batch, |sorted, limit| {
            pairs.clear();
            pairs.extend(sorted.iter().map(|&row| (keys[row as usize], row)));
            first_of(&mut pairs, limit, Ord::cmp)?;
            sorted.clear();
            sorted.extend(pairs.iter().map(|p| p.1));
            Ok(())
        })
    }

    /// Lets `sort` put the rows of each run in order, of which the first few are kept.
    fn rows(
        &self,
        batch: &TableBatch,
        mut sort: impl FnMut(&mut Vec<u32>, usize) -> Result<()>,
    ) -> Result<TableBatch> {
        let mut rows: Vec<u32> = Vec::with_capacity(batch.rows());
        let mut offsets = Vec::with_capacity(batch.runs() + 1);
        offsets.push(0);
        let mut sorted: Vec<u32> = Vec::new();
        for run in 0..batch.runs() {
            let range = batch.run(run);
            sorted.clear();
            sorted.extend(range.start as u32..range.end as u32);
            let limit = self.limit.unwrap_or(sorted.len()).min(sorted.len());
            interrupt::tick(run)?;
            sort(&mut sorted, limit)?;
            rows.extend(&sorted[..limit]);
            offsets.push(rows.len());
        }
        interrupt::check()?;
        Ok(take_rows(batch, rows, offsets))
    }

    /// How many bytes it takes to sort a batch: numbers to sort by, twice, and the rows' places; for the longest table
    /// the places once more.
    fn working_size(batch: &TableBatch) -> usize {
        batch.rows() * (8 + 16 + 16 + 4)
    }
}

/// Numbers that are ordered as the cells of a column; `None` where a cell is null, or no such number exists.
fn sort_keys(ty: ColumnType, array: &ArrayRef, desc: bool) -> Option<Arc<Vec<u64>>> {
    if array.null_count() > 0 {
        return None;
    }
    const SIGN: u64 = 1 << 63;
    let float = |v: &f64| {
        let bits = (v + 0.0).to_bits(); // so that -0 is 0
        if bits & SIGN == 0 { bits | SIGN } else { !bits }
    };
    let mut keys: Vec<u64> = match ty {
        ColumnType::Int | ColumnType::Time => {
            Ints::of(array)?.0.values().iter().map(|v| v.cast_unsigned() ^ SIGN).collect()
        }
        ColumnType::UInt => Uints::of(array)?.0.values().to_vec(),
        ColumnType::Float if has_nan(array) => return None,
        ColumnType::Float => Floats::of(array)?.0.values().iter().map(float).collect(),
        ColumnType::Bool | ColumnType::String => return None,
    };
    if desc {
        keys.iter_mut().for_each(|k| *k = !*k);
    }
    Some(Arc::new(keys))
}

type Order<'a> = Box<dyn Fn(usize, usize) -> Ordering + 'a>;

/// How rows are ordered by one column: nulls first whichever the direction, and NaN equal to everything.
fn order_by<'a>(ty: ColumnType, array: &'a ArrayRef, desc: bool) -> Option<Order<'a>> {
    macro_rules! order {
        ($view:expr, $cmp:expr) => {{
            let view = $view?;
            let cmp = $cmp;
            Box::new(move |a, b| match (view.get(a), view.get(b)) {
                (Some(x), Some(y)) if desc => cmp(&y, &x),
                (Some(x), Some(y)) => cmp(&x, &y),
                (None, None) => Ordering::Equal,
                (None, _) => Ordering::Less,
                (_, None) => Ordering::Greater,
            })
        }};
    }
    Some(match ty {
        ColumnType::Int | ColumnType::Time => order!(Ints::of(array), Ord::cmp),
        ColumnType::UInt => order!(Uints::of(array), Ord::cmp),
        ColumnType::Bool => order!(Bools::of(array), Ord::cmp),
        ColumnType::String => order!(Strings::of(array), |a: &&str, b: &&str| a.cmp(b)),
        ColumnType::Float => {
            order!(Floats::of(array), |a: &f64, b: &f64| a.partial_cmp(b).unwrap_or(Ordering::Equal))
        }
    })
}

fn has_nan(array: &ArrayRef) -> bool {
    Floats::of(array).is_some_and(|a| (0..a.0.len()).any(|i| a.0.is_valid(i) && a.0.value(i).is_nan()))
}

/// A stable sort by an order that is none (NaN): insertion into short blocks, then merging of neighbours. The
/// standard library's sort may panic on such an order.
fn sort_partial(rows: &mut Vec<u32>, compare: &dyn Fn(u32, u32) -> Ordering) -> Result<()> {
    const BLOCK: usize = 20;
    for block in rows.chunks_mut(BLOCK) {
        interrupt::check()?;
        for i in 1..block.len() {
            let mut j = i;
            while j > 0 && compare(block[j], block[j - 1]).is_lt() {
                block.swap(j, j - 1);
                j -= 1;
            }
        }
    }
    merge_blocks(rows, BLOCK, |a, b| compare(*a, *b).is_lt())
}

impl Spec for Sort {
    fn name(&self) -> &'static str {
        self.name
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn details(&self) -> String {
        let limit = self.limit.map_or(String::new(), |n| format!(" first {n}"));
        format!("{}{}{limit}", labels(&self.columns), if self.desc { " desc" } else { "" })
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        Sorting::over(self.clone(), inputs, run, node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::Nowhere;
    use crate::exec::{Memory, Workers};
    use arrow_array::{Float64Array, Int64Array};
    use weir_table::Column;

    fn run(helpers: usize) -> Run {
        static RUNTIME: std::sync::LazyLock<tokio::runtime::Runtime> = std::sync::LazyLock::new(|| {
            tokio::runtime::Builder::new_current_thread().build().expect("a runtime")
        });
        Run {
            context: Context::new(Arc::new(Nowhere), 0),
            memory: Memory::new(1 << 20),
            spill: None,
            workers: Some(Workers::for_batches_of(helpers, 1)),
            cancelled: Arc::default(),
            runtime: RUNTIME.handle().clone(),
        }
    }

    fn sorted(values: Vec<Option<f64>>, desc: bool, limit: Option<usize>) -> Vec<i64> {
        let n = values.len();
        let columns = vec![
            Column::row("v", ColumnType::Float, Arc::new(Float64Array::from(values))),
            Column::row("i", ColumnType::Int, Arc::new(Int64Array::from((0..n as i64).collect::<Vec<_>>()))),
        ];
        let batch = TableBatch::new(columns, vec![0, n]);
        let sort = Sort { name: "sort", columns: vec!["v".into()], desc, limit };
        let rows = |helpers| {
            let out = sort.apply(&batch, &run(helpers)).expect("sorts");
            Ints::of(out.columns[1].data.array()).expect("ints").0.values().to_vec()
        };
        let alone = rows(0);
        assert_eq!(rows(3), alone, "with helpers");
        alone
    }

    #[test]
    fn nulls_come_first_and_equals_keep_their_order() {
        let v = vec![Some(2.0), None, Some(1.0), Some(2.0), None];
        assert_eq!(sorted(v.clone(), false, None), [1, 4, 2, 0, 3]);
        assert_eq!(sorted(v, true, None), [1, 4, 0, 3, 2]);
    }

    #[test]
    fn numbers_are_ordered_by_value() {
        let v: Vec<_> = [0.0, -1.5, f64::INFINITY, -0.0, 1e-300, f64::NEG_INFINITY].map(Some).to_vec();
        assert_eq!(sorted(v.clone(), false, None), [5, 1, 0, 3, 4, 2]);
        assert_eq!(sorted(v, true, None), [2, 4, 0, 3, 1, 5]);
    }

    #[test]
    fn nan_divides_what_it_stands_between() {
        let v = vec![Some(2.0), Some(f64::NAN), Some(f64::NEG_INFINITY), Some(1.0)];
        assert_eq!(sorted(v, false, None), [0, 1, 2, 3]);
    }

    #[test]
    fn the_first_few_are_those_of_the_whole_sort() {
        let v: Vec<_> = (0..1000).map(|i| Some(f64::from((i * 37) % 100))).collect();
        let all = sorted(v.clone(), true, None);
        assert_eq!(sorted(v, true, Some(25)), all[..25]);
    }

    #[test]
    fn helpers_sort_tables_as_one_alone_does() {
        let mut state = 1_u64;
        let mut random = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let longest = [3, 50, 400, 2000];
        for n in 0..40 {
            let lengths: Vec<usize> = (0..n).map(|_| random(longest[n % 4]) as usize).collect();
            let mut offsets = vec![0];
            offsets.extend(lengths.iter().scan(0, |end, length| {
                *end += length;
                Some(*end)
            }));
            let rows = offsets[offsets.len() - 1];
            let values: Vec<i64> = (0..rows).map(|_| random(30) as i64).collect();
            let columns = vec![
                Column::row("v", ColumnType::Int, Arc::new(Int64Array::from(values))),
                Column::row("i", ColumnType::Int, Arc::new((0..rows as i64).collect::<Int64Array>())),
                Column::key(
                    "k",
                    ColumnType::Int,
                    Arc::new((0..lengths.len() as i64).collect::<Int64Array>()),
                ),
            ];
            let batch = TableBatch::new(columns, offsets);
            for desc in [false, true] {
                let sort = Sort { name: "sort", columns: vec!["v".into()], desc, limit: None };
                let [alone, helped] = [0, 2].map(|helpers| sort.apply(&batch, &run(helpers)).expect("sorts"));
                helped.check().expect("is a batch");
                assert_eq!(alone.offsets, helped.offsets);
                for (a, b) in alone.columns.iter().zip(&helped.columns) {
                    assert_eq!(a.data.array(), b.data.array(), "{}", a.label);
                }
            }
        }
    }
}
