//! Functions that are others under a second name.

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry;
use crate::value::Value;

/// Calls a member of another package with the arguments as they are.
pub(crate) fn forward(package: &str, name: &str, args: &mut Args, cx: &Context) -> Result<Value> {
    let definition = registry::package(package).and_then(|p| p.member(name));
    match definition.map(|d| cx.member_value(d)).transpose()? {
        Some(Value::Function(function)) => cx.call(&function, args.clone()),
        _ => Err(FluxError::new(
            weir_model::ErrorCode::NotImplemented,
            format!("{package}.{name} is not implemented"),
        )),
    }
}

/// Defines functions of one package that are functions of another.
macro_rules! forwards {
    ($package:literal: $($id:ident = $name:literal, $to:literal . $member:literal, $signature:literal, $doc:literal;)*) => {
        $(
            #[doc = $doc]
            pub(crate) static $id: $crate::registry::Definition = $crate::registry::Definition {
                package: $package,
                name: $name,
                signature: $signature,
                doc: $doc,
                body: $crate::registry::Body::Native(|args, cx| {
                    $crate::stdlib::forward::forward($to, $member, args, cx)
                }),
            };
        )*
    };
}

pub(crate) use forwards;
