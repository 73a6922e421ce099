//! `http/requests`: requests of any method, with their answers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::env::OutgoingRequest;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::{in_flux, natives};
use crate::value::{DictKey, Record, Value};

use super::{TIMEOUT, escape};

/// The package.
pub static PACKAGE: Package = Package {
    path: "http/requests",
    name: "requests",
    members: &[&DEFAULT_CONFIG, &DO, &GET, &PEEK, &POST, &SEND],
};

/// How requests are made.
pub(crate) static DEFAULT_CONFIG: Definition = Definition {
    package: "http/requests",
    name: "defaultConfig",
    signature: "{timeout: duration, insecureSkipVerify: bool}",
    doc: "How long requests may take (as long as the server allows, if zero), and whether any certificate is taken.",
    body: Body::Option("{timeout: 0ns, insecureSkipVerify: false}"),
};

natives! { "http/requests":
    SEND = "_do",
        "(method: string, url: string, ?params: [string:[string]], ?headers: [string:string], ?body: bytes, \
         config: {A with timeout: duration, insecureSkipVerify: bool}) => \
         {statusCode: int, body: bytes, headers: [string:string], duration: duration}",
        "Sends a request.", send;
}

in_flux! { "http/requests":
    DO = "do",
        "(method: string, url: string, ?params: [string:[string]], ?headers: [string:string], ?body: bytes, \
         ?config: {A with timeout: duration, insecureSkipVerify: bool}) => \
         {statusCode: int, body: bytes, headers: [string:string], duration: duration}",
        "Sends a request of any method, and answers its response.",
        r#"(method, url, params=[:], headers=[:], body=bytes(v: ""), config=defaultConfig) =>
    _do(method: method, url: url, params: params, headers: headers, body: body, config: config)"#;
    GET = "get",
        "(url: string, ?params: [string:[string]], ?headers: [string:string], ?body: bytes, \
         ?config: {A with timeout: duration, insecureSkipVerify: bool}) => \
         {statusCode: int, body: bytes, headers: [string:string], duration: duration}",
        "Sends a GET request, and answers its response.",
        r#"(url, params=[:], headers=[:], body=bytes(v: ""), config=defaultConfig) =>
    _do(method: "GET", url: url, params: params, headers: headers, body: body, config: config)"#;
    POST = "post",
        "(url: string, ?params: [string:[string]], ?headers: [string:string], ?body: bytes, \
         ?config: {A with timeout: duration, insecureSkipVerify: bool}) => \
         {statusCode: int, body: bytes, headers: [string:string], duration: duration}",
        "Sends a POST request, and answers its response.",
        r#"(url, params=[:], headers=[:], body=bytes(v: ""), config=defaultConfig) =>
    _do(method: "POST", url: url, params: params, headers: headers, body: body, config: config)"#;
    PEEK = "peek",
        "(response: {A with statusCode: int, body: bytes, headers: [string:string], duration: duration}) => \
         stream[{statusCode: int, body: string, headers: string, duration: string}]",
        "A response as a table, to look at.",
        r#"import "array"

(response) =>
    array.from(rows: [{
        statusCode: response.statusCode,
        body: string(v: response.body),
        headers: display(v: response.headers),
        duration: display(v: response.duration),
    }])"#;
}

fn text<'a>(value: &'a Value, what: &str) -> Result<&'a str> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(FluxError::invalid(format!("{what} must be a string, got {}", other.nature()))),
    }
}

/// The address with the parameters.
fn with_params(url: &str, params: Option<&Value>) -> Result<String> {
    let mut out = url.to_owned();
    let Some(Value::Dict(params)) = params else { return Ok(out) };
    for (name, values) in params.iter() {
        let Value::Array(values) = values else { continue };
        for value in values.iter() {
            out.push(if out.contains('?') { '&' } else { '?' });
            out.push_str(&escape(text(&name.0, "a parameter's name")?, b""));
            out.push('=');
            out.push_str(&escape(text(value, "a parameter")?, b""));
        }
    }
    Ok(out)
}

fn send(args: &mut Args, cx: &Context) -> Result<Value> {
    let (method, url): (Arc<str>, Arc<str>) = (args.required("method")?, args.required("url")?);
    let mut headers = Vec::new();
    if let Some(Value::Dict(given)) = args.get("headers") {
        for (name, value) in given.iter() {
            headers.push((text(&name.0, "a header's name")?.to_owned(), text(value, "a header")?.to_owned()));
        }
    }
    let config: Arc<Record> = args.required("config")?;
    let timeout = match config.get("timeout") {
        Some(Value::Duration(d)) if d.nanoseconds > 0 && !d.negative => {
            Duration::from_nanos(d.nanoseconds.unsigned_abs()).min(10 * TIMEOUT)
        }
        _ => TIMEOUT,
    };
    let request = OutgoingRequest {
        method: method.to_uppercase(),
        url: with_params(&url, args.get("params"))?,
        headers,
        body: args.optional::<Arc<[u8]>>("body")?.map(|b| b.to_vec()).unwrap_or_default(),
        timeout,
        any_certificate: matches!(config.get("insecureSkipVerify"), Some(Value::Bool(true))),
    };
    let environment = Arc::clone(cx.environment());
    let start = Instant::now();
    let response = cx.run()?.block_on(async { environment.send(request).await })?;
    let took = i64::try_from(start.elapsed().as_nanos()).unwrap_or(i64::MAX);
    let headers: BTreeMap<DictKey, Value> =
        response.headers.into_iter().map(|(k, v)| (DictKey(k.into()), Value::from(v))).collect();
    Ok(Value::record([
        ("statusCode", Value::Int(i64::from(response.status))),
        ("body", Value::Bytes(response.body.into())),
        ("headers", Value::Dict(Arc::new(headers))),
        ("duration", Value::Duration(weir_table::time::Duration::from_nanoseconds(took))),
    ]))
}
