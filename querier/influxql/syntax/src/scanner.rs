//! Tokens, with the positions that error messages name.
//!
//! Two quirks are kept since users see the numbers: the position of a quoted text is the character before its quote,
//! and the end of the text counts one more when a name ran into it.

use crate::words;

/// A token; the payload is what it reads as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Eof,
    /// A bare or double-quoted name.
    Ident(String),
    /// A reserved word, in upper case.
    Keyword(&'static str),
    Integer(String),
    Number(String),
    Duration(String),
    Text(String),
    BadText(String),
    Regex(String),
    BadRegex(String),
    /// `$name`
    Param(String),
    /// An operator or a punctuation mark, as it is spelled.
    Mark(&'static str),
    Illegal(String),
}

impl Token {
    /// How messages show the token.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Eof => "EOF".to_owned(),
            Self::Keyword(word) | Self::Mark(word) => (*word).to_owned(),
            Self::Param(name) => format!("${name}"),
            Self::Ident(t)
            | Self::Integer(t)
            | Self::Number(t)
            | Self::Duration(t)
            | Self::Text(t)
            | Self::BadText(t)
            | Self::Regex(t)
            | Self::BadRegex(t)
            | Self::Illegal(t) => t.clone(),
        }
    }
}

pub(crate) struct Scanner {
    chars: Vec<char>,
    /// The next character.
    pub(crate) at: usize,
}

const MARKS: [&str; 25] = [
    "::", "=~", "!=", "!~", "<>", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "(",
    ")", ",", ";", ":", ".", "!",
];

impl Scanner {
    pub(crate) fn new(text: &str) -> Self {
        Self { chars: text.chars().collect(), at: 0 }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    /// Line and character of a position, both from 1.
    pub(crate) fn place(&self, position: usize) -> (usize, usize) {
        let before = &self.chars[..position.min(self.chars.len())];
        let line = before.iter().filter(|c| **c == '\n').count();
        let start = before.iter().rposition(|c| *c == '\n').map_or(0, |i| i + 1);
        (line + 1, position.saturating_sub(start) + 1)
    }

    /// White space and comments.
    pub(crate) fn skip(&mut self) {
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some(c), _) if c.is_whitespace() => self.at += 1,
                (Some('-'), Some('-')) => {
                    while self.peek(0).is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                (Some('/'), Some('*')) => {
                    let mut end = self.at + 2;
                    while end < self.chars.len() && self.chars.get(end..end + 2) != Some(&['*', '/']) {
                        end += 1;
                    }
                    self.at = (end + 2).min(self.chars.len());
                }
                _ => return,
            }
        }
    }

    /// The next token that is no white space, and its position.
    pub(crate) fn next(&mut self) -> (Token, usize) {
        self.skip();
        let start = self.at;
        let Some(c) = self.peek(0) else {
            let ran_out =
                start > 0 && (self.chars[start - 1].is_ascii_alphanumeric() || self.chars[start - 1] == '_');
            let begins = self.chars[..start].iter().rposition(|c| !(c.is_ascii_alphanumeric() || *c == '_'));
            let word = self.chars.get(begins.map_or(0, |b| b + 1)).is_some_and(|c| !c.is_ascii_digit());
            return (Token::Eof, start + usize::from(ran_out && word));
        };
        if c.is_ascii_alphabetic() || c == '_' {
            let word = self.run(|c| c.is_ascii_alphanumeric() || c == '_');
            return (words::keyword(&word).map_or(Token::Ident(word), Token::Keyword), start);
        }
        if c.is_ascii_digit() || (c == '.' && self.peek(1).is_some_and(|c| c.is_ascii_digit())) {
            return (self.number(), start);
        }
        match c {
            '"' => {
                self.at += 1;
                (self.quoted('"').map_or_else(Token::BadText, Token::Ident), start)
            }
            '\'' => {
                self.at += 1;
                (self.quoted('\'').map_or_else(Token::BadText, Token::Text), start.saturating_sub(1))
            }
            '$' => {
                self.at += 1;
                let name = if self.peek(0) == Some('"') {
                    self.at += 1;
                    self.quoted('"').unwrap_or_default()
                } else {
                    self.run(|c| c.is_ascii_alphanumeric() || c == '_')
                };
                (Token::Param(name), start)
            }
            _ => (self.mark(c), start),
        }
    }

    /// A regular expression, if one begins here.
    pub(crate) fn regex(&mut self) -> Option<(Token, usize)> {
        self.skip();
        let start = self.at;
        if self.peek(0) != Some('/') {
            return None;
        }
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek(0) {
            self.at += 1;
            match c {
                '/' => return Some((Token::Regex(text), start.saturating_sub(1))),
                '\\' if self.peek(0) == Some('/') => {
                    self.at += 1;
                    text.push('/');
                }
                '\\' => {
                    text.push('\\');
                    if let Some(next) = self.peek(0) {
                        self.at += 1;
                        text.push(next);
                    }
                }
                '\n' => break,
                c => text.push(c),
            }
        }
        Some((Token::BadRegex(text), start.saturating_sub(1)))
    }

    fn run(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek(0).is_some_and(&belongs) {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    fn number(&mut self) -> Token {
        let mut text = self.run(|c| c.is_ascii_digit());
        if self.peek(0) == Some('.') && self.peek(1) != Some('.') {
            self.at += 1;
            text.push('.');
            text.push_str(&self.run(|c| c.is_ascii_digit()));
            return Token::Number(text);
        }
        if self.peek(0).is_some_and(|c| c.is_ascii_alphabetic() || c == 'µ') {
            text.push_str(&self.run(|c| c.is_ascii_alphanumeric() || c == 'µ'));
            return Token::Duration(text);
        }
        Token::Integer(text)
    }

    /// The text up to the closing quote; `Err` when it does not close or has an unknown escape.
    fn quoted(&mut self, quote: char) -> Result<String, String> {
        let mut text = String::new();
        while let Some(c) = self.peek(0) {
            self.at += 1;
            match c {
                _ if c == quote => return Ok(text),
                '\n' => return Err(text),
                '\\' => match self.peek(0) {
                    Some(escaped) => {
                        self.at += 1;
                        match escaped {
                            'n' => text.push('\n'),
                            '\\' | '"' | '\'' => text.push(escaped),
                            other => return Err(format!("\\{other}")),
                        }
                    }
                    None => return Err(text),
                },
                _ => text.push(c),
            }
        }
        Err(text)
    }

    fn mark(&mut self, c: char) -> Token {
        for mark in MARKS {
            if mark.chars().enumerate().all(|(i, m)| self.peek(i) == Some(m)) && mark != "!" {
                self.at += mark.len();
                return Token::Mark(if mark == "<>" { "!=" } else { mark });
            }
        }
        self.at += 1;
        Token::Illegal(c.to_string())
    }
}
