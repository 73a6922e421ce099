//! JSON however deep: a chain of pipes is a tree deeper than what is taken for JSON elsewhere.

use serde_json::{Map, Value};

/// Brackets in brackets that a text may have: more than any tree that the parser makes, and as many as a query's
/// thread has room for.
const DEEPEST: usize = 2000;

/// The value of a text.
///
/// # Errors
/// What is wrong with it, and where.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = reader.value()?;
    reader.space();
    if reader.at < text.len() { Err(reader.wrong("trailing characters")) } else { Ok(value) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn wrong(&self, what: &str) -> String {
        format!("{what} at offset {}", self.at)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Whether the next character is this one; it is passed over.
    fn takes(&mut self, byte: u8) -> bool {
        self.space();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Result<Value, String> {
        self.space();
        match self.peek() {
            Some(b'{') => self.inside(Self::object),
            Some(b'[') => self.inside(Self::array),
            Some(_) => self.scalar(),
            None => Err(self.wrong("EOF while parsing a value")),
        }
    }

    fn inside(&mut self, read: fn(&mut Self) -> Result<Value, String>) -> Result<Value, String> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.wrong("nested too deep"));
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Value, String> {
        let mut map = Map::new();
        if self.takes(b'}') {
            return Ok(Value::Object(map));
        }
        loop {
            self.space();
            let Value::String(key) = self.scalar()? else { return Err(self.wrong("key must be a string")) };
            if !self.takes(b':') {
                return Err(self.wrong("expected `:`"));
            }
            map.insert(key, self.value()?);
            if self.takes(b'}') {
                return Ok(Value::Object(map));
            }
            if !self.takes(b',') {
                return Err(self.wrong("expected `,` or `}`"));
            }
        }
    }

    fn array(&mut self) -> Result<Value, String> {
        let mut items = Vec::new();
        if self.takes(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value()?);
            if self.takes(b']') {
                return Ok(Value::Array(items));
            }
            if !self.takes(b',') {
                return Err(self.wrong("expected `,` or `]`"));
            }
        }
    }

    /// A text, a number or a word, which is read elsewhere: here is only found where it ends.
    fn scalar(&mut self) -> Result<Value, String> {
        let rest = &self.text.as_bytes()[self.at..];
        let length = if rest.first() == Some(&b'"') {
            let mut escaped = false;
            let end = rest.iter().skip(1).position(|b| {
                let ends = *b == b'"' && !escaped;
                escaped = *b == b'\\' && !escaped;
                ends
            });
            end.map(|n| n + 2).ok_or_else(|| self.wrong("EOF while parsing a string"))?
        } else {
            let ends = |b: &u8| b.is_ascii_whitespace() || b",:]}[{\"".contains(b);
            rest.iter().position(ends).unwrap_or(rest.len())
        };
        let found = &self.text[self.at..self.at + length];
        let value = serde_json::from_str(found).map_err(|error| self.wrong(&error.to_string()))?;
        self.at += length;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_what_others_read() {
        for text in [
            "{}",
            " [1, -2.5e3, \"a\\\"\\u00e9\\\\\", true, null, {\"k\": [], \"l\": {\"m\": \"}\"}}] ",
            "\"\u{e9}\"",
            "12",
        ] {
            assert_eq!(parse(text).unwrap(), serde_json::from_str::<Value>(text).unwrap(), "{text}");
        }
        for text in ["", "{", "[1", "[1,]", "{\"a\"}", "{1:2}", "[1] 2", "\"", "nul", "{\"a\":1,}", "[,]"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |n| "[".repeat(n) + &"]".repeat(n);
        assert!(parse(&nested(500)).is_ok());
        assert!(parse(&nested(100_000)).unwrap_err().contains("nested too deep"));
    }
}
