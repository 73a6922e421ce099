//! `from(bucket:)`: the points of a bucket. Reads nothing until `range` bounds it.

use std::sync::Arc;

use weir_model::Id;

use crate::env::NameOrId;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::value::Value;

use super::remote::{Remote, RemoteScript};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "influxdata/influxdb",
    name: "from",
    signature: "(?bucket: string, ?bucketID: string, ?host: string, ?org: string, ?orgID: string, ?token: string) => \
                stream[{B with _measurement: string, _field: string, _time: time, _value: A}]",
    doc: "Reads the points of a bucket, named by `bucket` or `bucketID`.",
    body: Body::Native(call),
};

/// A bucket to be read, not bounded yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct From {
    /// The bucket.
    pub bucket: NameOrId,
    /// The organization, if it was given.
    pub org: Option<NameOrId>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let Some(bucket) = name_or_id(args, "bucket", "bucketID")? else {
        return Err(FluxError::invalid("must specify bucket or bucketID"));
    };
    let org = name_or_id(args, "org", "orgID")?;
    match Remote::of(args, org.clone())? {
        Some(remote) => Ok(args.source(RemoteScript::bucket(remote, &bucket))),
        None => Ok(args.source(From { bucket, org })),
    }
}

/// Takes a thing that is named by one argument or identified by another.
pub(crate) fn name_or_id(args: &Args, name: &str, id: &str) -> Result<Option<NameOrId>> {
    match (args.optional::<Arc<str>>(name)?, args.optional::<Arc<str>>(id)?) {
        (Some(_), Some(_)) => Err(FluxError::invalid(format!("must specify only one of {name} or {id}"))),
        (Some(name), None) => Ok(Some(NameOrId::Name(name.to_string()))),
        (None, Some(text)) => match text.parse::<Id>() {
            Ok(id) => Ok(Some(NameOrId::Id(id))),
            Err(e) => Err(FluxError::invalid(format!("invalid {id} \"{text}\": {e}"))),
        },
        (None, None) => Ok(None),
    }
}

impl Spec for From {
    fn name(&self) -> &'static str {
        "from"
    }

    fn open(&self, _inputs: Vec<BoxOperator>, _run: &Run, _node: &Node) -> Result<BoxOperator> {
        Err(unbounded(self))
    }

    fn validate(&self, _node: &Node) -> Result<()> {
        Err(unbounded(self))
    }
}

fn unbounded(from: &From) -> FluxError {
    let name = match &from.bucket {
        NameOrId::Name(name) => name.clone(),
        NameOrId::Id(id) => format!("bucket ID {id}"),
    };
    FluxError::invalid(format!(
        "cannot submit unbounded read to \"{name}\"; try bounding 'from' with a call to 'range'"
    ))
}
