//! The texts that users see and compare.

use serde_json::{Value, json};

use super::{Told, check, custom, rule};
use crate::monitoring::{CheckKind, EndpointKind, rule as rules};

const ID: &str = "0123456789abcdef";
const QUERY: &str = "from(bucket: \"b\") |> range(start: v.timeRangeStart, stop: v.timeRangeStop)\n  |> filter(fn: (r) => r._measurement == \"m\" and r._field == \"use\") |> aggregateWindow(every: 1m, fn: mean) |> yield(name: \"mean\")";

fn id() -> weir_model::Id {
    ID.parse().unwrap()
}

fn made(given: Value, query: &str) -> Result<String, String> {
    check(id(), "load", query, &CheckKind::from_json(&given).unwrap())
}

fn threshold(thresholds: Value) -> Value {
    json!({"type": "threshold", "every": "1h30m", "offset": "20s", "thresholds": thresholds,
        "statusMessageTemplate": "${ r._check_name } is \"${ r._level }\"",
        "tags": [{"key": "team", "value": "blue"}, {"key": "site", "value": "${x}"}]})
}

#[test]
fn thresholds_of_every_kind() {
    let all = json!([
        {"type": "greater", "level": "CRIT", "value": 90}, {"type": "lesser", "level": "ok", "value": -1.5},
        {"type": "range", "level": "WARN", "min": 1, "max": 2, "within": true},
        {"type": "range", "level": "INFO", "min": 3, "max": 4},
    ]);
    let want = r#"import "influxdata/influxdb/monitor"
import "influxdata/influxdb/v1"

data =
    from(bucket: "b")
        |> range(start: -1h30m)
        |> filter(fn: (r) => r._measurement == "m" and r._field == "use")
        |> aggregateWindow(every: 1h30m, fn: mean, createEmpty: false)

option task = {name: "load", every: 1h30m, offset: 20s}

check = {
    _check_id: "0123456789abcdef",
    _check_name: "load",
    _type: "threshold",
    tags: {team: "blue", site: "\${x}"},
}
crit = (r) => r["use"] > 90.0
ok = (r) => r["use"] < -1.5
warn = (r) => r["use"] < 2.0 and r["use"] > 1.0
info = (r) => r["use"] < 3.0 or r["use"] > 4.0
messageFn = (r) => "${ r._check_name } is \"${ r._level }\""

data
    |> v1["fieldsAsCols"]()
    |> monitor["check"](
        data: check,
        messageFn: messageFn,
        crit: crit,
        ok: ok,
        warn: warn,
        info: info,
    )
"#;
    assert_eq!(made(threshold(all), QUERY).unwrap(), want);
}

#[test]
fn a_deadman_counts_rows_and_not_windows() {
    let deadman = json!({"type": "deadman", "every": "1m", "timeSince": "90s", "staleTime": "10m", "level": "WARN",
        "statusMessageTemplate": "quiet"});
    let want = r#"import "math"
import "influxdata/influxdb/monitor"
import "experimental"
import "influxdata/influxdb/v1"

data = from(bucket: "b") |> range(start: -10m) |> filter(fn: (r) => r._value > math.pi)

option task = {name: "load", every: 1m}

check = {_check_id: "0123456789abcdef", _check_name: "load", _type: "deadman", tags: {}}
warn = (r) => r["dead"]
messageFn = (r) => "quiet"

data
    |> v1["fieldsAsCols"]()
    |> monitor["deadman"](t: experimental["subDuration"](from: now(), d: 90s))
    |> monitor["check"](data: check, messageFn: messageFn, warn: warn)
"#;
    let query = "import \"math\"\nfrom(bucket: \"b\") |> range(start: -1h, stop: -1m) |> filter(fn: (r) => r._value > math.pi) |> aggregateWindow(every: 1m, fn: last)";
    assert_eq!(made(deadman.clone(), query).unwrap(), want);
    let mut without = deadman;
    without["staleTime"] = Value::Null;
    assert_eq!(made(without, query).unwrap_err(), "a deadman check needs staleTime");
}

#[test]
fn queries_that_cannot_be_checked() {
    let refusal = |query: &str| made(threshold(json!([])), query).unwrap_err();
    assert!(refusal("from(").starts_with("error @1:"));
    assert_eq!(refusal("from(bucket: \"b\") |> range(start: -1h)"), "expected a single field but got: []");
    let two = "from(bucket: \"b\") |> filter(fn: (r) => r._field == \"a\" or r[\"_field\"] == \"b\")";
    assert_eq!(refusal(two), "expected a single field but got: [a b]");
}

