//! `scrape(url:)`: the metrics that a server shows.

use std::collections::HashMap;
use std::sync::Arc;

use weir_table::{Column, ColumnBuilder, ColumnType, Scalar, TableBatch};

use crate::env::OutgoingRequest;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::http::{TIMEOUT, send};
use crate::stdlib::lazy::lazy;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental/prometheus",
    name: "scrape",
    signature: "(url: string) => stream[A] where A: Record",
    doc: "Gets metrics in Prometheus' text format, a table a metric with its labels.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct Scrape {
    url: Arc<str>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    Ok(args.source(Scrape { url: args.required("url")? }))
}

impl Spec for Scrape {
    fn name(&self) -> &'static str {
        "scrape"
    }

    fn open(&self, _inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let (url, run) = (Arc::clone(&self.url), run.clone());
        Ok(lazy(move || scrape(&url, &run.context)))
    }
}

fn scrape(url: &Arc<str>, cx: &Context) -> Result<Vec<TableBatch>> {
    let request = OutgoingRequest {
        method: "GET".into(),
        url: url.to_string(),
        headers: vec![("Accept".into(), "text/plain".into())],
        body: Vec::new(),
        timeout: TIMEOUT,
        any_certificate: false,
    };
    let answer = send(request, cx)?;
    if answer.status / 100 != 2 {
        return Err(FluxError::invalid(format!("{url} answered status {}", answer.status)));
    }
    let text = String::from_utf8_lossy(&answer.body);
    let now = cx.now()?;
    let bad = |line: &str| FluxError::internal(format!("reading text format failed: \"{line}\""));
    let (mut out, mut kinds) = (Vec::new(), HashMap::new());
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if let Some(comment) = line.strip_prefix('#') {
            let mut words = comment.split_whitespace();
            if let (Some("TYPE"), Some(name), Some(kind)) = (words.next(), words.next(), words.next()) {
                kinds.insert(name, kind);
            }
            continue;
        }
        let sample = Sample::read(line).ok_or_else(|| bad(line))?;
        if let Some(sample) = sample.of_family(&kinds).ok_or_else(|| bad(line))? {
            out.push(sample.table(url, now));
        }
    }
    Ok(out)
}

/// A bound or a quantile as Go writes it: in the shortest way, with an exponent from a million.
fn bound(text: &str) -> Option<String> {
    let v: f64 = match text {
        "+Inf" | "Inf" => return Some("+Inf".into()),
        number => number.parse().ok()?,
    };
    let shortest = format!("{v:e}");
    let (digits, exponent) = shortest.split_once('e')?;
    Some(match exponent.parse::<i32>().ok()? {
        -4..=5 => v.to_string(),
        e => format!("{digits}e{}{:02}", if e < 0 { '-' } else { '+' }, e.abs()),
    })
}

/// A line of the text format.
#[derive(Debug, PartialEq)]
struct Sample {
    name: String,
    labels: Vec<(String, String)>,
    value: f64,
    /// Milliseconds since 1970.
    time: Option<i64>,
}

impl Sample {
    fn read(line: &str) -> Option<Self> {
        let end = line.find(|c: char| c == '{' || c.is_whitespace())?;
        let (name, mut rest) = line.split_at(end);
        let mut labels = Vec::new();
        if let Some(mut inside) = rest.strip_prefix('{') {
            loop {
                inside = inside.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
                if let Some(after) = inside.strip_prefix('}') {
                    rest = after;
                    break;
                }
                let (label, tail) = inside.split_once('=')?;
                let (value, tail) = quoted(tail.trim_start())?;
                labels.push((label.trim().to_owned(), value));
                inside = tail;
            }
        }
        let mut words = rest.split_whitespace();
        let value = match words.next()? {
            "+Inf" => f64::INFINITY,
            "-Inf" => f64::NEG_INFINITY,
            number => number.parse().ok()?,
        };
        let time = words.next().map(str::parse).transpose().ok()?;
        Some(Self { name: name.to_owned(), labels, value, time })
    }

