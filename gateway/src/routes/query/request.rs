//! The body of a query: JSON, or bare Flux.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use weir_proto::{CsvDialect, QueryText};

use crate::extract::{body, media_type};
use crate::time::parse_rfc3339;

/// What is asked, apart from where and by whom.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    pub(super) text: QueryText,
    pub(super) extern_ast: Option<String>,
    pub(super) now: Option<i64>,
    pub(super) dialect: CsvDialect,
}

#[derive(Deserialize)]
struct Body<'a> {
    query: Option<String>,
    #[serde(borrow, default, deserialize_with = "raw")]
    ast: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "extern", deserialize_with = "raw")]
    extern_file: Option<&'a RawValue>,
    #[serde(rename = "type")]
    language: Option<String>,
    #[serde(default, deserialize_with = "object")]
    dialect: Option<Dialect>,
    #[serde(default, deserialize_with = "moment")]
    now: Option<i64>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Dialect {
    header: Option<bool>,
    delimiter: Option<String>,
    comment_prefix: Option<String>,
    date_time_format: Option<String>,
    annotations: Option<Vec<String>>,
}

/// A `null` is as good as nothing; everything else stays text, however deep it nests.
fn raw<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'a RawValue>, D::Error> {
    let value = <&RawValue>::deserialize(deserializer)?;
    Ok((value.get() != "null").then_some(value))
}

/// An object or `null`: field by field in their order, a list would be taken for an object.
fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Dialect>, D::Error> {
    let value = <Option<&RawValue>>::deserialize(deserializer)?;
    let Some(text) = value.map(RawValue::get) else { return Ok(None) };
    if !text.starts_with('{') {
        return Err(D::Error::custom("a dialect must be an object"));
    }
    serde_json::from_str(text).map(Some).map_err(D::Error::custom)
}

/// A moment as nanoseconds since 1970, or `null`.
fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let Some(text) = <Option<String>>::deserialize(deserializer)? else { return Ok(None) };
    let nanos = parse_rfc3339(&text).and_then(|nanos| i64::try_from(nanos).ok());
    nanos.map(Some).ok_or_else(|| D::Error::custom(format!("parsing time {text:?}: no time in RFC 3339")))
}

/// Reads a body of the given `Content-Type`.
///
/// # Errors
/// What the reference says after `failed to decode request body: `.
pub(super) fn decode(content_type: Option<&str>, bytes: &[u8]) -> Result<Asked, String> {
    let kind = content_type.filter(|text| !text.is_empty()).map(media_type).transpose()?;
    if kind.as_deref() == Some("application/vnd.flux") {
        let source = String::from_utf8_lossy(bytes).into_owned();
        return Body { query: Some(source), ..Body::EMPTY }.check();
    }
    let body: Body<'_> = body::decode(bytes).map_err(|error| {
        format!(
            "failed parsing request body as JSON; if sending a raw Flux script, set 'Content-Type: \
             application/vnd.flux' in your request headers: {error}"
        )
    })?;
    body.check()
}

impl Body<'_> {
    const EMPTY: Self =
        Self { query: None, ast: None, extern_file: None, language: None, dialect: None, now: None };

    fn check(self) -> Result<Asked, String> {
        let text = match (self.query.filter(|text| !text.is_empty()), self.ast) {
            (Some(source), _) => QueryText::Source(source),
            (None, Some(ast)) => QueryText::Ast(ast.get().to_owned()),
            (None, None) => return Err("request body requires either query or AST".to_owned()),
        };
        match self.language.as_deref() {
            None | Some("" | "flux") => {}
            Some(other) => return Err(format!("unknown query type: {other}")),
        }
        let dialect = self.dialect.unwrap_or_default().check()?;
        let extern_ast = self.extern_file.map(|file| file.get().to_owned());
        Ok(Asked { text, extern_ast, now: self.now, dialect })
    }
}

