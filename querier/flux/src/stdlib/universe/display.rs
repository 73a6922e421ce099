//! `display(v:)`.

use crate::error::Result;
use crate::eval::{Args, Context, type_of};
use crate::registry::{Body, Definition};
use crate::value::{Function, Value, limits, shown_with};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "display",
    signature: "(v: A) => string",
    doc: "Shows any value as text, for people: functions as their types. The form is not fixed.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let v: Value = args.required("v")?;
    limits::whole(&v)?;
    Ok(Value::from(shown_with(&v, &|function| {
        type_of_function(function).unwrap_or_else(|| format!("{function:?}"))
    })))
}

/// The type of a function, if it can be told.
pub(crate) fn type_of_function(function: &Function) -> Option<String> {
    match function {
        Function::Native(definition, _) => Some(without_kinds(definition.signature).to_owned()),
        Function::Closure(closure) => type_of(closure).map(|ty| without_kinds(&ty.to_string()).to_owned()),
        Function::Partial { .. } => None,
    }
}

/// What the variables of a type stand for is not shown.
fn without_kinds(signature: &str) -> &str {
    signature.split(" where ").next().unwrap_or(signature)
}
