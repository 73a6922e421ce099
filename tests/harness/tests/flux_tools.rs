//! `weir flux …`: what people who write Flux see of it, and how it ends.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use weir_cluster_tests::{Server, TOKEN, binary};

/// What a run of the tool left behind.
struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs `weir flux`, in a folder and with a text to read; nothing of the environment names a server.
fn flux(folder: &Path, arguments: &[&str], input: &str) -> Ended {
    let mut command = Command::new(binary());
    command.arg("flux").args(arguments).current_dir(folder).env("HOME", folder);
    ["INFLUX_HOST", "INFLUX_ORG", "INFLUX_ORG_ID", "INFLUX_TOKEN"].iter().for_each(|name| {
        command.env_remove(name);
    });
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let ended = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: ended.status.code(), out: text(ended.stdout), err: text(ended.stderr) }
}

fn expect(folder: &Path, arguments: &[&str], input: &str, wanted: (i32, &str, &str)) {
    let ended = flux(folder, arguments, input);
    assert_eq!(
        (ended.code, ended.out.as_str(), ended.err.as_str()),
        (Some(wanted.0), wanted.1, wanted.2),
        "{arguments:?}"
    );
}

#[test]
fn fmt() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::create_dir(at.join("sub")).unwrap();
    fs::write(at.join("a.flux"), "x=1").unwrap();
    fs::write(at.join("sub/good.flux"), "x = 1\n").unwrap();
    fs::write(at.join("sub/other.txt"), "x=1").unwrap();

    let piped = "from(bucket:\"b\")|>range(start:-1h)";
    expect(at, &["fmt"], piped, (0, "from(bucket: \"b\") |> range(start: -1h)\n", ""));
    expect(at, &["fmt"], "x=(", (1, "", "error @1:3-1:4: expected RPAREN, got EOF\n"));
    expect(at, &["fmt", "a.flux"], "", (0, "x = 1\n", ""));
    expect(at, &["fmt", "--check", "a.flux", "sub"], "", (1, "a.flux\n", ""));
    assert_eq!(fs::read_to_string(at.join("a.flux")).unwrap(), "x=1");
    expect(at, &["fmt", "-w", "a.flux", "sub"], "", (0, "", ""));
    assert_eq!(fs::read_to_string(at.join("a.flux")).unwrap(), "x = 1\n");
    assert_eq!(fs::read_to_string(at.join("sub/other.txt")).unwrap(), "x=1");
    expect(at, &["fmt", "-c", "."], "", (0, "", ""));

    // What is broken stays as it is; the others are formatted.
    fs::write(at.join("a.flux"), "x=1").unwrap();
    fs::write(at.join("sub/bad.flux"), "x=(").unwrap();
    let why = "sub/bad.flux: error sub/bad.flux@1:3-1:4: expected RPAREN, got EOF\n";
    expect(at, &["fmt", "-w", "sub", "a.flux"], "", (1, "", why));
    assert_eq!(fs::read_to_string(at.join("sub/bad.flux")).unwrap(), "x=(");
    assert_eq!(fs::read_to_string(at.join("a.flux")).unwrap(), "x = 1\n");
    let missing = flux(at, &["fmt", "nosuch.flux"], "");
    assert_eq!(missing.code, Some(1));
    assert!(missing.err.starts_with("nosuch.flux: "), "{}", missing.err);
}

#[test]
fn doc() {
    let folder = tempfile::tempdir().unwrap();
    for (name, wanted) in [
        ("strings.joinStr", &["import \"strings\"", "joinStr: (arr: [string], v: string) => string"][..]),
        ("filter", &["filter: (<-tables: stream[A], fn: (r: A) => bool"]),
        (
            "influxdata/influxdb/schema",
            &["package schema (import \"influxdata/influxdb/schema\")", "tagValues"],
        ),
        ("now", &["option now: () => time"]),
    ] {
        let ended = flux(folder.path(), &["doc", name], "");
        assert_eq!(ended.code, Some(0), "{name}: {}", ended.err);
        for part in wanted {
            assert!(ended.out.contains(part), "{name} lacks {part}: {}", ended.out);
        }
    }
    let all = flux(folder.path(), &["doc"], "");
    assert!(all.out.lines().any(|line| line == "experimental/geo"), "{}", all.out);
    let nosuch = flux(folder.path(), &["doc", "filtr"], "");
    assert_eq!((nosuch.code, nosuch.out.as_str()), (Some(1), ""));
    assert_eq!(nosuch.err, "there is no filtr; there is filter, fill\n");
}

