//! Type expressions.

use super::{Base, Identifier, LabelLiteral, PropertyKey};

/// A type with constraints: `(x: A) => A where A: Addable`.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeExpression {
    /// Common parts.
    pub base: Base,
    /// The type.
    pub monotype: MonoType,
    /// What follows `where`.
    pub constraints: Vec<TypeConstraint>,
}

/// `A: Addable + Equatable`.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeConstraint {
    /// Common parts.
    pub base: Base,
    /// The variable.
    pub tvar: Identifier,
    /// Its kinds.
    pub kinds: Vec<Identifier>,
}

/// A type.
#[derive(Debug, Clone, PartialEq)]
pub enum MonoType {
    /// `A`
    Tvar(TvarType),
    /// `int`
    Basic(NamedType),
    /// `[T]`
    Array(Box<ArrayType>),
    /// `stream[T]`
    Stream(Box<StreamType>),
    /// `vector[T]`
    Vector(Box<VectorType>),
    /// `[K: V]`
    Dict(Box<DictType>),
    /// `dynamic`
    Dynamic(DynamicType),
    /// `{a: T}`
    Record(RecordType),
    /// `(a: T) => T`
    Function(Box<FunctionType>),
    /// `.name`
    Label(LabelLiteral),
}

impl MonoType {
    /// The common parts.
    pub fn base(&self) -> &Base {
        match self {
            Self::Tvar(t) => &t.base,
            Self::Basic(t) => &t.base,
            Self::Array(t) => &t.base,
            Self::Stream(t) => &t.base,
            Self::Vector(t) => &t.base,
            Self::Dict(t) => &t.base,
            Self::Dynamic(t) => &t.base,
            Self::Record(t) => &t.base,
            Self::Function(t) => &t.base,
            Self::Label(t) => &t.base,
        }
    }
}

/// `A`: any name of one letter.
#[derive(Debug, Clone, PartialEq)]
pub struct TvarType {
    /// Common parts.
    pub base: Base,
    /// The name.
    pub name: Identifier,
}

/// A named type such as `int`.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedType {
    /// Common parts.
    pub base: Base,
    /// The name.
    pub name: Identifier,
}

/// `[T]`.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrayType {
    /// Common parts.
    pub base: Base,
    /// Of what.
    pub element: MonoType,
}

/// `stream[T]`.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamType {
    /// Common parts.
    pub base: Base,
    /// Of what.
    pub element: MonoType,
}

/// `vector[T]`.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorType {
    /// Common parts.
    pub base: Base,
    /// Of what.
    pub element: MonoType,
}

/// `[K: V]`.
#[derive(Debug, Clone, PartialEq)]
pub struct DictType {
    /// Common parts.
    pub base: Base,
    /// Of the keys.
    pub key: MonoType,
    /// Of the values.
    pub val: MonoType,
}

/// `dynamic`.
#[derive(Debug, Clone, PartialEq)]
pub struct DynamicType {
    /// Common parts.
    pub base: Base,
}

/// `{A with a: T}`.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordType {
    /// Common parts.
    pub base: Base,
    /// The row variable before `with`.
    pub tvar: Option<Identifier>,
    /// The properties.
    pub properties: Vec<PropertyType>,
}

/// `a: T`.
#[derive(Debug, Clone, PartialEq)]
pub struct PropertyType {
    /// Common parts.
    pub base: Base,
    /// The name.
    pub name: PropertyKey,
    /// The type.
    pub monotype: MonoType,
}

/// `(a: T, ?b: U, <-c: V) => W`.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionType {
    /// Common parts.
    pub base: Base,
    /// The parameters.
    pub parameters: Vec<ParameterType>,
    /// The result.
    pub monotype: MonoType,
}

/// A parameter's type.
#[derive(Debug, Clone, PartialEq)]
pub enum ParameterType {
    /// `a: T`
    Required {
        /// Common parts.
        base: Base,
        /// The name.
        name: Identifier,
        /// The type.
        monotype: MonoType,
    },
    /// `?a: T` or `?a: T = .label`
    Optional {
        /// Common parts.
        base: Base,
        /// The name.
        name: Identifier,
        /// The type.
        monotype: MonoType,
        /// The default, a column's name.
        default: Option<LabelLiteral>,
    },
    /// `<-a: T` or `<-: T`
    Pipe {
        /// Common parts.
        base: Base,
        /// The name, if it has one.
        name: Option<Identifier>,
        /// The type.
        monotype: MonoType,
    },
}

impl ParameterType {
    /// The common parts.
    pub fn base(&self) -> &Base {
        match self {
            Self::Required { base, .. } | Self::Optional { base, .. } | Self::Pipe { base, .. } => base,
        }
    }
}
