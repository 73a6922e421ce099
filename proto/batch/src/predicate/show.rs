//! Predicates as people read them.

use std::fmt::{Display, Formatter, Result};

use super::{ColumnRef, CompareOp, Literal, Predicate};

impl Display for ColumnRef {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Measurement => "_measurement",
            Self::Field => "_field",
            Self::Value => "_value",
            Self::Tag(name) => name,
        })
    }
}

impl Display for CompareOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Match => "=~",
            Self::NotMatch => "!~",
        })
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::String(text) => write!(f, "{text:?}"),
            Self::Integer(n) => write!(f, "{n}"),
            Self::Unsigned(n) => write!(f, "{n}u"),
            Self::Float(n) => write!(f, "{n:?}"),
            Self::Boolean(b) => write!(f, "{b}"),
            Self::Regex(regex) => write!(f, "/{regex}/"),
        }
    }
}

impl Display for Predicate {
    /// As a Flux expression over the columns; what stands below an `and` or `or` is in parentheses if it is one itself.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let (parts, word, empty) = match self {
            Self::Constant(value) => return write!(f, "{value}"),
            Self::Compare { column, op, literal } => return write!(f, "{column} {op} {literal}"),
            Self::And(parts) => (parts, " and ", "true"),
            Self::Or(parts) => (parts, " or ", "false"),
        };
        if parts.is_empty() {
            return f.write_str(empty);
        }
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                f.write_str(word)?;
            }
            match part {
                Self::And(_) | Self::Or(_) => write!(f, "({part})")?,
                simple => write!(f, "{simple}")?,
            }
        }
        Ok(())
    }
}
