//! Predicates that scans evaluate.

mod show;

use regex::Regex;

use crate::SeriesKey;

/// What a comparison looks at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ColumnRef {
    /// The measurement's name.
    Measurement,
    /// The field's name.
    Field,
    /// The value of a tag; absent tags count as the empty text.
    Tag(String),
    /// The field's value.
    Value,
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Matches the regular expression.
    Match,
    /// Does not match the regular expression.
    NotMatch,
}

/// The right side of a comparison.
#[derive(Debug, Clone)]
pub enum Literal {
    /// Text.
    String(String),
    /// A signed integer.
    Integer(i64),
    /// An unsigned integer.
    Unsigned(u64),
    /// A float.
    Float(f64),
    /// A boolean.
    Boolean(bool),
    /// A compiled regular expression.
    Regex(Regex),
}

impl PartialEq for Literal {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Integer(a), Self::Integer(b)) => a == b,
            (Self::Unsigned(a), Self::Unsigned(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Boolean(a), Self::Boolean(b)) => a == b,
            (Self::Regex(a), Self::Regex(b)) => a.as_str() == b.as_str(),
            _ => false,
        }
    }
}

/// A condition on (measurement, series, field, value).
///
/// An absent tag counts as the empty text, as in the reference's storage: `tag != "a"` holds for a series without
/// the tag. A comparison of `_value` with a literal of another type never holds, except that numbers of different
/// types compare by their numeric value.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// Holds or does not, whatever is looked at.
    Constant(bool),
    /// All hold.
    And(Vec<Predicate>),
    /// At least one holds.
    Or(Vec<Predicate>),
    /// A comparison.
    Compare {
        /// Left side.
        column: ColumnRef,
        /// Operator.
        op: CompareOp,
        /// Right side.
        literal: Literal,
    },
}

impl Predicate {
    /// The predicate that always holds.
    pub const TRUE: Self = Self::Constant(true);

    /// `column = text`.
    pub fn equals(column: ColumnRef, text: impl Into<String>) -> Self {
        Self::Compare { column, op: CompareOp::Eq, literal: Literal::String(text.into()) }
    }

    /// Both hold; flattens, and drops what always holds.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Constant(true), p) | (p, Self::Constant(true)) => p,
            (Self::Constant(false), _) | (_, Self::Constant(false)) => Self::Constant(false),
            (Self::And(mut a), Self::And(b)) => {
                a.extend(b);
                Self::And(a)
            }
            (Self::And(mut a), b) => {
                a.push(b);
                Self::And(a)
            }
            (a, Self::And(mut b)) => {
                b.insert(0, a);
                Self::And(b)
            }
            (a, b) => Self::And(vec![a, b]),
        }
    }

    /// Decides what can be decided about a measurement alone: the rest of the predicate, simplified.
    pub fn for_measurement(&self, measurement: &str) -> Self {
        self.simplify(&|column| {
            matches!(column, ColumnRef::Measurement).then(|| measurement.to_owned().into())
        })
    }

    /// Decides what can be decided about a series: what is left speaks of `Field` and `Value` only.
    pub fn for_series(&self, measurement: &str, key: SeriesKey<'_>) -> Self {
        self.simplify(&|column| match column {
            ColumnRef::Measurement => Some(measurement.to_owned().into()),
            ColumnRef::Tag(name) => Some(key.tag(name).unwrap_or_default()),
            _ => None,
        })
    }

    /// Decides what can be decided about a field: on the rest of [`Predicate::for_series`], what is left speaks of
    /// `Value` only.
    pub fn for_field(&self, field: &str) -> Self {
        self.simplify(&|column| matches!(column, ColumnRef::Field).then(|| field.to_owned().into()))
    }

    /// Whether a delete with this predicate takes a series. In a delete a comparison of an absent tag, of the field
    /// or of the value never holds, so that nothing is deleted that was not named.
    pub fn deletes_series(&self, measurement: &str, key: SeriesKey<'_>) -> bool {
        match self {
            Self::Constant(b) => *b,
            Self::And(parts) => parts.iter().all(|p| p.deletes_series(measurement, key)),
            Self::Or(parts) => parts.iter().any(|p| p.deletes_series(measurement, key)),
            Self::Compare { column: ColumnRef::Measurement, op, literal } => {
                compare_text(measurement, *op, literal)
            }
            Self::Compare { column: ColumnRef::Tag(name), op, literal } => {
                key.tag(name).is_some_and(|value| compare_text(&value, *op, literal))
            }
            Self::Compare { .. } => false,
        }
    }

    /// Whether any comparison looks at the value.
    pub fn mentions_value(&self) -> bool {
        match self {
            Self::Constant(_) => false,
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::mentions_value),
            Self::Compare { column, .. } => *column == ColumnRef::Value,
        }
    }

    /// Evaluates the rest of [`Predicate::for_field`] for one value. Comparisons of other columns do not hold.
    pub fn holds_for_value(&self, value: &Literal) -> bool {
        match self {
            Self::Constant(b) => *b,
            Self::And(parts) => parts.iter().all(|p| p.holds_for_value(value)),
            Self::Or(parts) => parts.iter().any(|p| p.holds_for_value(value)),
            Self::Compare { column: ColumnRef::Value, op, literal } => compare_values(value, *op, literal),
            Self::Compare { .. } => false,
        }
    }

    fn simplify<'a>(&self, known: &impl Fn(&ColumnRef) -> Option<std::borrow::Cow<'a, str>>) -> Self {
        match self {
            Self::Constant(b) => Self::Constant(*b),
            Self::And(parts) => {
                let mut rest = Vec::new();
                for part in parts {
                    match part.simplify(known) {
                        Self::Constant(true) => {}
                        Self::Constant(false) => return Self::Constant(false),
                        p => rest.push(p),
                    }
                }
                match rest.len() {
                    0 => Self::Constant(true),
                    1 => rest.remove(0),
                    _ => Self::And(rest),
                }
            }
            Self::Or(parts) => {
                let mut rest = Vec::new();
                for part in parts {
                    match part.simplify(known) {
                        Self::Constant(false) => {}
                        Self::Constant(true) => return Self::Constant(true),
                        p => rest.push(p),
                    }
                }
                match rest.len() {
                    0 => Self::Constant(false),
                    1 => rest.remove(0),
                    _ => Self::Or(rest),
                }
            }
            Self::Compare { column, op, literal } => match known(column) {
                None => self.clone(),
                Some(text) => Self::Constant(compare_text(&text, *op, literal)),
            },
        }
    }
}

