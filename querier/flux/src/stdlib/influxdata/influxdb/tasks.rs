//! `influxdata/influxdb/tasks`: what a task's script knows of its runs.

use weir_table::time;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::in_flux;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package {
    path: "influxdata/influxdb/tasks",
    name: "tasks",
    members: &[&LAST_SUCCESS, &LAST_SUCCESS_OR, &LAST_SUCCESS_TIME, &ZERO_TIME],
};

in_flux! { "influxdata/influxdb/tasks":
    LAST_SUCCESS = "lastSuccess", "(orTime: A) => time where A: Timeable",
        "When the task last ran without error; `orTime` if it never has.",
        "(orTime) => _lastSuccess(orTime: orTime, lastSuccessTime: lastSuccessTime)";
}

/// The time before anything happened.
pub(crate) static ZERO_TIME: Definition = Definition {
    package: "influxdata/influxdb/tasks",
    name: "_zeroTime",
    signature: "time",
    doc: "The time that stands for \"never\".",
    body: Body::Constant(|| Value::Time(0)),
};

/// Set by the scheduler for each run.
pub(crate) static LAST_SUCCESS_TIME: Definition = Definition {
    package: "influxdata/influxdb/tasks",
    name: "lastSuccessTime",
    signature: "time",
    doc: "When the task last ran without error; the zero time if it never has, or outside of tasks.",
    body: Body::Option("_zeroTime"),
};

/// `_lastSuccess(orTime:, lastSuccessTime:)`.
pub(crate) static LAST_SUCCESS_OR: Definition = Definition {
    package: "influxdata/influxdb/tasks",
    name: "_lastSuccess",
    signature: "(orTime: A, lastSuccessTime: time) => time where A: Timeable",
    doc: "A time, unless it is the zero time.",
    body: Body::Native(last_success),
};

fn last_success(args: &mut Args, cx: &Context) -> Result<Value> {
    match args.required::<Value>("lastSuccessTime")? {
        Value::Time(t) if t != 0 => Ok(Value::Time(t)),
        _ => match args.required::<Value>("orTime")? {
            Value::Time(t) => Ok(Value::Time(t)),
            Value::Duration(d) => time::add(cx.now()?, d, &jiff::tz::TimeZone::UTC)
                .map(Value::Time)
                .map_err(|e| FluxError::invalid(e.to_string())),
            other => {
                Err(FluxError::invalid(format!("orTime must be a time or duration, got {}", other.nature())))
            }
        },
    }
}
