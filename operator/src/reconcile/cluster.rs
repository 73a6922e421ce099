//! What the mechanism needs of Kubernetes beside the resource itself.

use std::collections::BTreeMap;

use futures::future::BoxFuture;

use super::{Identity, Problem};

/// A Secret.
#[derive(Clone, Debug, Default)]
pub struct SecretView {
    /// Its values.
    pub data: BTreeMap<String, Vec<u8>>,
    /// A version that changes with it.
    pub version: String,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
    /// Whether the operator wrote it.
    pub ours: bool,
    /// The uid of the resource with which it goes.
    pub owner: Option<String>,
}

/// A Secret to be written.
#[derive(Clone, Debug, Default)]
pub struct SecretText {
    /// metadata.name.
    pub name: String,
    /// The resource it is written for.
    pub owner: Identity,
    /// Whether it goes when the resource goes.
    pub owned: bool,
    /// Its values.
    pub data: BTreeMap<String, String>,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
}

/// Another resource of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sibling {
    /// The id of its object.
    pub id: Option<String>,
    /// The URL of its server.
    pub server: Option<String>,
    /// Whether it is ready.
    pub ready: bool,
}

/// What the mechanism needs of Kubernetes beside the resource itself.
pub trait Cluster: Send + Sync {
    /// A Secret; `None` when there is none.
    fn secret<'a>(
        &'a self,
        namespace: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<SecretView>, Problem>>;

    /// Writes a Secret of ours.
    fn write_secret<'a>(&'a self, secret: SecretText) -> BoxFuture<'a, Result<(), Problem>>;

    /// A ConfigMap's texts; `None` when there is none.
    fn config_map<'a>(
        &'a self,
        namespace: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<BTreeMap<String, String>>, Problem>>;

    /// Another resource of ours, as last seen.
    fn sibling(&self, kind: &str, namespace: &str, name: &str) -> Option<Sibling>;

    /// The resource, other than the one with `uid`, whose status has this id on this server.
    fn owner(&self, kind: &str, server: &str, id: &str, uid: &str) -> Option<String>;

    /// Has another resource reconciled soon.
    fn poke(&self, kind: &str, namespace: &str, name: &str);
}
