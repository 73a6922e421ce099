//! `buckets()`: the buckets of the organization, a row each.

use std::sync::Arc;

use weir_table::{Column, ColumnBuilder, ColumnType, Scalar, TableBatch};

use crate::env::BucketInfo;
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::lazy::lazy;
use crate::value::Value;

use super::from::name_or_id;
use super::remote::{Remote, RemoteScript};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "influxdata/influxdb",
    name: "buckets",
    signature: "(?host: string, ?org: string, ?orgID: string, ?token: string) => \
                stream[{name: string, id: string, organizationID: string, retentionPolicy: string, retentionPeriod: int}]",
    doc: "Lists the buckets of the organization.",
    body: Body::Native(call),
};

#[derive(Debug)]
struct Buckets;

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    match Remote::of(args, name_or_id(args, "org", "orgID")?)? {
        Some(remote) => Ok(args.source(RemoteScript::call(remote, "buckets", "buckets()"))),
        None => Ok(args.source(Buckets)),
    }
}

impl Spec for Buckets {
    fn name(&self) -> &'static str {
        "buckets"
    }

    fn open(&self, _inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let run = run.clone();
        Ok(lazy(move || {
            let environment = Arc::clone(run.environment());
            let buckets = run.block_on(async { environment.buckets().await })?;
            Ok(vec![to_batch(&buckets)])
        }))
    }
}

fn to_batch(buckets: &[BucketInfo]) -> TableBatch {
    let text = |label: &str, cell: &dyn Fn(&BucketInfo) -> String| {
        let mut builder = ColumnBuilder::new(ColumnType::String, buckets.len());
        for b in buckets {
            builder.push(&Scalar::String(cell(b).into()));
        }
        Column::row(label, ColumnType::String, builder.finish())
    };
    // All of them are of one organization, which is the table's group key.
    let mut organization = ColumnBuilder::new(ColumnType::String, 1);
    match buckets.first() {
        Some(b) => organization.push(&Scalar::String(b.org.to_string().into())),
        None => organization.push(&Scalar::Null),
    };
    let mut period = ColumnBuilder::new(ColumnType::Int, buckets.len());
    for b in buckets {
        period.push(&Scalar::Int(b.retention_ns));
    }
    let columns = vec![
        text("name", &|b| b.name.clone()),
        text("id", &|b| b.id.to_string()),
        Column::key("organizationID", ColumnType::String, organization.finish()),
        text("retentionPolicy", &|_| String::new()),
        Column::row("retentionPeriod", ColumnType::Int, period.finish()),
    ];
    TableBatch::new(columns, vec![0, buckets.len()])
}
