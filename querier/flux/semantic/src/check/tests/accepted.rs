//! Scripts that are fine.

use super::{IMPORTER, check, complaints, parse};
use weir_flux_syntax::parse_package;

fn fine(script: &str) {
    assert_eq!(complaints(script), "", "{script}");
}

#[test]
fn queries() {
    fine(
        r#"
        import "influxdata/influxdb/schema"
        option v = {timeRangeStart: -1h, windowPeriod: 10s}
        data = from(bucket: "b")
            |> range(start: v.timeRangeStart)
            |> filter(fn: (r) => r._measurement == "cpu" and (r.host =~ /^a/ or not exists r.region))
        data |> aggregateWindow(every: v.windowPeriod, fn: mean, createEmpty: false) |> yield(name: "mean")
        data |> aggregateWindow(every: 1m, fn: (column, tables=<-) => tables |> quantile(q: 0.9, column: column))
        data |> map(fn: (r) => ({r with _value: float(v: r._value) * 2.0, "new name": r.host + "x"}))
        schema.tagValues(bucket: "b", tag: "host", predicate: (r) => r._measurement == "cpu")
        "#,
    );
    fine(
        r#"
        import "join"
        import "array"
        l = array.from(rows: [{id: 1, a: "x"}])
        r = array.from(rows: [{id: 1, b: 2.0}])
        join.left(left: l, right: r, on: (l, r) => l.id == r.id, as: (l, r) => ({l with b: r.b}))
        "#,
    );
    fine(
        r#"
        import "array"
        l = array.from(rows: [{id: 1, a: "x"}])
        join(tables: {l: l, r: l}, on: ["id"]) |> filter(fn: (r) => r.anything > 3)
        "#,
    );
}

