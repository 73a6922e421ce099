//! Bad input: a clear error with the right status, and the server stays up.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use weir_cluster_tests::{Client, Server};

const LIMIT: usize = 1 << 20;
const WRITE: &str = "/api/v2/write?org=o&bucket=b";
const QUERY: &str = "/api/v2/query?org=o";
const FLUX: &str = "Content-Type: application/vnd.flux";
const JSON: &str = "Content-Type: application/json";

struct Attempt<'a> {
    what: &'a str,
    path: &'a str,
    headers: &'a [&'a str],
    body: Vec<u8>,
    /// The status codes that are right, and the code of the error's body.
    answers: &'a [(u16, &'a str)],
}

#[test]
fn bad_input_is_refused_and_survived() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &["--http-max-body-size", &LIMIT.to_string()]);
    server.write("m v=1 1704067200000000000");
    for attempt in attempts() {
        refused(&mut server, Server::client, &attempt);
    }
    refused(
        &mut server,
        stranger,
        &Attempt {
            what: "a wrong token",
            path: WRITE,
            headers: &[],
            body: b"m v=1".to_vec(),
            answers: &[(401, "unauthorized")],
        },
    );
    broken_requests(&mut server);
    // Nothing of all this was kept, and the server works as before.
    let there = server.query(r#"from(bucket: "b") |> range(start: 0, stop: 2030-01-01T00:00:00Z)"#);
    assert_eq!(there.lines().filter(|line| line.contains(",m")).count(), 1, "{there}");
    server.write("m v=2 1704067201000000000");
    let log = server.process().log();
    assert!(!log.contains("panicked"), "{log}");
    server.process().stop();
}

fn stranger(server: &Server) -> Client {
    Client::new(server.address(), "wrong")
}

fn refused(server: &mut Server, client: fn(&Server) -> Client, attempt: &Attempt<'_>) {
    let what = attempt.what;
    let answer = client(server)
        .send("POST", attempt.path, attempt.headers, &attempt.body)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = body["code"].as_str().unwrap_or_default();
    assert!(
        attempt.answers.contains(&(answer.status, code)),
        "{what}: {} {}, wanted {:?}",
        answer.status,
        answer.text().chars().take(500).collect::<String>(),
        attempt.answers
    );
    assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{what}: {}", answer.text());
    assert!(answer.body.len() < 64 << 10, "{what}: an error of {} bytes", answer.body.len());
    server.client().expect(200, "GET", "/health", b"");
    assert!(server.process().is_running(), "{what}");
}

fn attempts() -> Vec<Attempt<'static>> {
    const INVALID: &[(u16, &str)] = &[(400, "invalid")];
    const TOO_LARGE: &[(u16, &str)] = &[(413, "request too large")];
    const ZIPPED: &[&str] = &["Content-Encoding: gzip"];
    let mut attempts = Vec::new();
    let mut add = |what, path, headers, body, answers| {
        attempts.push(Attempt { what, path, headers, body, answers });
    };
    add("a malformed line", WRITE, &[] as &[&str], b"m,t=1 v=".to_vec(), INVALID);
    add("a malformed line among good ones", WRITE, &[], b"x v=1 1\nx v=\nx v=2 2\n".to_vec(), INVALID);
    add("no fields", WRITE, &[], b"m".to_vec(), INVALID);
    add("bytes", WRITE, &[], (0..=255).collect(), INVALID);
    add("a body past the limit", WRITE, &[], line_of(LIMIT + 1), TOO_LARGE);
    add("a body far past the limit", WRITE, &[], line_of(8 * LIMIT), TOO_LARGE);
    add("a gzip bomb", WRITE, ZIPPED, zipped(&vec![b'\n'; 256 << 20]), TOO_LARGE);
    add("no gzip", WRITE, ZIPPED, b"m v=1".to_vec(), INVALID);
    add("half a gzip", WRITE, ZIPPED, zipped(&line_of(5_000))[..40].to_vec(), INVALID);
    add("invalid UTF-8 in a name", WRITE, &[], b"m\xff v=1".to_vec(), INVALID);
    add("invalid UTF-8 in a script", QUERY, &[FLUX], b"from(bucket: \"\xff\xfe\")".to_vec(), INVALID);
    add("invalid UTF-8 in JSON", QUERY, &[JSON], b"{\"query\": \"\xff\"}".to_vec(), INVALID);
    add("no JSON", QUERY, &[JSON], b"{\"query\": ".to_vec(), INVALID);
    add("an empty script", QUERY, &[FLUX], Vec::new(), INVALID);
    for (what, script) in nested() {
        add(what, QUERY, &[FLUX], script.clone().into_bytes(), INVALID);
        add(what, "/api/v2/query/ast?org=o", &[JSON], quoted(&script), INVALID);
    }
    let deep = format!(r#"{{"ast": {}}}"#, "[".repeat(10_000) + &"]".repeat(10_000));
    add("a tree nested in JSON", QUERY, &[JSON], deep.into_bytes(), INVALID);
    let deep = "{\"a\":".repeat(10_000) + "1" + &"}".repeat(10_000);
    add("a bucket nested in JSON", "/api/v2/buckets", &[JSON], deep.into_bytes(), INVALID);
    attempts
}

/// Scripts nested 10,000 deep in each way that the grammar has.
fn nested() -> Vec<(&'static str, String)> {
    const DEEP: usize = 10_000;
    let around = |open: &str, middle: &str, close: &str| {
        format!("x = {}{middle}{}", open.repeat(DEEP), close.repeat(DEEP))
    };
    vec![
        ("nested parentheses", around("(", "1", ")")),
        ("nested arrays", around("[", "1", "]")),
        ("nested records", around("{a: ", "1", "}")),
        ("nested functions", around("() => ", "1", "")),
        ("nested blocks", around("() => { return ", "1", " }")),
        ("nested calls", around("f(a: ", "1", ")")),
        ("nested conditions", around("if true then ", "1", " else 1")),
        ("nested negations", around("not ", "true", "")),
        ("nested minus", around("- ", "1", "")),
        ("nested texts", around("\"${", "1", "}\"")),
        ("nested dictionaries", around("[1: ", "1", "]")),
    ]
}

fn quoted(script: &str) -> Vec<u8> {
    serde_json::json!({ "query": script }).to_string().into_bytes()
}

fn line_of(size: usize) -> Vec<u8> {
    let mut line = b"m s=\"".to_vec();
    line.resize(size - 1, b'x');
    line.push(b'"');
    line
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What is not even HTTP, or ends in the middle.
fn broken_requests(server: &mut Server) {
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET /health\r\n\r\n",
        b"POST /api/v2/write?org=o&bucket=b HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nm v=",
        b"POST /api/v2/write HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/v2/write HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let mut stream = std::net::TcpStream::connect(server.address()).unwrap();
        stream.write_all(bytes).unwrap();
        drop(stream);
        server.client().expect(200, "GET", "/health", b"");
    }
    let long = format!("/health?{}", "a".repeat(1 << 20));
    if let Ok(answer) = server.client().send("GET", &long, &[], b"") {
        assert!((400..500).contains(&answer.status), "a long path: {}", answer.status);
    }
    server.client().expect(200, "GET", "/health", b"");
}