impl Dialect {
    fn check(self) -> Result<CsvDialect, String> {
        if self.comment_prefix.is_some_and(|prefix| prefix.len() > 1) {
            return Err("invalid dialect comment prefix: must be length 0 or 1".to_owned());
        }
        let delimiter = match self.delimiter.as_deref() {
            None | Some("") => ',',
            // Rows could not be told from what stands in them. The reference takes these, and then writes nothing.
            Some("\"" | "\r" | "\n") => return Err("invalid dialect delimeter character".to_owned()),
            Some(text) if text.len() == 1 => text.chars().next().unwrap_or(','),
            Some(_) => return Err("invalid dialect delimeter: must be length 1".to_owned()),
        };
        let annotations = self.annotations.unwrap_or_default();
        if let Some(unknown) =
            annotations.iter().find(|a| !matches!(a.as_str(), "group" | "datatype" | "default"))
        {
            return Err(format!("unknown dialect annotation type: {unknown}"));
        }
        match self.date_time_format.as_deref() {
            None | Some("" | "RFC3339" | "RFC3339Nano") => {}
            Some(other) => return Err(format!("unknown dialect date time format: {other}")),
        }
        Ok(CsvDialect { header: self.header.unwrap_or(true), delimiter, annotations })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Result<Asked, String> {
        decode(Some("application/json; charset=utf-8"), text.as_bytes())
    }

    #[test]
    fn a_query_with_everything() {
        let asked = json(
            r##"{"query":"q","extern":{"type":"File"},"type":"flux","now":"1970-01-01T00:00:01Z",
                "dialect":{"header":false,"delimiter":";","annotations":["group"],"commentPrefix":"#"},"x":1}"##,
        )
        .unwrap();
        assert_eq!(asked.text, QueryText::Source("q".into()));
        assert_eq!(asked.extern_ast.as_deref(), Some(r#"{"type":"File"}"#));
        assert_eq!(asked.now, Some(1_000_000_000));
        assert_eq!(
            asked.dialect,
            CsvDialect { header: false, delimiter: ';', annotations: vec!["group".into()] }
        );
        let ast = format!("{{\"ast\":{}1{},\"extern\":null}}", "[".repeat(5000), "]".repeat(5000));
        assert!(matches!(json(&ast).unwrap(), Asked { text: QueryText::Ast(_), extern_ast: None, .. }));
    }

    #[test]
    fn bare_flux() {
        let asked = decode(Some("application/vnd.flux; charset=utf-8"), b"from()").unwrap();
        assert_eq!(asked.text, QueryText::Source("from()".into()));
        assert_eq!(
            decode(Some("application/vnd.flux"), b""),
            Err("request body requires either query or AST".into())
        );
        assert!(decode(Some("application/json; ="), b"{}").unwrap_err().starts_with("mime: "));
        assert!(decode(Some(""), br#"{"query":"q"}"#).is_ok());
    }

    #[test]
    fn refusals() {
        let refusal = |text: &str| json(text).unwrap_err();
        assert!(refusal("").ends_with("in your request headers: EOF"));
        assert_eq!(refusal("{}"), "request body requires either query or AST");
        assert_eq!(refusal(r#"{"query":"q","type":"influxql"}"#), "unknown query type: influxql");
        let dialect = |text: &str| refusal(&format!(r#"{{"query":"q","dialect":{{{text}}}}}"#));
        assert_eq!(dialect(r#""delimiter":"é""#), "invalid dialect delimeter: must be length 1");
        for mark in [r#"\""#, r"\r", r"\n"] {
            assert_eq!(dialect(&format!(r#""delimiter":"{mark}""#)), "invalid dialect delimeter character");
        }
        assert!(refusal(r#"{"query":"q","dialect":[]}"#).contains("a dialect must be an object"));
        assert!(refusal(r#"{"now":"yesterday"}"#).contains("parsing time \"yesterday\""));
        assert_eq!(json(r#"{"query":"q","now":null,"dialect":null}"#).unwrap().now, None);
        assert_eq!(dialect(r#""annotations":["x"]"#), "unknown dialect annotation type: x");
        assert_eq!(dialect(r#""dateTimeFormat":"unix""#), "unknown dialect date time format: unix");
        assert_eq!(
            json(r#"{"query":"q","dialect":{"annotations":null,"delimiter":""}}"#).unwrap().dialect,
            CsvDialect::default()
        );
    }
}
