//! Predicates as messages.

use regex::Regex;
use weir_batch::{ColumnRef, CompareOp, Literal, Predicate};
use weir_model::Result;

use super::convert::malformed;
use super::pb::scan as pb;
use pb::compare::{Column as Place, Literal as Value};
use pb::node::Kind;

pub(super) fn put_predicate(predicate: &Predicate) -> pb::Predicate {
    let mut nodes = Vec::new();
    put(predicate, &mut nodes);
    pb::Predicate { nodes }
}

fn put(predicate: &Predicate, nodes: &mut Vec<pb::Node>) {
    let kind = match predicate {
        Predicate::Constant(value) => Kind::Constant(*value),
        Predicate::And(parts) => {
            parts.iter().for_each(|part| put(part, nodes));
            Kind::And(parts.len() as u32)
        }
        Predicate::Or(parts) => {
            parts.iter().for_each(|part| put(part, nodes));
            Kind::Or(parts.len() as u32)
        }
        Predicate::Compare { column, op, literal } => Kind::Compare(pb::Compare {
            column: Some(match column {
                ColumnRef::Measurement => Place::Special(pb::Column::Measurement as i32),
                ColumnRef::Field => Place::Special(pb::Column::Field as i32),
                ColumnRef::Value => Place::Special(pb::Column::Value as i32),
                ColumnRef::Tag(tag) => Place::Tag(tag.clone()),
            }),
            operator: match op {
                CompareOp::Eq => pb::Operator::Equal,
                CompareOp::Ne => pb::Operator::NotEqual,
                CompareOp::Lt => pb::Operator::Less,
                CompareOp::Le => pb::Operator::LessOrEqual,
                CompareOp::Gt => pb::Operator::Greater,
                CompareOp::Ge => pb::Operator::GreaterOrEqual,
                CompareOp::Match => pb::Operator::Match,
                CompareOp::NotMatch => pb::Operator::NotMatch,
            } as i32,
            literal: Some(match literal {
                Literal::String(value) => Value::Text(value.clone()),
                Literal::Integer(value) => Value::Integer(*value),
                Literal::Unsigned(value) => Value::Unsigned(*value),
                Literal::Float(value) => Value::Float(*value),
                Literal::Boolean(value) => Value::Boolean(*value),
                Literal::Regex(value) => Value::Regex(value.as_str().to_owned()),
            }),
        }),
    };
    nodes.push(pb::Node { kind: Some(kind) });
}

pub(super) fn predicate(message: Option<pb::Predicate>) -> Result<Predicate> {
    let mut stack: Vec<Predicate> = Vec::new();
    let pop = |stack: &mut Vec<Predicate>, count: u32| {
        let start = stack.len().checked_sub(count as usize);
        start.map(|start| stack.split_off(start)).ok_or_else(|| malformed("a predicate lacks operands"))
    };
    for node in message.ok_or_else(|| malformed("no predicate"))?.nodes {
        let predicate = match node.kind {
            Some(Kind::Constant(value)) => Predicate::Constant(value),
            Some(Kind::And(count)) => Predicate::And(pop(&mut stack, count)?),
            Some(Kind::Or(count)) => Predicate::Or(pop(&mut stack, count)?),
            Some(Kind::Compare(compare)) => compared(compare)?,
            None => return Err(malformed("an unknown predicate")),
        };
        stack.push(predicate);
    }
    match (stack.pop(), stack.is_empty()) {
        (Some(predicate), true) => Ok(predicate),
        _ => Err(malformed("a predicate is not one condition")),
    }
}

fn compared(compare: pb::Compare) -> Result<Predicate> {
    let column = match compare.column {
        Some(Place::Tag(tag)) => ColumnRef::Tag(tag),
        Some(Place::Special(column)) => match pb::Column::try_from(column) {
            Ok(pb::Column::Measurement) => ColumnRef::Measurement,
            Ok(pb::Column::Field) => ColumnRef::Field,
            Ok(pb::Column::Value) => ColumnRef::Value,
            _ => return Err(malformed("an unknown column")),
        },
        None => return Err(malformed("an unknown column")),
    };
    let op = match pb::Operator::try_from(compare.operator) {
        Ok(pb::Operator::Equal) => CompareOp::Eq,
        Ok(pb::Operator::NotEqual) => CompareOp::Ne,
        Ok(pb::Operator::Less) => CompareOp::Lt,
        Ok(pb::Operator::LessOrEqual) => CompareOp::Le,
        Ok(pb::Operator::Greater) => CompareOp::Gt,
        Ok(pb::Operator::GreaterOrEqual) => CompareOp::Ge,
        Ok(pb::Operator::Match) => CompareOp::Match,
        Ok(pb::Operator::NotMatch) => CompareOp::NotMatch,
        _ => return Err(malformed("an unknown operator")),
    };
    let literal = match compare.literal {
        Some(Value::Text(value)) => Literal::String(value),
        Some(Value::Integer(value)) => Literal::Integer(value),
        Some(Value::Unsigned(value)) => Literal::Unsigned(value),
        Some(Value::Float(value)) => Literal::Float(value),
        Some(Value::Boolean(value)) => Literal::Boolean(value),
        Some(Value::Regex(value)) => Literal::Regex(
            Regex::new(&value).map_err(|_| malformed("a regular expression does not compile"))?,
        ),
        None => return Err(malformed("an unknown literal")),
    };
    Ok(Predicate::Compare { column, op, literal })
}
