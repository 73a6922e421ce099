//! The scanner: text to tokens, longest match first.
//!
//! Flux cannot be scanned without the parser's help: `/` opens a regular expression only where an operand may
//! start, and the inside of a string with interpolation has words of its own. So the parser says, token by
//! token, in which [`Mode`] to scan.

mod number;
mod text;
mod token;

#[cfg(test)]
mod tests;

use crate::ast::{Comment, Position};
pub(crate) use token::{Kind, Mark, Token};

/// What the next token may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Anything; `/` divides.
    Main,
    /// Anything; `/` may open a regular expression.
    Operand,
    /// Inside `"…"`: text, `${` or the closing quote.
    Text,
}

/// A scanner over one text.
pub(crate) struct Scanner<'a> {
    source: &'a str,
    at: usize,
    line: u32,
    line_start: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        Self { source, at: 0, line: 1, line_start: 0 }
    }

    /// A token's text.
    pub(crate) fn text(&self, token: &Token) -> &'a str {
        self.source.get(token.start.offset..token.end.offset).unwrap_or("")
    }

    /// Goes back to the start of a token that was just scanned.
    pub(crate) fn rewind(&mut self, mark: Mark) {
        self.at = mark.offset;
        self.line = mark.position.line;
        self.line_start = (mark.offset + 1).saturating_sub(mark.position.column as usize);
    }

    /// Leaves out the rest of the text.
    pub(crate) fn give_up(&mut self) {
        while self.at < self.source.len() {
            self.step_line();
        }
    }

    /// The next token, with the comments before it.
    pub(crate) fn scan(&mut self, mode: Mode) -> Token {
        let mut comments = Vec::new();
        if mode != Mode::Text {
            self.skip_blank(&mut comments);
        }
        let start = self.mark();
        let rest = &self.source[self.at..];
        let (kind, len) = if rest.is_empty() {
            (Kind::Eof, 0)
        } else if mode == Mode::Text {
            text::in_string(rest)
        } else {
            token_at(rest, mode)
        };
        self.advance(len);
        Token { kind, start, end: self.mark(), comments }
    }

    fn mark(&self) -> Mark {
        let column = (self.at - self.line_start + 1) as u32;
        Mark { offset: self.at, position: Position { line: self.line, column } }
    }

    fn advance(&mut self, len: usize) {
        let end = self.at + len;
        for (i, b) in self.source.as_bytes()[self.at..end].iter().enumerate() {
            if *b == b'\n' {
                self.line += 1;
                self.line_start = self.at + i + 1;
            }
        }
        self.at = end;
    }

    fn step_line(&mut self) {
        let rest = &self.source[self.at..];
        let len = rest.find('\n').map_or(rest.len(), |i| i + 1);
        self.advance(len);
    }

    fn skip_blank(&mut self, comments: &mut Vec<Comment>) {
        loop {
            let rest = &self.source[self.at..];
            if rest.starts_with("//") {
                let start = self.at;
                self.step_line();
                comments.push(Comment { text: self.source[start..self.at].to_owned() });
            } else if let Some(b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c) = rest.as_bytes().first() {
                self.advance(1);
            } else {
                return;
            }
        }
    }
}

/// Kind and length of the token that `rest` starts with; `rest` is not empty.
fn token_at(rest: &str, mode: Mode) -> (Kind, usize) {
    let bytes = rest.as_bytes();
    let second = bytes.get(1).copied().unwrap_or(0);
    match bytes[0] {
        b'/' => {
            let regex = if mode == Mode::Operand { text::regex(rest) } else { None };
            regex.map_or((Kind::Div, 1), |len| (Kind::Regex, len))
        }
        b'"' => text::plain_string(rest).map_or((Kind::Quote, 1), |len| (Kind::String, len)),
        b'0'..=b'9' => number::number(rest),
        b'.' if second.is_ascii_digit() => (Kind::Float, 1 + number::digits(&rest[1..])),
        b'=' => match second {
            b'=' => (Kind::Eq, 2),
            b'~' => (Kind::RegexEq, 2),
            b'>' => (Kind::Arrow, 2),
            _ => (Kind::Assign, 1),
        },
        b'<' => match second {
            b'=' => (Kind::Lte, 2),
            b'-' => (Kind::PipeReceive, 2),
            _ => (Kind::Lt, 1),
        },
        b'>' if second == b'=' => (Kind::Gte, 2),
        b'>' => (Kind::Gt, 1),
        b'!' if second == b'=' => (Kind::Neq, 2),
        b'!' if second == b'~' => (Kind::RegexNeq, 2),
        b'|' if second == b'>' => (Kind::PipeForward, 2),
        b'+' => (Kind::Add, 1),
        b'-' => (Kind::Sub, 1),
        b'*' => (Kind::Mul, 1),
        b'%' => (Kind::Mod, 1),
        b'^' => (Kind::Pow, 1),
        b'(' => (Kind::LParen, 1),
        b')' => (Kind::RParen, 1),
        b'[' => (Kind::LBrack, 1),
        b']' => (Kind::RBrack, 1),
        b'{' => (Kind::LBrace, 1),
        b'}' => (Kind::RBrace, 1),
        b':' => (Kind::Colon, 1),
        b',' => (Kind::Comma, 1),
        b'.' => (Kind::Dot, 1),
        b'?' => (Kind::QuestionMark, 1),
        b'@' if identifier(&rest[1..]) > 0 => (Kind::Attribute, 1 + identifier(&rest[1..])),
        _ => match identifier(rest) {
            0 => (Kind::Illegal, rest.chars().next().map_or(1, char::len_utf8)),
            len => (Kind::keyword(&rest[..len]).unwrap_or(Kind::Ident), len),
        },
    }
}

/// Whether a name is taken by the grammar.
pub(crate) fn is_keyword(s: &str) -> bool {
    Kind::keyword(s).is_some()
}

/// Length of the identifier that `s` starts with, or 0.
fn identifier(s: &str) -> usize {
    let mut len = 0;
    for c in s.chars() {
        let part = c == '_' || if len == 0 { c.is_alphabetic() } else { c.is_alphanumeric() };
        if !part {
            break;
        }
        len += c.len_utf8();
    }
    len
}