const CASES: &str = r#"package cases_test

import "array"
import "testing"

base = array.from(rows: [{v: 1}, {v: 2}])

testcase good {
    testing.diff(got: base |> sum(column: "v"), want: array.from(rows: [{v: 3}]))
}

testcase bad {
    testing.diff(got: base, want: array.from(rows: [{v: 1}, {v: 3}]))
}

testcase slow {
    option testing.tags = ["slow"]

    testing.assertEqualValues(got: 1, want: 1)
}

testcase dies {
    die(msg: "no way")
}
"#;

const MORE: &str = r#"package more_test

testcase again extends "cases_test.good" {
    super()
}
"#;

#[test]
fn test() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("cases_test.flux"), CASES).unwrap();
    fs::write(at.join("more_test.flux"), MORE).unwrap();
    fs::write(at.join("no_case.flux"), "x = ").unwrap();

    let all = flux(at, &["test", "-v"], "");
    assert_eq!(all.code, Some(1), "{}", all.err);
    assert!(all.out.ends_with("1 skipped\n2 passed, 2 failed\n"), "{}", all.out);
    for part in [
        "ok    ./cases_test.flux:8 good (",
        "ok    ./more_test.flux:3 again (",
        "FAIL  ./cases_test.flux:12 bad\n      Table: keys: []\n      _diff:string  v:int\n",
        "\n      -                 3\n      +                 2\n",
        "FAIL  ./cases_test.flux:22 dies\n      error calling function \"die\"",
    ] {
        assert!(all.out.contains(part), "lacks {part}: {}", all.out);
    }

    let passed = |arguments: &[&str], wanted: &str| {
        let ended = flux(at, arguments, "");
        assert_eq!((ended.code, ended.out.as_str()), (Some(0), wanted), "{arguments:?}: {}", ended.err);
    };
    passed(&["test", "--skip", "bad,dies", "."], "3 skipped\n2 passed, 0 failed\n");
    passed(&["test", "--skip", "bad,dies", "--tags", "slow,other", "."], "2 skipped\n3 passed, 0 failed\n");
    passed(&["test", "--tags", "slow", "--skip-untagged", "."], "4 skipped\n1 passed, 0 failed\n");
    passed(
        &["test", "--test", "slow", "--parallel=1", "-p", "cases_test.flux"],
        "3 skipped\n1 passed, 0 failed\n",
    );

    let missing = flux(at, &["test", "nosuch_test.flux"], "");
    assert_eq!((missing.code, missing.out.as_str()), (Some(1), "0 passed, 1 failed\n"), "{}", missing.err);
}

#[test]
fn run_and_repl() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("here.flux"), "import \"array\" array.from(rows: [{a: 1, b: \"x\"}])").unwrap();
    let table = "Table: keys: []\na:int  b:string\n-----  --------\n    1  x\n\n";
    expect(at, &["run", "here.flux"], "", (0, table, ""));
    let wrong = "error @1:5-1:8: expected int but found string\n";
    expect(at, &["run", "-"], "1 + \"a\"", (1, "", wrong));

    let server = Server::start(at, &[]);
    server.write("m,t=a v=1.5 1704067200000000000");
    let host = format!("http://{}", server.address());
    let script = "from(bucket: \"b\") |> range(start: 2024-01-01T00:00:00Z, stop: 2024-01-02T00:00:00Z)";
    let with = ["run", "-", "--host", &host, "--org", "o", "--token", TOKEN];
    let answer = flux(at, &with, script);
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    assert!(answer.out.contains("2024-01-01T00:00:00Z") && answer.out.contains("1.5"), "{}", answer.out);
    let raw = flux(at, &[&with[..], &["--raw"]].concat(), script);
    assert!(raw.out.starts_with("#datatype,string,long,"), "{}", raw.out);
    let refused = flux(at, &["run", "-", "--host", &host, "--org", "o", "--token", "wrong"], script);
    assert_eq!((refused.code, refused.err.as_str()), (Some(1), "401: unauthorized access\n"));

    let typed = "x = 3\n\nx * 2\nnosuch\nimport \"strings\"\nstrings.toUpper(v: \"a\")\n";
    let session = flux(at, &["repl"], typed);
    assert_eq!(session.code, Some(0), "{}", session.err);
    assert!(session.out.ends_with("leaves.\n6\nA\n"), "{}", session.out);
    assert!(session.err.contains("undefined identifier nosuch"), "{}", session.err);
}