#[test]
fn what_only_running_can_refuse() {
    fine(r#"from(bucket: "b") |> range(start: "x", stop: 2.5)"#);
    fine(
        r#"import "array" array.from(rows: [{a: 1 == "1", b: 1 < 2h, c: [1] != [2], d: {x: 1} == {x: 2}}])"#,
    );
    fine(r#"from(bucket: "b") |> range(start: -1h) |> map(fn: (r) => ({a: r.nowhere + 1}))"#);
    fine("x = -uint(v: 1)");
    fine("a = [1][5]");
}

#[test]
fn polymorphism() {
    fine(
        r#"
        id = (x) => x
        pair = (a, b) => ({a: id(x: a), b: id(x: b)})
        p = pair(a: 1, b: "s")
        n = p.a + 1
        s = p.b + "t"
        name = (r) => r.name
        x = name(r: {name: "a"}) + name(r: {name: "b", age: 3})
        compose = (f, g) => (x) => g(x: f(x: x))
        y = compose(f: (x) => string(v: x), g: (x) => x + "!")(x: 4) + "?"
        twice = (f, v) => f(x: f(x: v))
        z = twice(f: (x, step=3) => x * step, v: 2) + 1
        "#,
    );
    // A block's variable is as general as what it captures allows.
    fine(
        "f = (x) => { g = (y) => ({x: x, y: y}) return {i: g(y: 1).y + 1, s: g(y: \"a\").y + \"b\", x: x} }",
    );
}

#[test]
fn scopes() {
    fine("x = 1 f = () => { x = \"s\" return x + \"t\" } y = x + 1");
    fine("f = (map) => map + 1");
    fine("import \"strings\" f = (strings) => strings.x + 1 y = strings.toUpper(v: \"a\")");
    fine("filter = 5 x = filter + 1");
    fine("option a = 1 f = () => { a = 2 return a }");
}

#[test]
fn options() {
    fine("option now = () => 2020-01-01T00:00:00Z x = now() == today()");
    fine("import \"timezone\" option location = timezone.fixed(offset: -5h)");
    fine("import \"experimental/geo\" option geo.units = {distance: \"mile\"}");
    fine("option task = {name: \"t\", every: 1h, offset: 5m}");
    fine(
        "import \"influxdata/influxdb/monitor\" option monitor.write = (tables=<-) => tables |> to(bucket: \"x\")",
    );
    fine(
        "import \"influxdata/influxdb/schema\" import \"csv\" option schema._from = (bucket) => csv.from(csv: bucket)",
    );
}

#[test]
fn broken_parts_do_not_complain_again() {
    assert_eq!(
        complaints("x = nosuch y = (if x then x else 1) + \"a\" + 2"),
        "error @1:5-1:11: undefined identifier nosuch\n\n\
         error @1:34-1:35: expected bool but found int"
    );
    assert_eq!(
        complaints("import \"nowhere/at/all\" x = all.f(a: 1) + 1"),
        "error @1:1-1:24: invalid import path nowhere/at/all"
    );
}

#[test]
fn dynamic_values() {
    fine(
        r#"
        import "experimental/dynamic"
        import "array"
        d = dynamic.jsonParse(data: bytes(v: "{}"))
        rows = dynamic.asArray(v: d.list) |> array.map(fn: (x) => ({n: int(v: x.n), m: string(v: x.deep.er)}))
        array.from(rows: rows) |> filter(fn: (r) => r.n > 1 and r.m != "")
        "#,
    );
}

#[test]
fn column_labels() {
    fine(
        r#"import p "columnnames" import "array" array.from(rows: [{a: 1}]) |> p.pick(column: "a") |> map(fn: (r) => ({b: r._value}))"#,
    );
    fine(r#"import p "columnnames" import "array" array.from(rows: [{_value: 1}]) |> p.pick()"#);
    fine(
        r#"import p "columnnames" import "array" c = "a" + "b" array.from(rows: [{a: 1}]) |> p.pick(column: c)"#,
    );
}

#[test]
fn test_cases_are_blocks() {
    fine("x = 1 testcase t { y = x + 1 x = 2 } testcase u { y = \"s\" + \"t\" }");
}

#[test]
fn builtins_and_their_types() {
    let package = parse(
        "package p builtin f : (<-t: stream[A], ?n: int) => stream[A] where A: Record g = (t=<-) => t |> f(n: 1)",
    );
    let checked = super::check_package(&package, &*IMPORTER);
    assert_eq!(checked.diagnostics, []);
    assert_eq!(
        checked.types.lookup("g").unwrap().to_string(),
        "(<-t: stream[A]) => stream[A] where A: Record"
    );
}

#[test]
fn a_package_may_be_a_value() {
    fine("import \"strings\" s = strings f = (lib) => lib.toUpper(v: \"a\") + \"b\" x = f(lib: s)");
}

#[test]
fn nothing_exhausts_time_or_stack() {
    let started = std::time::Instant::now();
    let run = move || {
        // The deepest trees that the parser lets through.
        for (open, close) in [("[", "]"), ("(", ")"), ("{a: ", "}"), ("(x) => ", ""), ("-", ""), ("not ", "")]
        {
            for depth in [10, 40, 60, 75, 100_000] {
                let inner = if open == "not " { "true" } else { "1" };
                let script = format!("x = {}{inner}{}", open.repeat(depth), close.repeat(depth));
                check(&parse_package(&script, "", ""), &*IMPORTER);
            }
        }
        let pipes = format!("import \"array\" x = [1]{}", " |> array.map(fn: (x) => x)".repeat(60));
        assert_eq!(super::join_errors(&check(&parse_package(&pipes, "", ""), &*IMPORTER)), "");
        // Types far deeper than their scripts.
        let mut deep = "x0 = 1\n".to_owned();
        let mut wide = "a0 = {a: 1}\nb0 = {a: 2}\n".to_owned();
        let mut open = "f0 = (x) => x\n".to_owned();
        for i in 0..3000 {
            deep += &format!("x{} = [x{i}]\n", i + 1);
        }
        for i in 0..100 {
            wide += &format!("a{j} = {{a: a{i}, b: a{i}}} b{j} = {{a: b{i}, b: b{i}}}\n", j = i + 1);
            open += &format!("f{j} = (x) => f{i}(x: {{a: x, b: x}})\n", j = i + 1);
        }
        check(&parse(&format!("{deep} y = [x3000, x3000] z = x3000 + 1")), &*IMPORTER);
        check(&parse(&format!("{wide} y = [a100, b100] e = a100 == b100 z = a100 + 1")), &*IMPORTER);
        check(&parse(&format!("{open} y = f100(x: 1) + 2")), &*IMPORTER);
        // Types of which each use is a copy.
        let mut copied = "x0 = (a) => a\n".to_owned();
        for i in 0..100 {
            copied += &format!("x{} = {{a: x{i}, b: x{i}}}\n", i + 1);
        }
        let found = check(&parse(&copied), &*IMPORTER);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "the script's types are too large");
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
    assert!(started.elapsed().as_secs() < 20);
}
