//! `databases()`: buckets as version 1 calls them, a row a database and retention policy.

use std::sync::Arc;

use weir_table::{Column, ColumnBuilder, ColumnType, Scalar, TableBatch, repeat};

use crate::env::BucketInfo;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::influxdata::influxdb::from::name_or_id;
use crate::stdlib::influxdata::influxdb::remote::{Remote, RemoteScript};
use crate::stdlib::lazy::lazy;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "influxdata/influxdb/v1",
    name: "databases",
    signature: "(?org: string, ?orgID: string, ?host: string, ?token: string) => \
                stream[{organizationID: string, databaseName: string, retentionPolicy: string, \
                retentionPeriod: int, default: bool, bucketID: string}]",
    doc: "Lists the databases and retention policies that the buckets stand for: a bucket `db/rp`, or `db`.",
    body: Body::Native(call),
};

#[derive(Debug)]
struct Databases;

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    match Remote::of(args, name_or_id(args, "org", "orgID")?)? {
        Some(remote) => {
            let script = "import \"influxdata/influxdb/v1\"\nv1.databases()";
            Ok(args.source(RemoteScript::call(remote, "databases", script)))
        }
        None => Ok(args.source(Databases)),
    }
}

impl Spec for Databases {
    fn name(&self) -> &'static str {
        "databases"
    }

    fn open(&self, _inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let run = run.clone();
        Ok(lazy(move || {
            let environment = Arc::clone(run.environment());
            let buckets = run.block_on(async { environment.buckets().await })?;
            if buckets.is_empty() {
                return Err(FluxError::not_found("no 1.x databases found"));
            }
            Ok(vec![to_batch(&buckets)])
        }))
    }
}

fn to_batch(buckets: &[BucketInfo]) -> TableBatch {
    use ColumnType::{Bool, Int, String};
    let mut builders = [String, String, Int, Bool, String].map(|ty| ColumnBuilder::new(ty, buckets.len()));
    for bucket in buckets {
        let (database, policy) = bucket.name.split_once('/').unwrap_or((&bucket.name, "autogen"));
        let cells = [
            Scalar::String(database.into()),
            Scalar::String(policy.into()),
            Scalar::Int(bucket.retention_ns),
            Scalar::Bool(true),
            Scalar::String(bucket.id.to_string().into()),
        ];
        for (builder, cell) in builders.iter_mut().zip(&cells) {
            builder.push(cell);
        }
    }
    let labels = ["databaseName", "retentionPolicy", "retentionPeriod", "default", "bucketId"];
    let org = buckets.first().map_or(Scalar::Null, |b| Scalar::String(b.org.to_string().into()));
    let mut columns = vec![Column::key("organizationID", String, repeat(&org, String, 1))];
    columns.extend(labels.into_iter().zip(builders).map(|(label, b)| Column::row(label, b.ty(), b.finish())));
    TableBatch::new(columns, vec![0, buckets.len()])
}
