//! `experimental/influxdb`: requests to the API of InfluxDB servers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::env::OutgoingRequest;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::Package;
use crate::stdlib::http::{escape, send, timeout, titled};
use crate::stdlib::native::natives;
use crate::value::{DictKey, Value};

/// The package.
pub static PACKAGE: Package = Package { path: "experimental/influxdb", name: "influxdb", members: &[&API] };

natives! { "experimental/influxdb":
    API = "api",
        "(method: string, path: string, ?host: string, ?token: string, ?body: bytes, ?headers: [string:string], \
         ?query: [string:string], ?timeout: duration) => {statusCode: int, headers: [string:string], body: bytes}",
        "Sends a request to the API of a server, and answers its response.", api;
}

/// The pairs of a dictionary of text.
fn pairs(args: &Args, name: &str) -> Result<Vec<(String, String)>> {
    let Some(Value::Dict(dict)) = args.get(name) else { return Ok(Vec::new()) };
    dict.iter()
        .map(|(key, value)| match (&key.0, value) {
            (Value::String(k), Value::String(v)) => Ok((k.to_string(), v.to_string())),
            _ => Err(FluxError::invalid(format!("{name} must be a dictionary of strings"))),
        })
        .collect()
}

fn api(args: &mut Args, cx: &Context) -> Result<Value> {
    let (method, path): (Arc<str>, Arc<str>) = (args.required("method")?, args.required("path")?);
    let (host, token) = (args.string_or("host", "")?, args.string_or("token", "")?);
    if host.is_empty() {
        return Err(FluxError::invalid("influxdb.api: the host must be given"));
    }
    let query: Vec<String> = pairs(args, "query")?
        .iter()
        .map(|(name, value)| format!("{}={}", escape(name, b""), escape(value, b"")))
        .collect();
    let mut headers = pairs(args, "headers")?;
    if !token.is_empty() {
        headers.push(("Authorization".into(), format!("Token {token}")));
    }
    let separator = if query.is_empty() { "" } else { "?" };
    let request = OutgoingRequest {
        method: method.to_uppercase(),
        url: format!("{}{path}{separator}{}", host.trim_end_matches('/'), query.join("&")),
        headers,
        body: args.optional::<Arc<[u8]>>("body")?.map(|b| b.to_vec()).unwrap_or_default(),
        timeout: timeout(args, "timeout")?,
        any_certificate: false,
    };
    let answer = send(request, cx)?;
    let headers: BTreeMap<DictKey, Value> =
        answer.headers.into_iter().map(|(k, v)| (DictKey(titled(&k).into()), Value::from(v))).collect();
    Ok(Value::record([
        ("statusCode", Value::Int(i64::from(answer.status))),
        ("headers", Value::Dict(Arc::new(headers))),
        ("body", Value::Bytes(answer.body.into())),
    ]))
}
