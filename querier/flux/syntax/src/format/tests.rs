use crate::{Error, format, from_json, parse, parse_package, to_json};

fn formatted(source: &str) -> String {
    format(&parse(source, "")).unwrap()
}

/// What is formatted is laid out as if the parentheses it loses had never been there.
#[test]
fn needless_parentheses_leave_no_trace() {
    let long = format!("\"{}\"", "x".repeat(100));
    for (with, without) in [("a + (b * {})", "a + b * {}"), ("a and ((b / {}))", "a and b / {}")] {
        let [with, without] = [with, without].map(|s| format!("x = {}", s.replace("{}", &long)));
        assert_eq!(formatted(&with), formatted(&without));
    }
}

#[test]
fn layouts() {
    for (source, want) in [
        ("", ""),
        ("// only a comment", "// only a comment\n"),
        ("x=1 y =2", "x = 1\ny = 2\n"),
        ("x=1\n\n\ny=2\nf(a:1)", "x = 1\n\ny = 2\n\nf(a: 1)\n"),
        (
            "package p import \"a\" import b \"c\" x=1",
            "package p\n\n\nimport \"a\"\nimport b \"c\"\n\nx = 1\n",
        ),
        ("from(bucket:\"b\")|>range(start:-1h)", "from(bucket: \"b\") |> range(start: -1h)\n"),
        ("a\n|>f()|>g()", "a\n    |> f()\n    |> g()\n"),
        (
            "x = [1,2,3,4]\ny=[1,2,3,4,5]",
            "x = [1, 2, 3, 4]\ny = [\n    1,\n    2,\n    3,\n    4,\n    5,\n]\n",
        ),
        ("x = {r with a:1,\"b c\":2}", "x = {r with a: 1, \"b c\": 2}\n"),
        ("x = (r)=>({r with a:1})", "x = (r) => ({r with a: 1})\n"),
        ("x = (r)=>{return r.a}", "x = (r) => {\n    return r.a\n}\n"),
        ("f = (a,b=1,t=<-,c,d)=>t", "f = (\n    a,\n    b=1,\n    t=<-,\n    c,\n    d,\n) =>\n    t\n"),
        (
            "f = (a,b=1,t=<-,c,d)=>{return t}",
            "f = (\n        a,\n        b=1,\n        t=<-,\n        c,\n        d,\n    ) =>\n    {\n        return t\n    }\n",
        ),
        ("x = if a then b else c", "x = if a then b else c\n"),
        (
            "x = if a then b\nelse if c then d else e",
            "x =\n    if a then\n        b\n    else if c then\n        d\n    else\n        e\n",
        ),
        ("x = [:]\ny=[\"a\":1,\"b\":2]", "x = [:]\ny = [\"a\": 1, \"b\": 2]\n"),
        ("option a.b=1", "option a.b = 1\n"),
        ("x = -1.0+2.50 r = /a\\/b/", "x = -1.0 + 2.5\nr = /a\\/b/\n"),
        (
            "x = 2020-01-01\ny = 2020-01-01T01:02:03.500+01:00",
            "x = 2020-01-01T00:00:00Z\ny = 2020-01-01T01:02:03.5+01:00\n",
        ),
        (
            "builtin f:(<-t:stream[A],?n:int)=>A where A:Record+Basic",
            "builtin f : (<-t: stream[A], ?n: int) => A where A: Record + Basic\n",
        ),
        ("testcase a extends \"b\" {x=1}", "testcase a extends \"b\" {\n    x = 1\n}\n"),
        ("@edition(\"2022.1\") package a", "@edition(\"2022.1\")\npackage a\n"),
        ("x = \"  two\n  lines  \n\"", "x = \"  two\n  lines  \n\"\n"),
        ("x = \"a ${ b } c\"", "x = \"a ${ b } c\"\n"),
    ] {
        assert_eq!(formatted(source), want, "{source}");
    }
}

