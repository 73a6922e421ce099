//! `system`: the clock of the machine.

use jiff::Timestamp;
use weir_table::time::nanoseconds;

use crate::error::FluxError;
use crate::registry::Package;
use crate::stdlib::native::natives;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package { path: "system", name: "system", members: &[&TIME] };

natives! { "system":
    TIME = "time", "() => time", "The time of the machine's clock, whatever the option `now` says.",
        |_, _| nanoseconds(Timestamp::now()).map(Value::Time).map_err(|e| FluxError::internal(e.to_string()));
}
