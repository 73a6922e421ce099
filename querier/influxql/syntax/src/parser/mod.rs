//! The parser: recursive descent, with a limit on how deep it goes.

mod admin;
mod expr;
mod select;
mod show;
mod statement;

use std::collections::BTreeMap;

use crate::ast::{Expr, Measurement, MeasurementName, Statement};
use crate::error::ParseError;
use crate::scanner::{Scanner, Token};
use crate::words;

type Result<T> = std::result::Result<T, ParseError>;

/// What a bound parameter stands for.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Param {
    Identifier(String),
    String(String),
    Regex(String),
    Float(f64),
    Integer(i64),
    Unsigned(u64),
    Boolean(bool),
    /// A duration as text, such as `20m`.
    Duration(String),
}

/// Bound parameters by name.
pub type Params = BTreeMap<String, Param>;

/// So many parentheses, calls and subqueries nest.
const DEPTH: usize = 256;
/// So many operators an expression has: trees lean left as deep as that.
const OPERATORS: usize = 10_000;

/// Reads the statements of a query, separated by `;`.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse(text: &str, params: &Params) -> Result<Vec<Statement>> {
    let mut parser = Parser::new(text, params);
    let mut out = Vec::new();
    let mut separated = true;
    loop {
        let (token, at) = parser.next()?;
        match token {
            Token::Eof => return Ok(out),
            Token::Mark(";") => separated = true,
            _ if separated => {
                parser.back();
                out.push(parser.statement()?);
                separated = false;
            }
            token => return Err(parser.unexpected(&token, at, &[";"])),
        }
    }
}

/// Reads one expression.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse_expr(text: &str) -> Result<Expr> {
    let params = Params::new();
    let mut parser = Parser::new(text, &params);
    let expr = parser.expr()?;
    let (token, at) = parser.next()?;
    if token == Token::Eof { Ok(expr) } else { Err(parser.unexpected(&token, at, &["EOF"])) }
}