#[test]
fn parentheses_only_where_needed() {
    for (source, want) in [
        ("x = ((a))", "x = a\n"),
        ("x = (a*b)+c", "x = a * b + c\n"),
        ("x = a*(b+c)", "x = a * (b + c)\n"),
        ("x = a-(b-c)", "x = a - (b - c)\n"),
        ("x = (a-b)-c", "x = a - b - c\n"),
        ("x = -(a+b)", "x = -(a + b)\n"),
        ("x = -a^b", "x = (-a) ^ b\n"),
        ("x = not (a and b)", "x = not (a and b)\n"),
        ("x = not (a == b)", "x = not a == b\n"),
        ("x = (a or b) and c", "x = (a or b) and c\n"),
        ("x = (a + b) |> f()", "x = (a + b) |> f()\n"),
        ("x = (if a then b else c) + 1", "x = (if a then b else c) + 1\n"),
        ("x = ((a) => a)(a: 1)", "x = ((a) => a)(a: 1)\n"),
        ("x = (1).a", "x = (1).a\n"),
        ("x = a[(\"b\")]", "x = a[(\"b\")]\n"),
        ("x = () => ({a: 1}).a", "x = () => ({a: 1}.a)\n"),
    ] {
        assert_eq!(formatted(source), want, "{source}");
    }
}

#[test]
fn comments_stay() {
    for (source, want) in [
        ("// a\nx = 1 // b\n// c\ny = 2\n// d\n", "// a\nx = 1\n\n// b\n// c\ny = 2\n// d\n"),
        ("f( // b\n)", "f(\n    // b\n)\n"),
        ("f = (a // b\n) => a", "f = (\n    a,\n    // b\n) =>\n    a\n"),
        ("f = ( // b\n) => 1", "f = (\n    // b\n) =>\n    1\n"),
        ("x = [1, 2 // b\n]", "x = [\n    1,\n    2,\n    // b\n]\n"),
        ("x = [ // b\n]", "x = [\n    // b\n]\n"),
        ("f(a: 1, // b\n c: 2)", "f(\n    a: 1,\n    // b\n    c: 2,\n)\n"),
        ("a\n // b\n |> f()", "a\n    // b\n    |> f()\n"),
        ("f = () => {\n // a\n return 1\n // b\n}", "f = () => {\n    // a\n    return 1\n    // b\n}\n"),
    ] {
        assert_eq!(formatted(source), want, "{source}");
    }
}

/// A long script on one line falls into the style by width alone.
#[test]
fn long_lines_hang() {
    let source = "all |> notify(data: notification, endpoint: end(mapFn: (r) => ({channel: \"\", text: \"${r.x}\", \
                  color: if r[\"_level\"] == \"crit\" then \"danger\" else if r[\"_level\"] == \"warn\" then \
                  \"warning\" else \"good\"})))";
    let want = "all\n    |> notify(\n        data: notification,\n        endpoint:\n            end(\n                \
                mapFn: (r) =>\n                    ({\n                        channel: \"\",\n                        \
                text: \"${r.x}\",\n                        color:\n                            \
                if r[\"_level\"] == \"crit\" then\n                                \"danger\"\n                            \
                else if r[\"_level\"] == \"warn\" then\n                                \"warning\"\n                            \
                else\n                                \"good\",\n                    }),\n            ),\n    )\n";
    assert_eq!(formatted(source), want);
}

#[test]
fn trees_without_source_are_written_too() {
    let mut json = to_json(&parse_package("x = \"a\\\"b${c}\"\ny = \"\\${d\"", "", ""));
    let text = json.to_string().replace("\"location\"", "\"elsewhere\"");
    json = serde_json::from_str(&text).unwrap();
    let package = from_json(&json).unwrap();
    assert_eq!(format(&package.files[0]).unwrap(), "x = \"a\\\"b${c}\"\ny = \"\\${d\"\n");
}

#[test]
fn broken_scripts_are_refused() {
    assert!(matches!(format(&parse("x = ", "")), Err(Error::Syntax(_))));
    assert!(matches!(format(&parse("x = (1", "")), Err(Error::Syntax(_))));
}

#[test]
fn deep_nesting_takes_no_exponential_time() {
    let deep = |open: &str, close: &str| format!("x = {}1{}", open.repeat(35), close.repeat(35));
    for source in [deep("[", "]"), deep("{a: ", "}"), deep("f(a: ", ")"), deep("(a) => [", "]")] {
        assert!(formatted(&source).contains('1'));
    }
}
