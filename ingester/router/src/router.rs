//! The router.

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use weir_batch::WriteBatch;
use weir_line_protocol::{MAX_BODY, Parsed, Parser, Precision};
use weir_model::Id;
use weir_proto::{FieldClaim, FileIndexService, ScanService};

use crate::cache::Cache;
use crate::clock::Clock;
use crate::error::Error;
use crate::outcome::WriteOutcome;
use crate::placement::{Ingesters, Placement};
use crate::sort::Rows;

/// A body larger than this is parsed where it does not hold up other requests.
const SMALL_BODY: usize = 64 << 10;
/// So many parsers are kept, with the series keys they remember.
const MAX_PARSERS: usize = 4;

/// What the router must know of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// Its id.
    pub id: Id,
    /// How long points stay, in nanoseconds; `None`: forever.
    pub retention: Option<i64>,
}

/// How the router works.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The writer number of its clock; no other router or ingester has it.
    pub writer: u8,
    /// How many ingesters keep each row.
    pub replication: usize,
}

/// Takes points to the ingesters.
pub struct Router {
    pub(crate) index: Arc<dyn FileIndexService>,
    pub(crate) ingesters: Arc<dyn Ingesters>,
    /// Reads all that there is; without it, a delete frees no field types.
    pub(crate) reader: Option<Arc<dyn ScanService>>,
    pub(crate) options: Options,
    pub(crate) clock: Clock,
    pub(crate) cache: Cache,
    pub(crate) placement: Mutex<Option<Arc<Placement>>>,
    parsers: Mutex<Vec<Parser>>,
}

impl Router {
    /// A router over a file index and ingesters. `reader` answers merged rows; deletes ask it whether a measurement
    /// is empty now, so that its fields may change their types.
    pub fn new(
        index: Arc<dyn FileIndexService>,
        ingesters: Arc<dyn Ingesters>,
        reader: Option<Arc<dyn ScanService>>,
        options: Options,
    ) -> Self {
        Self {
            index,
            ingesters,
            reader,
            clock: Clock::new(options.writer),
            options,
            cache: Cache::default(),
            placement: Mutex::new(None),
            parsers: Mutex::new(Vec::new()),
        }
    }

    /// Writes a body of line protocol. `now` is the wall clock, nanoseconds since 1970: the time of points without
    /// one, and the end of retention.
    ///
    /// # Errors
    /// `Invalid` if a line cannot be read: nothing is written. `Unavailable` if the caller should try again.
    pub async fn write(
        &self,
        bucket: &Bucket,
        lines: Bytes,
        precision: Precision,
        now: i64,
    ) -> Result<WriteOutcome, Error> {
        if lines.len() > MAX_BODY {
            return Err(Error::TooLarge { limit: MAX_BODY });
        }
        let parsed = self.parse(lines, precision, now).await?;
        if !parsed.errors.is_empty() {
            return Err(Error::Lines(parsed.errors));
        }
        let rows = Rows { batch: parsed.batch, order: Some(parsed.order), flawed: parsed.flawed };
        self.route(bucket, rows, parsed.mixed, now).await
    }

    /// Writes rows that are columns already: what tasks, checks and `to()` make. A field may come in columns of two
    /// types; the first to be registered wins.
    ///
    /// # Errors
    /// As [`Router::write`].
    pub async fn write_rows(
        &self,
        bucket: &Bucket,
        batch: WriteBatch,
        now: i64,
    ) -> Result<WriteOutcome, Error> {
        batch.check().map_err(Error::Malformed)?;
        let mixed = batch.measurements.iter().any(|m| {
            let mut names = HashSet::new();
            !m.fields.iter().all(|field| names.insert(field.name.as_str()))
        });
        self.route(bucket, Rows { batch, order: None, flawed: Vec::new() }, mixed, now).await
    }

    async fn parse(&self, lines: Bytes, precision: Precision, now: i64) -> Result<Parsed, Error> {
        let mut parser = self.parsers.lock().pop().unwrap_or_default();
        let (parser, parsed) = if lines.len() <= SMALL_BODY {
            let parsed = parser.parse(&lines, precision, now);
            (parser, parsed)
        } else {
            let work = move || {
                let parsed = parser.parse(&lines, precision, now);
                (parser, parsed)
            };
            tokio::task::spawn_blocking(work).await.map_err(|error| {
                tracing::error!(%error, "a parser died");
                weir_model::Error::internal("An internal error has occurred - check server logs")
            })?
        };
        let mut parsers = self.parsers.lock();
        if parsers.len() < MAX_PARSERS {
            parsers.push(parser);
        }
        Ok(parsed)
    }

    async fn route(&self, bucket: &Bucket, rows: Rows, mixed: bool, now: i64) -> Result<WriteOutcome, Error> {
        if !mixed
            && rows.flawed.is_empty()
            && let Some(shard_group) = self.straight(bucket, &rows.batch, now).await?
        {
            let written = rows.batch.rows();
            self.send(bucket.id, vec![(shard_group, rows.batch)], now).await?;
            return Ok(WriteOutcome { written, partial: None });
        }
        let (groups, partial) = self.sort(bucket, rows, now).await?;
        let written = groups.iter().map(|(_, batch)| batch.rows()).sum();
        self.send(bucket.id, groups, now).await?;
        Ok(WriteOutcome { written, partial })
    }

    /// The shard group of all rows, if they have one, none is outside retention and all types agree.
    async fn straight(&self, bucket: &Bucket, batch: &WriteBatch, now: i64) -> Result<Option<i64>, Error> {
        let times = || batch.measurements.iter().flat_map(|m| &m.times);
        let (Some(&min), Some(&max)) = (times().min(), times().max()) else { return Ok(None) };
        if bucket.retention.is_some_and(|retention| min < now.saturating_sub(retention)) {
            return Ok(None);
        }
        let known = self.cache.bucket(bucket.id);
        known.refresh(&*self.index, bucket.id, now, false).await?;
        let group = known.group(&*self.index, bucket.id, min, now).await?;
        if !group.range.contains(max) {
            return Ok(None);
        }
        let fields = || {
            batch
                .measurements
                .iter()
                .flat_map(|m| m.fields.iter().map(move |field| (m.measurement.as_str(), field)))
        };
        let types = known.types(group.id, fields().map(|(m, field)| (m, field.name.as_str())));
        let mut claims = Vec::new();
        for ((measurement, field), known) in fields().zip(&types) {
            match known {
                Some(ty) if *ty == field.field_type() => {}
                Some(_) => return Ok(None),
                None => claims.push(FieldClaim {
                    measurement: measurement.to_owned(),
                    field: field.name.clone(),
                    field_type: field.field_type(),
                }),
            }
        }
        if claims.is_empty() {
            return Ok(Some(group.id));
        }
        let wanted: Vec<_> = claims.iter().map(|claim| claim.field_type).collect();
        let registered = known.claim(&*self.index, bucket.id, group.id, claims, now).await?;
        Ok((registered == wanted).then_some(group.id))
    }
}
