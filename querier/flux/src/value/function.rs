//! Functions as values.

use std::fmt;
use std::sync::Arc;

use weir_flux_syntax::ast::FunctionExpression;

use super::Value;
use crate::error::Result;
use crate::eval::{Args, Context, Scope};
use crate::registry::Definition;

/// The code of a native function.
pub type NativeFunction = fn(&mut Args, &Context) -> Result<Value>;

/// Code that holds on to values.
pub(crate) type SharedCode = Arc<dyn Fn(&mut Args, &Context) -> Result<Value> + Send + Sync>;

/// A function.
#[derive(Clone)]
pub enum Function {
    /// One of the standard library, written in Rust.
    Native(&'static Definition, NativeFunction),
    /// A function literal with the names it saw where it stood.
    Closure(Arc<Closure>),
    /// A function made by a native one, with what it holds on to. `name` is for error messages.
    Partial {
        /// Shown in error messages.
        name: &'static str,
        /// The code.
        call: SharedCode,
    },
}

/// A function literal and its scope.
#[derive(Debug)]
pub struct Closure {
    /// The literal.
    pub literal: Arc<FunctionExpression>,
    /// The names visible where the literal stands.
    pub scope: Scope,
}

impl Function {
    /// The definition, if this is a function of the standard library written in Rust.
    pub fn definition(&self) -> Option<&'static Definition> {
        match self {
            Self::Native(d, _) => Some(d),
            _ => None,
        }
    }

    /// The closure, if this is a function literal.
    pub fn closure(&self) -> Option<&Arc<Closure>> {
        match self {
            Self::Closure(c) => Some(c),
            _ => None,
        }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native(d, _) => write!(f, "{}.{}", d.package, d.name),
            Self::Closure(c) => write!(f, "{}", c.literal.base.location.text()),
            Self::Partial { name, .. } => f.write_str(name),
        }
    }
}
