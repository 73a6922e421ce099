//! The tables. A released step is never changed; a new one is appended.

use weir_database::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "tenants", sql: include_str!("0001_tenants.sql") },
    Migration {
        version: 2,
        name: "legacy authorizations",
        sql: include_str!("0002_legacy_authorizations.sql"),
    },
    Migration { version: 3, name: "resources", sql: include_str!("0003_resources.sql") },
    Migration { version: 4, name: "tasks", sql: include_str!("0004_tasks.sql") },
    Migration { version: 5, name: "monitoring", sql: include_str!("0005_monitoring.sql") },
    Migration { version: 6, name: "replications", sql: include_str!("0006_replications.sql") },
    Migration { version: 7, name: "stacks", sql: include_str!("0007_stacks.sql") },
    Migration { version: 9, name: "pages", sql: include_str!("0009_pages.sql") },
    Migration { version: 10, name: "orphans", sql: include_str!("0010_orphans.sql") },
];
