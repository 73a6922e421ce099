//! Versioned schemas, one list of migrations for each crate that owns tables.

use crate::{Backend, Database, DatabaseError, Executor, Result, sql};

/// A step of an owner's schema. Steps are never changed once released; a new one is appended.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// 1, 2, 3, … without gaps.
    pub version: u32,
    /// A few words for the log and for finding a mix-up.
    pub name: &'static str,
    /// The statements, in the common subset (see the crate's page), separated by `;`, with no `?`.
    pub sql: &'static str,
}

/// "weir" in ASCII: all processes that migrate one PostgreSQL database wait for this lock.
const MIGRATION_LOCK: i64 = 0x7765_6972;

impl Database {
    /// Brings the tables of `owner` up to the newest of `migrations`. Any number of processes may start at once.
    ///
    /// # Errors
    /// [`DatabaseError::Schema`] if the database is newer than this program or was migrated by other steps; a
    /// failing step leaves the schema as it was.
    pub async fn migrate(&self, owner: &str, migrations: &[Migration]) -> Result<()> {
        let schema_error = |reason: String| DatabaseError::Schema { owner: owner.to_owned(), reason };
        for (index, migration) in migrations.iter().enumerate() {
            if usize::try_from(migration.version) != Ok(index + 1) {
                return Err(schema_error(format!("step {:?} is not number {}", migration.name, index + 1)));
            }
        }
        let mut tx = self.begin().await?;
        tx.lock(MIGRATION_LOCK).await?;
        tx.execute_script(rewrite_types(
            "CREATE TABLE IF NOT EXISTS schema_version (
                owner TEXT NOT NULL, version BIGINT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (owner, version))",
            self.backend(),
        ))
        .await?;
        let done = tx
            .fetch_all(
                sql("SELECT version, name FROM schema_version WHERE owner = ? ORDER BY version").bind(owner),
            )
            .await?;
        if done.len() > migrations.len() {
            return Err(schema_error(format!(
                "the database has version {}, this program knows {}; run a newer one",
                done.len(),
                migrations.len()
            )));
        }
        for (row, migration) in done.iter().zip(migrations) {
            let (version, name): (i64, String) = (row.get("version")?, row.get("name")?);
            if version != i64::from(migration.version) || name != migration.name {
                return Err(schema_error(format!(
                    "the database has step {version} {name:?} where this program has {} {:?}",
                    migration.version, migration.name
                )));
            }
        }
        for migration in &migrations[done.len()..] {
            tracing::info!(owner, version = migration.version, name = migration.name, "migrating the schema");
            tx.execute_script(rewrite_types(migration.sql, self.backend())).await?;
            tx.execute(
                sql("INSERT INTO schema_version (owner, version, name) VALUES (?, ?, ?)")
                    .bind(owner)
                    .bind(migration.version)
                    .bind(migration.name),
            )
            .await?;
        }
        tx.commit().await
    }
}

/// Puts PostgreSQL's words for our column types: byte-wise compared text, and `BYTEA`.
pub(crate) fn rewrite_types(text: &str, backend: Backend) -> String {
    if backend == Backend::Sqlite {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    let mut quoted = false;
    while let Some(c) = rest.chars().next() {
        let word = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let take = if word == 0 { c.len_utf8() } else { word };
        let (token, tail) = rest.split_at(take);
        quoted ^= token == "'";
        out.push_str(match token {
            "TEXT" if !quoted => "TEXT COLLATE \"C\"",
            "BLOB" if !quoted => "BYTEA",
            _ => token,
        });
        rest = tail;
    }
    out
}
