//! YAML, as values of JSON. Anchors and merges are resolved within limits, so that a short text cannot become a long
//! one, nor a deep one exhaust the stack.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Number, Value};

/// How deep documents may go.
const DEEPEST: usize = 200;
/// How many values a text may become.
const MOST: usize = 1_000_000;

/// A list or a mapping that has not ended yet.
enum Open {
    List { anchor: usize, all: Vec<Value> },
    Mapping { anchor: usize, all: Map<String, Value>, key: Option<String>, merged: Vec<Value> },
}

#[derive(Default)]
struct Reading {
    documents: Vec<Value>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Value>,
    count: usize,
}

/// The documents of a text; empty ones are left out.
///
/// # Errors
/// Where it is no YAML, or what of it a template cannot have.
pub(crate) fn read(text: &str) -> Result<Vec<Value>, String> {
    let mut reading = Reading::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| format!("yaml: {error}"))?;
        let line = span.start.line();
        reading.take(event).map_err(|why| format!("yaml: line {line}: {why}"))?;
    }
    reading.documents.retain(|document| !document.is_null());
    Ok(reading.documents)
}

impl Reading {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_key = matches!(self.open.last(), Some(Open::Mapping { key: None, .. }));
                if is_key {
                    // The anchor of a key is a text.
                    self.remember(anchor, &Value::String(text.clone().into_owned()));
                    return self.key(text.into_owned());
                }
                let value = scalar(&text, style, tag.as_deref());
                self.remember(anchor, &value);
                self.put(value)
            }
            Event::SequenceStart(anchor, _) => self.open(Open::List { anchor, all: Vec::new() }),
            Event::MappingStart(anchor, _) => {
                self.open(Open::Mapping { anchor, all: Map::new(), key: None, merged: Vec::new() })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned().ok_or("an alias of nothing")?;
                self.count += size(&value);
                match (self.open.last(), value) {
                    (Some(Open::Mapping { key: None, .. }), Value::String(key)) => self.key(key),
                    (_, value) => self.put(value),
                }
            }
            _ => Ok(()),
        }
    }

    fn remember(&mut self, anchor: usize, value: &Value) {
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
    }

    fn open(&mut self, open: Open) -> Result<(), String> {
        if matches!(self.open.last(), Some(Open::Mapping { key: None, .. })) {
            return Err("a key must be a text".to_owned());
        }
        if self.open.len() >= DEEPEST {
            return Err(format!("deeper than {DEEPEST} levels"));
        }
        self.open.push(open);
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        let (anchor, value) = match self.open.pop() {
            Some(Open::List { anchor, all }) => (anchor, Value::Array(all)),
            Some(Open::Mapping { anchor, mut all, merged, .. }) => {
                for value in merged {
                    merge(&mut all, value)?;
                }
                (anchor, Value::Object(all))
            }
            None => return Ok(()),
        };
        self.remember(anchor, &value);
        self.put(value)
    }

    fn key(&mut self, text: String) -> Result<(), String> {
        if let Some(Open::Mapping { key, all, .. }) = self.open.last_mut() {
            if all.contains_key(&text) {
                return Err(format!("mapping key {text:?} already defined"));
            }
            *key = Some(text);
        }
        Ok(())
    }

    fn put(&mut self, value: Value) -> Result<(), String> {
        self.count += 1;
        if self.count > MOST {
            return Err(format!("more than {MOST} values"));
        }
        match self.open.last_mut() {
            None => self.documents.push(value),
            Some(Open::List { all, .. }) => all.push(value),
            Some(Open::Mapping { all, key, merged, .. }) => match key.take() {
                Some(key) if key == "<<" => merged.push(value),
                Some(key) => drop(all.insert(key, value)),
                None => return Err("a key must be a text".to_owned()),
            },
        }
        Ok(())
    }
}

/// How many values one is.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(all) => 1 + all.iter().map(size).sum::<usize>(),
        Value::Object(all) => 1 + all.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// Takes in what a mapping does not say itself from one it is merged with, or from several, the first of which wins.
