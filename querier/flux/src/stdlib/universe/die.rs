//! `die(msg:)`.

use std::sync::Arc;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "die",
    signature: "(msg: string) => A",
    doc: "Ends the script with an error.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let message: Arc<str> = args.required("msg")?;
    Err(FluxError::invalid(&*message))
}
