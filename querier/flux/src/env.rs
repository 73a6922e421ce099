//! What the engine needs from the world: buckets, scans, writes, secrets. The querier implements it over the catalog
//! and the merged reader; tests over memory.

use async_trait::async_trait;
use futures::StreamExt;
use weir_batch::{Ends, ReduceRequest, ScanRequest, TimeRange, WriteBatch};
use weir_model::{Error, ErrorCode, Id, Result};
use weir_proto::{ReduceStream, ScanStream, SeriesStream};

/// A bucket as scripts see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketInfo {
    /// Its id.
    pub id: Id,
    /// Its organization.
    pub org: Id,
    /// Its name.
    pub name: String,
    /// How long points are kept, nanoseconds; 0 is for ever.
    pub retention_ns: i64,
}

/// How a script names a bucket or an organization.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum NameOrId {
    /// By name.
    Name(String),
    /// By id.
    Id(Id),
}

/// A request that a script makes to another server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingRequest {
    /// The method, in capitals.
    pub method: String,
    /// The address.
    pub url: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long to wait for the answer.
    pub timeout: std::time::Duration,
    /// Whether any certificate is taken.
    pub any_certificate: bool,
}

/// The answer to an [`OutgoingRequest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingResponse {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Messages to an MQTT broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MqttMessages {
    /// The address: `tcp://host:1883`.
    pub broker: String,
    /// How the client calls itself.
    pub client_id: String,
    /// The user; empty without one.
    pub username: String,
    /// The user's password.
    pub password: String,
    /// How sure delivery must be: 0, 1 or 2.
    pub qos: u8,
    /// Whether the broker keeps the last message of a topic.
    pub retain: bool,
    /// How long to wait for the broker.
    pub timeout: std::time::Duration,
    /// Topics and messages.
    pub messages: Vec<(String, Vec<u8>)>,
}

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlDriver {
    /// PostgreSQL.
    Postgres,
    /// MySQL, MariaDB.
    MySql,
    /// SQLite.
    Sqlite,
}

/// A database as a script names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlSource {
    /// Its kind.
    pub driver: SqlDriver,
    /// Its address, in the form that this kind uses.
    pub address: String,
}

/// Rows from or for a database.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SqlRows {
    /// The columns.
    pub columns: Vec<(std::sync::Arc<str>, weir_table::ColumnType)>,
    /// The cells, row by row.
    pub rows: Vec<Vec<weir_table::Scalar>>,
}

/// The world a script runs in, on behalf of one caller in one organization: every answer is what this caller may see.
#[async_trait]
pub trait Environment: Send + Sync {
    /// The bucket to read; of the organization given, else of the caller's.
    ///
    /// # Errors
    /// `NotFound` when there is none or the caller may not read it.
    async fn bucket_to_read(&self, bucket: &NameOrId, org: Option<&NameOrId>) -> Result<BucketInfo>;

    /// The bucket to write.
    ///
    /// # Errors
    /// `NotFound` when there is none, `Forbidden` when the caller may not write it.
    async fn bucket_to_write(&self, bucket: &NameOrId, org: Option<&NameOrId>) -> Result<BucketInfo>;

    /// All buckets of the organization that the caller may read, by name.
    async fn buckets(&self) -> Result<Vec<BucketInfo>>;

    /// A range of time widened to whole shard groups: what questions about the schema go by. Unless the world knows
    /// better, groups are as long as the bucket's retention suggests.
    async fn shard_group_range(&self, bucket: &BucketInfo, range: TimeRange) -> Result<TimeRange> {
        Ok(widen(range, default_shard_group(bucket.retention_ns)))
    }

    /// Rows of a bucket that one of the above answered.
    async fn scan(&self, request: ScanRequest) -> Result<ScanStream>;

    /// At least the first or last rows of each series of a bucket that one of the above answered.
    async fn ends(&self, request: ScanRequest, _ends: Ends) -> Result<ScanStream> {
        self.scan(request).await
    }

    /// Summaries of rows of a bucket that one of the above answered.
    async fn reduce(&self, request: ReduceRequest) -> Result<ReduceStream> {
        let rows = self.scan(request.scan).await?;
        Ok(rows.map(move |batch| Ok(batch?.reduce(&request.windows, request.wanted))).boxed())
    }

    /// Series of a bucket that one of the above answered, and their fields.
    async fn series(&self, request: ScanRequest) -> Result<SeriesStream> {
        let rows = self.scan(request).await?;
        Ok(rows.map(|batch| Ok(batch?.series_set())).boxed())
    }

    /// Writes points.
    ///
    /// # Errors
    /// As a write over HTTP.
    async fn write(&self, bucket: &BucketInfo, rows: WriteBatch) -> Result<()>;

    /// The value of a secret of the organization; `None` if there is none.
    async fn secret(&self, key: &str) -> Result<Option<String>>;

