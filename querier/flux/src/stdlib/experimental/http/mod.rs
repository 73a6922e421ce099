//! `experimental/http`: getting what other servers have.

pub mod requests;

use std::sync::Arc;

use crate::env::OutgoingRequest;
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::Package;
use crate::stdlib::http::{headers, send, timeout, titled};
use crate::stdlib::native::natives;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package { path: "experimental/http", name: "http", members: &[&GET] };

natives! { "experimental/http":
    GET = "get",
        "(url: string, ?headers: A, ?timeout: duration) => {statusCode: int, headers: B, body: bytes} \
         where A: Record, B: Record",
        "Sends a GET request, and answers status, headers and body of the response.", get;
}

fn get(args: &mut Args, cx: &Context) -> Result<Value> {
    let url: Arc<str> = args.required("url")?;
    let request = OutgoingRequest {
        method: "GET".into(),
        url: url.to_string(),
        headers: headers(args, "headers")?,
        body: Vec::new(),
        timeout: timeout(args, "timeout")?,
        any_certificate: false,
    };
    let answer = send(request, cx)?;
    let headers = answer.headers.into_iter().map(|(name, value)| (titled(&name), Value::from(value)));
    Ok(Value::record([
        ("statusCode", Value::Int(i64::from(answer.status))),
        ("headers", Value::record(headers)),
        ("body", Value::Bytes(answer.body.into())),
    ]))
}
