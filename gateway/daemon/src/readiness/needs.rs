//! The list of needs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use weir_gateway::{Check, Checks};

/// What a process needs, and how each of it stands. A clone is the same list.
#[derive(Clone, Default)]
pub(crate) struct Needs(Arc<Mutex<Vec<Check>>>);

/// One entry of the list.
#[derive(Clone)]
pub(crate) struct Need {
    list: Needs,
    name: &'static str,
}

impl Needs {
    /// Adds something that is not there yet, and why.
    pub(crate) fn add(&self, name: &'static str, why: &str) -> Need {
        self.list().push(Check { name, missing: Some(why.to_owned()) });
        Need { list: self.clone(), name }
    }

    /// Tells how everything stands.
    pub(crate) fn checks(&self) -> Checks {
        let list = self.clone();
        Arc::new(move || list.list().clone())
    }

    fn list(&self) -> MutexGuard<'_, Vec<Check>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Need {
    /// It is there.
    pub(crate) fn met(&self) {
        self.put(None);
    }

    /// It is not there.
    pub(crate) fn missing(&self, why: String) {
        self.put(Some(why));
    }

    fn put(&self, missing: Option<String>) {
        if let Some(check) = self.list.list().iter_mut().find(|check| check.name == self.name) {
            check.missing = missing;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_met_may_be_missing_again() {
        let needs = Needs::default();
        let checks = needs.checks();
        let (one, two) = (needs.add("one", "not yet"), needs.add("two", "not yet"));
        one.met();
        let missing =
            || -> Vec<_> { checks().into_iter().filter(|c| c.missing.is_some()).map(|c| c.name).collect() };
        assert_eq!(missing(), ["two"]);
        two.met();
        assert!(missing().is_empty());
        one.missing("gone".to_owned());
        assert_eq!(missing(), ["one"]);
    }
}
