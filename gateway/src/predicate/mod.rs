//! The predicate of a delete: `tag = value` comparisons joined by AND.
//!
//! Pure and total: text in, comparisons or a message with a position out. Nesting costs no stack.

mod scanner;

use scanner::{Scanner, Token};
use weir_batch::{ColumnRef, CompareOp, Literal, Predicate};
use weir_model::{Error, ErrorCode};

/// Reads a predicate; the empty text holds for everything.
///
/// # Errors
/// What is wrong and where, in the reference's words.
pub(crate) fn parse(text: &str) -> Result<Predicate, String> {
    Parser { scanner: Scanner::new(text), open: 0 }.conjunction()
}

/// Refuses what parses but cannot be deleted by.
///
/// # Errors
/// `NotImplemented` when the predicate speaks of fields.
pub(crate) fn check_deletable(predicate: &Predicate) -> Result<(), Error> {
    match predicate {
        Predicate::Compare { column: ColumnRef::Field, .. } => {
            Err(Error::new(ErrorCode::NotImplemented, "delete by field is not supported"))
        }
        Predicate::And(parts) => parts.iter().try_for_each(check_deletable),
        _ => Ok(()),
    }
}

struct Parser {
    scanner: Scanner,
    open: usize,
}

impl Parser {
    /// Comparisons and parentheses. Since AND is the only connective, parentheses group nothing: only their balance
    /// matters, so that depth needs a counter and no stack.
    fn conjunction(mut self) -> Result<Predicate, String> {
        let mut parts = Vec::new();
        let (mut token, mut at) = self.scanner.next();
        loop {
            match token {
                Token::Eof => break,
                Token::Ident(key) => parts.push(self.comparison(key)?),
                Token::Number(_) | Token::And => {}
                Token::Mark("(") => self.open += 1,
                Token::Mark(")") if self.open == 0 => return Err("extra ) seen".to_owned()),
                Token::Mark(")") => self.open -= 1,
                Token::Or => {
                    return Err(format!("the logical operator OR is not supported yet at position {at}"));
                }
                _ => return Err(format!("bad logical expression, at position {at}")),
            }
            (token, at) = self.scanner.next();
        }
        if self.open > 0 {
            return Err("missing )".to_owned());
        }
        Ok(match parts.len() {
            0 => Predicate::TRUE,
            1 => parts.remove(0),
            _ => Predicate::And(parts),
        })
    }

    fn comparison(&mut self, key: String) -> Result<Predicate, String> {
        let (operator, at) = self.scanner.next();
        let op = match &operator {
            Token::Mark("=") => CompareOp::Eq,
            Token::Mark("!=") => CompareOp::Ne,
            Token::Mark(mark @ ("=~" | "!~")) => {
                return Err(format!("operator: {mark:?} at position: {at} is not supported yet"));
            }
            other => return Err(format!("invalid operator {:?} at position: {at}", other.name())),
        };
        let mut value = String::new();
        loop {
            let (token, at) = self.scanner.next();
            match token {
                Token::Mark("-") if value.is_empty() => value.push('-'),
                Token::Ident(text) | Token::Number(text) => {
                    value.push_str(&text);
                    break;
                }
                Token::True => {
                    value.push_str("true");
                    break;
                }
                Token::False => {
                    value.push_str("false");
                    break;
                }
                other => return Err(format!("bad tag value: {:?}, at position {at}", other.literal())),
            }
        }
        let column = match key.as_str() {
            "_measurement" => ColumnRef::Measurement,
            "_field" => ColumnRef::Field,
            _ => ColumnRef::Tag(key),
        };
        Ok(Predicate::Compare { column, op, literal: Literal::String(value) })
    }
}

#[cfg(test)]
mod tests;
