use super::{ParameterKind, PolyType, parse_poly_type};
use crate::SignatureError;

fn round_trip(signature: &str) -> String {
    parse_poly_type(signature).unwrap().to_string()
}

#[test]
fn signatures_print_as_they_are_written() {
    for signature in [
        "int",
        "dynamic",
        "[int]",
        "[string:[float]]",
        "stream[A]",
        "vector[float]",
        "{}",
        "{a: int, b: string}",
        "{A with a: int, \"b c\": string}",
        "() => int",
        "(<-: A, a: B, ?b: C, ?c: D = ._value) => A",
        "(<-tables: stream[A], n: int, ?offset: int) => stream[A] where A: Record",
        "(a: A, b: B) => bool where A: Addable + Comparable, B: Record",
        "(f: (x: A) => B) => (y: A) => {r: B}",
        ".label",
    ] {
        assert_eq!(round_trip(signature), signature);
    }
}

#[test]
fn variables_are_named_in_order_and_parameters_sorted() {
    assert_eq!(round_trip("(?z:T,b: S,a :T,<-p: [U]) => S"), "(<-p: [A], a: B, b: C, ?z: B) => C");
}

#[test]
fn broken_signatures_are_refused() {
    for signature in [
        "",
        "(",
        "[int",
        "{a int}",
        "(a: int)",
        "foo",
        "int int",
        "A where B: Record",
        "A where A: Foo",
        "[",
        "(<-a: int, <-b: int) => int",
    ] {
        assert!(parse_poly_type(signature).is_err(), "{signature}");
    }
    let deep = "[".repeat(100_000);
    assert!(matches!(parse_poly_type(&deep), Err(SignatureError::Syntax { .. })));
}

#[test]
fn parameters_are_listed_for_suggestions() {
    let range: PolyType = parse_poly_type(
        "(<-tables: stream[{A with _time: time}], start: B, ?stop: C) => stream[{A with _time: time}]",
    )
    .unwrap();
    let listed: Vec<_> =
        range.parameters().unwrap().into_iter().map(|p| (p.name, p.kind, p.nature)).collect();
    assert_eq!(
        listed,
        [
            ("tables".to_owned(), ParameterKind::Pipe, "stream"),
            ("start".to_owned(), ParameterKind::Required, "invalid"),
            ("stop".to_owned(), ParameterKind::Optional, "invalid"),
        ]
    );
    assert_eq!(range.result_nature(), Some("stream"));
    assert!(range.is_function());
    let natures = |s: &str| parse_poly_type(s).unwrap().nature();
    assert_eq!(natures("{}"), "object");
    assert_eq!(natures("{a: int}"), "object");
    assert_eq!(natures("[int: int]"), "dictionary");
    assert_eq!(natures("duration"), "duration");
    assert_eq!(parse_poly_type("int").unwrap().parameters(), None);
}