fn merge(into: &mut Map<String, Value>, value: Value) -> Result<(), String> {
    match value {
        Value::Object(from) => {
            for (key, value) in from {
                into.entry(key).or_insert(value);
            }
            Ok(())
        }
        Value::Array(all) => all.into_iter().try_for_each(|value| merge(into, value)),
        _ => Err("map merge requires map or sequence of maps as the value".to_owned()),
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let string = || Value::String(text.to_owned());
    if style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.suffix == "str") {
        return string();
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(string, Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    let radix = |digits: &str, radix| i64::from_str_radix(digits, radix).ok().map(Number::from);
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digit = |c: char| c.is_ascii_digit();
    if !unsigned.starts_with(|c: char| digit(c) || c == '.') || !unsigned.contains(digit) {
        return None;
    }
    if unsigned.chars().all(digit)
        && let Ok(whole) = text.strip_prefix('+').unwrap_or(text).parse::<i64>()
    {
        return Some(whole.into());
    }
    if !unsigned.chars().all(|c| digit(c) || ".eE+-".contains(c)) {
        return None;
    }
    Number::from_f64(text.strip_prefix('+').unwrap_or(text).parse().ok()?)
}

/// A value as a document.
pub(crate) fn write(value: &Value) -> String {
    let mut out = String::new();
    block(value, 0, &mut out);
    out
}

fn indent(level: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("    ", level));
}

/// A value that begins on a line of its own; the first line is indented already.
fn block(value: &Value, level: usize, out: &mut String) {
    match value {
        Value::Object(all) if !all.is_empty() => {
            for (at, (key, value)) in all.iter().enumerate() {
                if at > 0 {
                    indent(level, out);
                }
                out.push_str(&plain_or_quoted(key));
                out.push(':');
                after_key(value, level, out);
            }
        }
        Value::Array(all) if !all.is_empty() => {
            for (at, value) in all.iter().enumerate() {
                if at > 0 {
                    indent(level, out);
                }
                out.push_str("- ");
                let nested = matches!(value, Value::Object(all) if !all.is_empty())
                    || matches!(value, Value::Array(all) if !all.is_empty());
                if nested {
                    // The mark is as wide as half a level.
                    block_after_mark(value, level, out);
                } else {
                    inline(value, level, out);
                }
            }
        }
        other => inline(other, level, out),
    }
}

fn block_after_mark(value: &Value, level: usize, out: &mut String) {
    let mut inner = String::new();
    block(value, 0, &mut inner);
    for (at, line) in inner.lines().enumerate() {
        if at > 0 && !line.is_empty() {
            indent(level, out);
            out.push_str("  ");
        }
        out.push_str(line);
        out.push('\n');
    }
}

fn after_key(value: &Value, level: usize, out: &mut String) {
    match value {
        Value::Object(all) if !all.is_empty() => {
            out.push('\n');
            indent(level + 1, out);
            block(value, level + 1, out);
        }
        Value::Array(all) if !all.is_empty() => {
            out.push('\n');
            indent(level + 1, out);
            block(value, level + 1, out);
        }
        other => {
            out.push(' ');
            inline(other, level, out);
        }
    }
}

/// A value that ends the line it stands on, or goes on as a literal below.
fn inline(value: &Value, level: usize, out: &mut String) {
    match value {
        Value::String(text) if is_literal(text) => {
            out.push_str(if text.ends_with('\n') { "|\n" } else { "|-\n" });
            for line in text.lines() {
                if !line.is_empty() {
                    indent(level + 1, out);
                    out.push_str(line);
                }
                out.push('\n');
            }
        }
        Value::String(text) => {
            out.push_str(&plain_or_quoted(text));
            out.push('\n');
        }
        Value::Array(_) => out.push_str("[]\n"),
        Value::Object(_) => out.push_str("{}\n"),
        other => {
            out.push_str(&other.to_string());
            out.push('\n');
        }
    }
}

/// Whether a text of several lines can stand as it is.
fn is_literal(text: &str) -> bool {
    let tame = |c: char| {
        c == '\n' || !(c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}'))
    };
    text.contains('\n')
        && !text.starts_with([' ', '\n'])
        && !text.ends_with("\n\n")
        && !text.lines().any(|line| line.ends_with(' '))
        && text.chars().all(tame)
}

/// A text of one line, quoted unless it can be nothing else.
fn plain_or_quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./ $()".contains(c);
    let safe = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && !text.ends_with(' ')
        && text.chars().all(plain)
        && matches!(scalar(text, ScalarStyle::Plain, None), Value::String(_))
        && !["y", "n", "yes", "no", "on", "off"].contains(&text.to_lowercase().as_str());
    if safe { text.to_owned() } else { Value::String(text.to_owned()).to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_become_values() {
        let text = "a: 1\nb: [x, yes, 1.5, null, -3, +4, 0x10, 1e3, .5, 1.2.3, 2020-01-01]\nc: \"1\"\n---\n---\n\
                    - |\n  one\n  two\n- !!str 5\n";
        let b = json!(["x", "yes", 1.5, null, -3, 4, 16, 1000.0, 0.5, "1.2.3", "2020-01-01"]);
        assert_eq!(read(text).unwrap(), [json!({"a": 1, "b": b, "c": "1"}), json!(["one\ntwo\n", "5"])]);
        for wrong in ["a: [", "a: 1\na: 2", "? [a]\n: 1", "a: *b", "a: 1\n<<: 5"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn mappings_are_merged() {
        let text = "base: &base {a: 1, b: 2}\nother: &other {c: 3, a: 9}\none:\n  <<: *base\n  b: 5\n\
                    two:\n  b: 6\n  <<: [*base, *other]\n";
        let read = read(text).unwrap();
        assert_eq!(read[0]["one"], json!({"a": 1, "b": 5}));
        assert_eq!(read[0]["two"], json!({"a": 1, "b": 6, "c": 3}));
    }

    #[test]
    fn what_is_written_can_be_read() {
        let spec = json!({"name": "true", "text": "a\n\n  b", "end": "x\n", "rules": [{"n": 7200, "m": [[1, "2"], []]}],
            "empty": {}, "odd": "a: b #c", "key with: colon": null, "f": -1.5, "y": "no", "lead": " x\ny", "t": "\t",
            "u": "°C", "long": "import \"a\"\n\nfrom(bucket: \"b\")\n    |> range(start: -1h)"});
        let value = json!([{"kind": "Bucket", "spec": spec}, {"kind": "Label", "spec": {}}]);
        let written = write(&value);
        assert_eq!(read(&written).unwrap(), [value], "{written}");
        assert!(written.starts_with("- kind: Bucket\n  spec:\n      name: \"true\"\n"), "{written}");
    }

    #[test]
    fn a_short_text_does_not_become_a_long_one() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            text += &format!("a{level}: &a{level} [{aliases}]\n");
        }
        assert!(read(&text).is_err());
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        assert!(read(&deep).is_err());
    }
}
