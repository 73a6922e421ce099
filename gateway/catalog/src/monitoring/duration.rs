//! Durations as Flux writes them: `1h30m` stays what it is, and is not 90 minutes.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use weir_flux_syntax::ast::{Duration, DurationUnit};

/// A duration, kept as its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FluxDuration(Vec<Duration>);

impl FluxDuration {
    /// Reads one or more numbers with units.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit())?;
            let (number, after) = rest.split_at(digits);
            let (unit, after) =
                after.split_at(after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len()));
            parts.push(Duration { magnitude: number.parse().ok()?, unit: DurationUnit::from_text(unit)? });
            rest = after;
        }
        (!parts.is_empty()).then_some(Self(parts))
    }

    /// Its parts, at least one.
    pub(super) fn parts(&self) -> &[Duration] {
        &self.0
    }

    /// About how long it is, in nanoseconds, with months of a twelfth of a year.
    pub(super) fn length(&self) -> i128 {
        const MONTH: i128 = 2_629_746_000_000_000;
        let part = |part: &Duration| {
            let (months, nanoseconds) = part.unit.months_nanoseconds();
            i128::from(part.magnitude) * (i128::from(months) * MONTH + i128::from(nanoseconds))
        };
        self.0.iter().map(part).sum()
    }

    /// The time in which a rule looks for the status before the first of its own interval: twice a time of seconds
    /// or less, else one more of the first unit.
    pub(super) fn widened(&self) -> Self {
        let mut parts = self.0.clone();
        if let Some(first) = parts.first_mut() {
            use DurationUnit::{Microsecond, Millisecond, Nanosecond, Second};
            first.magnitude = match first.unit {
                Second | Millisecond | Microsecond | Nanosecond => first.magnitude.saturating_mul(2),
                _ => first.magnitude.saturating_add(1),
            };
        }
        Self(parts)
    }
}

impl fmt::Display for FluxDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| write!(f, "{}{}", part.magnitude, part.unit))
    }
}

impl Serialize for FluxDuration {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FluxDuration {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("invalid duration {text}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written() {
        for text in ["1h", "1h30m", "90s", "1d", "1y2mo3w", "0s", "5ms10us1ns"] {
            assert_eq!(FluxDuration::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "often", "-1m", "1", "h", "1 h", "1h ", "1.5h", "99999999999999999999h"] {
            assert_eq!(FluxDuration::parse(text), None, "{text}");
        }
    }

    #[test]
    fn rules_look_back_further_than_they_run() {
        for (every, back) in
            [("10s", "20s"), ("10m", "11m"), ("1h", "2h"), ("1h30m", "2h30m"), ("5ms", "10ms")]
        {
            assert_eq!(FluxDuration::parse(every).unwrap().widened().to_string(), back);
        }
    }

    #[test]
    fn lengths_compare() {
        let length = |text| FluxDuration::parse(text).unwrap().length();
        assert_eq!(length("1h30m"), length("90m"));
        assert!(length("1mo") > length("30d") && length("1y") > length("364d"));
    }
}
