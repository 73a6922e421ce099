//! `internal/debug`: what tests of scripts need and nothing else offers.

use std::sync::Arc;

use weir_table::ColumnType;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, PerBatch, Run, Whole};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::natives;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package {
    path: "internal/debug",
    name: "debug",
    members: &[&FEATURE, &GET_OPTION, &NULL, &OPAQUE, &PASS, &SINK, &SLURP, &VECTORIZE],
};

static VECTORIZE: Definition = Definition {
    package: "internal/debug",
    name: "vectorize",
    signature: "bool",
    doc: "Accepted and ignored: row functions run over whole columns wherever they can.",
    body: Body::Option("false"),
};

natives! { "internal/debug":
    NULL = "null", "(?type: string) => A where A: Basic", "A null value of the type with this name.", null;
    PASS = "pass", "(<-tables: stream[A]) => stream[A] where A: Record", "Passes tables on as they are.",
        |args, _| args.transform(Debug::Pass);
    OPAQUE = "opaque", "(<-tables: stream[A]) => stream[B] where A: Record, B: Record",
        "Passes tables on; the type checker forgets their columns.",
        |args, _| args.transform(Debug::Opaque);
    SLURP = "slurp", "(<-tables: stream[A]) => stream[A] where A: Record", "Passes tables on, each in one piece.",
        |args, _| args.transform(Debug::Slurp);
    SINK = "sink", "(<-tables: stream[A]) => stream[A] where A: Record", "Reads tables and drops them.",
        |args, _| args.transform(Debug::Sink);
    GET_OPTION = "getOption", "(pkg: string, name: string) => A", "The value of an option, by package and name.",
        get_option;
    FEATURE = "feature", "(key: string) => A", "The value of a feature flag; null if there is no such flag.",
        |args, _| Ok(feature(&args.required::<Arc<str>>("key")?));
}

/// What a flag stands at where nobody turns it.
fn feature(key: &str) -> Value {
    match key {
        "groupTransformationGroup" | "optimizeAggregateWindow" => Value::Bool(true),
        "aggregateTransformationTransport"
        | "labelPolymorphism"
        | "narrowTransformationDifference"
        | "narrowTransformationFill"
        | "optimizeSetTransformation"
        | "optimizeUnionTransformation"
        | "prettyError"
        | "strictNullLogicalOps"
        | "unusedSymbolWarnings" => Value::Bool(false),
        "queryConcurrencyIncrease" => Value::Int(0),
        _ => Value::Null(None),
    }
}

fn null(args: &mut Args, _cx: &Context) -> Result<Value> {
    let Some(name) = args.optional::<Arc<str>>("type")? else { return Ok(Value::Null(None)) };
    Ok(Value::Null(match &*name {
        "string" => Some(ColumnType::String),
        "int" => Some(ColumnType::Int),
        "uint" => Some(ColumnType::UInt),
        "float" => Some(ColumnType::Float),
        "bool" => Some(ColumnType::Bool),
        "time" => Some(ColumnType::Time),
        "duration" | "bytes" | "regexp" => None,
        other => return Err(FluxError::invalid(format!("Invalid null type `{other}`"))),
    }))
}

fn get_option(args: &mut Args, cx: &Context) -> Result<Value> {
    let (package, name): (Arc<str>, Arc<str>) = (args.required("pkg")?, args.required("name")?);
    if let Some(value) = cx.option(&package, &name) {
        return Ok(value);
    }
    match crate::registry::package(&package).and_then(|p| p.member(&name)) {
        Some(definition) if definition.is_option() => cx.member_value(definition),
        _ => Err(FluxError::invalid("option does not exist")),
    }
}

#[derive(Debug, Clone, Copy)]
enum Debug {
    Pass,
    Opaque,
    Slurp,
    Sink,
}

impl Spec for Debug {
    fn name(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Opaque => "opaque",
            Self::Slurp => "slurp",
            Self::Sink => "sink",
        }
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let input = inputs.remove(0);
        Ok(match self {
            Self::Pass | Self::Opaque => input,
            Self::Slurp => Whole::over(input, run),
            Self::Sink => PerBatch::rows(input, run, |_| Ok(None)),
        })
    }
}
