//! The tables. A released step is never changed; a new one is appended.

use weir_database::Migration;

pub(crate) const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "tenants", sql: include_str!("0001_tenants.sql") }];
