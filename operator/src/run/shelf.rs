//! What was last seen of all resources, whatever their kind, and a way to have one of them reconciled.

use std::{collections::HashMap, sync::Arc};

use futures::channel::mpsc;
use kube::{
    ResourceExt,
    runtime::reflector::{ObjectRef, Store},
};
use parking_lot::RwLock;

use crate::{
    crd::Status,
    reconcile::{Managed, Sibling},
};

type Lookup = Box<dyn Fn(&str, &str) -> Option<Sibling> + Send + Sync>;
type Owner = Box<dyn Fn(&str, &str, &str) -> Option<String> + Send + Sync>;
type Poke = Box<dyn Fn(&str, &str) + Send + Sync>;

struct Shelf {
    lookup: Lookup,
    owner: Owner,
    poke: Poke,
}

/// The shelves of all kinds.
#[derive(Default)]
pub(crate) struct Shelves {
    kinds: RwLock<HashMap<String, Arc<Shelf>>>,
}

impl Shelves {
    /// Adds a kind.
    pub(crate) fn add<K: Managed>(&self, store: Store<K>, poke: mpsc::UnboundedSender<ObjectRef<K>>) {
        let (all, one) = (store.clone(), store);
        let shelf = Shelf {
            lookup: Box::new(move |namespace, name| {
                let found = one.get(&ObjectRef::new(name).within(namespace))?;
                Some(found.status().map(sibling).unwrap_or_default())
            }),
            owner: Box::new(move |server, id, uid| {
                let owns = |status: &Status| {
                    status.id.as_deref() == Some(id) && status.server.as_deref() == Some(server)
                };
                let found = all.find(|k| k.status().is_some_and(owns) && k.uid().as_deref() != Some(uid))?;
                Some(format!("{}/{}", found.namespace().unwrap_or_default(), found.name_any()))
            }),
            poke: Box::new(move |namespace, name| {
                // A closed channel means that the controller is going down.
                let _ = poke.unbounded_send(ObjectRef::new(name).within(namespace));
            }),
        };
        self.kinds.write().insert(K::kind(&()).into_owned(), Arc::new(shelf));
    }

    fn of(&self, kind: &str) -> Option<Arc<Shelf>> {
        self.kinds.read().get(kind).cloned()
    }

    pub(crate) fn sibling(&self, kind: &str, namespace: &str, name: &str) -> Option<Sibling> {
        (self.of(kind)?.lookup)(namespace, name)
    }

    pub(crate) fn owner(&self, kind: &str, server: &str, id: &str, uid: &str) -> Option<String> {
        (self.of(kind)?.owner)(server, id, uid)
    }

    pub(crate) fn poke(&self, kind: &str, namespace: &str, name: &str) {
        if let Some(shelf) = self.of(kind) {
            (shelf.poke)(namespace, name);
        }
    }
}

fn sibling(status: &Status) -> Sibling {
    let ready = status.conditions.iter().any(|c| c.kind == "Ready" && c.status == "True");
    Sibling { id: status.id.clone(), server: status.server.clone(), ready }
}
