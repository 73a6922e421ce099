//! The catalog: organizations, users, tokens, buckets and the other resources of the API, in SQL.
//!
//! Purpose: [`Catalog`] keeps the resources, with every rule that does not depend on who asks: names, defaults,
//! cascades, what is unique. [`Authorized`] is a catalog seen by one [`weir_model::Caller`]: the same acts, each
//! refused in v2's words unless the caller may do it, lists without the rows it may not read. Handlers get an
//! `Authorized` only.
//!
//! Invariants:
//! - tokens and session keys are stored as hashes only ([`hash_token`]); passwords arrive hashed;
//! - an act that changes resources is one transaction, which also raises the catalog's version; caches keyed by
//!   [`Catalog::version`] are stale for less than a second, and not at all in the process that made the change;
//! - a thing that is missing is reported before a permission that is missing (404 before 401), as in the reference;
//! - text compares by its bytes in both databases; folded keys are computed here.
//!
//! It deliberately does not know HTTP, how passwords are hashed, where points are, nor the file index (whose tables
//! are in the same database, but belong to the store). Deleting a bucket here removes its row; what becomes of its
//! points is for whoever sees that the bucket is gone.

mod annotations;
mod authorizations;
mod authorized;
mod buckets;
mod catalog;
mod cells;
mod counts;
mod dashboards;
mod dbrps;
mod error;
mod labels;
mod legacy;
mod lookups;
mod members;
mod monitoring;
mod names;
mod nodes;
mod notebooks;
mod onboarding;
mod orgs;
mod paging;
mod passwords;
mod places;
mod remotes;
mod replications;
mod retention;
mod rights;
mod rotation;
mod schema;
mod scrapers;
mod secret_key;
mod secret_store;
mod secrets;
mod sessions;
mod sources;
mod stacks;
mod streams;
mod surroundings;
mod tasks;
mod telegrafs;
mod token;
mod users;
mod variables;
mod version;
mod views;

pub use annotations::{Annotation, AnnotationFields, AnnotationFilter};
pub use authorizations::{Authorization, AuthorizationFilter, AuthorizationUpdate, NewAuthorization};
pub use authorized::{Authorized, ReplicationTarget};
pub use buckets::{Bucket, BucketFilter, BucketKind, BucketUpdate, NewBucket};
pub use catalog::Catalog;
pub use cells::{Cell, CellUpdate, NewCell, View, ViewUpdate};
pub use counts::Counts;
pub use dashboards::{Dashboard, DashboardFilter, DashboardOrder, DashboardUpdate, NewDashboard};
pub use dbrps::{Dbrp, DbrpFilter, DbrpUpdate, NewDbrp};
pub use error::CatalogError;
pub use labels::{Label, LabelFilter, LabelUpdate, NewLabel};
pub use legacy::{LegacyAuthorization, LegacyFilter};
pub use members::{Member, Role};
pub use monitoring::{
    Bounds, BuilderConfig, Check, CheckFilter, CheckKind, CheckQuery, CheckSchedule, Endpoint,
    EndpointFilter, EndpointKind, FluxDuration, Level, Limit, MonitoringUpdate, NewCheck, NewEndpoint,
    NewRule, Rule, RuleBase, RuleFilter, RuleKind, SecretField, StatusRule, Tag, TagOperator, TagRule,
    TaskState, Threshold,
};
pub use names::{NameOrId, ResolvedPermission};
pub use nodes::{Node, NodeRole};
pub use notebooks::{NewNotebook, Notebook};
pub use onboarding::{Onboarding, Setup};
pub use orgs::{NewOrg, Org, OrgFilter, OrgUpdate};
pub use paging::Paging;
pub use remotes::{NewRemote, Remote, RemoteFilter, RemoteUpdate};
pub use replications::{
    DEFAULT_QUEUE_SIZE, NewReplication, RemoteBucket, Replication, ReplicationFilter, ReplicationUpdate,
};
pub use retention::{Retention, RetentionRule};
pub use rotation::Rotation;
pub use scrapers::{NewScraper, Scraper, ScraperFilter, ScraperUpdate};
pub use secret_key::{SecretKeyError, SecretKeys};
pub use secret_store::{SecretStore, Secrets};
pub use sessions::Session;
pub use sources::{Source, SourceFields};
pub use stacks::{NewStack, Stack, StackAssociation, StackEvent, StackEventKind, StackFilter, StackResource};
pub use streams::Stream;
pub use surroundings::{Surroundings, System};
pub use tasks::runs::{Run, RunEvent, RunFilter};
pub use tasks::{
    HiddenTask, NewTask, Task, TaskDuration, TaskFilter, TaskOptions, TaskOptionsUpdate, TaskUpdate,
};
pub use telegrafs::{NewTelegraf, Telegraf};
pub use token::{generate_secret, hash_token};
pub use users::{NewUser, User, UserFilter, UserUpdate};
pub use variables::{Arguments, NewVariable, Variable, VariableFilter, VariableUpdate};
pub use views::ViewProperties;
