//! Which series, fields and values of a measurement a scan wants, decided as early as it can be.

use std::collections::BTreeSet;

use weir_batch::{ColumnRef, CompareOp, Literal, Predicate, SeriesKey};

use crate::layout::pair;

/// The predicate of a scan for one measurement.
///
/// It is split: what speaks of tags is decided a series; the rest is decided a field once for all series. Where a
/// condition ties a tag to a field or value, the rest differs between series, and each different rest gets a number.
#[derive(Debug, Clone)]
pub(crate) struct MeasurementFilter {
    measurement: String,
    tags: Vec<Predicate>,
    /// What is left for each number; number 0 is what all series share.
    rests: Vec<Predicate>,
}

impl MeasurementFilter {
    /// `None` if nothing of the measurement is wanted.
    pub(crate) fn new(predicate: &Predicate, measurement: &str) -> Option<Self> {
        let mut tags = Vec::new();
        let mut common = Predicate::TRUE;
        let parts = match predicate.for_measurement(measurement) {
            Predicate::Constant(false) => return None,
            Predicate::And(parts) => parts,
            part => vec![part],
        };
        for part in parts {
            if mentions_tag(&part) {
                tags.push(part);
            } else {
                common = common.and(part);
            }
        }
        if common == Predicate::Constant(false) {
            return None;
        }
        Some(Self { measurement: measurement.to_owned(), tags, rests: vec![common] })
    }

    /// Whether the series is wanted, and the number of what is left to decide of its fields and values.
    pub(crate) fn series(&mut self, key: SeriesKey<'_>) -> Option<u32> {
        let mut rest = None;
        for part in &self.tags {
            match part.for_series(&self.measurement, key) {
                Predicate::Constant(true) => {}
                Predicate::Constant(false) => return None,
                left => rest = Some(rest.unwrap_or(Predicate::TRUE).and(left)),
            }
        }
        let Some(rest) = rest else { return Some(0) };
        let rest = rest.and(self.rests[0].clone());
        let known = self.rests.iter().rposition(|r| *r == rest);
        Some(known.unwrap_or_else(|| {
            self.rests.push(rest);
            self.rests.len() - 1
        }) as u32)
    }

    /// Pairs of tag and value that the key of every wanted series holds, as they stand in canonical keys.
    pub(crate) fn pairs(&self) -> Vec<String> {
        let of = |part: &Predicate| match part {
            Predicate::Compare {
                column: ColumnRef::Tag(tag),
                op: CompareOp::Eq,
                literal: Literal::String(value),
            } => {
                // Equal to the empty text is a tag that is absent.
                (!value.is_empty()).then(|| pair(tag, value))
            }
            _ => None,
        };
        self.tags.iter().filter_map(of).collect()
    }

    /// Whether some series may want values of the field.
    pub(crate) fn may_want_field(&self, field: &str) -> bool {
        self.rests[0].for_field(field) != Predicate::Constant(false)
    }

    /// What is left for this number.
    pub(crate) fn rest(&self, number: u32) -> &Predicate {
        &self.rests[number as usize]
    }
}

fn mentions_tag(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::Constant(_) => false,
        Predicate::And(parts) | Predicate::Or(parts) => parts.iter().any(mentions_tag),
        Predicate::Compare { column, .. } => matches!(column, ColumnRef::Tag(_)),
    }
}

/// The measurements a predicate can hold for, if it names them.
pub(crate) fn measurements(predicate: &Predicate) -> Option<BTreeSet<String>> {
    match predicate {
        Predicate::Compare {
            column: ColumnRef::Measurement,
            op: CompareOp::Eq,
            literal: Literal::String(name),
        } => Some(BTreeSet::from([name.clone()])),
        Predicate::And(parts) => {
            parts.iter().filter_map(measurements).reduce(|a, b| a.intersection(&b).cloned().collect())
        }
        Predicate::Or(parts) => {
            let mut all = BTreeSet::new();
            for part in parts {
                all.extend(measurements(part)?);
            }
            Some(all)
        }
        Predicate::Constant(false) => Some(BTreeSet::new()),
        _ => None,
    }
}

