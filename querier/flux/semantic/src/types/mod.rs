//! Types: kinds, the arena they live in during inference, and finished polymorphic types.

mod arena;
mod basic;
mod convert;
mod copy;
mod display;
mod kind;
mod layout;
mod parse;
mod poly;

pub(crate) use arena::{Arena, Function, Label, Name, Node, Param, ParamKind, Ty};
pub use basic::Basic;
pub(crate) use convert::convert_type;
pub(crate) use display::{Letters, render_told, render_type, type_info};
pub use kind::{Kind, Kinds};
pub use parse::parse_poly_type;
pub use poly::{FieldType, Parameter, ParameterKind, PolyType};

#[cfg(test)]
mod tests;
