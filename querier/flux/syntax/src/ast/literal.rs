//! Literals.

use std::fmt;

use super::{Base, Expression};

/// `true` or `false` where a tree was made from JSON; the parser reads them as identifiers.
#[derive(Debug, Clone, PartialEq)]
pub struct BooleanLiteral {
    /// Common parts.
    pub base: Base,
    /// The value.
    pub value: bool,
}

/// `1`.
#[derive(Debug, Clone, PartialEq)]
pub struct IntegerLiteral {
    /// Common parts.
    pub base: Base,
    /// The value.
    pub value: i64,
}

/// An unsigned integer; only from JSON, there is no way to write one.
#[derive(Debug, Clone, PartialEq)]
pub struct UnsignedIntegerLiteral {
    /// Common parts.
    pub base: Base,
    /// The value.
    pub value: u64,
}

/// `1.5`.
#[derive(Debug, Clone, PartialEq)]
pub struct FloatLiteral {
    /// Common parts.
    pub base: Base,
    /// The value.
    pub value: f64,
}

/// `"text"` without interpolation.
#[derive(Debug, Clone, PartialEq)]
pub struct StringLiteral {
    /// Common parts.
    pub base: Base,
    /// The text, unescaped.
    pub value: String,
}

/// `"a ${b}"`.
#[derive(Debug, Clone, PartialEq)]
pub struct StringExpression {
    /// Common parts.
    pub base: Base,
    /// Its parts in order.
    pub parts: Vec<StringExpressionPart>,
}

/// One part of a string with interpolation.
#[derive(Debug, Clone, PartialEq)]
pub enum StringExpressionPart {
    /// Plain text.
    Text(TextPart),
    /// `${e}`.
    Interpolated(InterpolatedPart),
}

/// Plain text in a string with interpolation.
#[derive(Debug, Clone, PartialEq)]
pub struct TextPart {
    /// Common parts.
    pub base: Base,
    /// The text, unescaped.
    pub value: String,
}

/// `${e}`.
#[derive(Debug, Clone, PartialEq)]
pub struct InterpolatedPart {
    /// Common parts.
    pub base: Base,
    /// The expression.
    pub expression: Expression,
}

/// A point in time.
#[derive(Debug, Clone, PartialEq)]
pub struct DateTimeLiteral {
    /// Common parts.
    pub base: Base,
    /// The instant.
    pub value: jiff::Timestamp,
    /// Seconds east of UTC, as written.
    pub offset: i32,
}

/// `/pattern/`.
#[derive(Debug, Clone, PartialEq)]
pub struct RegexpLiteral {
    /// Common parts.
    pub base: Base,
    /// The pattern, with `\/` and `\xHH` resolved.
    pub value: String,
}

/// `<-`.
#[derive(Debug, Clone, PartialEq)]
pub struct PipeLiteral {
    /// Common parts.
    pub base: Base,
}

/// `.name`, a column's name as a type.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelLiteral {
    /// Common parts.
    pub base: Base,
    /// The name.
    pub value: String,
}

/// `1h30m`.
#[derive(Debug, Clone, PartialEq)]
pub struct DurationLiteral {
    /// Common parts.
    pub base: Base,
    /// The terms as written.
    pub values: Vec<Duration>,
}

/// One term of a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    /// How many.
    pub magnitude: i64,
    /// Of what.
    pub unit: DurationUnit,
}

/// Units of durations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DurationUnit {
    /// `y`, 12 months.
    Year,
    /// `mo`.
    Month,
    /// `w`, 7 days.
    Week,
    /// `d`, 24 hours.
    Day,
    /// `h`.
    Hour,
    /// `m`.
    Minute,
    /// `s`.
    Second,
    /// `ms`.
    Millisecond,
    /// `us` or `µs`.
    Microsecond,
    /// `ns`.
    Nanosecond,
}

impl DurationUnit {
    /// As written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Year => "y",
            Self::Month => "mo",
            Self::Week => "w",
            Self::Day => "d",
            Self::Hour => "h",
            Self::Minute => "m",
            Self::Second => "s",
            Self::Millisecond => "ms",
            Self::Microsecond => "us",
            Self::Nanosecond => "ns",
        }
    }

    /// The unit written so.
    pub fn from_text(s: &str) -> Option<Self> {
        Some(match s {
            "y" => Self::Year,
            "mo" => Self::Month,
            "w" => Self::Week,
            "d" => Self::Day,
            "h" => Self::Hour,
            "m" => Self::Minute,
            "s" => Self::Second,
            "ms" => Self::Millisecond,
            "us" | "µs" | "μs" => Self::Microsecond,
            "ns" => Self::Nanosecond,
            _ => return None,
        })
    }

    /// Months and nanoseconds of one unit; one of both is 0.
    pub fn months_nanoseconds(self) -> (i64, i64) {
        match self {
            Self::Year => (12, 0),
            Self::Month => (1, 0),
            Self::Week => (0, 604_800_000_000_000),
            Self::Day => (0, 86_400_000_000_000),
            Self::Hour => (0, 3_600_000_000_000),
            Self::Minute => (0, 60_000_000_000),
            Self::Second => (0, 1_000_000_000),
            Self::Millisecond => (0, 1_000_000),
            Self::Microsecond => (0, 1_000),
            Self::Nanosecond => (0, 1),
        }
    }
}

impl fmt::Display for DurationUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl DurationLiteral {
    /// The whole as months and nanoseconds; none on overflow.
    pub fn months_nanoseconds(&self) -> Option<(i64, i64)> {
        self.values.iter().try_fold((0i64, 0i64), |(m, n), d| {
            let (um, un) = d.unit.months_nanoseconds();
            Some((m.checked_add(d.magnitude.checked_mul(um)?)?, n.checked_add(d.magnitude.checked_mul(un)?)?))
        })
    }
}