fn compare_text(text: &str, op: CompareOp, literal: &Literal) -> bool {
    match literal {
        Literal::String(want) => holds(op, text.cmp(want.as_str())),
        Literal::Regex(regex) => match op {
            CompareOp::Match => regex.is_match(text),
            CompareOp::NotMatch => !regex.is_match(text),
            _ => false,
        },
        _ => false,
    }
}

fn holds(op: CompareOp, ordering: std::cmp::Ordering) -> bool {
    match op {
        CompareOp::Eq => ordering.is_eq(),
        CompareOp::Ne => ordering.is_ne(),
        CompareOp::Lt => ordering.is_lt(),
        CompareOp::Le => ordering.is_le(),
        CompareOp::Gt => ordering.is_gt(),
        CompareOp::Ge => ordering.is_ge(),
        CompareOp::Match | CompareOp::NotMatch => false,
    }
}

fn compare_values(value: &Literal, op: CompareOp, literal: &Literal) -> bool {
    use Literal::{Boolean, Float, Integer, String, Unsigned};
    match (value, literal) {
        (String(text), _) => compare_text(text, op, literal),
        (Boolean(a), Boolean(b)) => holds(op, a.cmp(b)),
        (Integer(a), Integer(b)) => holds(op, a.cmp(b)),
        (Unsigned(a), Unsigned(b)) => holds(op, a.cmp(b)),
        (Integer(a), Unsigned(b)) => holds(op, i128::from(*a).cmp(&i128::from(*b))),
        (Unsigned(a), Integer(b)) => holds(op, i128::from(*a).cmp(&i128::from(*b))),
        (Float(_) | Integer(_) | Unsigned(_), Float(_) | Integer(_) | Unsigned(_)) => {
            match number(value).partial_cmp(&number(literal)) {
                Some(ordering) => holds(op, ordering),
                None => op == CompareOp::Ne, // NaN differs from everything
            }
        }
        _ => false,
    }
}

fn number(literal: &Literal) -> f64 {
    match literal {
        Literal::Integer(v) => *v as f64,
        Literal::Unsigned(v) => *v as f64,
        Literal::Float(v) => *v,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(name: &str, op: CompareOp, value: &str) -> Predicate {
        Predicate::Compare { column: ColumnRef::Tag(name.into()), op, literal: Literal::String(value.into()) }
    }

    #[test]
    fn an_absent_tag_is_the_empty_text() {
        let p = tag("host", CompareOp::Ne, "a");
        assert_eq!(p.for_series("m", SeriesKey("region=x")), Predicate::TRUE);
        assert_eq!(p.for_series("m", SeriesKey("host=a")), Predicate::Constant(false));
    }

    #[test]
    fn a_delete_does_not_take_a_series_without_the_tag() {
        let p = tag("host", CompareOp::Ne, "a");
        assert!(p.deletes_series("m", SeriesKey("host=b")));
        assert!(!p.deletes_series("m", SeriesKey("region=x")));
        assert!(Predicate::TRUE.deletes_series("m", SeriesKey("")));
    }

    #[test]
    fn predicates_are_shown_as_expressions() {
        let value =
            Predicate::Compare { column: ColumnRef::Value, op: CompareOp::Gt, literal: Literal::Float(1.0) };
        let either = Predicate::Or(vec![tag("host", CompareOp::Ne, "a\"b"), value]);
        let all = Predicate::equals(ColumnRef::Measurement, "m").and(either);
        assert_eq!(all.to_string(), r#"_measurement == "m" and (host != "a\"b" or _value > 1.0)"#);
    }

    #[test]
    fn what_is_left_after_the_series_speaks_of_field_and_value() {
        let value =
            Predicate::Compare { column: ColumnRef::Value, op: CompareOp::Gt, literal: Literal::Float(1.5) };
        let p = tag("host", CompareOp::Eq, "a")
            .and(Predicate::Or(vec![Predicate::equals(ColumnRef::Field, "f"), value.clone()]));
        let rest = p.for_series("m", SeriesKey("host=a"));
        assert_eq!(rest.for_field("f"), Predicate::TRUE);
        assert_eq!(rest.for_field("g"), value);
        assert!(rest.for_field("g").holds_for_value(&Literal::Integer(2)));
        assert!(!rest.for_field("g").holds_for_value(&Literal::String("2".into())));
    }
}
