//! Type expressions.

use super::MAX_INLINE_ITEMS;
use super::comment::comments;
use super::doc::{Doc, cat, comma_list, intersperse, line, line_if, line_or_nothing_if, nil};
use super::expression::identifier;
use super::literal::label;
use super::record::property_key;
use crate::ast::{FunctionType, MonoType, ParameterType, RecordType, TypeExpression};

pub(super) fn type_expression(n: &TypeExpression) -> Doc {
    let ty = monotype(&n.monotype);
    if n.constraints.is_empty() {
        return ty;
    }
    let gap = line_if(n.constraints.len() > MAX_INLINE_ITEMS);
    let constraints = n.constraints.iter().map(|c| {
        let kinds = intersperse(c.kinds.iter().map(identifier), &Doc::from(" + "));
        cat![identifier(&c.tvar), ": ", kinds].group()
    });
    cat![ty, gap.clone(), "where", gap.clone(), intersperse(constraints, &cat![",", gap])]
}

fn monotype(n: &MonoType) -> Doc {
    let doc = match n {
        MonoType::Tvar(n) => identifier(&n.name),
        MonoType::Basic(n) => identifier(&n.name),
        MonoType::Array(n) => cat![comments(&n.base.comments), "[", monotype(&n.element), "]"],
        MonoType::Stream(n) => cat![comments(&n.base.comments), "stream[", monotype(&n.element), "]"],
        MonoType::Vector(n) => cat![comments(&n.base.comments), "vector[", monotype(&n.element), "]"],
        MonoType::Dict(n) => {
            cat![comments(&n.base.comments), "[", monotype(&n.key), ":", monotype(&n.val), "]"]
        }
        MonoType::Dynamic(n) => cat![comments(&n.base.comments), "dynamic"],
        MonoType::Record(n) => record(n),
        MonoType::Function(n) => function(n),
        MonoType::Label(n) => cat![comments(&n.base.comments), label(n)],
    };
    doc.group()
}

fn record(n: &RecordType) -> Doc {
    let hard = n.properties.len() > MAX_INLINE_ITEMS;
    let edge = line_or_nothing_if(hard);
    let with = n.tvar.as_ref().map_or(nil(), |tvar| cat![identifier(tvar), line(), "with", line()]);
    let items = n.properties.iter().map(|p| cat![property_key(&p.name), ": ", monotype(&p.monotype)].group());
    let body = cat![edge.clone(), with, comma_list(items, line_if(hard))].nest();
    cat![comments(&n.base.comments), "{", body, edge, "}"]
}

fn function(n: &FunctionType) -> Doc {
    let hard = n.parameters.len() > MAX_INLINE_ITEMS;
    let edge = line_or_nothing_if(hard);
    let body = cat![edge.clone(), comma_list(n.parameters.iter().map(parameter), line_if(hard))].nest();
    cat![comments(&n.base.comments), "(", body, edge, ") => ", monotype(&n.monotype)]
}

fn parameter(n: &ParameterType) -> Doc {
    match n {
        ParameterType::Required { name, monotype: ty, .. } => cat![identifier(name), ": ", monotype(ty)],
        ParameterType::Optional { base, name, monotype: ty, default } => {
            let default =
                default.as_ref().map_or(nil(), |d| cat![" = ", comments(&d.base.comments), label(d)]);
            cat![comments(&base.comments), "?", identifier(name), ": ", monotype(ty), default]
        }
        ParameterType::Pipe { base, name, monotype: ty } => {
            let name = name.as_ref().map_or(nil(), identifier);
            cat![comments(&base.comments), "<-", name, ": ", monotype(ty)]
        }
    }
}
