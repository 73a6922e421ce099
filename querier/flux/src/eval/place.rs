//! Where in the user's script something was asked for.

use std::fmt;
use std::sync::Arc;

use weir_flux_syntax::ast::Location;

/// A call as the user knows it: the innermost one that stands in the same file as the outermost. What functions of the
/// library call in turn is asked for there.
#[derive(Debug, Clone, Default)]
pub struct Place {
    location: Location,
    function: Option<Arc<str>>,
}

impl Place {
    /// The call of `function` at `location`.
    pub fn new(location: Location, function: impl Into<Arc<str>>) -> Self {
        Self { location, function: Some(function.into()) }
    }

    /// The name under which the function was called.
    pub fn function(&self) -> Option<&str> {
        self.function.as_deref()
    }

    /// Whether both stand in one file.
    pub(super) fn is_beside(&self, location: &Location) -> bool {
        self.location.file == location.file
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.location)
    }
}
