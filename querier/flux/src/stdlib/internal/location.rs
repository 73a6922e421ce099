//! The option `location`: the time zone that windows and date functions work in.

use std::sync::Arc;

use weir_table::time::{Duration, Zone};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition, Package};
use crate::value::{Record, Value};

/// The package.
pub static PACKAGE: Package = Package { path: "internal/location", name: "location", members: &[&LOCATION] };

static LOCATION: Definition = Definition {
    package: "internal/location",
    name: "location",
    signature: "{zone: string, offset: duration}",
    doc: "The time zone of windows and date functions: a zone of the time zone database, and a fixed offset.",
    body: Body::Option("{zone: \"UTC\", offset: 0h}"),
};

/// The clock a function works with: its argument `location`, else the option.
///
/// # Errors
/// When the value is no location, or its zone does not exist.
pub(crate) fn zone_of(args: &Args, cx: &Context) -> Result<Zone> {
    match args.optional::<Arc<Record>>("location")? {
        Some(record) => zone(&record),
        None => default_zone(cx),
    }
}

/// The clock that the option says.
///
/// # Errors
/// When the option is no location, or its zone does not exist.
pub(crate) fn default_zone(cx: &Context) -> Result<Zone> {
    match cx.option("internal/location", "location") {
        None => Ok(Zone::UTC),
        Some(Value::Record(record)) => zone(&record),
        Some(other) => {
            Err(FluxError::invalid(format!("option \"location\" must be a record, got {}", other.nature())))
        }
    }
}

/// The clock of a location record.
///
/// # Errors
/// When the record has no zone, or the zone does not exist.
pub(crate) fn zone(record: &Record) -> Result<Zone> {
    let Some(Value::String(name)) = record.get("zone") else {
        return Err(FluxError::invalid("location must have a zone"));
    };
    let offset = match record.get("offset") {
        Some(Value::Duration(Duration { months: 0, .. })) | None => record.get("offset"),
        Some(_) => {
            return Err(FluxError::invalid("the offset of a location must be a duration without months"));
        }
    };
    let offset = match offset {
        Some(Value::Duration(d)) => d.signed_nanoseconds(),
        _ => 0,
    };
    Zone::new(name, offset).map_err(|e| FluxError::invalid(e.to_string()))
}
