use super::*;

fn tag(name: &str, op: CompareOp, value: &str) -> Predicate {
    Predicate::Compare { column: ColumnRef::Tag(name.into()), op, literal: Literal::String(value.into()) }
}

#[test]
fn comparisons_joined_by_and() {
    assert_eq!(parse(""), Ok(Predicate::TRUE));
    assert_eq!(parse("room=a"), Ok(tag("room", CompareOp::Eq, "a")));
    assert_eq!(parse("room = -12"), Ok(tag("room", CompareOp::Eq, "-12")));
    assert_eq!(parse("\"a b\"!=true"), Ok(tag("a b", CompareOp::Ne, "true")));
    let both = Predicate::And(vec![
        Predicate::equals(ColumnRef::Measurement, "cpu"),
        tag("host", CompareOp::Eq, "a\"b"),
    ]);
    assert_eq!(parse(r#"((_measurement="cpu") AND (host="a\"b"))"#), Ok(both.clone()));
    assert_eq!(parse(r#"_measurement=cpu and host="a\"b""#), Ok(both));
}

#[test]
fn refusals_name_their_place() {
    let refusal = |text: &str| parse(text).unwrap_err();
    assert_eq!(refusal("host='b'"), "bad tag value: \"b\", at position 4");
    assert_eq!(refusal("z"), "invalid operator \"EOF\" at position: 2");
    assert_eq!(refusal("host"), "invalid operator \"EOF\" at position: 5");
    assert_eq!(refusal("host="), "bad tag value: \"\", at position 5");
    assert_eq!(refusal("host>5"), "invalid operator \">\" at position: 4");
    assert_eq!(refusal("host=~/b/"), "operator: \"=~\" at position: 4 is not supported yet");
    assert_eq!(refusal("a=b or c=d"), "the logical operator OR is not supported yet at position 4");
    assert_eq!(refusal("a=b)"), "extra ) seen");
    assert_eq!(refusal("=b"), "bad logical expression, at position 0");
    assert_eq!(refusal("(a=b"), "extra ( seen");
    assert_eq!(refusal("1=a"), "bad tag key, at position 0");
    assert_eq!(refusal("1h=a"), "bad logical expression, at position 0");
    assert_eq!(refusal("a=1 AND b=2 AND"), "bad tag key, at position 16");
    assert_eq!(refusal("a=1 AND b=2 AND AND c=3"), "bad tag key, at position 16");
    for side_by_side in ["a=b c=d", "(a=b) (c=d)", "a=b AND (c=d e=f)", "a=b (c=d)"] {
        assert_eq!(refusal(side_by_side), r"the logical operator '\x00' is not supported yet");
    }
}

#[test]
fn what_influxql_does_not_read_is_refused_too() {
    let refusal = |text: &str| {
        assert!(parse(text).is_ok(), "{text}");
        check_influxql(text).unwrap_err()
    };
    let expected = "expected identifier, string, number, bool at line 1, char";
    assert_eq!(refusal("a=b AND"), format!("found EOF, {expected} 9"));
    assert_eq!(refusal("AND a=b"), format!("found AND, {expected} 1"));
    assert_eq!(refusal("name=\"x\""), format!("found NAME, {expected} 1"));
    assert_eq!(refusal("()"), format!("found ), {expected} 2"));
    assert_eq!(refusal("   "), format!("found EOF, {expected} 4"));
    assert_eq!(refusal("a=1e5"), "invalid duration");
    for fine in ["", "a=b", "(a=\"b\") AND (c=-1)", "a!=true AND b=1h AND c=1.5", "\"name\"='x'"] {
        assert_eq!(check_influxql(fine), Ok(()), "{fine}");
    }
}

#[test]
fn depth_costs_no_stack() {
    let deep = format!("{}a=b{}", "(".repeat(1_000_000), ")".repeat(1_000_000));
    assert_eq!(parse(&deep), Ok(tag("a", CompareOp::Eq, "b")));
}

#[test]
fn fields_cannot_be_deleted() {
    assert_eq!(check_deletable(&parse("_field=f").unwrap()).unwrap_err().code, ErrorCode::NotImplemented);
    assert!(check_deletable(&parse("a=b AND c=d").unwrap()).is_ok());
}