/// The predicate with every comparison of a value taken to hold: what one of several sources may be asked. Whether
/// a value holds can only be told once it is known to be the newest.
pub(crate) fn without_values(predicate: &Predicate) -> Predicate {
    match predicate {
        Predicate::Constant(value) => Predicate::Constant(*value),
        Predicate::And(parts) => parts.iter().map(without_values).fold(Predicate::TRUE, Predicate::and),
        Predicate::Or(parts) => {
            let parts: Vec<_> = parts.iter().map(without_values).collect();
            if parts.contains(&Predicate::TRUE) { Predicate::TRUE } else { Predicate::Or(parts) }
        }
        Predicate::Compare { column: ColumnRef::Value, .. } => Predicate::TRUE,
        compare => compare.clone(),
    }
}

/// Whether a delete's predicate holds for a series: as [`Predicate::for_series`], but an absent tag matches nothing.
pub(crate) fn delete_matches(predicate: &Predicate, measurement: &str, key: SeriesKey<'_>) -> bool {
    match predicate {
        Predicate::Constant(value) => *value,
        Predicate::And(parts) => parts.iter().all(|p| delete_matches(p, measurement, key)),
        Predicate::Or(parts) => parts.iter().any(|p| delete_matches(p, measurement, key)),
        Predicate::Compare { column: ColumnRef::Tag(tag), .. } if key.tag(tag).is_none() => false,
        compare => compare.for_series(measurement, key) == Predicate::TRUE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(name: &str, op: CompareOp, value: &str) -> Predicate {
        Predicate::Compare { column: ColumnRef::Tag(name.into()), op, literal: Literal::String(value.into()) }
    }

    fn field(name: &str) -> Predicate {
        Predicate::equals(ColumnRef::Field, name)
    }

    #[test]
    fn a_condition_that_ties_tag_and_field_leaves_a_rest_a_series() {
        let either = Predicate::Or(vec![
            tag("host", CompareOp::Eq, "a").and(field("x")),
            tag("host", CompareOp::Eq, "b").and(field("y")),
        ]);
        let mut filter = MeasurementFilter::new(&either, "m").unwrap();
        assert!(filter.may_want_field("x") && filter.may_want_field("y"));
        let (a, b) =
            (filter.series(SeriesKey("host=a")).unwrap(), filter.series(SeriesKey("host=b")).unwrap());
        assert_eq!(filter.series(SeriesKey("host=a")), Some(a));
        assert_eq!(filter.series(SeriesKey("host=c")), None);
        assert_eq!(filter.rest(a).for_field("x"), Predicate::TRUE);
        assert_eq!(filter.rest(b).for_field("x"), Predicate::Constant(false));
    }

    #[test]
    fn named_measurements_and_dropped_values() {
        let named = |names: [&str; 2]| {
            Predicate::Or(names.map(|n| Predicate::equals(ColumnRef::Measurement, n)).to_vec())
        };
        let both = named(["a", "b"]).and(named(["b", "c"])).and(field("f"));
        assert_eq!(measurements(&both), Some(BTreeSet::from(["b".to_owned()])));
        assert_eq!(measurements(&Predicate::Or(vec![named(["a", "b"]), field("f")])), None);
        let value =
            Predicate::Compare { column: ColumnRef::Value, op: CompareOp::Gt, literal: Literal::Integer(1) };
        let p = field("f").and(Predicate::Or(vec![value.clone(), tag("t", CompareOp::Eq, "x")])).and(value);
        assert_eq!(without_values(&p), field("f"));
    }

    #[test]
    fn an_absent_tag_matches_nothing_in_a_delete() {
        let p = tag("host", CompareOp::Ne, "a");
        assert!(!delete_matches(&p, "m", SeriesKey("region=x")));
        assert!(delete_matches(&p, "m", SeriesKey("host=b")));
        assert!(!delete_matches(&Predicate::equals(ColumnRef::Measurement, "n"), "m", SeriesKey("")));
    }
}
