//! Writer numbers: no two processes that draw sequences at the same time have the same one.

use weir_catalog::Catalog;
use weir_database::sql;
use weir_model::{Error, Result};

use super::BEAT;

/// "writers" in ASCII: one claim at a time.
const LOCK: i64 = 0x0077_7269_7465_7273;
/// A number that was not confirmed for this long may be given away, in nanoseconds.
const FREE_AFTER: i64 = 120_000_000_000;
/// A holder that could not confirm for this long stops: well before anybody else may get the number.
const GIVE_UP_AFTER: i64 = 60_000_000_000;

/// A number this process holds.
pub(crate) struct WriterNumber {
    catalog: Catalog,
    holder: String,
    number: u8,
}

impl WriterNumber {
    /// Claims the lowest free number; a process of the same name gets its old one back.
    ///
    /// # Errors
    /// The database's, or none of the 256 numbers is free.
    pub(crate) async fn claim(catalog: Catalog, holder: &str) -> Result<Self> {
        let now = catalog.now().nanoseconds();
        let mut tx = catalog.database().begin().await?;
        tx.lock(LOCK).await?;
        let rows = weir_database::Executor::fetch_all(
            &mut tx,
            sql("SELECT number, holder, beat_at FROM writer_numbers ORDER BY number"),
        )
        .await?;
        let mut mine = None;
        let mut taken = Vec::new();
        for row in &rows {
            let number: i64 = row.get("number")?;
            let beat_at: i64 = row.get("beat_at")?;
            if row.get::<String, _>("holder")? == holder {
                mine = Some(number);
            } else if beat_at > now - FREE_AFTER {
                taken.push(number);
            }
        }
        let free = mine.or_else(|| (0..256).find(|number| !taken.contains(number)));
        let number = free.ok_or_else(|| Error::unavailable("all 256 writer numbers are taken"))?;
        let claim = sql("INSERT INTO writer_numbers (number, holder, beat_at) VALUES (?, ?, ?)
                         ON CONFLICT (number) DO UPDATE SET holder = excluded.holder, beat_at = excluded.beat_at")
        .bind(number)
        .bind(holder)
        .bind(now);
        weir_database::Executor::execute(&mut tx, claim).await?;
        tx.commit().await?;
        tracing::info!(number, holder, "writer number");
        Ok(Self { catalog, holder: holder.to_owned(), number: number as u8 })
    }

    /// The number.
    pub(crate) fn number(&self) -> u8 {
        self.number
    }

    /// Confirms the number again and again; returns when it is no longer held for certain. Then the process must not
    /// draw another sequence.
    pub(crate) async fn hold(self) {
        let mut confirmed = self.catalog.now().nanoseconds();
        let mut beats = tokio::time::interval(BEAT);
        loop {
            beats.tick().await;
            let now = self.catalog.now().nanoseconds();
            let beat = sql("UPDATE writer_numbers SET beat_at = ? WHERE number = ? AND holder = ?")
                .bind(now)
                .bind(i64::from(self.number))
                .bind(&self.holder);
            match self.catalog.database().execute(beat).await {
                Ok(0) => {
                    tracing::error!(number = self.number, "another process has this writer number");
                    return;
                }
                Ok(_) => confirmed = now,
                Err(error) => tracing::warn!(%error, "the writer number cannot be confirmed"),
            }
            if now - confirmed > GIVE_UP_AFTER {
                tracing::error!(
                    number = self.number,
                    "the writer number could not be confirmed for too long"
                );
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use weir_catalog::Surroundings;
    use weir_database::{Database, Options};
    use weir_model::Timestamp;

    use super::*;

    struct Clock(AtomicI64);

    impl Surroundings for Clock {
        fn now(&self) -> Timestamp {
            Timestamp(self.0.load(Ordering::Relaxed))
        }

        fn fill_random(&self, bytes: &mut [u8]) {
            bytes.fill(1);
        }
    }

    #[tokio::test]
    async fn numbers_differ_are_kept_and_are_given_away_late() {
        let database = Database::connect("sqlite::memory:", &Options::default()).await.unwrap();
        let clock = Arc::new(Clock(AtomicI64::new(FREE_AFTER * 10)));
        let catalog = Catalog::open(database, clock.clone()).await.unwrap();
        super::super::migrate(&catalog).await.unwrap();
        let claim = async |holder: &str| WriterNumber::claim(catalog.clone(), holder).await.unwrap().number();
        assert_eq!((claim("a").await, claim("b").await), (0, 1));
        assert_eq!(claim("a").await, 0);
        clock.0.fetch_add(FREE_AFTER - 1, Ordering::Relaxed);
        assert_eq!(claim("c").await, 2);
        clock.0.fetch_add(1, Ordering::Relaxed);
        assert_eq!(claim("d").await, 0);
    }
}