    /// Sends a request to another server. A world may refuse all or some.
    ///
    /// # Errors
    /// When the request is refused, or no answer comes.
    async fn send(&self, request: OutgoingRequest) -> Result<OutgoingResponse> {
        let text = format!("requests to other servers are not implemented: {} was not asked", request.url);
        Err(Error::new(ErrorCode::NotImplemented, text))
    }

    /// Sends messages to an MQTT broker. A world may refuse all or some.
    ///
    /// # Errors
    /// When the broker does not take them all.
    async fn publish(&self, request: MqttMessages) -> Result<()> {
        let text = format!("messages to brokers are not implemented: {} got none", request.broker);
        Err(Error::new(ErrorCode::NotImplemented, text))
    }

    /// The rows of a query of another database. A world may refuse all or some.
    ///
    /// # Errors
    /// What the database answers.
    async fn sql_query(&self, source: &SqlSource, _query: &str) -> Result<SqlRows> {
        let text = format!("asking databases ({:?}) is not implemented", source.driver);
        Err(Error::new(ErrorCode::NotImplemented, text))
    }

    /// Adds rows to a table of another database, which is made if it is not there.
    ///
    /// # Errors
    /// What the database answers.
    async fn sql_write(&self, source: &SqlSource, _table: &str, _rows: SqlRows) -> Result<()> {
        let text = format!("writing to databases ({:?}) is not implemented", source.driver);
        Err(Error::new(ErrorCode::NotImplemented, text))
    }

    /// The text of a file. Only the world of who runs a script on a machine of their own has files.
    ///
    /// # Errors
    /// When there are none, or the file cannot be read.
    async fn read_file(&self, _path: &str) -> Result<String> {
        Err(Error::invalid("filesystem service is uninitialized"))
    }

    /// The caller's organization.
    fn org(&self) -> Id;
}

/// A world with nothing in it: no buckets, no secrets, no other servers. For scripts that make their own tables.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nowhere;

impl Nowhere {
    fn no_bucket(bucket: &NameOrId) -> Error {
        match bucket {
            NameOrId::Name(name) => Error::not_found(format!("could not find bucket \"{name}\"")),
            NameOrId::Id(id) => Error::not_found(format!("could not find bucket {id}")),
        }
    }
}

#[async_trait]
impl Environment for Nowhere {
    async fn bucket_to_read(&self, bucket: &NameOrId, _org: Option<&NameOrId>) -> Result<BucketInfo> {
        Err(Self::no_bucket(bucket))
    }

    async fn bucket_to_write(&self, bucket: &NameOrId, _org: Option<&NameOrId>) -> Result<BucketInfo> {
        Err(Self::no_bucket(bucket))
    }

    async fn buckets(&self) -> Result<Vec<BucketInfo>> {
        Ok(Vec::new())
    }

    async fn scan(&self, _request: ScanRequest) -> Result<ScanStream> {
        Err(Error::internal("there is nothing to read"))
    }

    async fn write(&self, _bucket: &BucketInfo, _rows: WriteBatch) -> Result<()> {
        Err(Error::internal("there is nowhere to write"))
    }

    async fn secret(&self, _key: &str) -> Result<Option<String>> {
        Ok(None)
    }

    fn org(&self) -> Id {
        Id::new(1).expect("one is an id")
    }
}

const HOUR: i64 = 3_600_000_000_000;

/// How long shard groups are, nanoseconds, where nobody has said.
fn default_shard_group(retention_ns: i64) -> i64 {
    match retention_ns {
        1..172_800_000_000_000 => HOUR,
        172_800_000_000_000..15_552_000_000_000_000 => 24 * HOUR,
        _ => 7 * 24 * HOUR,
    }
}

/// A range of time widened to the bounds of groups of a length (nanoseconds, positive), which are counted from the
/// year 1, whose first day was a Monday.
pub fn widen(range: TimeRange, group: i64) -> TimeRange {
    const YEAR_1_TO_1970: i128 = 62_135_596_800_000_000_000;
    let (group, at) = (i128::from(group.max(1)), |t: i64| i128::from(t) + YEAR_1_TO_1970);
    let start = at(range.start).div_euclid(group) * group - YEAR_1_TO_1970;
    let stop = (at(range.stop) + group - 1).div_euclid(group) * group - YEAR_1_TO_1970;
    TimeRange {
        start: i64::try_from(start).unwrap_or(i64::MIN),
        stop: if range.stop == i64::MAX { i64::MAX } else { i64::try_from(stop).unwrap_or(i64::MAX) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday() {
        let day = 24 * HOUR;
        // 1970-01-01 was a Thursday: its week began on 1969-12-29.
        let week = widen(TimeRange { start: 0, stop: 1 }, default_shard_group(0));
        assert_eq!(week, TimeRange { start: -3 * day, stop: 4 * day });
        let hours = widen(TimeRange { start: 1, stop: HOUR }, default_shard_group(day));
        assert_eq!(hours, TimeRange { start: 0, stop: HOUR });
        assert_eq!(widen(TimeRange::ALL, 7 * day), TimeRange::ALL);
    }
}
