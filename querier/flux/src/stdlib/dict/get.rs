//! `dict.get(dict:, key:, default:)`.

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::{DictKey, Value};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "dict",
    name: "get",
    signature: "(dict: [K:V], key: K, default: V) => V where K: Comparable",
    doc: "The value of a key, or `default` if the dictionary has no such key.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let dict = super::dictionary(args)?;
    let key = DictKey(args.required("key")?);
    match dict.get(&key) {
        Some(value) => Ok(value.clone()),
        None => args.required("default"),
    }
}
