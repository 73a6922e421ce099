//! What a kind tells the mechanism about itself.

use std::{fmt::Debug, future::Future};

use kube::Resource;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{Note, Problem, Scope, collection, settle};
use crate::crd::{Home, Management, Status};

/// How an object is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// By PATCH with what differs.
    Patch,
    /// By PUT with everything.
    Put,
}

/// Where the objects of a kind are in the server's API.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The collection, as in `/api/v2/buckets`.
    pub path: &'static str,
    /// The member of a list's answer that holds the objects.
    pub list: &'static str,
    /// Whether the objects belong to organizations.
    pub organized: bool,
    /// The query parameter that finds by name, where there is one.
    pub filter: Option<&'static str>,
    /// The member that holds the name.
    pub name: &'static str,
    /// The member that carries the marker from creation until the first update.
    pub marker: &'static str,
    /// How objects are changed.
    pub update: Update,
    /// The member that answers for one object are wrapped in, where they are.
    pub envelope: Option<&'static str>,
}

impl Route {
    /// The common case: found by name, marked in the description, updated by PATCH.
    #[must_use]
    pub const fn new(path: &'static str, list: &'static str) -> Self {
        Self {
            path,
            list,
            organized: true,
            filter: Some("name"),
            name: "name",
            marker: "description",
            update: Update::Patch,
            envelope: None,
        }
    }
}

/// What an object on the server shall be.
#[derive(Clone, Debug, Default)]
pub struct Desired {
    /// Its name, by which it is found.
    pub name: String,
    /// What is compared and kept.
    pub fields: Map<String, Value>,
    /// What is said at creation only.
    pub once: Map<String, Value>,
    /// What the server never tells again: sent at creation and when `secret_version` changes.
    pub secret: Map<String, Value>,
    /// Versions of the Secrets behind `secret`.
    pub secret_version: Option<String>,
}

/// A kind of custom resource with a counterpart on the server.
pub trait Managed:
    Resource<DynamicType = (), Scope = kube::core::NamespaceResourceScope>
    + Clone
    + Debug
    + DeserializeOwned
    + Serialize
    + Send
    + Sync
    + 'static
{
    /// Where the objects are.
    const ROUTE: Route;

    /// Whether `create` sends what is secret too; otherwise the update that follows does.
    const SENDS_SECRETS_AT_CREATION: bool = true;

    /// How the object is managed.
    fn management(&self) -> &Management;

    /// The organization it belongs to; `None` for kinds above organizations.
    fn home(&self) -> Option<&Home>;

    /// Its status as the API server holds it.
    fn status(&self) -> Option<&Status>;

    /// The same, to be replaced.
    fn status_mut(&mut self) -> &mut Option<Status>;

    /// What the spec says, with references resolved.
    fn desired(&self, scope: &Scope<'_>) -> impl Future<Output = Result<Desired, Problem>> + Send;

    /// Objects of the desired name, and the one that carries our marker.
    fn candidates(
        &self,
        scope: &Scope<'_>,
        desired: &Desired,
    ) -> impl Future<Output = Result<Vec<Value>, Problem>> + Send {
        collection::named(Self::ROUTE, scope, &desired.name)
    }

    /// The object as it is; `None` when it is gone.
    fn read(
        &self,
        scope: &Scope<'_>,
        id: &str,
    ) -> impl Future<Output = Result<Option<Value>, Problem>> + Send {
        collection::read(Self::ROUTE, scope, id)
    }

    /// Makes the object, marked.
    fn create(
        &self,
        scope: &Scope<'_>,
        desired: &Desired,
    ) -> impl Future<Output = Result<Value, Problem>> + Send {
        collection::create(Self::ROUTE, scope, desired)
    }

    /// Changes `difference` (with secrets, when they are to be sent again).
    fn update(
        &self,
        scope: &Scope<'_>,
        actual: &Value,
        desired: &Desired,
        difference: Map<String, Value>,
    ) -> impl Future<Output = Result<(), Problem>> + Send {
        collection::update(Self::ROUTE, scope, actual, desired, difference)
    }

    /// Deletes the object; one that is gone already is fine.
    fn delete(&self, scope: &Scope<'_>, id: &str) -> impl Future<Output = Result<(), Problem>> + Send {
        collection::delete(Self::ROUTE, scope, id)
    }

    /// What belongs to the object but is not a part of it. Called when the object is as desired, with the status from
    /// before the attempt; tells what it changed.
    fn attend(
        &self,
        _scope: &Scope<'_>,
        _id: &str,
        _before: &Status,
        _status: &mut Status,
    ) -> impl Future<Output = Result<Vec<Note>, Problem>> + Send {
        async { Ok(Vec::new()) }
    }

    /// Makes the server's object what the spec says, and the status what is known of it.
    fn settle(
        &self,
        scope: &Scope<'_>,
        status: &mut Status,
        notes: &mut Vec<Note>,
    ) -> impl Future<Output = Result<(), Problem>> + Send {
        settle::settle(self, scope, status, notes)
    }

    /// What is to be done when the resource goes, whatever becomes of the object.
    fn farewell(
        &self,
        _scope: &Scope<'_>,
        _status: &Status,
    ) -> impl Future<Output = Result<(), Problem>> + Send {
        async { Ok(()) }
    }

    /// When the object needs attention again, if before the next look at everything.
    fn due(&self, _status: &Status, _now: jiff::Timestamp) -> Option<std::time::Duration> {
        None
    }
}
