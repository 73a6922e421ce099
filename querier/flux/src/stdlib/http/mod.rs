//! `http`: requests to other servers.

pub mod requests;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::env::{OutgoingRequest, OutgoingResponse};
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::Package;
use crate::stdlib::native::{in_flux, natives};
use crate::value::{Record, Value};

/// The package.
pub static PACKAGE: Package =
    Package { path: "http", name: "http", members: &[&BASIC_AUTH, &ENDPOINT, &PATH_ESCAPE, &POST] };

/// How long a request may take where scripts do not say.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

natives! { "http":
    BASIC_AUTH = "basicAuth", "(u: string, p: string) => string", "The header of basic authentication.", basic_auth;
    PATH_ESCAPE = "pathEscape", "(inputString: string) => string", "A text as a segment of a path.", path_escape;
    POST = "post", "(url: string, ?headers: A, ?data: bytes) => int where A: Record",
        "Sends a POST request, and answers its status.", post;
}

in_flux! { "http":
    ENDPOINT = "endpoint",
        "(url: string) => (mapFn: (r: A) => {B with data: bytes, headers: C}) => (<-tables: stream[A]) => \
         stream[{A with _sent: string, _status: string}] where A: Record, B: Record",
        "Sends a request for each row, groups by `_sent`, which tells whether it was answered 200, and keeps the answer in `_status`.",
        r#"import "experimental"

(url) => (mapFn) => (tables=<-) =>
    tables
        |> map(fn: (r) => {
            message = mapFn(r: r)
            status = post(url: url, headers: message.headers, data: message.data)

            return {r with _status: string(v: status), _sent: string(v: 200 == status)}
        })
        |> experimental.group(mode: "extend", columns: ["_sent"])"#;
}

fn basic_auth(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (user, password): (Arc<str>, Arc<str>) = (args.required("u")?, args.required("p")?);
    Ok(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))).into())
}

fn path_escape(args: &mut Args, _cx: &Context) -> Result<Value> {
    let text: Arc<str> = args.required("inputString")?;
    Ok(escape(&text, b"$&+:=@").into())
}

/// Percent-encodes all but letters, digits, `-_.~` and some more.
pub(crate) fn escape(text: &str, plain: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) || plain.contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

/// The headers that a record argument holds; those that are null are left out.
pub(crate) fn headers(args: &Args, name: &str) -> Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    if let Some(record) = args.optional::<Arc<Record>>(name)? {
        for (name, value) in record.iter() {
            match value {
                Value::String(text) => headers.push((name.to_string(), text.to_string())),
                Value::Null(_) => {}
                other => {
                    return Err(FluxError::invalid(format!(
                        "header {name} must be a string, got {}",
                        other.nature()
                    )));
                }
            }
        }
    }
    Ok(headers)
}

/// A header's name as scripts spell it: `Content-Type`.
pub(crate) fn titled(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut chars = word.chars();
        chars.next().map_or_else(String::new, |c| c.to_ascii_uppercase().to_string() + chars.as_str())
    });
    words.collect::<Vec<_>>().join("-")
}

/// Sends a request and waits for the answer.
pub(crate) fn send(request: OutgoingRequest, cx: &Context) -> Result<OutgoingResponse> {
    let environment = Arc::clone(cx.environment());
    cx.run()?.block_on(async { environment.send(request).await })
}

/// How long an argument says that a request may take.
pub(crate) fn timeout(args: &Args, name: &str) -> Result<Duration> {
    Ok(match args.duration(name)? {
        Some(d) if d.nanoseconds > 0 && !d.negative => {
            Duration::from_nanos(d.nanoseconds.unsigned_abs()).min(10 * TIMEOUT)
        }
        _ => TIMEOUT,
    })
}

fn post(args: &mut Args, cx: &Context) -> Result<Value> {
    let url: Arc<str> = args.required("url")?;
    let headers = headers(args, "headers")?;
    let body = args.optional::<Arc<[u8]>>("data")?.map(|b| b.to_vec()).unwrap_or_default();
    let request = OutgoingRequest {
        method: "POST".into(),
        url: url.to_string(),
        headers,
        body,
        timeout: TIMEOUT,
        any_certificate: false,
    };
    Ok(Value::Int(i64::from(send(request, cx)?.status)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_of_paths_are_escaped() {
        assert_eq!(escape("a/b c:ü", b"$&+:=@"), "a%2Fb%20c:%C3%BC");
    }
}
