//! Types without parts.

use super::{Kind, Kinds};

/// A type without parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basic {
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `uint`
    Uint,
    /// `float`
    Float,
    /// `string`
    String,
    /// `duration`
    Duration,
    /// `time`
    Time,
    /// `regexp`
    Regexp,
    /// `bytes`
    Bytes,
    /// `dynamic`: known only when run.
    Dynamic,
}

impl Basic {
    /// All of them, in the order of their discriminants.
    pub const ALL: [Self; 10] = [
        Self::Bool,
        Self::Int,
        Self::Uint,
        Self::Float,
        Self::String,
        Self::Duration,
        Self::Time,
        Self::Regexp,
        Self::Bytes,
        Self::Dynamic,
    ];

    /// As written in signatures.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Uint => "uint",
            Self::Float => "float",
            Self::String => "string",
            Self::Duration => "duration",
            Self::Time => "time",
            Self::Regexp => "regexp",
            Self::Bytes => "bytes",
            Self::Dynamic => "dynamic",
        }
    }

    /// The type written so.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|b| b.as_str() == text)
    }

    /// The kinds it belongs to. A string counts as a label too, because a column may be named by a computed
    /// string where signatures ask for a label.
    pub fn kinds(self) -> Kinds {
        use Kind::{
            Addable, Basic, Comparable, Divisible, Equatable, Label, Negatable, Nullable, Numeric,
            Stringable, Subtractable, Timeable,
        };
        let number = Kinds::of(&[
            Addable,
            Subtractable,
            Divisible,
            Numeric,
            Comparable,
            Equatable,
            Nullable,
            Basic,
            Stringable,
            Negatable,
        ]);
        match self {
            Self::Bool => Kinds::of(&[Equatable, Nullable, Basic, Stringable]),
            Self::Int | Self::Uint | Self::Float => number,
            Self::String => Kinds::of(&[Addable, Comparable, Equatable, Nullable, Basic, Stringable, Label]),
            Self::Duration => {
                Kinds::of(&[Comparable, Equatable, Nullable, Basic, Negatable, Stringable, Timeable])
            }
            Self::Time => Kinds::of(&[Comparable, Equatable, Nullable, Basic, Stringable, Timeable]),
            Self::Regexp | Self::Dynamic => Kinds::of(&[Basic]),
            Self::Bytes => Kinds::of(&[Equatable, Basic]),
        }
    }
}
