//! `timezone`: values for the option `location`.

use std::sync::Arc;

use weir_table::time::{Duration, Zone};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::natives;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package =
    Package { path: "timezone", name: "timezone", members: &[&FIXED, &LOCATION, &UTC] };

static UTC: Definition = Definition {
    package: "timezone",
    name: "utc",
    signature: "{zone: string, offset: duration}",
    doc: "Coordinated universal time.",
    body: Body::Constant(|| record("UTC".into(), Duration::default())),
};

natives! { "timezone":
    FIXED = "fixed", "(offset: A) => {zone: string, offset: A}",
        "A clock that is always this far ahead of UTC.",
        |args, _| Ok(record("UTC".into(), args.required("offset")?));
    LOCATION = "location", "(name: string) => {offset: duration, zone: string}",
        "The clock of a place, by its name in the time zone database.", location;
}

fn location(args: &mut Args, _cx: &Context) -> Result<Value> {
    let name: Arc<str> = args.required("name")?;
    Zone::new(&name, 0).map_err(|e| FluxError::invalid(e.to_string()))?;
    Ok(record(name, Duration::default()))
}

fn record(zone: Arc<str>, offset: Duration) -> Value {
    Value::record([("zone", Value::String(zone)), ("offset", Value::Duration(offset))])
}