    /// The sample as one of its family, which all parts of a histogram or summary are named after; none of what holds
    /// no number.
    fn of_family(mut self, kinds: &HashMap<&str, &str>) -> Option<Option<Self>> {
        let kind = |name: &str| kinds.get(name).copied();
        let limit = match (kind(&self.name), self.name.strip_suffix("_bucket")) {
            (Some("summary"), _) => "quantile",
            (None, Some(family)) if kind(family) == Some("histogram") => {
                self.name = family.to_owned();
                "le"
            }
            (None, _) if self.name.ends_with("_sum") => return Some(Some(self)),
            _ => return Some((!self.value.is_nan()).then_some(self)),
        };
        for (_, value) in self.labels.iter_mut().filter(|l| l.0 == limit) {
            *value = bound(value)?;
        }
        Some((!self.value.is_nan()).then_some(self))
    }

    fn table(&self, url: &Arc<str>, now: i64) -> TableBatch {
        let one = |ty, value: Scalar| {
            let mut builder = ColumnBuilder::new(ty, 1);
            builder.push(&value);
            builder.finish()
        };
        let key = |label: &str, value: &str| {
            Column::key(label, ColumnType::String, one(ColumnType::String, Scalar::String(value.into())))
        };
        let time = self.time.filter(|ms| *ms > 0).map_or(now, |ms| ms.saturating_mul(1_000_000));
        let mut columns = vec![
            Column::row("_time", ColumnType::Time, one(ColumnType::Time, Scalar::Time(time))),
            key("_measurement", "prometheus"),
            key("_field", &self.name),
            Column::row("_value", ColumnType::Float, one(ColumnType::Float, Scalar::Float(self.value))),
            Column::row("url", ColumnType::String, one(ColumnType::String, Scalar::String(Arc::clone(url)))),
        ];
        for (label, value) in &self.labels {
            if !columns.iter().any(|c| *c.label == **label) {
                columns.push(key(label, value));
            }
        }
        TableBatch::new(columns, vec![0, 1])
    }
}

/// A text in quotes at the beginning, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut chars = text.strip_prefix('"')?.char_indices();
    let mut out = String::new();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, &text[at + 2..])),
            '\\' => match chars.next()?.1 {
                'n' => out.push('\n'),
                other => out.push(other),
            },
            c => out.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let sample = Sample::read(r#"http_total{code="200", path="a\"b\\c}",} 3e2 1395066363000"#).unwrap();
        assert_eq!(sample.name, "http_total");
        assert_eq!(sample.labels[1], ("path".into(), "a\"b\\c}".into()));
        assert_eq!((sample.value, sample.time), (300.0, Some(1_395_066_363_000)));
        assert_eq!(Sample::read("up +Inf").unwrap().value, f64::INFINITY);
        assert_eq!(Sample::read("up"), None);
        assert_eq!(Sample::read("up{a=} 1"), None);
    }

    #[test]
    fn samples_are_named_after_their_family() {
        let kinds = HashMap::from([("h", "histogram"), ("s", "summary")]);
        let read = |line: &str| Sample::read(line).unwrap().of_family(&kinds).unwrap();
        let bucket = read("h_bucket{le=\"1000000\"} 3").unwrap();
        assert_eq!((&*bucket.name, &*bucket.labels[0].1), ("h", "1e+06"));
        assert_eq!(read("h_bucket{le=\"+Inf\"} 3").unwrap().labels[0].1, "+Inf");
        let quantile = read("s{quantile=\"0.50\"} 3").unwrap();
        assert_eq!((&*quantile.name, &*quantile.labels[0].1), ("s", "0.5"));
        assert_eq!(read("s{quantile=\"0.5\"} NaN"), None);
        assert_eq!(read("other_bucket 1").unwrap().name, "other_bucket");
        assert_eq!(read("other NaN"), None);
    }
}
