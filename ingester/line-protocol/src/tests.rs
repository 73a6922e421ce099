use std::collections::BTreeMap;

use proptest::prelude::*;
use weir_batch::{FieldValues, MeasurementRows};

use crate::exact::{self, Value};
use crate::{Flaw, Parsed, Parser, Precision};

const NOW: i64 = 1_700_000_000_123_456_789;

/// A row as the tests compare it: measurement, canonical series key, time, fields by `name:type`.
type Row = (String, String, i64, BTreeMap<String, String>);

fn value_text(values: &FieldValues, i: usize) -> String {
    match values {
        FieldValues::Float(v) => format!("{:?}f", v[i]),
        FieldValues::Integer(v) => format!("{}i", v[i]),
        FieldValues::Unsigned(v) => format!("{}u", v[i]),
        FieldValues::Boolean(v) => v[i].to_string(),
        FieldValues::String { .. } => format!("{:?}", values.string(i).unwrap()),
    }
}

fn rows_of(m: &MeasurementRows) -> Vec<Row> {
    assert_eq!(m.times.len(), m.row_series.len());
    let mut rows: Vec<Row> = (0..m.times.len())
        .map(|i| {
            let series = m.series.get(m.row_series[i] as usize).0.to_owned();
            (m.measurement.clone(), series, m.times[i], BTreeMap::new())
        })
        .collect();
    for f in &m.fields {
        match &f.rows {
            None => assert_eq!(f.values.len(), rows.len(), "dense column of {}", f.name),
            Some(r) => {
                assert_eq!(f.values.len(), r.len());
                assert!(r.windows(2).all(|w| w[0] < w[1]));
            }
        }
        for i in 0..f.values.len() {
            let row = f.rows.as_ref().map_or(i, |r| r[i] as usize);
            rows[row].3.insert(format!("{}:{}", f.name, f.field_type()), value_text(&f.values, i));
        }
    }
    rows
}

/// All rows in the order of the lines.
fn rows(parsed: &Parsed) -> Vec<Row> {
    let mut by_measurement: Vec<_> =
        parsed.batch.measurements.iter().map(|m| rows_of(m).into_iter()).collect();
    parsed.order.iter().map(|&m| by_measurement[m as usize].next().unwrap()).collect()
}

fn parse(body: &str) -> Parsed {
    Parser::new().parse(body.as_bytes(), Precision::Nanoseconds, NOW)
}

fn errors(body: &str) -> Vec<String> {
    parse(body).errors.iter().map(ToString::to_string).collect()
}

fn reason(line: &str) -> String {
    let parsed = parse(line);
    assert_eq!(parsed.errors.len(), 1, "{line:?}: {parsed:?}");
    parsed.errors[0].reason.clone()
}

/// The slow way: each line on its own, no columns.
fn oracle(body: &[u8], precision: Precision) -> (Vec<Row>, Vec<String>, usize) {
    let (mut rows, mut errors, mut flawed) = (Vec::new(), Vec::new(), 0);
    let mut at = 0;
    while at < body.len() {
        let end = exact::line_end(body, at);
        let block = &body[at..end];
        let line = &block[exact::skip_blanks(block, 0)..];
        at = end + 1;
        if line.is_empty() || line[0] == b'#' {
            continue;
        }
        let Ok(text) = std::str::from_utf8(line) else {
            errors.push("invalid UTF-8".to_owned());
            continue;
        };
        match exact::read_line(text, precision) {
            Err(reason) => errors.push(reason),
            Ok(point) => {
                let (name, tags) = exact::split_key(point.key);
                let mut builder = weir_batch::SeriesKeyBuilder::new();
                tags.iter().for_each(|(k, v)| builder.push(k, v));
                let mut key = String::new();
                builder.finish(&mut key);
                if tags.iter().any(|t| t.0 == "time") || point.fields.iter().all(|f| f.0 == "time") {
                    flawed += 1;
                    continue;
                }
                flawed += usize::from(point.fields.iter().any(|f| f.0 == "time"));
                let mut fields = BTreeMap::new();
                for (field, value) in point.fields.into_iter().filter(|f| f.0 != "time") {
                    let (ty, text) = match value {
                        Value::Float(v) => ("float", format!("{v:?}f")),
                        Value::Integer(v) => ("integer", format!("{v}i")),
                        Value::Unsigned(v) => ("unsigned", format!("{v}u")),
                        Value::Boolean(v) => ("boolean", v.to_string()),
                        Value::String(v) => ("string", format!("{v:?}")),
                    };
                    fields.insert(format!("{field}:{ty}"), text);
                }
                rows.push((name, key, point.time.unwrap_or(precision.truncate(NOW)), fields));
            }
        }
    }
    (rows, errors, flawed)
}

