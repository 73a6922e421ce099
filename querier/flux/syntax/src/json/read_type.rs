//! Type expressions from JSON.

use super::read::{Read, Reader};
use super::read_expression::{identifier, label, property_key};
use crate::ast::{
    ArrayType, DictType, DynamicType, FunctionType, MonoType, NamedType, ParameterType, PropertyType,
    RecordType, StreamType, TvarType, TypeConstraint, TypeExpression, VectorType,
};

pub(super) fn type_expression(r: &Reader<'_>) -> Read<TypeExpression> {
    Ok(TypeExpression {
        base: r.base()?,
        monotype: r.at("monotype", monotype)?,
        constraints: r.list("constraints", |r| {
            let (tvar, kinds) = (r.at("tvar", identifier)?, r.list("kinds", identifier)?);
            Ok(TypeConstraint { base: r.base()?, tvar, kinds })
        })?,
    })
}

fn monotype(r: &Reader<'_>) -> Read<MonoType> {
    let base = r.base()?;
    Ok(match r.kind()? {
        "TvarType" => MonoType::Tvar(TvarType { base, name: r.at("name", identifier)? }),
        "NamedType" => MonoType::Basic(NamedType { base, name: r.at("name", identifier)? }),
        "ArrayType" => MonoType::Array(Box::new(ArrayType { base, element: r.at("element", monotype)? })),
        "StreamType" => MonoType::Stream(Box::new(StreamType { base, element: r.at("element", monotype)? })),
        "VectorType" => MonoType::Vector(Box::new(VectorType { base, element: r.at("element", monotype)? })),
        "DictType" => {
            let (key, val) = (r.at("key", monotype)?, r.at("val", monotype)?);
            MonoType::Dict(Box::new(DictType { base, key, val }))
        }
        "DynamicType" => MonoType::Dynamic(DynamicType { base }),
        "RecordType" => MonoType::Record(RecordType {
            base,
            tvar: r.maybe("tvar", identifier)?,
            properties: r.list("properties", |r| {
                let (name, monotype) = (r.at("name", property_key)?, r.at("monotype", monotype)?);
                Ok(PropertyType { base: r.base()?, name, monotype })
            })?,
        }),
        "FunctionType" => MonoType::Function(Box::new(FunctionType {
            base,
            parameters: r.list("parameters", parameter)?,
            monotype: r.at("monotype", monotype)?,
        })),
        "LabelLiteral" => MonoType::Label(label(r)?),
        other => return r.refuse(format!("{other} is no type")),
    })
}

fn parameter(r: &Reader<'_>) -> Read<ParameterType> {
    let base = r.base()?;
    let monotype = r.at("monotype", monotype)?;
    Ok(match r.kind()? {
        "Required" => ParameterType::Required { base, name: r.at("name", identifier)?, monotype },
        "Optional" => {
            let (name, default) = (r.at("name", identifier)?, r.maybe("default", label)?);
            ParameterType::Optional { base, name, monotype, default }
        }
        "Pipe" => ParameterType::Pipe { base, name: r.maybe("name", identifier)?, monotype },
        other => return r.refuse(format!("{other} is no parameter")),
    })
}
