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

use super::{TIMEOUT, escape, titled};

/// The package.
pub static PACKAGE: Package = Package {
    path: "http/requests",
    name: "requests",
    members: &[&DEFAULT_CONFIG, &DO, &GET, &PEEK, &POST, &SEND],
};

/// The methods that requests may have.
const METHODS: [&str; 6] = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"];

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
        "(response: {A with body: B, duration: C, headers: D, statusCode: E}) => stream[{statusCode: E, \
         headers: string, duration: int, body: string}] where A: Record",
        "A response as a table, to look at.",
        r#"import "array"

(response) =>
    array.from(rows: [{
        statusCode: response.statusCode,
        body: string(v: response.body),
        headers: display(v: response.headers),
        duration: int(v: response.duration),
    }])"#;
}

fn text<'a>(value: &'a Value, what: &str) -> Result<&'a str> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(FluxError::invalid(format!("{what} must be a string, got {}", other.nature()))),
    }
}

/// The address with the parameters, which stand in place of those it had.
fn with_params(url: &str, params: Option<&Value>) -> Result<String> {
    let Some(Value::Dict(params)) = params else { return Ok(url.to_owned()) };
    let escaped =
        |value: &Value, what: &str| Ok::<_, FluxError>(escape(text(value, what)?, b" ").replace(' ', "+"));
    let mut pairs = Vec::new();
    for (name, values) in params.iter() {
        let Value::Array(values) = values else { continue };
        for value in values.iter() {
            pairs.push(format!(
                "{}={}",
                escaped(&name.0, "a parameter's name")?,
                escaped(value, "a parameter")?
            ));
        }
    }
    if pairs.is_empty() {
        return Ok(url.to_owned());
    }
    let (before, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    let address = before.split_once('?').map_or(before, |(address, _)| address);
    Ok(format!("{address}?{}{fragment}", pairs.join("&")))
}

fn send(args: &mut Args, cx: &Context) -> Result<Value> {
    let (method, url): (Arc<str>, Arc<str>) = (args.required("method")?, args.required("url")?);
    if !METHODS.contains(&&*method) {
        return Err(FluxError::invalid(format!("invalid HTTP method \"{method}\"")));
    }
    let mut headers = Vec::new();
    if let Some(Value::Dict(given)) = args.get("headers") {
        for (name, value) in given.iter() {
            headers.push((text(&name.0, "a header's name")?.to_owned(), text(value, "a header")?.to_owned()));
        }
    }
    let config: Arc<Record> = args.required("config")?;
    let timeout = match config.get("timeout") {
        Some(Value::Duration(d)) if d.months != 0 => {
            return Err(FluxError::invalid("the timeout of a request must be a duration without months"));
        }
        Some(Value::Duration(d)) if d.nanoseconds > 0 && !d.negative => {
            Duration::from_nanos(d.nanoseconds.unsigned_abs()).min(10 * TIMEOUT)
        }
        _ => TIMEOUT,
    };
    let request = OutgoingRequest {
        method: method.to_string(),
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
        response.headers.into_iter().map(|(k, v)| (DictKey(titled(&k).into()), Value::from(v))).collect();
    Ok(Value::record([
        ("statusCode", Value::Int(i64::from(response.status))),
        ("body", Value::Bytes(response.body.into())),
        ("headers", Value::Dict(Arc::new(headers))),
        ("duration", Value::Duration(weir_table::time::Duration::from_nanoseconds(took))),
    ]))
}
