//! A delete's predicate as JSON: `true`, `{"and": […]}`, `{"or": […]}`, or `["tag", "=", "text"]` with a null tag for
//! the measurement.

use serde_json::{Value, json};
use weir_batch::{ColumnRef, CompareOp, Literal, Predicate};

const OPERATORS: [(CompareOp, &str); 6] = [
    (CompareOp::Eq, "="),
    (CompareOp::Ne, "!="),
    (CompareOp::Lt, "<"),
    (CompareOp::Le, "<="),
    (CompareOp::Gt, ">"),
    (CompareOp::Ge, ">="),
];

/// `None` for what a delete cannot say: fields, values, regular expressions.
pub(super) fn write(predicate: &Predicate) -> Option<Value> {
    Some(match predicate {
        Predicate::Constant(value) => json!(value),
        Predicate::And(parts) => json!({ "and": parts.iter().map(write).collect::<Option<Vec<_>>>()? }),
        Predicate::Or(parts) => json!({ "or": parts.iter().map(write).collect::<Option<Vec<_>>>()? }),
        Predicate::Compare { column, op, literal: Literal::String(text) } => {
            let column = match column {
                ColumnRef::Measurement => Value::Null,
                ColumnRef::Tag(tag) => json!(tag),
                ColumnRef::Field | ColumnRef::Value => return None,
            };
            let (_, op) = OPERATORS.iter().find(|(known, _)| known == op)?;
            json!([column, op, text])
        }
        Predicate::Compare { .. } => return None,
    })
}

/// The inverse of [`write`].
pub(super) fn read(json: &Value) -> Option<Predicate> {
    let parts = |parts: &Value| parts.as_array()?.iter().map(read).collect::<Option<Vec<_>>>();
    Some(match json {
        Value::Bool(value) => Predicate::Constant(*value),
        Value::Object(object) => match (object.get("and"), object.get("or")) {
            (Some(and), None) => Predicate::And(parts(and)?),
            (None, Some(or)) => Predicate::Or(parts(or)?),
            _ => return None,
        },
        Value::Array(compare) => {
            let [column, op, text] = compare.as_slice() else { return None };
            let column = match column {
                Value::Null => ColumnRef::Measurement,
                tag => ColumnRef::Tag(tag.as_str()?.to_owned()),
            };
            let (op, _) = OPERATORS.iter().find(|(_, known)| Some(*known) == op.as_str())?;
            Predicate::Compare { column, op: *op, literal: Literal::String(text.as_str()?.to_owned()) }
        }
        _ => return None,
    })
}
