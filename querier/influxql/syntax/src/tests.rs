use proptest::prelude::*;

use crate::{Param, Params, Statement, parse};

fn one(text: &str) -> Statement {
    parse(text, &Params::new()).unwrap().remove(0)
}

fn refusal(text: &str) -> String {
    parse(text, &Params::new()).unwrap_err().to_string()
}

#[test]
fn what_is_printed_reads_the_same() {
    for text in [
        "SELECT mean(usage) AS m, -x, a / -b FROM db.rp.cpu, db..mem, /^x\\/y/ WHERE host =~ /a|b/ AND time > now() - 1h \
         GROUP BY time(10m, -5m), *, /re/ fill(-1.5) ORDER BY time DESC LIMIT 1 OFFSET 2 SLIMIT 3 SOFFSET 4 tz('UTC')",
        "SELECT *::field, \"from\"::tag, DISTINCT v, count(DISTINCT v) FROM (SELECT max(a) FROM b)",
        "SELECT a INTO x.y.:MEASUREMENT FROM /a/ GROUP BY * fill(previous)",
        "EXPLAIN ANALYZE SELECT a FROM b; ",
        "SHOW MEASUREMENTS ON *.* WITH MEASUREMENT =~ /x/ WHERE a = 'b' LIMIT 3",
        "SHOW TAG VALUES ON d FROM a WITH KEY IN (a, \"b c\") WHERE x = 'y' LIMIT 1",
        "SHOW SERIES EXACT CARDINALITY FROM a GROUP BY b",
        "SHOW FIELD KEYS FROM a LIMIT 1",
        "CREATE DATABASE d WITH DURATION 90m REPLICATION 1 NAME n",
        "CREATE CONTINUOUS QUERY c ON d RESAMPLE EVERY 1h FOR 2h BEGIN SELECT mean(a) INTO b FROM c GROUP BY time(1h) END",
        "SET PASSWORD FOR u = 'a\\'b'",
        "DELETE WHERE time < -9223372036854775808",
        "SELECT v FROM m WHERE v > 18446744073709551615 AND x = 1.0",
    ] {
        let tree = one(text);
        assert_eq!(one(&tree.to_string()), tree, "{tree}");
    }
}

#[test]
fn errors_name_places() {
    assert_eq!(refusal("SELECT n"), "found EOF, expected FROM at line 1, char 10");
    assert_eq!(
        refusal("SELECT FROM cpu"),
        "found FROM, expected identifier, string, number, bool at line 1, char 8"
    );
    assert_eq!(
        refusal("SELECT procs FROM cpu WHERE host = 'h1"),
        "found h1, expected identifier, string, number, bool at line 1, char 35"
    );
    assert_eq!(
        refusal("SELECT procs FROM /(/"),
        "error parsing regexp: missing closing ): `(` at line 1, char 18"
    );
    assert_eq!(refusal("SELECT a FROM b\n WHERE c = 1 ?"), "found ?, expected ; at line 2, char 14");
    assert_eq!(refusal("SELECT a FROM b LIMIT -1"), "found -, expected integer at line 1, char 23");
}

#[test]
fn parameters_take_their_places() {
    let params = Params::from([
        ("d".to_owned(), Param::Duration("20m".into())),
        ("re".to_owned(), Param::Regex("^h".into())),
    ]);
    let tree = parse("SELECT mean(a) FROM b WHERE c =~ $re GROUP BY time($d)", &params).unwrap();
    assert_eq!(tree[0].to_string(), "SELECT mean(a) FROM b WHERE c =~ /^h/ GROUP BY time(20m)");
    assert_eq!(refusal("SELECT a FROM b WHERE c = $h"), "missing parameter: h");
}

#[test]
fn deep_texts_are_refused_or_read() {
    assert!(parse(&format!("SELECT {}a FROM b", "(".repeat(100_000)), &Params::new()).is_err());
    assert!(parse(&format!("SELECT {}a FROM b", "-".repeat(100_000)), &Params::new()).is_err());
    assert!(parse(&format!("SELECT a{} FROM b", "+a".repeat(5000)), &Params::new()).is_ok());
}

fn arb_expr() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-z]{1,3}".prop_map(|s| format!("\"{s}\"")),
        (-1000i64..1000).prop_map(|v| v.to_string()),
        (-1000i64..1000).prop_map(|v| format!("{v}.25")),
        Just("'it\\'s'".to_owned()),
        Just("90m".to_owned()),
        Just("true".to_owned()),
        Just("x::integer".to_owned()),
    ];
    leaf.prop_recursive(4, 32, 3, |inner| {
        let op = prop::sample::select(vec![
            "+", "-", "*", "/", "%", "&", "|", "^", "=", "!=", "<", ">=", "AND", "OR",
        ]);
        prop_oneof![
            (inner.clone(), op, inner.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            (prop::collection::vec(inner, 0..3)).prop_map(|a| format!("f({})", a.join(", "))),
        ]
    })
}

proptest! {
    #[test]
    fn printing_is_the_inverse_of_parsing(expr in arb_expr()) {
        let tree = crate::parse_expr(&expr).unwrap();
        prop_assert_eq!(crate::parse_expr(&tree.to_string()).unwrap(), tree);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(SELECT|FROM|WHERE|[a-z(),'\"/$:;.*+ -]|\\PC){0,40}") {
        let _ = parse(&text, &Params::new());
    }

    #[test]
    fn statements_print_what_they_read(
        words in prop::collection::vec(prop::sample::select(vec![
            "SELECT", "a", "\"b c\"", "FROM", "WHERE", "=", "'x'", "GROUP", "BY", "time", "(", ")", "1h", ",", "LIMIT",
            "1", "SHOW", "TAG", "KEYS", "/r/", "=~", "*", ";", "ON", "fill", "none", "-", "2.5",
        ]), 0..14)
    ) {
        if let Ok(trees) = parse(&words.join(" "), &Params::new()) {
            for tree in trees {
                prop_assert_eq!(parse(&tree.to_string(), &Params::new()).unwrap(), vec![tree]);
            }
        }
    }
}
