//! Values that go on from step to step, in whole numbers so that every machine gives the same.

use std::fmt::Write as _;

use crate::random::Random;

/// Values are counted in units of 1/65536.
pub(crate) const ONE: i64 = 65_536;

/// How a value goes on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Steps of a deviation, no further than two ends.
    Between { low: i64, high: i64, deviation: i64 },
    /// Steps upwards, of about so much.
    Up(i64),
    /// Stays.
    Always(i64),
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// As an integer.
    Integer,
    /// With so many decimals at most.
    Decimals(u32),
}

/// A field: its name, how its value goes on and how it is written.
pub(crate) type Field = (&'static str, Kind, Written);

/// The value of a field.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    kind: Kind,
    written: Written,
    value: i64,
}

impl Walk {
    pub(crate) fn new((_, kind, written): &Field, random: &mut Random) -> Self {
        let value = match *kind {
            Kind::Between { low, high, .. } => {
                let width = u32::try_from((high - low).min(i64::from(u32::MAX))).unwrap_or(u32::MAX);
                (low + i64::from(random.below(width.max(1)))) * ONE
            }
            Kind::Up(_) => 0,
            Kind::Always(v) => v * ONE,
        };
        Self { kind: *kind, written: *written, value }
    }

    /// A value that starts at a place of its own.
    pub(crate) fn starting_at(mut self, value: i64) -> Self {
        self.value = value * ONE;
        self
    }

    /// Goes one step.
    pub(crate) fn go(&mut self, random: &mut Random) {
        match self.kind {
            Kind::Between { low, high, deviation } => {
                self.value = (self.value + random.step() * deviation / 1_000).clamp(low * ONE, high * ONE);
            }
            Kind::Up(mean) => self.value += (random.step() + mean * ONE).max(0),
            Kind::Always(_) => {}
        }
    }

    /// The value in units of 1/65536.
    pub(crate) fn raw(&self) -> i64 {
        self.value
    }

    /// Writes the value as line protocol does.
    pub(crate) fn write(&self, out: &mut String) {
        // Writing into a text cannot fail.
        let _ = match self.written {
            Written::Integer => write!(out, "{}i", self.value / ONE),
            Written::Decimals(digits) => {
                let scale = 10i64.pow(digits);
                let scaled = (i128::from(self.value) * i128::from(scale) / i128::from(ONE)) as i64;
                let sign = if scaled < 0 { "-" } else { "" };
                let (whole, rest) = (scaled.abs() / scale, scaled.abs() % scale);
                write!(out, "{sign}{whole}.{rest:0width$}", width = digits as usize)
            }
        };
    }
}

/// Writes the fields of a line.
pub(crate) fn write_fields(fields: &[Field], values: &[Walk], out: &mut String) {
    for (place, ((name, ..), value)) in fields.iter().zip(values).enumerate() {
        out.push(if place == 0 { ' ' } else { ',' });
        out.push_str(name);
        out.push('=');
        value.write(out);
    }
}
