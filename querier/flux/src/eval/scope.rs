//! Names in scope.

use std::sync::Arc;

use super::Context;
use crate::error::{FluxError, Result};
use crate::registry;
use crate::value::Value;

/// The names visible at a place: bindings, innermost first, over the members of the package the code belongs to and
/// over the prelude. Immutable: a binding makes a new scope, so a closure keeps exactly what it saw.
#[derive(Debug, Clone)]
pub struct Scope {
    bindings: Option<Arc<Binding>>,
    package: &'static str,
}

#[derive(Debug)]
struct Binding {
    name: Arc<str>,
    value: Value,
    next: Option<Arc<Binding>>,
}

impl Drop for Binding {
    /// Unlinks long chains one by one; the recursion of the default drop could exhaust the stack.
    fn drop(&mut self) {
        let mut next = self.next.take();
        while let Some(binding) = next {
            match Arc::try_unwrap(binding) {
                Ok(mut b) => next = b.next.take(),
                Err(_) => break,
            }
        }
    }
}

impl Scope {
    /// The scope of a user's script: the prelude only.
    pub fn main() -> Self {
        Self { bindings: None, package: "main" }
    }

    /// The scope of code that belongs to a package of the standard library.
    pub fn package(path: &'static str) -> Self {
        Self { bindings: None, package: path }
    }

    /// This scope with one more name.
    #[must_use]
    pub fn bind(&self, name: impl Into<Arc<str>>, value: Value) -> Self {
        let binding = Binding { name: name.into(), value, next: self.bindings.clone() };
        Self { bindings: Some(Arc::new(binding)), package: self.package }
    }

    /// The value bound to a name by the script itself, without looking at packages.
    pub fn bound(&self, name: &str) -> Option<&Value> {
        let mut at = self.bindings.as_deref();
        while let Some(binding) = at {
            if &*binding.name == name {
                return Some(&binding.value);
            }
            at = binding.next.as_deref();
        }
        None
    }

    /// The value of a name.
    ///
    /// # Errors
    /// `undefined identifier` if there is none.
    pub fn lookup(&self, name: &str, cx: &Context) -> Result<Value> {
        if let Some(value) = self.bound(name) {
            return Ok(value.clone());
        }
        let own = registry::package(self.package).and_then(|p| p.member(name));
        match own.or_else(|| registry::prelude(name)) {
            Some(definition) => cx.member_value(definition),
            None => Err(FluxError::invalid(format!("undefined identifier {name}"))),
        }
    }
}