#[test]
fn every_type_and_missing_fields() {
    let parsed = parse(
        "cpu,host=a,dc=x u=1,s=2i,n=3u,b=t,t=\"x y\" 10\ncpu,host=b,dc=x u=1.5 11\ncpu,host=a,dc=x s=7i,u=-2e3,new=false\nmem f=1\n",
    );
    assert!(parsed.errors.is_empty() && parsed.flawed.is_empty() && !parsed.mixed);
    let cpu = &parsed.batch.measurements[0];
    assert_eq!(cpu.series.len(), 2);
    assert_eq!(cpu.series.get(0).0, "dc=x,host=a");
    assert_eq!(cpu.fields[0].rows, None);
    assert_eq!(cpu.fields[0].values, FieldValues::Float(vec![1.0, 1.5, -2000.0]));
    assert_eq!(cpu.fields[1].rows, Some(vec![0, 2]));
    assert_eq!(cpu.times, [10, 11, NOW]);
    assert_eq!(parsed.order, [0, 0, 0, 1]);
    assert_eq!(parsed.batch.rows(), 4);
}

#[test]
fn the_last_of_two_fields_wins_and_two_types_are_kept_apart() {
    let parsed = parse("m f=1,f=2,f=3 1\nm s=\"a\",s=\"bc\" 2");
    assert_eq!(rows(&parsed)[0].3["f:float"], "3.0f");
    assert_eq!(rows(&parsed)[1].3["s:string"], "\"bc\"");
    let parsed = parse("m f=1 1\nm f=2i 2\nm f=3 3");
    assert!(parsed.mixed);
    assert_eq!(parsed.batch.measurements[0].fields.len(), 2);
}

#[test]
fn refusals_are_worded_as_the_reference_words_them() {
    for (line, why) in [
        ("m", "missing fields"),
        ("m ", "invalid field format"),
        ("m,t=a", "missing fields"),
        ("m f", "invalid field format"),
        ("m f=", "missing field value"),
        ("m =1", "missing field key"),
        ("m f=1,", "invalid field format"),
        ("m f=1,,g=2", "invalid field format"),
        (",t=a f=1", "missing measurement"),
        ("m, f=1", "missing tag key"),
        ("m,t f=1", "missing tag value"),
        ("m,t= f=1", "missing tag value"),
        ("m,=a f=1", "missing tag key"),
        ("m,t=a=b f=1", "invalid tag format"),
        ("m,t=a,t=b f=1", "duplicate tags"),
        ("m,time=a f=1", "cannot use reserved tag key \"time\""),
        ("m,a=b,_field=a f=1", "cannot use reserved tag key \"_field\""),
        ("m,_measurement=a,_measurement=a f=1", "cannot use reserved tag key \"_measurement\""),
        ("m,t=a,u=c,t=a f=1", "duplicate tags"),
        ("m f=\"open", "unbalanced quotes"),
        ("m f=\"a\" \"b\"", "bad timestamp"),
        ("m f=word", "invalid boolean"),
        ("m f=tRUE", "invalid boolean"),
        ("m f=+1", "invalid boolean"),
        ("m f=NaN", "invalid number"),
        ("m f=-inf", "invalid number"),
        ("m f=1.2.3", "invalid number"),
        ("m f=1i2", "invalid number"),
        ("m f=-", "invalid number"),
        ("m f=1e999", "invalid float"),
        ("m f=1 1.5", "bad timestamp"),
        ("m f=1 --1", "bad timestamp"),
        ("m f=1 12 x", "point is invalid"),
        ("m f=1 -", "strconv.ParseInt: parsing \"-\": invalid syntax"),
        (
            "m f=1 99999999999999999999",
            "strconv.ParseInt: parsing \"99999999999999999999\": value out of range",
        ),
        (
            "m f=9223372036854775808i",
            "unable to parse integer 9223372036854775808: strconv.ParseInt: parsing \"9223372036854775808\": value out of range",
        ),
        (
            "m f=18446744073709551616u",
            "unable to parse unsigned 18446744073709551616: strconv.ParseUint: parsing \"18446744073709551616\": value out of range",
        ),
        ("m f=1 9223372036854775807", "time outside range -9223372036854775806 - 9223372036854775806"),
        ("m f=1 10\r", "bad timestamp"),
    ] {
        assert_eq!(reason(line), why, "{line:?}");
    }
    assert_eq!(
        errors("bad\n  worse\nm f=1\n"),
        ["unable to parse 'bad': missing fields", "unable to parse 'worse': missing fields"]
    );
    assert_eq!(reason(&format!("{} f=1", "m".repeat(65536))), "max key length exceeded: 65536 > 65535");
}

