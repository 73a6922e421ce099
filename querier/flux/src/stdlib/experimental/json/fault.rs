//! What is wrong with text that is no JSON, in the words of Go's parser.

/// What the text ends too early with.
const END: &str = "unexpected end of JSON input";

/// Of text that a parser has refused; `None` where Go's would have taken it.
pub(super) fn of(data: &[u8]) -> Option<String> {
    Scanner { data, at: 0 }.scan().err()
}

struct Scanner<'d> {
    data: &'d [u8],
    at: usize,
}

/// What is open.
#[derive(Clone, Copy)]
enum Open {
    Object,
    Array,
}

impl Scanner<'_> {
    /// Reads the text up to its first fault.
    fn scan(&mut self) -> Result<(), String> {
        let mut open: Vec<Open> = Vec::new();
        'value: loop {
            // A value begins here.
            match self.skip()? {
                b'{' => {
                    self.at += 1;
                    if self.skip()? == b'}' {
                        self.at += 1;
                    } else {
                        self.key()?;
                        open.push(Open::Object);
                        continue 'value;
                    }
                }
                b'[' => {
                    self.at += 1;
                    if self.skip()? == b']' {
                        self.at += 1;
                    } else {
                        open.push(Open::Array);
                        continue 'value;
                    }
                }
                b'"' => self.string()?,
                b'-' | b'0'..=b'9' => self.number()?,
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                b'n' => self.word("null")?,
                other => return unexpected(other, "looking for beginning of value"),
            }
            // It has ended: what was it in?
            loop {
                let Some(last) = open.last().copied() else {
                    return match self.skip() {
                        Ok(other) => unexpected(other, "after top-level value"),
                        Err(_) => Ok(()),
                    };
                };
                match (last, self.skip()?) {
                    (Open::Object, b',') => {
                        self.at += 1;
                        self.skip()?;
                        self.key()?;
                        continue 'value;
                    }
                    (Open::Array, b',') => {
                        self.at += 1;
                        continue 'value;
                    }
                    (Open::Object, b'}') | (Open::Array, b']') => {
                        self.at += 1;
                        open.pop();
                    }
                    (Open::Object, other) => return unexpected(other, "after object key:value pair"),
                    (Open::Array, other) => return unexpected(other, "after array element"),
                }
            }
        }
    }

    /// The byte that is next.
    fn peek(&self) -> Result<u8, String> {
        self.data.get(self.at).copied().ok_or_else(|| END.to_owned())
    }

    /// The byte that is next, behind any space.
    fn skip(&mut self) -> Result<u8, String> {
        while matches!(self.data.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        self.peek()
    }

    /// A key with its colon.
    fn key(&mut self) -> Result<(), String> {
        match self.peek()? {
            b'"' => self.string()?,
            other => return unexpected(other, "looking for beginning of object key string"),
        }
        match self.skip()? {
            b':' => self.at += 1,
            other => return unexpected(other, "after object key"),
        }
        Ok(())
    }

    fn string(&mut self) -> Result<(), String> {
        self.at += 1;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => return Ok(()),
                0..0x20 => return unexpected(byte, "in string literal"),
                b'\\' => {
                    let kind = self.peek()?;
                    self.at += 1;
                    match kind {
                        b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => {}
                        b'u' => {
                            for _ in 0..4 {
                                match self.peek()? {
                                    byte if byte.is_ascii_hexdigit() => self.at += 1,
                                    other => {
                                        return unexpected(other, "in \\u hexadecimal character escape");
                                    }
                                }
                            }
                        }
                        other => return unexpected(other, "in string escape code"),
                    }
                }
                _ => {}
            }
        }
    }

    fn number(&mut self) -> Result<(), String> {
        if self.peek()? == b'-' {
            self.at += 1;
        }
        match self.peek()? {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits(),
            other => return unexpected(other, "in numeric literal"),
        }
        if let Ok(b'.') = self.peek() {
            self.at += 1;
            match self.peek()? {
                b'0'..=b'9' => self.digits(),
                other => return unexpected(other, "after decimal point in numeric literal"),
            }
        }
        if let Ok(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let b'+' | b'-' = self.peek()? {
                self.at += 1;
            }
            match self.peek()? {
                b'0'..=b'9' => self.digits(),
                other => return unexpected(other, "in exponent of numeric literal"),
            }
        }
        Ok(())
    }

    fn digits(&mut self) {
        while matches!(self.data.get(self.at), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &str) -> Result<(), String> {
        for expected in word.bytes() {
            match self.peek()? {
                byte if byte == expected => self.at += 1,
                other => {
                    let context = format!("in literal {word} (expecting '{}')", char::from(expected));
                    return unexpected(other, &context);
                }
            }
        }
        Ok(())
    }
}

fn unexpected<T>(byte: u8, context: &str) -> Result<T, String> {
    let shown = match byte {
        b'\'' => "\\'".to_owned(),
        b'\\' => "\\\\".to_owned(),
        0x07 => "\\a".to_owned(),
        0x08 => "\\b".to_owned(),
        0x0C => "\\f".to_owned(),
        b'\n' => "\\n".to_owned(),
        b'\r' => "\\r".to_owned(),
        b'\t' => "\\t".to_owned(),
        0x0B => "\\v".to_owned(),
        0..0x20 | 0x7F => format!("\\x{byte:02x}"),
        0x80..=0xA0 | 0xAD => format!("\\u{byte:04x}"),
        _ => char::from(byte).to_string(),
    };
    Err(format!("invalid character '{shown}' {context}"))
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_first_fault_is_told() {
        for (text, why) in [
            ("", "unexpected end of JSON input"),
            ("{\"a\": 1", "unexpected end of JSON input"),
            ("\"a", "unexpected end of JSON input"),
            ("nope", "invalid character 'o' in literal null (expecting 'u')"),
            ("{a: 1}", "invalid character 'a' looking for beginning of object key string"),
            ("{\"a\" 1}", "invalid character '1' after object key"),
            ("{\"a\": 1 2}", "invalid character '2' after object key:value pair"),
            ("{\"a\": 1,}", "invalid character '}' looking for beginning of object key string"),
            ("[1 2]", "invalid character '2' after array element"),
            ("[1,]", "invalid character ']' looking for beginning of value"),
            ("1 x", "invalid character 'x' after top-level value"),
            ("01", "invalid character '1' after top-level value"),
            ("-a", "invalid character 'a' in numeric literal"),
            ("1.x", "invalid character 'x' after decimal point in numeric literal"),
            ("1ex", "invalid character 'x' in exponent of numeric literal"),
            ("\"a\nb\"", "invalid character '\\n' in string literal"),
            ("\"\\q\"", "invalid character 'q' in string escape code"),
            ("\"\\u12g4\"", "invalid character 'g' in \\u hexadecimal character escape"),
            ("'a'", "invalid character '\\'' looking for beginning of value"),
        ] {
            assert_eq!(of(text.as_bytes()).as_deref(), Some(why), "{text}");
        }
        assert_eq!(of(br#" {"a": [1, -2.5e+3, true, null, {}, []], "b": "\\u00e9\\n"} "#), None);
    }
}
