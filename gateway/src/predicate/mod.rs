//! The predicate of a delete: `tag = value` comparisons joined by AND.
//!
//! Pure and total: text in, comparisons or a message with a position out. Nesting costs no stack.

mod scanner;

use scanner::{Scanner, Token};
use weir_batch::{ColumnRef, CompareOp, Literal, Predicate};
use weir_influxql_syntax::parse_expr;
use weir_model::{Error, ErrorCode};

/// Reads a predicate; the empty text holds for everything.
///
/// # Errors
/// What is wrong and where, in the reference's words.
pub(crate) fn parse(text: &str) -> Result<Predicate, String> {
    if text.is_empty() {
        return Ok(Predicate::TRUE);
    }
    Parser { scanner: Scanner::new(text), levels: vec![Level::default()], juxtaposed: false }.conjunction()
}

/// Refuses what [`parse`] lets pass but InfluxQL does not read: the reference reads every predicate both ways.
///
/// # Errors
/// What is wrong and where, in InfluxQL's words.
pub(crate) fn check_influxql(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    parse_expr(text).map(|_| ()).map_err(|error| error.to_string())
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
    /// The outermost level, and one for each parenthesis that is open.
    levels: Vec<Level>,
    /// Whether two comparisons stood side by side without an AND.
    juxtaposed: bool,
}

/// What has been read between two parentheses.
#[derive(Default, Clone, Copy)]
struct Level {
    /// How many comparisons or groups.
    operands: usize,
    /// Whether an AND came after the last of them.
    joined: bool,
}

impl Parser {
    /// Comparisons and parentheses. Since AND is the only connective, parentheses group nothing: what matters is their
    /// balance and what stands side by side, so that depth needs a list and no stack.
    fn conjunction(mut self) -> Result<Predicate, String> {
        let mut parts = Vec::new();
        // After a third AND, the reference takes nothing but a comparison or a group.
        let mut operand_due = false;
        loop {
            let (token, at) = self.scanner.next();
            let operand = matches!(token, Token::Ident(_) | Token::Keyword("NAME") | Token::Mark("("));
            if operand_due && !operand {
                return Err(format!("bad tag key, at position {at}"));
            }
            operand_due = false;
            match token {
                Token::Eof => break,
                Token::Ident(key) => {
                    parts.push(self.comparison(key)?);
                    self.operand();
                }
                Token::Keyword("NAME") => {
                    parts.push(self.comparison("name".to_owned())?);
                    self.operand();
                }
                Token::Number(_) if token.name() != "DURATIONVAL" => {
                    return Err(format!("bad tag key, at position {at}"));
                }
                Token::And => {
                    if let Some(level) = self.levels.last_mut() {
                        operand_due = level.operands >= 2;
                        level.joined = true;
                    }
                }
                Token::Mark("(") => self.levels.push(Level::default()),
                Token::Mark(")") => {
                    if self.levels.len() == 1 {
                        return Err("extra ) seen".to_owned());
                    }
                    if self.levels.pop().is_some_and(|level| level.operands > 0) {
                        self.operand();
                    }
                }
                Token::Or => {
                    return Err(format!("the logical operator OR is not supported yet at position {at}"));
                }
                _ => return Err(format!("bad logical expression, at position {at}")),
            }
        }
        if self.levels.len() > 1 {
            return Err("extra ( seen".to_owned());
        }
        if self.juxtaposed {
            return Err(r"the logical operator '\x00' is not supported yet".to_owned());
        }
        Ok(match parts.len() {
            0 => Predicate::TRUE,
            1 => parts.remove(0),
            _ => Predicate::And(parts),
        })
    }

    /// Counts a comparison or a group that has been read.
    fn operand(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            self.juxtaposed |= level.operands > 0 && !level.joined;
            level.operands += 1;
            level.joined = false;
        }
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
