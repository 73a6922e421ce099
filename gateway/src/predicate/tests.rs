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
    assert_eq!(refusal("(a=b"), "missing )");
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
