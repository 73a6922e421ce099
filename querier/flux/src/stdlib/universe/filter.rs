//! `filter(fn:)`: rows for which a predicate holds. What storage can decide becomes part of the scan.

use std::sync::Arc;

use weir_flux_syntax::ast::{
    Expression, ExpressionStatement, File, FunctionBody, FunctionExpression, Statement,
};
use weir_table::{TableBatch, filter_rows};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Hold, InOrder, Operator, Run, Work};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::rowfn::RowFunction;
use crate::tables::Call;
use crate::tables::full::Full;
use crate::value::{Closure, Function, Value};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "filter",
    signature: "(<-tables: stream[A], fn: (r: A) => bool, ?onEmpty: string) => stream[A] where A: Record",
    doc: "Keeps the rows for which `fn` is true. Tables that lose all rows are dropped, unless onEmpty is \"keep\".",
    body: Body::Native(call),
};

/// A filter.
#[derive(Debug, Clone)]
pub struct Filter {
    /// The predicate.
    pub function: RowFunction,
    /// Whether tables without rows are kept.
    pub keep_empty: bool,
}

impl Filter {
    /// The body that is left when a rule has taken some of it; `None` if it is whole.
    pub fn remaining(&self) -> Option<Expression> {
        self.function.body().cloned()
    }

    /// The same filter with another body.
    #[must_use]
    pub fn with_rest(&self, rest: Expression) -> Self {
        let Some(closure) = self.function.function().closure() else { return self.clone() };
        let literal =
            FunctionExpression { body: FunctionBody::Expression(rest), ..(*closure.literal).clone() };
        let closure = Closure { literal: Arc::new(literal), scope: closure.scope.clone() };
        let function = RowFunction::new(Function::Closure(Arc::new(closure)), self.function.context());
        Self { function, keep_empty: self.keep_empty }
    }
}

/// An expression as the formatter writes it, in one line.
fn written(e: &Expression) -> String {
    let statement = ExpressionStatement { base: e.base().clone(), expression: e.clone() };
    let file = File { body: vec![Statement::Expression(Box::new(statement))], ..File::default() };
    let text = weir_flux_syntax::format(&file).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let keep_empty = match &*args.string_or("onEmpty", "drop")? {
        "drop" => false,
        "keep" => true,
        other => {
            return Err(FluxError::invalid(format!("onEmpty must be \"keep\" or \"drop\", got \"{other}\"")));
        }
    };
    args.transform(Filter { function: RowFunction::new(args.function("fn")?, cx), keep_empty })
}

impl Spec for Filter {
    fn name(&self) -> &'static str {
        "filter"
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn details(&self) -> String {
        let keep = if self.keep_empty { " onEmpty=keep" } else { "" };
        format!("{}{keep}", self.function.body().map_or("by a function".to_owned(), written))
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let input = inputs.remove(0);
        let work = |function: RowFunction| -> Work<Filtered> {
            let (run, call) = (run.clone(), Call::of(node));
            Arc::new(move |batch| {
                let _answer = run.memory.reserve(batch.memory_size())?;
                let mut rows = filter_rows(&batch, &function.matches(&batch).map_err(|e| call.tell(e))?);
                rows.continues = batch.continues;
                let hold = run.memory.hold(&rows)?;
                Ok((rows, hold))
            })
        };
        let answers = InOrder::of(run, work(self.function.columns_only()), work(self.function.clone()));
        Ok(Box::new(Filtering { input, answers, full: Full::or_empty(self.keep_empty) }))
    }
}

/// What is left of a batch, with the memory it takes.
type Filtered = (TableBatch, Hold);

/// Filters batches as they come.
struct Filtering {
    input: BoxOperator,
    answers: InOrder<Filtered>,
    full: Full,
}

impl Operator for Filtering {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        loop {
            let Some((rows, _hold)) = self.answers.next(&mut self.input)? else { return Ok(None) };
            if let Some(out) = self.full.pass(rows) {
                return Ok(Some(out));
            }
        }
    }
}
