use crate::types::{Arena, parse_poly_type};

/// What is wrong when a type is expected and another found; variables of both are different ones.
fn unify(expected: &str, found: &str) -> Vec<String> {
    let mut arena = Arena::new();
    let expected = arena.instantiate(&parse_poly_type(expected).unwrap());
    let found = arena.instantiate(&parse_poly_type(found).unwrap());
    arena.unify(expected, found);
    let errors = std::mem::take(&mut arena.errors);
    errors.iter().map(|e| e.message(&arena)).collect()
}

fn fits(expected: &str, found: &str) {
    assert_eq!(unify(expected, found), Vec::<String>::new(), "{expected} / {found}");
}

#[test]
fn plain_types() {
    fits("int", "int");
    fits("A", "int");
    fits("[A]", "[[string]]");
    fits("[A: B]", "[string: int]");
    assert_eq!(unify("int", "float"), ["expected int but found float"]);
    assert_eq!(unify("[int]", "[float]"), ["expected int but found float"]);
    assert_eq!(unify("[A]", "stream[int]"), ["expected [int] (array) but found stream[int]"]);
    assert_eq!(unify("[int: int]", "bool"), ["expected [int:int] (dictionary) but found bool"]);
}

#[test]
fn kinds_are_kept_when_variables_meet() {
    fits("A where A: Addable", "string");
    fits("A where A: Equatable", "{a: [int], b: {c: string}}");
    assert_eq!(unify("A where A: Subtractable", "string"), ["string is not Subtractable"]);
    assert_eq!(unify("{a: A, b: A} where A: Numeric", "{a: B, b: string}"), ["string is not Numeric"]);
    assert_eq!(unify("A where A: Equatable", "{a: () => int}"), ["() => int (function) is not Equatable"]);
    assert_eq!(unify("A where A: Record", "[int]"), ["[int] (array) is not Record"]);
    fits("A where A: Numeric", "vector[float]");
}

#[test]
fn records_are_open_or_closed() {
    fits("{A with a: int}", "{b: string, a: int, c: bool}");
    fits("{A with a: int}", "{B with b: string}");
    fits("{a: int, b: int}", "{b: int, a: int}");
    fits("{A with x: int}", "{B with x: C, x: string}");
    assert_eq!(unify("{A with a: int}", "{b: int}"), ["record is missing label a"]);
    assert_eq!(unify("{a: int}", "{a: int, b: int}"), ["found unexpected label b"]);
    assert_eq!(
        unify("{a: int, b: int}", "{a: int, c: int, d: int}"),
        ["found unexpected label c", "record is missing label b"]
    );
    assert_eq!(unify("{a: int, a: string}", "{a: int, a: int}"), ["expected string but found int"]);
    assert_eq!(unify("{a: int}", "int"), ["expected {a: int} (record) but found int"]);
    // Two records on one tail must have the same fields.
    assert_eq!(
        unify("{x: {A with a: int}, y: {A with b: int}}", "{x: B, y: B}"),
        ["expected {A with b: int} (record) but found {A with a: int} (record)"]
    );
}

#[test]
fn a_type_is_no_part_of_itself() {
    assert_eq!(unify("{a: A, b: [A]}", "{a: B, b: B}"), ["recursive types not supported A != [A]"]);
}

#[test]
fn functions() {
    fits("(a: int) => int", "(a: int, ?b: string) => int");
    fits("(a: int, ?b: string) => int", "(a: int) => int");
    fits("(<-tables: stream[A], n: int) => stream[A]", "(<-: stream[{a: int}], n: int) => B");
    fits("(<-tables: stream[A], n: int) => stream[A]", "(tables: stream[{a: int}], n: int) => B");
    assert_eq!(
        unify("(a: int) => int", "(a: string) => int"),
        ["expected int but found string (argument a)"]
    );
    assert_eq!(
        unify("() => int", "() => string"),
        ["expected int but found string for return type caused by expected int but found string"]
    );
    assert_eq!(
        unify("(n: int, ?offset: int) => int", "(m: int) => int"),
        ["found unexpected argument m (Expected one of `n` or `offset`)", "missing required argument n",]
    );
    assert_eq!(unify("(<-a: int) => int", "(<-b: int) => int"), ["expected pipe argument a but found b"]);
    assert_eq!(
        unify("(x: int) => int", "(<-: int) => int"),
        ["missing pipe argument", "missing required argument x"]
    );
    assert_eq!(unify("(x: int) => int", "bool"), ["expected (x: int) => int (function) but found bool"]);
}

#[test]
fn column_names_may_be_labels_or_strings() {
    fits("(c: A) => A where A: Label", "(c: .x) => B");
    fits("(c: A) => A where A: Label", "(c: string) => B");
    fits(
        "(<-tables: stream[{A with C: B}], ?column: C = ._value) => B where C: Label",
        "(<-: stream[{_value: int}]) => int",
    );
    assert_eq!(
        unify(
            "(<-tables: stream[{A with C: B}], ?column: C = ._value) => B where C: Label",
            "(<-: stream[{x: int}]) => int"
        ),
        ["record is missing label _value (argument tables)"]
    );
}

#[test]
fn dynamic_fits_records_that_are_only_read() {
    fits("dynamic", "{A with a: B}");
    fits("{A with a: B}", "dynamic");
    assert_eq!(unify("dynamic", "{a: int}"), ["expected dynamic (dynamic) but found {a: int} (record)"]);
}
