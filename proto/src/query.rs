//! Querying: gateway → querier.

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use weir_model::{Id, Result};

/// A stream of encoded answer bytes.
pub type ByteStream = BoxStream<'static, Result<Bytes>>;

/// On whose behalf a query runs. The querier resolves buckets with exactly these rights.
#[derive(Debug, Clone, PartialEq)]
pub struct Caller {
    /// The user, if the credentials have one.
    pub user: Option<Id>,
    /// The caller's permissions, as the JSON of the v2 API (`[{"action","resource":{…}}]`); weir-model parses it.
    pub permissions_json: String,
}

/// The language of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryLanguage {
    /// Flux.
    Flux,
    /// InfluxQL.
    InfluxQl,
}

/// What is to be run.
#[derive(Debug, Clone, PartialEq)]
pub enum QueryText {
    /// Source text; of InfluxQL, an encoded [`InfluxQlQuery`].
    Source(String),
    /// The JSON of a parsed package, in the reference's AST shape, as the API's `ast` member carries it.
    Ast(String),
}

/// An InfluxQL query with what its request says beside it. It travels as the text of a [`QueryRequest`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InfluxQlQuery {
    /// The database meant where none is named; empty for none.
    pub database: String,
    /// The retention policy; empty for the default.
    pub policy: String,
    /// The unit of times; empty for text.
    pub epoch: String,
    /// The media type of the answer.
    pub accept: String,
    /// Whether each piece of the answer is a document.
    pub chunked: bool,
    /// So many rows of a series come in a piece.
    pub chunk_size: usize,
    /// Bound parameters as JSON; empty for none.
    pub params: String,
    /// The statements.
    pub statements: String,
}

impl InfluxQlQuery {
    /// The query as one text.
    pub fn encode(&self) -> String {
        // The zero byte separates: statements come last since they alone may hold one.
        let plain = |text: &str| text.replace('\0', "");
        let chunked = if self.chunked { "1" } else { "" };
        let parts = [&self.database, &self.policy, &self.epoch, &self.accept].map(|t| plain(t)).join("\0");
        format!("{parts}\0{chunked}\0{}\0{}\0{}", self.chunk_size, plain(&self.params), self.statements)
    }

    /// The query that [`Self::encode`] made a text of.
    pub fn decode(text: &str) -> Option<Self> {
        let mut parts = text.splitn(8, '\0').map(str::to_owned);
        Some(Self {
            database: parts.next()?,
            policy: parts.next()?,
            epoch: parts.next()?,
            accept: parts.next()?,
            chunked: !parts.next()?.is_empty(),
            chunk_size: parts.next()?.parse().ok()?,
            params: parts.next()?,
            statements: parts.next()?,
        })
    }
}

/// How a Flux answer is written as CSV. The defaults of the API: no annotations, a header, a comma.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvDialect {
    /// Whether a header row is written.
    pub header: bool,
    /// The delimiter.
    pub delimiter: char,
    /// Which annotation rows, in the order asked for: `datatype`, `group`, `default`.
    pub annotations: Vec<String>,
}

impl Default for CsvDialect {
    fn default() -> Self {
        Self { header: true, delimiter: ',', annotations: Vec::new() }
    }
}

/// A query.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryRequest {
    /// The organization it runs in.
    pub org: Id,
    /// On whose behalf.
    pub caller: Caller,
    /// The language.
    pub language: QueryLanguage,
    /// The text.
    pub text: QueryText,
    /// An AST file (JSON) put before the script: the API's `extern` member.
    pub extern_ast: Option<String>,
    /// What `now()` answers, nanoseconds since 1970; `None`: the querier's clock.
    pub now: Option<i64>,
    /// The CSV dialect.
    pub dialect: CsvDialect,
    /// Run the query but answer nothing but errors: what goes wrong once it runs as a table of its own
    /// (`Prefer: return-no-content-with-error`).
    pub discard: bool,
}

/// Runs queries.
#[async_trait]
pub trait QueryService: Send + Sync {
    /// Starts a query. Returns once the first bytes of the answer are there (or it is complete), so that an error
    /// found before them comes as an `Err` here, and a later one as an error table in the CSV. Dropping the stream
    /// cancels the query.
    ///
    /// # Errors
    /// Compile errors are `Invalid`; missing or unreadable buckets `NotFound`; denied writes `Forbidden`.
    async fn query(&self, request: QueryRequest) -> Result<ByteStream>;
}

#[cfg(test)]
mod tests {
    use super::InfluxQlQuery;

    #[test]
    fn an_encoded_query_is_read_back() {
        let query = InfluxQlQuery {
            database: "db".into(),
            chunked: true,
            chunk_size: 7,
            statements: "SELECT 'a\0b' FROM c".into(),
            ..InfluxQlQuery::default()
        };
        assert_eq!(InfluxQlQuery::decode(&query.encode()), Some(query));
        assert_eq!(InfluxQlQuery::decode("SELECT a FROM b"), None);
    }
}
