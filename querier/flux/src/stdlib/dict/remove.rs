//! `dict.remove(dict:, key:)`.

use std::sync::Arc;

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::{DictKey, Value};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "dict",
    name: "remove",
    signature: "(dict: [K:V], key: K) => [K:V] where K: Comparable",
    doc: "The dictionary without a key.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let mut dict = (*super::dictionary(args)?).clone();
    dict.remove(&DictKey(args.required("key")?));
    Ok(Value::Dict(Arc::new(dict)))
}
