//! The option `location`: the time zone that windows and date functions work in.

use crate::registry::{Body, Definition, Package};

/// The package.
pub static PACKAGE: Package = Package { path: "internal/location", name: "location", members: &[&LOCATION] };

static LOCATION: Definition = Definition {
    package: "internal/location",
    name: "location",
    signature: "{zone: string, offset: duration}",
    doc: "The time zone of windows and date functions: a zone of the time zone database, and a fixed offset.",
    body: Body::Option("{zone: \"UTC\", offset: 0h}"),
};
