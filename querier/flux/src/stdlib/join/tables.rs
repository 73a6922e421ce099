//! `tables(left:, right:, on:, as:, method:)`: the join itself.
//!
//! Tables of equal group keys are joined with each other; within a pair, rows are brought together in the order of the
//! columns that the predicate compares. A row without a match is joined with nulls, if the method keeps it; columns of
//! the group key have their value there too.

use std::sync::Arc;

use weir_table::TableBatch;

use super::groups::Matches;
use super::in_memory::InMemory;
use super::predicate::{equalities, members, names_rows};
use super::rows::{Block, SideShape, Source};
use super::spilled::OnDisk;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Budget, Operator, Reading, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::Call;
use crate::value::{Function, Value};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "join",
    name: "tables",
    signature: "(<-left: stream[L], right: stream[R], on: (l: L, r: R) => bool, as: (l: L, r: R) => A, \
                method: string) => stream[A] where A: Record, L: Record, R: Record",
    doc: "Joins tables of the same group key where `on` holds; `as` makes the new rows.",
    body: Body::Native(call),
};

/// A join.
#[derive(Debug, Clone)]
pub(crate) struct Join {
    on: Function,
    pub(super) as_: Function,
    /// Whether left rows, and right rows, are kept that have no match.
    keep: (bool, bool),
    pub(super) context: Context,
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let (left, right): (Arc<Node>, Arc<Node>) = (args.pipe("left")?, args.required("right")?);
    let method: Arc<str> = args.required("method")?;
    let join = Join::of(&method, args.function("on")?, args.function("as")?, cx.of_rows())?;
    Ok(Value::Stream(Node::new(join, vec![left, right], args.location.clone())))
}

impl Join {
    /// The join of a method.
    ///
    /// # Errors
    /// There is no such method.
    pub(crate) fn of(method: &str, on: Function, as_: Function, context: Context) -> Result<Self> {
        let keep = match method {
            "inner" => (false, false),
            "left" => (true, false),
            "right" => (false, true),
            "full" => (true, true),
            other => {
                return Err(FluxError::invalid(format!(
                    "invalid argument for 'method' - must be \"inner\", \"left\", \"right\", or \"full\", got \"{other}\""
                )));
            }
        };
        Ok(Self { on, as_, keep, context })
    }
}

impl Spec for Join {
    fn name(&self) -> &'static str {
        "join.tables"
    }

    fn validate(&self, _node: &Node) -> Result<()> {
        match equalities(&self.on) {
            Ok(_) => Ok(()),
            Err(e) => Err(FluxError::invalid(format!("error in join function - {e}"))),
        }
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let pairs = equalities(&self.on).map_err(FluxError::invalid)?;
        let (right, left) = (inputs.remove(1), inputs.remove(0));
        let (l, r): (Vec<String>, Vec<String>) = pairs.into_iter().unzip();
        Ok(Box::new(Joining {
            join: self.clone(),
            on: [l, r],
            call: Call::of(node),
            run: run.clone(),
            inputs: Some([left, right]),
            tables: None,
            shapes: Default::default(),
            current: None,
            last: None,
        }))
    }
}
impl Join {
    /// Fails if `as` names columns that a stream does not have. A stream without rows has none, not even those that `on`
    /// names.
    fn check(&self, [left, right]: &[SideShape; 2]) -> Result<()> {
        let sides = [("l", "left", left, right), ("r", "right", right, left)];
        for (param, name, side, other) in sides {
            if other.is_empty() {
                continue;
            }
            if side.is_empty() && names_rows(&self.as_, param) && !members(&self.on, param).is_empty() {
                return Err(not_prepared(name, "cannot join on an empty table"));
            }
            let lacks = |label: &&str| !side.iter().any(|(known, _)| **known == **label);
            if let Some(missing) = members(&self.as_, param).into_iter().find(lacks) {
                let problem = match side.is_empty() {
                    true => "cannot join on an empty table".to_owned(),
                    false => format!("table is missing label {missing}"),
                };
                return Err(not_prepared(name, &problem));
            }
        }
        Ok(())
    }
}

/// What a side that does not fit `as` is refused with.
fn not_prepared(side: &str, problem: &str) -> FluxError {
    FluxError::invalid(format!("error preparing {side} side of join: {problem}"))
}

