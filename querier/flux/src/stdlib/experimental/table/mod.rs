//! `experimental/table`.

use crate::registry::Package;
use crate::stdlib::forward::forwards;

/// The package.
pub static PACKAGE: Package = Package { path: "experimental/table", name: "table", members: &[&FILL] };

forwards! { "experimental/table":
    FILL = "fill", "universe"."_fillEmpty", "(<-tables: stream[A]) => stream[A] where A: Record",
        "Gives each empty table one row without values.";
}
