//! Tokens of a delete predicate, with the positions that error messages name.
//!
//! The grammar is InfluxQL's, and so are its quirks: the position of a single-quoted string is the character before
//! its quote, and the end of the text counts once when an identifier ran into it. Users see these numbers.

/// A token; the payload is what it reads as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Eof,
    /// A bare or double-quoted name.
    Ident(String),
    /// A reserved word, in upper case.
    Keyword(&'static str),
    /// Digits, digits with a fraction, or digits with a unit.
    Number(String),
    Text(String),
    BadText(String),
    True,
    False,
    And,
    Or,
    /// An operator or a punctuation mark, as it is spelled.
    Mark(&'static str),
    Illegal(String),
}

impl Token {
    /// How messages call the token.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Eof => "EOF",
            Self::Ident(_) => "IDENT",
            Self::Keyword(word) => word,
            Self::Number(text) if text.bytes().all(|b| b.is_ascii_digit()) => "INTEGER",
            Self::Number(text) if text.contains('.') => "NUMBER",
            Self::Number(_) => "DURATIONVAL",
            Self::Text(_) => "STRING",
            Self::BadText(_) => "BADSTRING",
            Self::True => "TRUE",
            Self::False => "FALSE",
            Self::And => "AND",
            Self::Or => "OR",
            Self::Mark(mark) => mark,
            Self::Illegal(_) => "ILLEGAL",
        }
    }

    /// What stands in the text, where messages quote it; nothing for marks and words.
    pub(super) fn literal(&self) -> &str {
        match self {
            Self::Ident(text)
            | Self::Number(text)
            | Self::Text(text)
            | Self::BadText(text)
            | Self::Illegal(text) => text,
            _ => "",
        }
    }
}

/// Words that are no names unless quoted.
const KEYWORDS: [&str; 73] = [
    "ALL",
    "ALTER",
    "ANALYZE",
    "ANY",
    "AS",
    "ASC",
    "BEGIN",
    "BY",
    "CARDINALITY",
    "CREATE",
    "CONTINUOUS",
    "DATABASE",
    "DATABASES",
    "DEFAULT",
    "DELETE",
    "DESC",
    "DESTINATIONS",
    "DIAGNOSTICS",
    "DISTINCT",
    "DROP",
    "DURATION",
    "END",
    "EVERY",
    "EXACT",
    "EXPLAIN",
    "FIELD",
    "FOR",
    "FROM",
    "FUTURE",
    "GRANT",
    "GRANTS",
    "GROUP",
    "GROUPS",
    "IN",
    "INF",
    "INSERT",
    "INTO",
    "KEY",
    "KEYS",
    "KILL",
    "LIMIT",
    "MEASUREMENT",
    "MEASUREMENTS",
    "NAME",
    "OFFSET",
    "ON",
    "ORDER",
    "PASSWORD",
    "PAST",
    "POLICY",
    "POLICIES",
    "PRIVILEGES",
    "QUERIES",
    "QUERY",
    "READ",
    "REPLICATION",
    "RESAMPLE",
    "RETENTION",
    "REVOKE",
    "SELECT",
    "SERIES",
    "SET",
    "SHARD",
    "SHARDS",
    "SHOW",
    "SLIMIT",
    "SOFFSET",
    "STATS",
    "SUBSCRIPTION",
    "TAG",
    "TO",
    "USER",
    "WHERE",
];

pub(super) struct Scanner {
    chars: Vec<char>,
    at: usize,
    /// Whether an identifier has read past the end.
    ran_out: bool,
}

impl Scanner {
    pub(super) fn new(text: &str) -> Self {
        Self { chars: text.chars().collect(), at: 0, ran_out: false }
    }

    /// The next token that is no white space, and its position.
    pub(super) fn next(&mut self) -> (Token, usize) {
        while self.peek().is_some_and(|c| matches!(c, ' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
        let start = self.at;
        let Some(c) = self.peek() else {
            return (Token::Eof, self.at + usize::from(self.ran_out));
        };
        if c.is_ascii_alphabetic() || c == '_' {
            return (self.word(), start);
        }
        if c.is_ascii_digit() || (c == '.' && self.chars.get(start + 1).is_some_and(char::is_ascii_digit)) {
            return (Token::Number(self.number()), start);
        }
        self.at += 1;
        match c {
            '"' => match self.quoted('"') {
                Ok(name) => (Token::Ident(name), start),
                Err(rest) => (Token::BadText(rest), start),
            },
            '\'' => {
                let before = start.saturating_sub(1);
                match self.quoted('\'') {
                    Ok(text) => (Token::Text(text), before),
                    Err(rest) => (Token::BadText(rest), before),
                }
            }
            _ => (self.mark(c), start),
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn run(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&belongs) {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    fn word(&mut self) -> Token {
        let word = self.run(|c| c.is_ascii_alphanumeric() || c == '_');
        self.ran_out |= self.at == self.chars.len();
        match word.to_ascii_uppercase().as_str() {
            "AND" => Token::And,
            "OR" => Token::Or,
            "TRUE" => Token::True,
            "FALSE" => Token::False,
            upper => match KEYWORDS.iter().find(|keyword| **keyword == upper) {
                Some(keyword) => Token::Keyword(keyword),
                None => Token::Ident(word),
            },
        }
    }

    fn number(&mut self) -> String {
        let mut text = self.run(|c| c.is_ascii_digit());
        if self.peek() == Some('.') {
            self.at += 1;
            let fraction = self.run(|c| c.is_ascii_digit());
            if !fraction.is_empty() {
                text.push('.');
                text.push_str(&fraction);
            }
        } else if self.peek().is_some_and(|c| c.is_ascii_alphabetic() || c == 'µ') {
            text.push_str(&self.run(|c| c.is_ascii_alphanumeric() || c == 'µ'));
        }
        text
    }

    /// The text up to the closing quote; `Err` when it does not close or has an unknown escape.
    fn quoted(&mut self, quote: char) -> Result<String, String> {
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                _ if c == quote => return Ok(text),
                '\n' => return Err(text),
                '\\' => {
                    let escaped = self.peek();
                    self.at += 1;
                    match escaped {
                        Some('n') => text.push('\n'),
                        Some(c @ ('\\' | '"' | '\'')) => text.push(c),
                        Some(c) => return Err(format!("\\{c}")),
                        None => return Err(text),
                    }
                }
                _ => text.push(c),
            }
        }
        Err(text)
    }

    fn mark(&mut self, c: char) -> Token {
        let mark = match c {
            '=' if self.take('~') => "=~",
            '=' => "=",
            '!' if self.take('=') => "!=",
            '!' if self.take('~') => "!~",
            '>' if self.take('=') => ">=",
            '>' => ">",
            '<' if self.take('=') => "<=",
            '<' if self.take('>') => "!=",
            '<' => "<",
            '(' => "(",
            ')' => ")",
            ',' => ",",
            ';' => ";",
            ':' if self.take(':') => "::",
            ':' => ":",
            '.' => ".",
            '+' => "+",
            '-' => "-",
            '*' => "*",
            '/' => "/",
            '%' => "%",
            '&' => "&",
            '|' => "|",
            '^' => "^",
            other => return Token::Illegal(other.to_string()),
        };
        Token::Mark(mark)
    }
}
