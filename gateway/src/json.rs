//! The two JSON dialects of the API and the escaping both share.
//!
//! The newer half of the reference's API indents by tabs and ends without a newline, the older half writes one
//! compact line and a newline. Both escape `<`, `>`, `&` and the two Unicode line separators, so that an answer
//! may be pasted into HTML; some clients compare bodies byte by byte.

use std::io::{self, Write};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

/// Which of the two dialects a body is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Indented by tabs, no newline at the end.
    Kit,
    /// One line and a newline.
    Compact,
}

impl Dialect {
    /// The dialect of the resource that lives at `path`.
    pub(crate) fn of_path(path: &str) -> Self {
        const COMPACT: [&str; 11] = [
            "/api/v2/tasks",
            "/api/v2/checks",
            "/api/v2/notificationRules",
            "/api/v2/notificationEndpoints",
            "/api/v2/variables",
            "/api/v2/scrapers",
            "/api/v2/sources",
            "/api/v2/telegrafs",
            "/api/v2/query",
            "/api/v2/write",
            "/api/v2/delete",
        ];
        let kit = (path.starts_with("/api/v2/") || path.starts_with("/private/"))
            && !COMPACT.iter().any(|prefix| path.starts_with(prefix));
        if kit { Self::Kit } else { Self::Compact }
    }

    /// Writes `value` in this dialect.
    pub(crate) fn write<T: Serialize + ?Sized>(self, value: &T) -> Result<Vec<u8>, serde_json::Error> {
        let mut out = Vec::with_capacity(256);
        match self {
            Self::Kit => {
                let inner = PrettyFormatter::with_indent(b"\t");
                value.serialize(&mut Serializer::with_formatter(&mut out, HtmlSafe(inner)))?;
            }
            Self::Compact => {
                value.serialize(&mut Serializer::with_formatter(&mut out, HtmlSafe(CompactFormatter)))?;
                out.push(b'\n');
            }
        }
        Ok(out)
    }

    /// A whole answer with `value` as its body.
    pub(crate) fn respond<T: Serialize + ?Sized>(self, status: StatusCode, value: &T) -> Response {
        match self.write(value) {
            Ok(body) => {
                let kind = HeaderValue::from_static("application/json; charset=utf-8");
                (status, [(header::CONTENT_TYPE, kind)], body).into_response()
            }
            Err(error) => {
                tracing::error!(%error, "an answer could not be written as JSON");
                crate::error::ApiError::internal().into_response()
            }
        }
    }
}

/// A JSON answer in the tab-indented dialect.
#[derive(Debug)]
pub(crate) struct Kit<T>(pub StatusCode, pub T);

impl<T: Serialize> Kit<T> {
    /// 200 with `value`.
    pub(crate) fn ok(value: T) -> Self {
        Self(StatusCode::OK, value)
    }

    /// 201 with `value`.
    pub(crate) fn created(value: T) -> Self {
        Self(StatusCode::CREATED, value)
    }
}

impl<T: Serialize> IntoResponse for Kit<T> {
    fn into_response(self) -> Response {
        Dialect::Kit.respond(self.0, &self.1)
    }
}

/// A JSON answer in the compact dialect.
#[derive(Debug)]
pub(crate) struct Compact<T>(pub StatusCode, pub T);

impl<T: Serialize> Compact<T> {
    /// 200 with `value`.
    pub(crate) fn ok(value: T) -> Self {
        Self(StatusCode::OK, value)
    }

    /// 201 with `value`.
    pub(crate) fn created(value: T) -> Self {
        Self(StatusCode::CREATED, value)
    }
}

impl<T: Serialize> IntoResponse for Compact<T> {
    fn into_response(self) -> Response {
        Dialect::Compact.respond(self.0, &self.1)
    }
}

/// Escapes what HTML gives a meaning; everything else is the inner formatter's.
struct HtmlSafe<F>(F);

macro_rules! delegate {
    ($($name:ident($($arg:ident: $ty:ty),*);)*) => {$(
        fn $name<W: ?Sized + Write>(&mut self, writer: &mut W $(, $arg: $ty)*) -> io::Result<()> {
            self.0.$name(writer $(, $arg)*)
        }
    )*};
}

impl<F: Formatter> Formatter for HtmlSafe<F> {
    delegate! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut from = 0;
        for (at, c) in fragment.char_indices() {
            let escape: &[u8] = match c {
                '<' => b"\\u003c",
                '>' => b"\\u003e",
                '&' => b"\\u0026",
                '\u{2028}' => b"\\u2028",
                '\u{2029}' => b"\\u2029",
                _ => continue,
            };
            writer.write_all(&fragment.as_bytes()[from..at])?;
            writer.write_all(escape)?;
            from = at + c.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[from..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kit_indents_by_tabs_and_escapes_for_html() {
        let value = serde_json::json!({"self": "/a?b=1&c=<x>", "none": [], "two": [1, {"k": "\u{2028}\n"}]});
        let text = String::from_utf8(Dialect::Kit.write(&value).unwrap()).unwrap();
        let want = "{\n\t\"self\": \"/a?b=1\\u0026c=\\u003cx\\u003e\",\n\t\"none\": [],\n\t\"two\": [\n\t\t1,\n\t\t{\n\t\t\t\"k\": \"\\u2028\\n\"\n\t\t}\n\t]\n}";
        assert_eq!(text, want);
    }

    #[test]
    fn compact_is_one_line() {
        let text =
            String::from_utf8(Dialect::Compact.write(&serde_json::json!({"a": "é&"})).unwrap()).unwrap();
        assert_eq!(text, "{\"a\":\"é\\u0026\"}\n");
    }

    #[test]
    fn each_path_has_its_dialect() {
        assert_eq!(Dialect::of_path("/api/v2/buckets/x"), Dialect::Kit);
        assert_eq!(Dialect::of_path("/api/v2/query/ast"), Dialect::Compact);
        assert_eq!(Dialect::of_path("/write"), Dialect::Compact);
    }
}
