//! `runtime`: about the engine.

use crate::registry::Package;
use crate::stdlib::native::natives;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package { path: "runtime", name: "runtime", members: &[&VERSION] };

/// The version of the language that scripts may count on; not that of this program.
const LANGUAGE: &str = "v0.200.0";

natives! { "runtime":
    VERSION = "version", "() => string", "The version of the language.", |_, _| Ok(Value::from(LANGUAGE));
}
