//! `runtime`: about the engine.

use crate::registry::Package;
use crate::stdlib::native::natives;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package { path: "runtime", name: "runtime", members: &[&VERSION] };

natives! { "runtime":
    VERSION = "version", "() => string", "The version of the engine.",
        |_, _| Ok(Value::from(concat!("v", env!("CARGO_PKG_VERSION"))));
}
