//! `influxdata/influxdb/secrets`.

use std::sync::Arc;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition, Package};
use crate::value::Value;

/// The package.
pub static PACKAGE: Package =
    Package { path: "influxdata/influxdb/secrets", name: "secrets", members: &[&DEFINITION] };

/// `get(key:)`.
pub(crate) static DEFINITION: Definition = Definition {
    package: "influxdata/influxdb/secrets",
    name: "get",
    signature: "(key: string) => string",
    doc: "The value of a secret of the organization.",
    body: Body::Native(call),
};

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let key: Arc<str> = args.required("key")?;
    let environment = Arc::clone(cx.environment());
    match cx.run()?.block_on(async { environment.secret(&key).await })? {
        Some(value) => Ok(value.into()),
        None => Err(FluxError::not_found("secret not found")),
    }
}