struct Parser<'a> {
    scanner: Scanner,
    params: &'a Params,
    /// Where the last token began.
    last: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &str, params: &'a Params) -> Self {
        Self { scanner: Scanner::new(text), params, last: 0, depth: 0 }
    }

    /// The next token; parameters are replaced by what they stand for.
    fn next(&mut self) -> Result<(Token, usize)> {
        self.last = self.scanner.at;
        let (token, at) = self.scanner.next();
        let Token::Param(name) = token else { return Ok((token, at)) };
        let token = match self.params.get(&name) {
            None => return Err(ParseError::Message(format!("missing parameter: {name}"))),
            Some(Param::Identifier(text)) => Token::Ident(text.clone()),
            Some(Param::String(text)) => Token::Text(text.clone()),
            Some(Param::Regex(text)) => Token::Regex(text.clone()),
            Some(Param::Float(v)) => Token::Number(float(*v)),
            Some(Param::Integer(v)) => Token::Integer(v.to_string()),
            Some(Param::Unsigned(v)) => Token::Integer(v.to_string()),
            Some(Param::Boolean(true)) => Token::Keyword("TRUE"),
            Some(Param::Boolean(false)) => Token::Keyword("FALSE"),
            Some(Param::Duration(text)) => Token::Duration(text.clone()),
        };
        Ok((token, at))
    }

    /// Takes the last token back.
    fn back(&mut self) {
        self.scanner.at = self.last;
    }

    fn unexpected(&self, token: &Token, at: usize, expected: &[&'static str]) -> ParseError {
        let (line, column) = self.scanner.place(at);
        ParseError::Unexpected { found: token.shown(), expected: expected.to_vec(), line, column }
    }

    fn wrong_at(&self, message: impl Into<String>, at: usize) -> ParseError {
        let (line, column) = self.scanner.place(at);
        ParseError::At { message: message.into(), line, column }
    }

    /// Whether the next token is this word; it is taken if so.
    fn take_word(&mut self, word: &str) -> Result<bool> {
        self.take(&|t| matches!(t, Token::Keyword(w) if *w == word))
    }

    fn take_mark(&mut self, mark: &str) -> Result<bool> {
        self.take(&|t| matches!(t, Token::Mark(m) if *m == mark))
    }

    fn take(&mut self, fits: &dyn Fn(&Token) -> bool) -> Result<bool> {
        // Looking ahead must not stumble over a parameter that is read later, in its place.
        let before = (self.scanner.at, self.last);
        let found = self.next().is_ok_and(|(token, _)| fits(&token));
        if !found {
            (self.scanner.at, self.last) = before;
        }
        Ok(found)
    }

    fn expect_word(&mut self, word: &'static str) -> Result<()> {
        let (token, at) = self.next()?;
        if token == Token::Keyword(word) { Ok(()) } else { Err(self.unexpected(&token, at, &[word])) }
    }

    fn expect_mark(&mut self, mark: &'static str) -> Result<()> {
        let (token, at) = self.next()?;
        if token == Token::Mark(mark) { Ok(()) } else { Err(self.unexpected(&token, at, &[mark])) }
    }

    fn ident(&mut self) -> Result<String> {
        match self.next()? {
            (Token::Ident(name), _) => Ok(name),
            (token, at) => Err(self.unexpected(&token, at, &["identifier"])),
        }
    }

    fn text(&mut self) -> Result<String> {
        match self.next()? {
            (Token::Text(text), _) => Ok(text),
            (token, at) => Err(self.unexpected(&token, at, &["string"])),
        }
    }

    fn count(&mut self) -> Result<u64> {
        match self.next()? {
            (Token::Integer(text), at) => {
                let wrong = self.wrong_at("unable to parse integer", at);
                text.parse::<i64>().ok().and_then(|n| u64::try_from(n).ok()).ok_or(wrong)
            }
            (token, at) => Err(self.unexpected(&token, at, &["integer"])),
        }
    }

    /// `WORD integer`, or 0 without the word.
    fn optional_count(&mut self, word: &str) -> Result<u64> {
        if self.take_word(word)? { self.count() } else { Ok(0) }
    }

    /// A regular expression, if one begins here; it compiles.
    fn optional_regex(&mut self) -> Result<Option<String>> {
        let before = (self.scanner.at, self.last);
        let (text, at) = match self.scanner.regex() {
            Some((Token::Regex(text), at)) => (text, at),
            Some((Token::BadRegex(text), at)) => {
                return Err(self.unexpected(&Token::BadRegex(text), at, &["regex"]));
            }
            _ => match self.next() {
                Ok((Token::Regex(text), at)) => (text, at),
                _ => {
                    (self.scanner.at, self.last) = before;
                    return Ok(None);
                }
            },
        };
        match regex::Regex::new(&text) {
            Ok(_) => Ok(Some(text)),
            Err(error) => Err(self.wrong_at(format!("error parsing regexp: {}", why(&error, &text)), at)),
        }
    }

    fn enter(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(ParseError::Message("the query nests too deep".to_owned()));
        }
        Ok(())
    }

    /// A measurement with what stands before it: `db.rp.name`, `db..name`, `rp.name`, `name`, or an expression.
    fn measurement(&mut self) -> Result<Measurement> {
        let mut segments = Vec::new();
        let name = loop {
            if let Some(regex) = self.optional_regex()? {
                break MeasurementName::Regex(regex);
            }
            if !segments.is_empty() && self.take_mark(":")? {
                self.expect_word("MEASUREMENT")?;
                break MeasurementName::Same;
            }
            if segments.len() == 1 && self.take_mark(".")? {
                segments.push(String::new());
                continue;
            }
            let name = self.ident()?;
            if segments.len() < 2 && self.take_mark(".")? {
                segments.push(name);
                continue;
            }
            break MeasurementName::Name(name);
        };
        let policy = segments.pop().unwrap_or_default();
        let database = segments.pop().unwrap_or_default();
        Ok(Measurement { database, policy, name })
    }
}

fn float(value: f64) -> String {
    let text = format!("{value}");
    if text.contains('.') { text } else { format!("{text}.0") }
}

/// What is wrong with a regular expression, in a line.
fn why(error: &regex::Error, text: &str) -> String {
    let long = error.to_string();
    let last = long.lines().last().unwrap_or_default();
    match last.strip_prefix("error: ") {
        Some("unclosed group") => format!("missing closing ): `{text}`"),
        Some("unopened group") => format!("unexpected ): `{text}`"),
        Some("unclosed character class") => format!("missing closing ]: `{text}`"),
        Some(short) => format!("{short}: `{text}`"),
        None => format!("{last}: `{text}`"),
    }
}

/// Whether the name is a word of the language.
fn is_word(name: &str) -> bool {
    words::keyword(name).is_some()
}
