//! What a cron text may be: five fields, six with seconds before them, seven with years behind them; or a word.

/// The reference's only complaint.
const MALFORMED: &str = "failed to parse cron string";

struct Field {
    min: u32,
    max: u32,
    names: &'static [&'static str],
}

const fn numbers(min: u32, max: u32) -> Field {
    Field { min, max, names: &[] }
}

const SECOND: Field = numbers(0, 59);
const MINUTE: Field = numbers(0, 59);
const HOUR: Field = numbers(0, 23);
const DAY: Field = numbers(1, 31);
const MONTH: Field = Field {
    min: 1,
    max: 12,
    names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
/// Sunday is 0, and 7 too.
const WEEKDAY: Field = Field { min: 0, max: 7, names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] };
const YEAR: Field = numbers(1970, 2099);

const WORDS: [&str; 7] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

impl Field {
    fn value(&self, text: &str) -> Option<u32> {
        let named = self.names.iter().position(|name| text.eq_ignore_ascii_case(name));
        let value = match named {
            Some(at) => self.min + u32::try_from(at).ok()?,
            None if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok()?,
            None => return None,
        };
        (self.min..=self.max).contains(&value).then_some(value)
    }

    fn accepts(&self, text: &str) -> bool {
        text.split(',').all(|item| {
            let (range, step) = match item.split_once('/') {
                Some((range, step)) => (range, Some(step)),
                None => (item, None),
            };
            let step_fits = step.is_none_or(|step| {
                step.bytes().all(|b| b.is_ascii_digit()) && step.parse::<u32>().is_ok_and(|n| n > 0)
            });
            let range_fits = match range.split_once('-') {
                _ if range == "*" => true,
                None => self.value(range).is_some(),
                Some((from, to)) => match (self.value(from), self.value(to)) {
                    (Some(from), Some(to)) => from <= to,
                    _ => false,
                },
            };
            step_fits && range_fits
        })
    }
}

/// Refuses a text that names no times.
pub(super) fn check(text: &str) -> Result<(), &'static str> {
    let text = text.trim();
    if let Some(every) = text.strip_prefix("@every ") {
        let duration =
            super::duration::parse(every.trim()).ok().and_then(|d| super::duration::nanoseconds(&d));
        return if duration.is_some_and(|d| d >= 1_000_000_000) { Ok(()) } else { Err(MALFORMED) };
    }
    if WORDS.contains(&text) {
        return Ok(());
    }
    let texts: Vec<&str> = text.split_ascii_whitespace().collect();
    let fields: &[&Field] = match texts.len() {
        5 => &[&MINUTE, &HOUR, &DAY, &MONTH, &WEEKDAY],
        6 => &[&SECOND, &MINUTE, &HOUR, &DAY, &MONTH, &WEEKDAY],
        7 => &[&SECOND, &MINUTE, &HOUR, &DAY, &MONTH, &WEEKDAY, &YEAR],
        _ => return Err(MALFORMED),
    };
    let all = fields.iter().zip(&texts).all(|(field, text)| field.accepts(text));
    if all { Ok(()) } else { Err(MALFORMED) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_from_nonsense() {
        let good = [
            "* * * * *",
            "0 0 1 1 *",
            "*/5 0-6/2,12 1,15 JAN-mar Sun",
            "30 * * * * *",
            "0 0 0 * * 7 2030",
            "@daily",
            "@every 1h30m",
        ];
        for text in good {
            assert_eq!(check(text), Ok(()), "{text}");
        }
        let bad = [
            "",
            "* * *",
            "every hour",
            "61 * * * *",
            "@never",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 8",
            "*/0 * * * *",
            "5-1 * * * *",
            ", * * * *",
            "+1 * * * *",
            "@every 1ms",
            "* * * * * * * *",
        ];
        for text in bad {
            assert_eq!(check(text), Err(MALFORMED), "{text}");
        }
    }
}
