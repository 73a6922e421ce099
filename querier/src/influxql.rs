//! InfluxQL queries: the world as their caller may see it, and answers in pieces.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use async_trait::async_trait;
use bytes::Bytes;
use parking_lot::RwLock;
use tokio::sync::mpsc;
use weir_batch::{Predicate, ReduceRequest, ScanRequest, TimeRange};
use weir_catalog::{Authorized, Bucket, Catalog, Dbrp, DbrpFilter};
use weir_influxql::env::{Environment, Mapping};
use weir_influxql::write::{Epoch, Format, Writer};
use weir_influxql::{Engine, InfluxQlError, Limits, Request, parse_params};
use weir_model::{Action, Caller, Credential, Error, ErrorCode, Id, Permission, ResourceType, Result};
use weir_proto::{
    ByteStream, InfluxQlQuery, QueryRequest, QueryText, ReduceStream, ScanStream, SeriesStream,
};

use crate::metrics::{Ending, Phase};
use crate::querier::{Querier, World};
use crate::running::caught;

/// A piece of an answer has about so many bytes.
const PIECE: usize = 64 << 10;

/// The mappings of organizations, each as of a version of the catalog: every statement asks for them.
#[derive(Debug, Default)]
pub(crate) struct Mappings(RwLock<HashMap<Id, (i64, Arc<Known>)>>);

/// What an organization has.
#[derive(Debug)]
struct Known {
    dbrps: Vec<Dbrp>,
    /// The buckets that the server keeps there for itself.
    system: Vec<Bucket>,
}

/// More organizations than this start the mappings anew.
const ORGANIZATIONS: usize = 10_000;

impl Mappings {
    async fn of(&self, catalog: &Catalog, org: Id) -> Result<Arc<Known>> {
        // The version is learned first: what is read after it is at least as new.
        let version = catalog.version().await?;
        if let Some((of, known)) = self.0.read().get(&org)
            && *of == version
        {
            return Ok(Arc::clone(known));
        }
        let dbrps = catalog.list_dbrps(org, &DbrpFilter::default()).await?;
        let mut system = Vec::new();
        for name in ["_monitoring", "_tasks"] {
            system.extend(catalog.find_bucket_by_name(org, name).await.ok());
        }
        let found = Arc::new(Known { dbrps, system });
        let mut known = self.0.write();
        if known.len() >= ORGANIZATIONS {
            known.clear();
        }
        known.insert(org, (version, Arc::clone(&found)));
        Ok(found)
    }
}

/// The world on behalf of one caller in one organization.
struct InfluxQlWorld {
    world: Arc<World>,
    mappings: Arc<Mappings>,
    authorized: Authorized,
    org: Id,
}

impl InfluxQlWorld {
    fn of(world: Arc<World>, mappings: Arc<Mappings>, request: &QueryRequest) -> Result<Self> {
        let held: Vec<Permission> =
            serde_json::from_str(&request.caller.permissions_json).map_err(|error| {
                tracing::error!(%error, "the permissions of a query's caller cannot be read");
                Error::internal("An internal error has occurred - check server logs")
            })?;
        let user = request.caller.user.unwrap_or(request.org);
        let authorized = world.catalog.authorized(Caller::new(user, Credential::System, held));
        Ok(Self { world, mappings, authorized, org: request.org })
    }

    /// The mappings whose buckets the caller may use so.
    async fn allowed(&self, action: Action) -> Result<Vec<Mapping>> {
        let known = self.mappings.of(&self.world.catalog, self.org).await?;
        // Who reads every bucket of an organization does not read what the server keeps there for itself.
        let own = |d: &Dbrp| known.system.iter().find(|b| action == Action::Read && b.id == d.bucket_id);
        let may = |d: &&Dbrp| match own(d) {
            Some(bucket) => self.authorized.check_read_bucket(bucket).is_ok(),
            None => self.authorized.check_one(action, ResourceType::Buckets, d.bucket_id, d.org_id).is_ok(),
        };
        Ok(known
            .dbrps
            .iter()
            .filter(may)
            .map(|d| Mapping {
                database: d.database.clone(),
                policy: d.retention_policy.clone(),
                default: d.default,
                bucket: d.bucket_id,
            })
            .collect())
    }
}

