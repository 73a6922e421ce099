//! The catalog's database: waited for at the start, and watched afterwards.

use std::time::{Duration, Instant};

use weir_database::{Database, DatabaseError, sql};

use super::Need;

/// The pause after the first vain attempt; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How often the database is asked whether it is there, and how long it may take to answer.
const BEAT: Duration = Duration::from_secs(2);
const ANSWER: Duration = Duration::from_secs(10);
/// How long it may be away before the process says that it is not ready. A restart of it takes less.
const LONG: Duration = Duration::from_secs(20);

/// Connects; waits for a database that does not answer yet, for as long as it takes.
///
/// # Errors
/// What waiting does not mend: a wrong URL, a refused password, a certificate that is not trusted.
pub(crate) async fn connect(
    url: &str,
    options: &weir_database::Options,
    need: &Need,
) -> Result<Database, DatabaseError> {
    let (begun, mut pause, mut waited) = (Instant::now(), FIRST_PAUSE, false);
    loop {
        match Database::connect(url, options).await {
            Ok(database) => {
                if waited {
                    tracing::info!(after = ?begun.elapsed(), "the catalog's database answers");
                }
                return Ok(database);
            }
            Err(error) if error.is_retryable() => {
                waited = true;
                tracing::warn!(%error, again_in = ?pause, "the catalog's database does not answer yet");
                need.missing(format!("the catalog's database does not answer: {}", plain(&error)));
                tokio::time::sleep(pause).await;
                pause = LONGEST_PAUSE.min(pause * 2);
            }
            Err(error) => return Err(error),
        }
    }
}

/// The kind of trouble: probes are answered without authentication, so no addresses and names.
fn plain(error: &DatabaseError) -> &'static str {
    if error.is_retryable() { "no connection" } else { "an error, see the log" }
}

/// Asks again and again whether the database is there. Never returns.
pub(crate) async fn watch_catalog(database: Database, need: Need) {
    let mut lost: Option<Instant> = None;
    let mut told = false;
    let mut beats = tokio::time::interval(BEAT);
    beats.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        beats.tick().await;
        let asked = Instant::now();
        let look = database.fetch_optional(sql("SELECT 1"));
        let error = match tokio::time::timeout(ANSWER, look).await {
            Ok(Ok(_)) => {
                if told {
                    tracing::info!("the catalog's database is back");
                }
                (lost, told) = (None, false);
                need.met();
                continue;
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {ANSWER:?}"),
        };
        // It was away already when it was asked, however long the answer took to fail.
        let since = *lost.get_or_insert(asked);
        if since.elapsed() >= LONG {
            need.missing(format!(
                "the catalog's database has not answered for {} s",
                since.elapsed().as_secs()
            ));
            if !told {
                tracing::error!(error, "the catalog's database is away: not ready until it is back");
                told = true;
            }
        } else {
            tracing::warn!(error, "the catalog's database does not answer");
        }
    }
}
