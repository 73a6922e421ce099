//! What a permission is about.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Id;

macro_rules! resource_types {
    ($($variant:ident $text:literal $doc:literal;)*) => {
        /// The kinds of things that permissions, members and labels can be about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ResourceType {
            $(#[doc = $doc] #[serde(rename = $text)] $variant,)*
        }

        impl ResourceType {
            /// All of them, in the order in which the v2 API lists them.
            pub const ALL: [ResourceType; 23] = [$(Self::$variant),*];

            /// The name in the API and in the database.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl FromStr for ResourceType {
            type Err = UnknownResourceType;

            fn from_str(text: &str) -> Result<Self, UnknownResourceType> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    _ => Err(UnknownResourceType),
                }
            }
        }
    };
}

resource_types! {
    Authorizations "authorizations" "API tokens.";
    Buckets "buckets" "Buckets, their points, and the database names that map to them.";
    Dashboards "dashboards" "Dashboards with cells and views.";
    Orgs "orgs" "Organizations.";
    Sources "sources" "Sources, the ancestors of connections.";
    Tasks "tasks" "Tasks, their runs and logs.";
    Telegrafs "telegrafs" "Configurations of Telegraf.";
    Users "users" "Users.";
    Variables "variables" "Variables of dashboards.";
    Scrapers "scrapers" "Targets that are scraped for metrics.";
    Secrets "secrets" "Secrets of an organization.";
    Labels "labels" "Labels, and what bears them.";
    Views "views" "Views (the cell's rights are the dashboard's; nothing asks for this type).";
    Documents "documents" "Documents of old templates.";
    NotificationRules "notificationRules" "Rules that notify.";
    NotificationEndpoints "notificationEndpoints" "Where rules notify.";
    Checks "checks" "Checks.";
    Dbrp "dbrp" "Mappings of v1 names (their rights are the bucket's).";
    Notebooks "notebooks" "Notebooks.";
    Annotations "annotations" "Annotations and their streams.";
    Remotes "remotes" "Remote servers to replicate to.";
    Replications "replications" "Replications.";
    Instance "instance" "The whole server: covers every other type.";
}

/// The text names no resource type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown resource type for permission")]
pub struct UnknownResourceType;

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One resource, all of an organization's, or all of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Resource {
    /// The type.
    #[serde(rename = "type")]
    pub kind: ResourceType,
    /// The one resource; absent for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The organization; absent for all. Organizations and users themselves are named by `id` only.
    #[serde(default, rename = "orgID", skip_serializing_if = "Option::is_none")]
    pub org_id: Option<Id>,
}

impl Resource {
    /// All resources of a type.
    pub fn all(kind: ResourceType) -> Self {
        Self { kind, id: None, org_id: None }
    }

    /// A resource that is in no organization: an organization or a user.
    pub fn one(kind: ResourceType, id: Id) -> Self {
        Self { kind, id: Some(id), org_id: None }
    }

    /// All resources of a type in an organization.
    pub fn in_org(kind: ResourceType, org: Id) -> Self {
        Self { kind, id: None, org_id: Some(org) }
    }

    /// One resource of an organization. For the type `orgs`, whose resources are in none, only the id counts.
    pub fn one_in_org(kind: ResourceType, id: Id, org: Id) -> Self {
        match kind {
            ResourceType::Orgs | ResourceType::Users => Self::one(kind, id),
            _ => Self { kind, id: Some(id), org_id: Some(org) },
        }
    }

    /// All of a type in an organization; for `orgs`, the organization itself.
    pub(crate) fn scoped_to(kind: ResourceType, org: Id) -> Self {
        if kind == ResourceType::Orgs { Self::one(kind, org) } else { Self::in_org(kind, org) }
    }
}

/// `orgs/<org>/buckets/<id>`, `orgs/<org>/buckets`, `users/<id>` or `users`.
impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(org) = self.org_id {
            write!(f, "orgs/{org}/")?;
        }
        write!(f, "{}", self.kind)?;
        match self.id {
            Some(id) => write!(f, "/{id}"),
            None => Ok(()),
        }
    }
}
