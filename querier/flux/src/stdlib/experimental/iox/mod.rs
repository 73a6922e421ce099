//! `experimental/iox`: reading InfluxDB IOx, which this server does not reach, and durations as SQL writes them.

use weir_model::ErrorCode;
use weir_table::time::Duration;

use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::registry::Package;
use crate::stdlib::native::natives;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package =
    Package { path: "experimental/iox", name: "iox", members: &[&FROM, &SQL, &SQL_INTERVAL] };

natives! { "experimental/iox":
    FROM = "from", "(bucket: string, measurement: string) => stream[{A with _time: time}] where A: Record",
        "Reads a measurement of InfluxDB IOx with fields as columns; not available here.", |_, _| unavailable("from");
    SQL = "sql", "(bucket: string, query: string) => stream[A] where A: Record",
        "Asks InfluxDB IOx in SQL; not available here.", |_, _| unavailable("sql");
    SQL_INTERVAL = "sqlInterval", "(d: A) => string",
        "A duration as an interval of SQL, such as `1 years 2 months 3 days`.", sql_interval;
}

fn unavailable(name: &str) -> Result<Value> {
    let message = format!("iox.{name} is not implemented: this server has no connection to InfluxDB IOx");
    Err(FluxError::new(ErrorCode::NotImplemented, message))
}

fn sql_interval(args: &mut Args, _cx: &crate::eval::Context) -> Result<Value> {
    let duration: Duration = args.required("d")?;
    Ok(interval(&duration.to_string()).into())
}

/// `1y2mo3h` in words.
fn interval(text: &str) -> String {
    let (negative, mut rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (count, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, next) = tail.split_at(letters);
        let word = match unit {
            "y" => "years",
            "mo" => "months",
            "w" => "weeks",
            "d" => "days",
            "h" => "hours",
            "m" => "minutes",
            "s" => "seconds",
            "ms" => "milliseconds",
            "us" | "µs" => "microseconds",
            _ => "nanoseconds",
        };
        parts.push(format!("{}{count} {word}", if negative { "-" } else { "" }));
        if digits == 0 && letters == 0 {
            break;
        }
        rest = next;
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_become_words() {
        assert_eq!(
            interval("1y2mo3w4d5h6m7s8ms"),
            "1 years 2 months 3 weeks 4 days 5 hours 6 minutes 7 seconds 8 milliseconds"
        );
        assert_eq!(interval("-90us"), "-90 microseconds");
    }
}
