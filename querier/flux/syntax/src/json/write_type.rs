//! Type expressions to JSON.

use serde_json::Value;

use super::write::Object;
use super::write_expression::{identifier, property_key};
use crate::ast::{LabelLiteral, MonoType, ParameterType, PropertyType, TypeConstraint, TypeExpression};

pub(super) fn type_expression(n: &TypeExpression) -> Value {
    Object::new("TypeExpression", &n.base)
        .with("monotype", monotype(&n.monotype))
        .list("constraints", &n.constraints, constraint)
        .done()
}

fn constraint(n: &TypeConstraint) -> Value {
    Object::new("TypeConstraint", &n.base)
        .with("tvar", identifier(&n.tvar))
        .list("kinds", &n.kinds, identifier)
        .done()
}

fn label(n: &LabelLiteral) -> Value {
    Object::new("LabelLiteral", &n.base).with("value", n.value.as_str()).done()
}

fn monotype(n: &MonoType) -> Value {
    match n {
        MonoType::Tvar(n) => Object::new("TvarType", &n.base).with("name", identifier(&n.name)).done(),
        MonoType::Basic(n) => Object::new("NamedType", &n.base).with("name", identifier(&n.name)).done(),
        MonoType::Array(n) => Object::new("ArrayType", &n.base).with("element", monotype(&n.element)).done(),
        MonoType::Stream(n) => {
            Object::new("StreamType", &n.base).with("element", monotype(&n.element)).done()
        }
        MonoType::Vector(n) => {
            Object::new("VectorType", &n.base).with("element", monotype(&n.element)).done()
        }
        MonoType::Dict(n) => Object::new("DictType", &n.base)
            .with("key", monotype(&n.key))
            .with("val", monotype(&n.val))
            .done(),
        MonoType::Dynamic(n) => Object::new("DynamicType", &n.base).done(),
        MonoType::Record(n) => {
            let mut object = Object::new("RecordType", &n.base);
            if let Some(tvar) = &n.tvar {
                object = object.with("tvar", identifier(tvar));
            }
            object.list("properties", &n.properties, property_type).done()
        }
        MonoType::Function(n) => Object::new("FunctionType", &n.base)
            .list("parameters", &n.parameters, parameter)
            .with("monotype", monotype(&n.monotype))
            .done(),
        MonoType::Label(n) => label(n),
    }
}

fn property_type(n: &PropertyType) -> Value {
    Object::new("PropertyType", &n.base)
        .with("name", property_key(&n.name))
        .with("monotype", monotype(&n.monotype))
        .done()
}

fn parameter(n: &ParameterType) -> Value {
    match n {
        ParameterType::Required { base, name, monotype: ty } => {
            Object::new("Required", base).with("name", identifier(name)).with("monotype", monotype(ty)).done()
        }
        ParameterType::Optional { base, name, monotype: ty, default } => {
            let mut object =
                Object::new("Optional", base).with("name", identifier(name)).with("monotype", monotype(ty));
            if let Some(default) = default {
                object = object.with("default", label(default));
            }
            object.done()
        }
        ParameterType::Pipe { base, name, monotype: ty } => {
            let mut object = Object::new("Pipe", base);
            if let Some(name) = name {
                object = object.with("name", identifier(name));
            }
            object.with("monotype", monotype(ty)).done()
        }
    }
}