#[test]
fn blank_lines_comments_and_newlines_in_strings() {
    let parsed = parse("# a comment\n\n  \n\t\nm f=1 1\n   # another\nm g=\"two\nlines\" 2\n#m f=3 3");
    assert!(parsed.errors.is_empty());
    assert_eq!(rows(&parsed).len(), 2);
    assert_eq!(rows(&parsed)[1].3["g:string"], "\"two\\nlines\"");
    assert!(parse("").batch.measurements.is_empty());
}

#[test]
fn escapes_mean_what_the_reference_means() {
    let parsed = parse(
        "my\\ m\\,x,t\\ k\\==a\\,b\\ c f\\ 1=\"say \\\"hi\\\"\",g=\"back\\\\slash\",h=\"one\\slash\",i=\"new\\nline\" 1",
    );
    let row = &rows(&parsed)[0];
    assert_eq!(row.0, "my m,x");
    assert_eq!(row.1, "t\\ k\\==a\\,b\\ c");
    assert_eq!(row.3["f 1:string"], "\"say \\\"hi\\\"\"");
    assert_eq!(row.3["g:string"], "\"back\\\\slash\"");
    assert_eq!(row.3["h:string"], "\"one\\\\slash\"");
    assert_eq!(row.3["i:string"], "\"new\\\\nline\"");
}

#[test]
fn points_called_time_and_overlong_strings_are_flawed() {
    let long = "x".repeat((1 << 20) + 1);
    let body = format!("m a=1 1\nm time=1 3\nm time=1,a=2 4\nm a=1,s=\"{long}\" 5\nm a=9 6");
    let parsed = parse(&body);
    assert_eq!(rows(&parsed).iter().map(|r| r.2).collect::<Vec<_>>(), [1, 4, 6]);
    let flaws: Vec<_> = parsed.flawed.iter().map(|f| (f.position, f.time, f.flaw.clone())).collect();
    assert_eq!(
        flaws,
        [
            (1, 3, Flaw::OnlyTimeField),
            (1, 4, Flaw::TimeField),
            (2, 5, Flaw::LongString { field: "s".into(), length: (1 << 20) + 1 }),
        ]
    );
}

#[test]
fn precisions_scale_and_cut() {
    let mut parser = Parser::new();
    let parsed = parser.parse(b"m f=1 5\nm f=2", Precision::Seconds, NOW);
    assert_eq!(parsed.batch.measurements[0].times, [5_000_000_000, 1_700_000_000_000_000_000]);
    let parsed = parser.parse(b"m f=1 9223372037", Precision::Seconds, NOW);
    assert_eq!(parsed.errors[0].reason, "time outside range -9223372036854775806 - 9223372036854775806");
    assert_eq!(Precision::from_v2("m"), None);
    assert_eq!(Precision::from_v1("m").map(Precision::nanoseconds), Some(60_000_000_000));
    let parsed = parser.parse(b"m f=1 2", Precision::Hours, NOW);
    assert_eq!(parsed.batch.measurements[0].times, [7_200_000_000_000]);
}

