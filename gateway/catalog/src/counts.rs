//! How much there is, for metrics.

use weir_database::sql;
use weir_model::Result;

use crate::Catalog;

/// The kinds that are counted, as metrics call them, and their tables.
const KINDS: [(&str, &str); 14] = [
    ("organizations", "orgs"),
    ("users", "users"),
    ("buckets", "buckets"),
    ("tokens", "authorizations"),
    ("dashboards", "dashboards"),
    ("tasks", "tasks"),
    ("checks", "checks"),
    ("notification_endpoints", "notification_endpoints"),
    ("notification_rules", "notification_rules"),
    ("scrapers", "scrapers"),
    ("telegrafs", "telegrafs"),
    ("remotes", "remotes"),
    ("replications", "replications"),
    ("variables", "variables"),
];

/// How many resources of each kind there are, by the kind's plural.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts(pub Vec<(&'static str, i64)>);

impl Catalog {
    /// Counts the resources.
    ///
    /// # Errors
    /// The database's.
    pub async fn counts(&self) -> Result<Counts> {
        let columns = KINDS.map(|(kind, table)| format!("(SELECT COUNT(*) FROM {table}) AS {kind}"));
        let query = sql(format!("SELECT {}", columns.join(", ")));
        let Some(row) = self.database().fetch_optional(query).await? else { return Ok(Counts::default()) };
        KINDS.iter().map(|(kind, _)| Ok((*kind, row.get(*kind)?))).collect::<Result<_>>().map(Counts)
    }
}
