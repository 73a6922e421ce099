//! Which name means what.

use std::collections::HashMap;
use std::sync::Arc;

use crate::package::PackageTypes;
use crate::types::{PolyType, Ty};

/// What a name stands for.
#[derive(Clone)]
pub(super) enum Binding {
    /// A variable; `anew` if each use may choose its variables.
    Type { ty: Ty, anew: bool },
    /// A builtin of the package being checked.
    Signature(Arc<PolyType>),
    /// An imported package.
    Package(Arc<PackageTypes>),
}

/// The names in force: nested blocks, then the file's imports, then the prelude.
pub(super) struct Environment<'a> {
    scopes: Vec<HashMap<&'a str, Binding>>,
    imports: HashMap<String, Binding>,
    pub(super) prelude: Arc<PackageTypes>,
}

impl<'a> Environment<'a> {
    pub(super) fn new(prelude: Arc<PackageTypes>) -> Self {
        Self { scopes: vec![HashMap::new()], imports: HashMap::new(), prelude }
    }

    pub(super) fn enter(&mut self) {
        self.scopes.push(HashMap::new());
    }

    pub(super) fn leave(&mut self) {
        self.scopes.pop();
    }

    pub(super) fn define(&mut self, name: &'a str, binding: Binding) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name, binding);
        }
    }

    pub(super) fn import(&mut self, name: String, binding: Binding) {
        self.imports.insert(name, binding);
    }

    /// Forgets a file's imports.
    pub(super) fn end_file(&mut self) {
        self.imports.clear();
    }

    /// What a name stands for, but for the prelude's.
    pub(super) fn lookup(&self, name: &str) -> Option<&Binding> {
        let scoped = self.scopes.iter().rev().find_map(|scope| scope.get(name));
        scoped.or_else(|| self.imports.get(name))
    }

    /// The package's own names.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'a str, &Binding)> {
        self.scopes.iter().take(1).flatten().map(|(name, binding)| (*name, binding))
    }
}
