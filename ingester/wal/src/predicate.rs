//! Predicates of deletes as bytes.

use regex::Regex;
use weir_batch::{ColumnRef, CompareOp, Literal, Predicate};

use crate::input::{Garbled, Input, put_text, put_varint, put_zigzag};

/// Deeper predicates are not read: nobody writes them, and garbage must not exhaust the stack.
const MAX_DEPTH: usize = 100;

const OPS: [CompareOp; 8] = [
    CompareOp::Eq,
    CompareOp::Ne,
    CompareOp::Lt,
    CompareOp::Le,
    CompareOp::Gt,
    CompareOp::Ge,
    CompareOp::Match,
    CompareOp::NotMatch,
];

pub(crate) fn put_predicate(out: &mut Vec<u8>, predicate: &Predicate) {
    match predicate {
        Predicate::Constant(b) => out.extend([0, u8::from(*b)]),
        Predicate::And(parts) | Predicate::Or(parts) => {
            out.push(if matches!(predicate, Predicate::And(_)) { 1 } else { 2 });
            put_varint(out, parts.len() as u64);
            parts.iter().for_each(|part| put_predicate(out, part));
        }
        Predicate::Compare { column, op, literal } => {
            out.push(3);
            match column {
                ColumnRef::Measurement => out.push(0),
                ColumnRef::Field => out.push(1),
                ColumnRef::Value => out.push(2),
                ColumnRef::Tag(name) => {
                    out.push(3);
                    put_text(out, name);
                }
            }
            out.push(OPS.iter().position(|o| o == op).unwrap_or_default() as u8);
            put_literal(out, literal);
        }
    }
}

fn put_literal(out: &mut Vec<u8>, literal: &Literal) {
    match literal {
        Literal::String(text) => {
            out.push(0);
            put_text(out, text);
        }
        Literal::Integer(v) => {
            out.push(1);
            put_zigzag(out, *v);
        }
        Literal::Unsigned(v) => {
            out.push(2);
            put_varint(out, *v);
        }
        Literal::Float(v) => {
            out.push(3);
            out.extend(v.to_bits().to_le_bytes());
        }
        Literal::Boolean(v) => out.extend([4, u8::from(*v)]),
        Literal::Regex(regex) => {
            out.push(5);
            put_text(out, regex.as_str());
        }
    }
}

pub(crate) fn take_predicate(input: &mut Input<'_>, depth: usize) -> Result<Predicate, Garbled> {
    if depth > MAX_DEPTH {
        return Err(Garbled("a predicate is too deep"));
    }
    Ok(match input.byte()? {
        0 => Predicate::Constant(input.byte()? != 0),
        kind @ (1 | 2) => {
            let mut parts = Vec::new();
            for _ in 0..input.varint()? {
                parts.push(take_predicate(input, depth + 1)?);
            }
            if kind == 1 { Predicate::And(parts) } else { Predicate::Or(parts) }
        }
        3 => {
            let column = match input.byte()? {
                0 => ColumnRef::Measurement,
                1 => ColumnRef::Field,
                2 => ColumnRef::Value,
                3 => ColumnRef::Tag(input.text()?.to_owned()),
                _ => return Err(Garbled("unknown column of a predicate")),
            };
            let op = *OPS.get(usize::from(input.byte()?)).ok_or(Garbled("unknown comparison"))?;
            Predicate::Compare { column, op, literal: take_literal(input)? }
        }
        _ => return Err(Garbled("unknown predicate")),
    })
}

fn take_literal(input: &mut Input<'_>) -> Result<Literal, Garbled> {
    Ok(match input.byte()? {
        0 => Literal::String(input.text()?.to_owned()),
        1 => Literal::Integer(input.zigzag()?),
        2 => Literal::Unsigned(input.varint()?),
        3 => Literal::Float(f64::from_bits(input.fixed()?)),
        4 => Literal::Boolean(input.byte()? != 0),
        5 => Literal::Regex(
            Regex::new(input.text()?).map_err(|_| Garbled("a regular expression does not compile"))?,
        ),
        _ => return Err(Garbled("unknown literal")),
    })
}