#[test]
fn custom_checks_learn_their_id() {
    let query = r#"option task = {name: "own", every: 1h, offset: 0s}
check = {_check_id: "x", _check_name: "own", _type: "custom", tags: {}}
from(bucket: "b") |> range(start: -1m)"#;
    let want = r#"option task = {name: "own", every: 1h, offset: 0s}

check = {_check_id: "0123456789abcdef", _check_name: "own", _type: "custom", tags: {}}

from(bucket: "b") |> range(start: -1m)
"#;
    assert_eq!(custom(id(), "own", query).unwrap(), want);
    assert_eq!(custom(id(), "own", want).unwrap(), want);
    let without = query.replace("_check_id: \"x\", ", "");
    let last = "{_check_name: \"own\", _type: \"custom\", tags: {}, _check_id: \"0123456789abcdef\"}";
    assert!(custom(id(), "own", &without).unwrap().contains(last));
    for (from, to, refusal) in [
        ("check = ", "other = ", "Custom flux must have an object called 'check'"),
        ("_check_name: \"own\"", "n: 1", "_check_name parameter on check object must match check name"),
        ("\"custom\"", "\"odd\"", "_type parameter on check object must be set to 'custom'"),
        ("option task", "task", "Custom flux missing task option statement"),
        ("{name: \"own\", ", "{", "Custom flux missing name parameter from task option statement"),
        ("{name: \"own\"", "{name: \"o\"", "Name parameter from task option statement must match check name"),
        ("every: 1h, ", "", "Custom flux missing every parameter from task option statement"),
        (", offset: 0s", "", "Custom flux missing offset parameter from task option statement"),
    ] {
        assert_eq!(custom(id(), "own", &query.replace(from, to)).unwrap_err(), refusal);
    }
}

fn told(given: Value, endpoint: Value) -> Result<String, String> {
    let (base, kind) = rules::from_json(&given).unwrap();
    let mut endpoint_kind = EndpointKind::from_json(&endpoint).unwrap();
    endpoint_kind.name_secrets(id());
    let (id, endpoint) = (id(), id());
    let (base, kind) = (&base, &kind);
    let endpoint_kind = &endpoint_kind;
    rule(Told { id, title: "tell", base, kind, endpoint, endpoint_title: "end", endpoint_kind })
}

#[test]
fn rules_choose_among_statuses() {
    let given = json!({"type": "slack", "every": "10s", "offset": "1s", "channel": "#c",
        "messageTemplate": "${ r._level }",
        "tagRules": [{"key": "k", "value": "v"}, {"key": "l", "value": "w", "operator": "notequal"}],
        "statusRules": [{"currentLevel": "ANY"}, {"currentLevel": "CRIT", "previousLevel": "OK"}]});
    let want = r##"import "influxdata/influxdb/monitor"
import "slack"
import "influxdata/influxdb/secrets"
import "experimental"

option task = {name: "tell", every: 10s, offset: 1s}

slack_secret = secrets["get"](key: "0123456789abcdef-token")
slack_endpoint = slack["endpoint"](token: slack_secret, url: "http://h")
notification = {
    _notification_rule_id: "0123456789abcdef",
    _notification_rule_name: "tell",
    _notification_endpoint_id: "0123456789abcdef",
    _notification_endpoint_name: "end",
}
statuses = monitor["from"](start: -20s, fn: (r) => r["k"] == "v" and r["l"] == "w")
any = statuses |> filter(fn: (r) => true)
ok_to_crit = statuses |> monitor["stateChanges"](fromLevel: "ok", toLevel: "crit")
all_statuses =
    union(tables: [any, ok_to_crit])
        |> sort(columns: ["_time"])
        |> filter(fn: (r) => r["_time"] >= experimental["subDuration"](from: now(), d: 10s))

all_statuses
    |> monitor["notify"](
        data: notification,
        endpoint:
            slack_endpoint(
                mapFn: (r) =>
                    ({
                        channel: "#c",
                        text: "${ r._level }",
                        color:
                            if r["_level"] == "crit" then
                                "danger"
                            else if r["_level"] == "warn" then
                                "warning"
                            else
                                "good",
                    }),
            ),
    )
"##;
    assert_eq!(told(given.clone(), json!({"type": "slack", "url": "http://h", "token": "t"})).unwrap(), want);
    let other = told(given, json!({"type": "telegram", "token": "t", "channel": "@c"})).unwrap_err();
    assert_eq!(other, "endpoint provided is a telegram, not an Slack endpoint");
}

#[test]
fn telegram_is_told_quietly_or_not() {
    let given = json!({"type": "telegram", "every": "1h", "messageTemplate": "m", "parseMode": "HTML",
        "statusRules": [{"currentLevel": "WARN"}]});
    let script = told(given, json!({"type": "telegram", "token": "t", "channel": "@c"})).unwrap();
    let endpoint = r#"import "contrib/sranka/telegram"
import "influxdata/influxdb/secrets"
import "experimental"

option task = {name: "tell", every: 1h}

telegram_secret = secrets["get"](key: "0123456789abcdef-token")
telegram_endpoint =
    telegram["endpoint"](token: telegram_secret, parseMode: "HTML", disableWebPagePreview: false)
"#;
    assert!(script.contains(endpoint), "{script}");
    let silent = r#"
                        channel: "@c",
                        text: "m",
                        silent:
                            if r["_level"] == "crit" then
                                true
                            else if r["_level"] == "warn" then
                                true
                            else
                                false,
"#;
    assert!(script.contains(silent), "{script}");
}
