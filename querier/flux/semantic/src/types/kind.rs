//! Kinds: what a type variable may stand for.

use std::fmt;

/// One constraint on a type variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `+`
    Addable,
    /// Has no parts.
    Basic,
    /// `<`, `>`
    Comparable,
    /// `*`, `/`, `%`, `^`
    Divisible,
    /// `==`, `!=`
    Equatable,
    /// Names a column.
    Label,
    /// Unary `-`
    Negatable,
    /// May be null in a column.
    Nullable,
    /// A number.
    Numeric,
    /// A record.
    Record,
    /// May stand in a string's `${}`.
    Stringable,
    /// `-`
    Subtractable,
    /// A point in time, absolute or relative.
    Timeable,
}

impl Kind {
    /// All of them by name, in the order of their discriminants.
    pub const ALL: [Self; 13] = [
        Self::Addable,
        Self::Basic,
        Self::Comparable,
        Self::Divisible,
        Self::Equatable,
        Self::Label,
        Self::Negatable,
        Self::Nullable,
        Self::Numeric,
        Self::Record,
        Self::Stringable,
        Self::Subtractable,
        Self::Timeable,
    ];

    /// As written in signatures.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Addable => "Addable",
            Self::Basic => "Basic",
            Self::Comparable => "Comparable",
            Self::Divisible => "Divisible",
            Self::Equatable => "Equatable",
            Self::Label => "Label",
            Self::Negatable => "Negatable",
            Self::Nullable => "Nullable",
            Self::Numeric => "Numeric",
            Self::Record => "Record",
            Self::Stringable => "Stringable",
            Self::Subtractable => "Subtractable",
            Self::Timeable => "Timeable",
        }
    }

    /// The kind written so.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Kinds(u16);

impl Kinds {
    /// No constraint.
    pub const NONE: Self = Self(0);

    /// The set of these.
    pub fn of(kinds: &[Kind]) -> Self {
        kinds.iter().fold(Self::NONE, |set, k| set.with(*k))
    }

    /// This set and one more.
    #[must_use]
    pub fn with(self, kind: Kind) -> Self {
        Self(self.0 | 1 << kind as u16)
    }

    /// Both sets together.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the kind is in the set.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u16 != 0
    }

    /// Whether nothing is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kinds by name.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |k| self.contains(*k))
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, kind) in self.iter().enumerate() {
            if i > 0 {
                f.write_str(" + ")?;
            }
            f.write_str(kind.as_str())?;
        }
        Ok(())
    }
}