#[test]
fn a_line_that_is_not_utf8_is_refused_alone() {
    let parsed = Parser::new().parse(b"m f=1 1\nm,t=\xff f=1 2\nm f=2 3", Precision::Nanoseconds, NOW);
    assert_eq!(parsed.errors.len(), 1);
    assert_eq!(parsed.errors[0].reason, "invalid UTF-8");
    assert_eq!(parsed.batch.rows(), 2);
}

#[test]
fn a_parser_is_used_again_with_other_bodies() {
    let mut parser = Parser::new();
    for _ in 0..3 {
        for body in ["a,t=1 f=1 1\na,t=2 f=1 1\n", "b,t=1 f=1 1\na,t=2 g=2i 1\n", "a,t=2 f=1 1\nbad\n"] {
            let parsed = parser.parse(body.as_bytes(), Precision::Nanoseconds, NOW);
            assert_eq!(rows(&parsed), oracle(body.as_bytes(), Precision::Nanoseconds).0);
        }
    }
}

fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec!["m", "cpu", "t", "host", "a", "b", "f", "g", "time", "x\u{e9}", "#"]).prop_map(String::from),
        4 => prop::sample::select(vec![",", "=", " ", "\n", "\"", "\\", "\t", "\r", "\\,", "\\ ", "\\=", "\\\""]).prop_map(String::from),
        3 => prop::sample::select(vec!["1", "2i", "3u", "-4.5", "1e3", "t", "false", "\"s\"", "\"a b\"", "1.", ".5"]).prop_map(String::from),
    ]
}

fn line() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["m", "cpu", "m\\ x", "\u{e9}", "a=b", "\"q"]);
    let tag = prop::sample::select(vec!["t=1", "t=2", "host=a", "u\\ v=x\\,y", "b==", "time=1", "z=\"q"]);
    let field = prop::sample::select(vec![
        "f=1",
        "f=2i",
        "g=-3.25",
        "s=\"x\"",
        "s=\"a,b =\"",
        "s=\"\\\"\\\\\"",
        "b=true",
        "b=F",
        "n=1e-3",
        "u=7u",
        "time=1",
        "h\\ h=1",
        "s=\"l\nl\"",
        "f=\"a\"b",
        "\tf=1",
        "f=12345678901234567890",
        "f=9223372036854775807i",
        "k\\\\=1",
    ]);
    let time = prop::sample::select(vec![
        "",
        " 1",
        " -5",
        " 1700000000000000000",
        "  7 ",
        " 9223372036854775807",
        " 1 x",
    ]);
    let good = (
        prop::sample::select(vec!["", "", "", " ", "\t"]),
        name,
        prop::collection::vec(tag, 0..3),
        prop::collection::vec(field, 1..4),
        time,
    )
        .prop_map(|(lead, name, tags, fields, time)| {
            let mut key = vec![name];
            key.extend(tags);
            format!("{lead}{} {}{time}", key.join(","), fields.join(","))
        });
    prop_oneof![
        6 => good,
        1 => prop::collection::vec(fragment(), 0..12).prop_map(|v| v.concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fast_and_exact_agree(bodies in prop::collection::vec(prop::collection::vec(line(), 0..8), 1..3)) {
        let mut parser = Parser::new();
        for lines in bodies {
            let body = lines.join("\n");
            let parsed = parser.parse(body.as_bytes(), Precision::Nanoseconds, NOW);
            let (want, errors, flawed) = oracle(body.as_bytes(), Precision::Nanoseconds);
            let got: Vec<String> = parsed.errors.iter().map(|e| e.reason.clone()).collect();
            prop_assert_eq!(got, errors);
            prop_assert_eq!(parsed.flawed.len(), flawed);
            prop_assert_eq!(rows(&parsed), want);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..200), s in "[mft=, \\\\\"\n0-9ie.-]{0,80}") {
        let mut parser = Parser::new();
        for body in [body, s.into_bytes()] {
            let parsed = parser.parse(&body, Precision::Milliseconds, NOW);
            let (want, errors, _) = oracle(&body, Precision::Milliseconds);
            prop_assert_eq!(parsed.errors.len(), errors.len());
            prop_assert_eq!(rows(&parsed), want);
        }
    }
}