/// A pair of tables of one group key, or one without the other.
pub(super) struct Pairing {
    /// Its number: later ones have greater numbers. On disk the rows of one may come in parts.
    pub(super) table: usize,
    pub(super) matches: Matches,
    pub(super) sources: [Option<Arc<Source>>; 2],
    /// Where the group key is in the sources.
    pub(super) key: [Option<u32>; 2],
    /// Counts the matches.
    pub(super) _budget: Budget,
}

/// Pairs of tables, one after the other.
pub(super) trait Pairings: Send {
    /// The next pair.
    fn next(&mut self) -> Result<Option<Pairing>>;
}

/// A share of the query's memory that joined rows may take at a time, and how many there may be.
const SHARE: usize = 64;
const ROWS: usize = 1 << 18;

/// What a cell of joined rows takes on its way: its place, and what is in it.
const CELL: usize = 16;

/// Joins two streams.
struct Joining {
    join: Join,
    on: [Vec<String>; 2],
    call: Call,
    run: Run,
    inputs: Option<[BoxOperator; 2]>,
    tables: Option<Box<dyn Pairings>>,
    shapes: [SideShape; 2],
    /// The pair that comes next, or whose rest does.
    current: Option<Pairing>,
    /// The pair that was answered last.
    last: Option<usize>,
}

impl Joining {
    /// Reads the streams, to disk if they do not fit into memory.
    fn read(&mut self, [left, right]: [BoxOperator; 2]) -> Result<()> {
        let (left, right) = (Reading::of(left, &self.run)?, Reading::of(right, &self.run)?);
        let (left, right) = match (left, right) {
            (Reading::All(left), Reading::All(right)) => {
                let tables = InMemory::of([left, right], &self.on, &self.run);
                let tables = tables.map_err(|e| self.call.tell(e))?;
                if self.run.spill.is_none() || !self.run.memory.is_short_of(tables.working_size()) {
                    self.shapes = tables.shapes();
                    self.tables = Some(Box::new(tables));
                    return Ok(());
                }
                let [left, right] = tables.into_streams();
                (left, right)
            }
            (left, right) => (left.stream(), right.stream()),
        };
        let mut tables = OnDisk::new(&self.run)?;
        for (side, (mut input, on)) in [left, right].into_iter().zip(&self.on).enumerate() {
            tables.begin(side)?;
            while let Some(batch) = input.next()? {
                tables.push(side, &batch, on).map_err(|e| self.call.tell(e))?;
            }
        }
        self.shapes = tables.shapes();
        self.tables = Some(Box::new(tables.finish()?));
        Ok(())
    }

    /// The next joined rows.
    fn join(&mut self) -> Result<Option<TableBatch>> {
        let Some(tables) = &mut self.tables else { return Ok(None) };
        let mut block = Block { offsets: vec![0], ..Block::default() };
        let mut continues = false;
        let mut budget = Budget::new(&self.run)?;
        let mut most = ROWS;
        loop {
            self.run.check()?;
            if self.current.is_none() {
                self.current = tables.next()?;
            }
            let Some(pairing) = &mut self.current else { break };
            if block.keys.is_empty() {
                block.sources = pairing.sources.clone();
                most = (self.run.memory.limit() / SHARE / CELL / block.width().max(1)).clamp(16, ROWS);
            } else if !block.is_of(&pairing.sources) || block.pairs.len() >= most {
                break;
            }
            let before = block.pairs.len();
            let ended = pairing.matches.fill(&mut block.pairs, most, self.join.keep)?;
            if block.pairs.len() > before {
                continues |= block.keys.is_empty() && self.last == Some(pairing.table);
                self.last = Some(pairing.table);
                block.keys.push(pairing.key);
                block.offsets.push(block.pairs.len());
                budget.add(size_of::<[Option<u32>; 2]>() + size_of::<usize>())?;
            }
            if !ended {
                break;
            }
            self.current = None;
        }
        if block.keys.is_empty() {
            return Ok(None);
        }
        budget.settle()?;
        let _columns = self.run.memory.reserve(block.pairs.len() * CELL * block.width())?;
        let tables = block.tables(&self.join, &self.shapes)?;
        Ok(Some(TableBatch { continues, ..tables }))
    }
}

impl Operator for Joining {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        if let Some(inputs) = self.inputs.take() {
            self.read(inputs)?;
            self.join.check(&self.shapes).map_err(|e| self.call.tell(e))?;
        }
        self.join().map_err(|e| self.call.tell(e))
    }
}