#[async_trait]
impl Environment for InfluxQlWorld {
    async fn mappings(&self) -> Result<Vec<Mapping>> {
        self.allowed(Action::Read).await
    }

    async fn writable(&self) -> Result<Vec<Mapping>> {
        self.allowed(Action::Write).await
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanStream> {
        self.world.reader.scan(request).await
    }

    async fn series(&self, request: ScanRequest) -> Result<SeriesStream> {
        self.world.reader.series(request).await
    }

    async fn reduce(&self, request: ReduceRequest) -> Result<ReduceStream> {
        self.world.reader.reduce(request).await
    }

    async fn may_be_fields(&self, bucket: Id, measurements: &[String], names: &[String]) -> Result<bool> {
        self.world.reader.may_be_fields(bucket, measurements, names).await
    }

    async fn delete(&self, bucket: Id, range: TimeRange, predicate: Predicate) -> Result<()> {
        let now = self.world.catalog.now().nanoseconds();
        Ok(self.world.writer.delete(bucket, range, predicate, now).await?)
    }
}

impl Querier {
    /// Runs an InfluxQL query.
    pub(crate) async fn influxql(&self, request: QueryRequest) -> Result<ByteStream> {
        let asked = match &request.text {
            QueryText::Source(text) => InfluxQlQuery::decode(text),
            QueryText::Ast(_) => None,
        };
        let asked = asked.ok_or_else(|| Error::invalid("the InfluxQL query cannot be read"))?;
        let mappings = Arc::clone(&self.inner.mappings);
        let world = InfluxQlWorld::of(Arc::clone(&self.inner.world), mappings, &request)?;
        let now = request.now.unwrap_or_else(|| self.inner.world.catalog.now().nanoseconds());
        let admitted = self.admitted(request.org).await?;
        let work = move |sender: mpsc::Sender<Result<Bytes>>, cancelled: Arc<AtomicBool>| {
            let executing = admitted.counted().phase(Phase::Executing);
            let outcome = caught(|| run(&asked, &world, now, &cancelled, &sender), Error::internal);
            drop(executing);
            admitted.counted().end(if outcome.is_ok() { Ending::Success } else { Ending::CompileError });
            if let Err(error) = outcome {
                // Nobody waits for it any more if this fails.
                let _ = sender.blocking_send(Err(error));
            }
        };
        self.in_pieces(work).await
    }
}

fn run(
    asked: &InfluxQlQuery,
    world: &InfluxQlWorld,
    now: i64,
    cancelled: &AtomicBool,
    sender: &mpsc::Sender<Result<Bytes>>,
) -> Result<()> {
    let request = Request {
        text: asked.statements.clone(),
        database: asked.database.clone(),
        policy: asked.policy.clone(),
        params: parse_params(&asked.params)?,
        now,
        chunk_size: asked.chunk_size,
    };
    let format = match asked.accept.as_str() {
        "application/csv" | "text/csv" => Format::Csv,
        "application/x-msgpack" => Format::MsgPack,
        _ => Format::Json,
    };
    let mut writer = Writer::new(format, Epoch::named(&asked.epoch), asked.chunked);
    let mut buffer = Vec::new();
    let send = |buffer: &mut Vec<u8>| {
        sender.blocking_send(Ok(Bytes::from(std::mem::take(buffer)))).map_err(|_| InfluxQlError {
            code: ErrorCode::Canceled,
            message: "query was cancelled".to_owned(),
        })
    };
    Engine::new(Limits::default()).run(&request, world, cancelled, &mut |result| {
        writer.result(result, &mut buffer);
        if buffer.len() >= PIECE { send(&mut buffer) } else { Ok(()) }
    })?;
    writer.finish(&mut buffer);
    if !buffer.is_empty() {
        send(&mut buffer)?;
    }
    Ok(())
}
