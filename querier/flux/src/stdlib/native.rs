//! A short form for families of functions that share a file.

/// Defines functions of one package: a static a function, with name, type, documentation and code.
macro_rules! natives {
    ($package:literal: $($id:ident = $name:literal, $signature:literal, $doc:literal, $call:expr;)*) => {
        $(
            #[doc = $doc]
            pub(crate) static $id: $crate::registry::Definition = $crate::registry::Definition {
                package: $package,
                name: $name,
                signature: $signature,
                doc: $doc,
                body: $crate::registry::Body::Native($call),
            };
        )*
    };
}

/// Defines members whose value is code in Flux.
macro_rules! in_flux {
    ($package:literal: $($id:ident = $name:literal, $signature:literal, $doc:literal, $source:literal;)*) => {
        $(
            #[doc = $doc]
            pub(crate) static $id: $crate::registry::Definition = $crate::registry::Definition {
                package: $package,
                name: $name,
                signature: $signature,
                doc: $doc,
                body: $crate::registry::Body::Flux($source),
            };
        )*
    };
}

/// Defines constants of one package.
macro_rules! constants {
    ($package:literal: $($id:ident = $name:literal, $signature:literal, $doc:literal, $value:expr;)*) => {
        $(
            #[doc = $doc]
            pub(crate) static $id: $crate::registry::Definition = $crate::registry::Definition {
                package: $package,
                name: $name,
                signature: $signature,
                doc: $doc,
                body: $crate::registry::Body::Constant(|| $crate::value::Value::from($value)),
            };
        )*
    };
}

pub(crate) use {constants, in_flux, natives};
