//! Durations of schedules: Flux literals, with a sign where requests give them.

use weir_flux_syntax::ast::{Duration, DurationLiteral, DurationUnit};

use super::options::TaskDuration;

/// Reads `1h30m` as Flux writes it; nothing is no time at all.
pub(super) fn parse(text: &str) -> Result<DurationLiteral, String> {
    let mut values = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if digits == 0 {
            return Err(format!("invalid duration {rest}"));
        }
        let magnitude = rest[..digits].parse().map_err(|_| format!("invalid duration {rest}"))?;
        let letters = &rest[digits..];
        let end = letters.find(|c: char| !c.is_alphabetic()).unwrap_or(letters.len());
        if end == 0 {
            return Err(format!("duration is missing a unit: {text}"));
        }
        let unit = DurationUnit::from_text(&letters[..end])
            .ok_or_else(|| format!("invalid duration unit {:?}", &letters[..end]))?;
        values.push(Duration { magnitude, unit });
        rest = &letters[end..];
    }
    Ok(DurationLiteral { base: Default::default(), values })
}

/// The same with a `-` before it, perhaps.
pub(super) fn parse_signed(text: &str) -> Result<TaskDuration, String> {
    match text.strip_prefix('-') {
        Some(positive) => Ok(TaskDuration { negative: true, literal: parse(positive)? }),
        None => Ok(TaskDuration { negative: false, literal: parse(text)? }),
    }
}

/// As Flux writes it.
pub(super) fn text(literal: &DurationLiteral) -> String {
    literal.values.iter().map(|part| format!("{}{}", part.magnitude, part.unit)).collect()
}

pub(super) fn is_zero(literal: &DurationLiteral) -> bool {
    literal.values.iter().all(|part| part.magnitude == 0)
}

/// How long it is; a month counts 30 days, which is as good as any for what is asked here. None on overflow.
pub(super) fn nanoseconds(literal: &DurationLiteral) -> Option<i64> {
    const MONTH: i64 = 30 * 86_400 * 1_000_000_000;
    let (months, nanoseconds) = literal.months_nanoseconds()?;
    months.checked_mul(MONTH)?.checked_add(nanoseconds)
}

/// Whether it is of a length that depends on the calendar.
pub(super) fn has_months(literal: &DurationLiteral) -> bool {
    use DurationUnit::{Month, Year};
    literal.values.iter().any(|part| matches!(part.unit, Year | Month))
}

/// The first unit longer than hours, which offsets of requests cannot have.
pub(super) fn calendar_unit(literal: &DurationLiteral) -> Option<DurationUnit> {
    use DurationUnit::{Day, Month, Week, Year};
    literal.values.iter().map(|part| part.unit).find(|unit| matches!(unit, Year | Month | Week | Day))
}
