//! What the functions that ask other servers send, and what they make of the answers.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use serde_json::{Value as Json, json};
use weir_batch::{ScanRequest, WriteBatch};
use weir_model::{Id, Result};
use weir_proto::ScanStream;

use crate::engine::{Engine, drain};
use crate::env::{
    BucketInfo, Environment, MqttMessages, NameOrId, Nowhere, OutgoingRequest, OutgoingResponse, SqlRows,
    SqlSource,
};
use crate::error::FluxError;
use crate::pretty::write_tables;

/// A world that answers every request with one body, and remembers the requests.
#[derive(Default)]
struct Recorder {
    body: Vec<u8>,
    sent: Mutex<Vec<OutgoingRequest>>,
    published: Mutex<Vec<MqttMessages>>,
    written: Mutex<Vec<SqlRows>>,
}

#[async_trait]
impl Environment for Recorder {
    async fn bucket_to_read(&self, bucket: &NameOrId, org: Option<&NameOrId>) -> Result<BucketInfo> {
        Nowhere.bucket_to_read(bucket, org).await
    }

    async fn bucket_to_write(&self, bucket: &NameOrId, org: Option<&NameOrId>) -> Result<BucketInfo> {
        Nowhere.bucket_to_write(bucket, org).await
    }

    async fn buckets(&self) -> Result<Vec<BucketInfo>> {
        Ok(Vec::new())
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanStream> {
        Nowhere.scan(request).await
    }

    async fn write(&self, bucket: &BucketInfo, rows: WriteBatch) -> Result<()> {
        Nowhere.write(bucket, rows).await
    }

    async fn secret(&self, _key: &str) -> Result<Option<String>> {
        Ok(None)
    }

    async fn send(&self, request: OutgoingRequest) -> Result<OutgoingResponse> {
        self.sent.lock().unwrap().push(request);
        let headers = vec![("content-type".into(), "text/plain".into())];
        Ok(OutgoingResponse { status: 202, headers, body: self.body.clone() })
    }

    async fn publish(&self, request: MqttMessages) -> Result<()> {
        self.published.lock().unwrap().push(request);
        Ok(())
    }

    async fn sql_query(&self, source: &SqlSource, query: &str) -> Result<SqlRows> {
        let text = format!("{:?} {query}", source.driver);
        Ok(SqlRows {
            columns: vec![("asked".into(), weir_table::ColumnType::String)],
            rows: vec![vec![weir_table::Scalar::String(text.into())]],
        })
    }

    async fn sql_write(&self, _source: &SqlSource, _table: &str, rows: SqlRows) -> Result<()> {
        self.written.lock().unwrap().push(rows);
        Ok(())
    }

    fn org(&self) -> Id {
        Nowhere.org()
    }
}

/// Runs a script: its tables as text, and the world after it.
fn run(script: &str, body: &str) -> (String, Arc<Recorder>) {
    let (out, world) = try_run(script, body);
    (out.unwrap_or_else(|e| panic!("{script}: {}", e.message)), world)
}

/// The same of a script that may fail.
fn try_run(script: &str, body: &str) -> (Result<String, FluxError>, Arc<Recorder>) {
    let world = Arc::new(Recorder { body: body.into(), ..Recorder::default() });
    let environment: Arc<dyn Environment> = Arc::clone(&world) as _;
    let script = format!("import \"array\"\n{script}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let work = move || {
        let engine = Engine::default();
        let package = engine.compile(&script)?;
        let outcome = engine.start(&package, environment, 0, Arc::new(AtomicBool::new(false)))?;
        let mut out = String::new();
        for result in outcome.results {
            for batch in drain(result.tables)? {
                write_tables(&batch, &mut out);
            }
        }
        Ok(out)
    };
    let out = runtime.block_on(async { tokio::task::spawn_blocking(work).await.unwrap() });
    (out, world)
}

/// The only request of a script that ends in a table.
fn request(script: &str) -> (OutgoingRequest, Json) {
    let (out, world) = run(script, "");
    let sent = world.sent.lock().unwrap();
    assert_eq!(sent.len(), 1, "{script}\n{out}");
    let body = serde_json::from_slice(&sent[0].body).unwrap_or(Json::Null);
    (sent[0].clone(), body)
}

fn header<'a>(request: &'a OutgoingRequest, name: &str) -> &'a str {
    request.headers.iter().find(|h| h.0 == name).map_or("", |h| &h.1)
}

/// The request that an endpoint sends for one row.
fn endpoint(import: &str, call: &str) -> (OutgoingRequest, Json) {
    let script = format!("import \"{import}\"\narray.from(rows: [{{host: \"a\", level: 2}}]) |> {call}()");
    let (out, world) = run(&script, "");
    // `http` alone groups by what became of the request; the others leave that to `monitor.notify`.
    let key = if import == "http" { "keys: [_sent]" } else { "keys: []" };
    // Sensu's alone tells no status.
    let told = out.contains("_status:string") && out.contains("202");
    assert!(out.contains(key) && (told || import.ends_with("sensu")), "{script}\n{out}");
    assert!(out.contains(if import == "http" { "false" } else { "true" }), "{script}\n{out}");
    let sent = world.sent.lock().unwrap();
    let body = serde_json::from_slice(&sent[0].body).unwrap_or_else(|e| panic!("{script}: {e}"));
    (sent[0].clone(), body)
}

#[test]
fn alerta() {
    let (request, body) = endpoint(
        "contrib/bonitoo-io/alerta",
        r#"alerta.endpoint(url: "http://x/alert", apiKey: "k", environment: "Production")(mapFn: (r) => ({
            resource: r.host, event: "e", severity: "critical", service: ["s"], group: "g", value: "7", text: "t",
            tags: ["u"], attributes: {}, type: "y", timestamp: 1970-01-01T00:00:01Z}))"#,
    );
    assert_eq!((request.url.as_str(), header(&request, "Authorization")), ("http://x/alert", "Key k"));
    assert_eq!(
        (&body["resource"], &body["origin"], &body["service"]),
        (&json!("a"), &json!(""), &json!(["s"]))
    );
    assert_eq!(body["createTime"], json!("1970-01-01T00:00:01.000Z"));
}

#[test]
fn servicenow() {
    let (request, body) = endpoint(
        "contrib/bonitoo-io/servicenow",
        r#"servicenow.endpoint(url: "http://x", username: "u", password: "p")(mapFn: (r) => ({
            node: r.host, metricType: "cpu", resource: "r", metricName: "n", messageKey: "", description: "d",
            severity: "major", additionalInfo: {level: r.level}}))"#,
    );
    assert_eq!(header(&request, "Authorization"), "Basic dTpw");
    let event = &body["records"][0];
    assert_eq!((&event["severity"], &event["additional_info"]), (&json!("2"), &json!("{\"level\":2}")));
}

#[test]
fn victorops() {
    let (_, body) = endpoint(
        "contrib/bonitoo-io/victorops",
        r#"victorops.endpoint(url: "http://x")(mapFn: (r) => ({messageType: "INFO", entityID: r.host,
            entityDisplayName: "n", stateMessage: "m", timestamp: 1970-01-01T00:01:00Z}))"#,
    );
    assert_eq!((&body["message_type"], &body["state_start_time"]), (&json!("INFO"), &json!(60)));
}

#[test]
fn zenoss() {
    let (request, body) = endpoint(
        "contrib/bonitoo-io/zenoss",
        r#"zenoss.endpoint(url: "http://x", apiKey: "k")(mapFn: (r) => ({summary: "s", device: r.host, component: "c",
            severity: "Critical", eventClass: "/App", eventClassKey: "", collector: "", message: "m"}))"#,
    );
    assert_eq!(header(&request, "z-api-key"), "k");
    assert_eq!((&body["action"], &body["data"][0]["evclass"]), (&json!("EventsRouter"), &json!("/App")));
    let (_, world) = run(
        "import \"contrib/bonitoo-io/zenoss\"\narray.from(rows: [{status: zenoss.event(url: \"http://x\", severity: \"Info\")}])",
        "",
    );
    assert_eq!(header(&world.sent.lock().unwrap()[0], "Authorization"), "Basic Og==");
}

#[test]
fn opsgenie() {
    let (request, body) = endpoint(
        "contrib/sranka/opsgenie",
        r#"opsgenie.endpoint(apiKey: "k", url: "http://x", entity: "e")(mapFn: (r) => ({message: "m", alias: "",
            description: "d", priority: "P1 or so", responders: ["user:a@b.c"], tags: ["t"], actions: [],
            details: "{\"a\": \"b\"}", visibleTo: []}))"#,
    );
    assert_eq!(header(&request, "Authorization"), "GenieKey k");
    assert_eq!(
        (&body["alias"], &body["priority"], &body["details"]),
        (&json!("m"), &json!("P1"), &json!({"a": "b"}))
    );
    assert_eq!(body["responders"], json!([{"type": "user", "username": "a@b.c"}]));
}

#[test]
fn sensu() {
    let (request, body) = endpoint(
        "contrib/sranka/sensu",
        r#"sensu.endpoint(url: "http://x", apiKey: "k")(mapFn: (r) => ({checkName: "disk usage", text: "t", status: 2}))"#,
    );
    assert_eq!(request.url, "http://x/api/core/v2/namespaces/default/events");
    assert_eq!(
        (&body["check"]["state"], &body["check"]["metadata"]["name"]),
        (&json!("failing"), &json!("disk_usage"))
    );
}

#[test]
fn bigpanda() {
    let (request, body) = endpoint(
        "contrib/rhajek/bigpanda",
        r#"bigpanda.endpoint(url: "http://x", token: "t", appKey: "k")(mapFn: (r) => ({r with status: "ok"}))"#,
    );
    assert_eq!(header(&request, "Authorization"), "Bearer t");
    assert_eq!(body, json!({"host": "a", "level": 2, "status": "ok", "app_key": "k"}));
}

#[test]
fn pagerduty() {
    let call = |summary: &str, more: &str| {
        endpoint(
            "pagerduty",
            &format!(
                r#"pagerduty.endpoint(url: "http://x")(mapFn: (r) => ({{routingKey: "k", client: "c", clientURL: "u",
                class: "cpu", group: "g", severity: "critical", eventAction: "trigger", source: r.host, summary: "{summary}",
                timestamp: 1970-01-01T00:00:01Z{more}}}))"#
            ),
        )
    };
    let (request, body) = call("s", "");
    assert_eq!(header(&request, "Accept"), "application/vnd.pagerduty+json;version=2");
    assert_eq!((&body["routing_key"], &body["payload"]["source"]), (&json!("k"), &json!("a")));
    assert_eq!(
        (&body["payload"]["custom_details"], &body["payload"]["component"]),
        (&Json::Null, &json!(""))
    );
    // The hash of a group key without columns.
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(body["dedup_key"], json!(nothing));
    let (_, body) = call("s", ", component: \"fan\", customDetails: {level: r.level}");
    assert_eq!(
        (&body["payload"]["custom_details"], &body["payload"]["component"]),
        (&json!({"level": 2}), &json!("fan"))
    );
    let (_, body) = call(&"é".repeat(1500), "");
    assert_eq!(body["payload"]["summary"], json!("é".repeat(1024)));
}

#[test]
fn slack() {
    let (request, body) = endpoint(
        "slack",
        r##"slack.endpoint(url: "http://x", token: "t")(mapFn: (r) => ({channel: "#c", text: r.host, color: "danger"}))"##,
    );
    assert_eq!(header(&request, "Authorization"), "Bearer t");
    let attachment = json!({"color": "danger", "text": "a", "mrkdwn_in": ["text"]});
    assert_eq!(body, json!({"channel": "#c", "attachments": [attachment]}));
}

#[test]
fn any_server() {
    let (request, body) = endpoint(
        "http",
        r#"http.endpoint(url: "http://x")(mapFn: (r) => ({headers: {"X-A": r.host}, data: bytes(v: "{\"n\": 1}")}))"#,
    );
    assert_eq!((request.method.as_str(), header(&request, "X-A"), body), ("POST", "a", json!({"n": 1})));
}

#[test]
fn requests() {
    let (out, world) = run(
        r#"import "http/requests"
        answer = requests.do(method: "PUT", url: "http://x/y?old=1#z", params: ["b": ["1", "a c"], "a": ["ü/"]],
            headers: ["X-A": "v"], body: bytes(v: "hi"), config: {timeout: 5s, insecureSkipVerify: true})
        requests.peek(response: answer)"#,
        "ok",
    );
    let sent = world.sent.lock().unwrap();
    let request = &sent[0];
    assert_eq!(request.url, "http://x/y?a=%C3%BC%2F&b=1&b=a+c#z");
    assert_eq!(
        (request.method.as_str(), header(request, "X-A"), request.body.as_slice()),
        ("PUT", "v", &b"hi"[..])
    );
    assert_eq!((request.timeout.as_secs(), request.any_certificate), (5, true));
    assert!(out.contains("duration:int") && out.contains("[Content-Type: text/plain]"), "{out}");
}

#[test]
fn endpoints_that_were_there_before() {
    for (import, call) in [
        (
            "contrib/sranka/teams",
            r#"teams.endpoint(url: "http://x")(mapFn: (r) => ({title: "t", text: "x", summary: ""}))"#,
        ),
        (
            "contrib/sranka/telegram",
            r#"telegram.endpoint(url: "http://x", token: "t")(mapFn: (r) => ({channel: "c", text: "t", silent: true}))"#,
        ),
        (
            "contrib/sranka/webexteams",
            r#"webexteams.endpoint(url: "http://x", token: "t")(mapFn: (r) => ({roomId: "r", text: "t", markdown: ""}))"#,
        ),
        (
            "contrib/chobbs/discord",
            r#"discord.endpoint(webhookToken: "t", webhookID: "i", username: "u")(mapFn: (r) => ({content: "c"}))"#,
        ),
        (
            "pushbullet",
            r#"pushbullet.endpoint(url: "http://x", token: "t")(mapFn: (r) => ({title: "t", text: "x"}))"#,
        ),
    ] {
        endpoint(import, call);
    }
}

#[test]
fn getting() {
    let (request, _) = request(
        r#"import "experimental/http"
        array.from(rows: [{status: http.get(url: "http://x/y", headers: {A: "b"}).headers["Content-Type"]}])"#,
    );
    assert_eq!((request.method.as_str(), header(&request, "A")), ("GET", "b"));
}

#[test]
fn api() {
    let (request, _) = request(
        r#"import "experimental/influxdb"
        a = influxdb.api(host: "http://x/", method: "get", path: "/api/v2/buckets", token: "t", query: ["name": "a b"])
        array.from(rows: [{status: a.statusCode}])"#,
    );
    assert_eq!(request.url, "http://x/api/v2/buckets?name=a%20b");
    assert_eq!(header(&request, "Authorization"), "Token t");
}

#[test]
fn tables_of_answers() {
    let (out, world) = run(
        r#"import "contrib/qxip/clickhouse"
        clickhouse.query(url: "http://x", query: "SELECT 1", limit: 5)"#,
        "a,b\n1,2\n",
    );
    assert!(
        out.contains("a:string")
            && world.sent.lock().unwrap()[0].url.contains("query=SELECT+1")
            && world.sent.lock().unwrap()[0].url.contains("max_result_rows=5"),
        "{out}"
    );
    let (out, world) = run(
        r#"import "contrib/qxip/logql"
        logql.query_range(url: "http://x", query: "{job=\"j\"}", start: 1970-01-01T00:00:00Z, end: 1970-01-01T00:00:01Z)"#,
        "a,b\n1,2\n",
    );
    assert!(
        out.contains("a:string") && world.sent.lock().unwrap()[0].url.contains("end=1000000000"),
        "{out}"
    );
    let (out, _) = run(
        r#"import "experimental/prometheus"
        prometheus.scrape(url: "http://x/metrics")"#,
        "# TYPE up gauge\nup{job=\"a\"} 1\n",
    );
    assert!(out.contains("keys: [_measurement, _field, job]"), "{out}");
    let csv = "#datatype,string,long,string\n#group,false,false,false\n#default,_result,,\n,result,table,v\n,,0,x\n";
    let (out, _) = run("import \"experimental/csv\"\ncsv.from(url: \"http://x\")", csv);
    assert!(out.contains("v:string"), "{out}");
    let (out, _) = run("import \"influxdata/influxdb/sample\"\nsample.data(set: \"noaa\")", csv);
    assert!(out.contains("v:string"), "{out}");
    let (out, _) = run("import \"influxdata/influxdb/sample\"\nsample.list()", "");
    assert!(out.contains("airSensor"), "{out}");
    let (out, world) = run(
        r#"import "experimental/usage"
        usage.from(host: "http://x", orgID: "o", start: 1970-01-01T00:00:00Z, stop: 1970-01-02T00:00:00Z)"#,
        csv,
    );
    assert!(
        out.contains("v:string") && world.sent.lock().unwrap()[0].url.contains("/orgs/o/usage?"),
        "{out}"
    );
}

#[test]
fn brokers_and_databases() {
    let sent = |call: &str| {
        let script = format!(
            r#"import "experimental/mqtt"
            array.from(rows: [
                {{_time: 1970-01-01T00:00:00Z, _value: 1.5, n: uint(v: 2), z: "q", host: "a"}},
                {{_time: 1970-01-01T00:00:01Z, _value: 2.5, n: uint(v: 3), z: "q", host: "b"}},
            ])
                |> {call}"#
        );
        let (out, world) = try_run(&script, "");
        let published = world.published.lock().unwrap();
        published
            .iter()
            .flat_map(|r| r.messages.clone())
            .map(|(topic, m)| (topic, String::from_utf8(m).unwrap()))
            .next()
            .ok_or_else(|| out.unwrap_err().message)
    };
    for (call, topic, message) in [
        // All rows of a table are one message.
        (
            r#"mqtt.to(broker: "tcp://x", name: "m", tagColumns: ["host"])"#,
            "/m/host/a",
            "m,host=a _value=1.5 0\nm,host=b _value=2.5 1000000000\n",
        ),
        // Tags come in the order of columns, fields sorted; what a table lacks is left out.
        (
            r#"group(columns: ["host"]) |> mqtt.to(broker: "tcp://x", topic: "t", name: "m",
                tagColumns: ["host", "z", "id"], valueColumns: ["n", "_value", "y"])"#,
            "t",
            "m,z=q,host=a _value=1.5,n=2i 0\n",
        ),
    ] {
        assert_eq!(sent(call), Ok((topic.to_owned(), message.to_owned())));
    }
    for (call, error) in [
        (r#"mqtt.to(broker: "x", timeColumn: "at")"#, "could not get time column"),
        (r#"mqtt.to(broker: "x", timeColumn: "host")"#, "invalid type for time column: string"),
        (r#"mqtt.to(broker: "x", name: "m", tagColumns: ["n"])"#, "invalid type for tag column: uint"),
        (r#"mqtt.to(broker: "x")"#, "invalid name"),
        (r#"mqtt.to(broker: "x", name: "m", valueColumns: ["y"])"#, "no serializable fields"),
        (r#"mqtt.to(broker: "x", username: "u")"#, "password required with username"),
        (r#"map(fn: (r) => ({a: mqtt.publish(broker: "x", topic: "", message: "x")}))"#, "empty topic"),
        (r#"map(fn: (r) => ({a: mqtt.publish(broker: "x", topic: "x", message: "")}))"#, "empty message"),
    ] {
        let found = sent(call).unwrap_err();
        assert!(found.contains(error), "{found}");
    }
    let (out, _) = run(
        r#"import "sql"
        sql.from(driverName: "sqlite3", dataSourceName: ":memory:", query: "SELECT 1")"#,
        "",
    );
    assert!(out.contains("Sqlite SELECT 1"), "{out}");
    let (_, world) = run(
        r#"import "sql"
        array.from(rows: [{a: 1}, {a: 2}, {a: 3}])
            |> sql.to(driverName: "postgres", dataSourceName: "postgres://x", table: "t", batchSize: 2)"#,
        "",
    );
    assert_eq!(world.written.lock().unwrap().iter().map(|r| r.rows.len()).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn other_servers() {
    let csv = "#datatype,string,long,string\n#group,false,false,false\n#default,_result,,\n,result,table,v\n,,0,x\n";
    let (out, world) = run(
        r#"from(bucket: "b", host: "http://x/", org: "o", token: "t")
            |> range(start: 1970-01-01T00:00:00Z, stop: 1970-01-01T00:00:01Z)"#,
        csv,
    );
    let sent = world.sent.lock().unwrap();
    assert_eq!(
        (sent[0].url.as_str(), header(&sent[0], "Authorization")),
        ("http://x/api/v2/query?org=o", "Token t")
    );
    let body: Json = serde_json::from_slice(&sent[0].body).unwrap();
    let script = "from(bucket: \"b\") |> range(start: 1970-01-01T00:00:00.000000000Z, stop: 1970-01-01T00:00:01.000000000Z)";
    assert_eq!(body["query"], json!(script));
    assert!(out.contains("v:string"), "{out}");
    let (_, world) = run("buckets(host: \"http://x\")", csv);
    assert_eq!(world.sent.lock().unwrap().len(), 1);
}

#[test]
fn a_request_a_row() {
    let rows = "array.from(rows: [{a: 1, b: 0}, {a: 2, b: 1}, {a: 3, b: 1}])";
    // One function asks the same for each row; the other turns out to be none of columns after it has asked.
    for body in [
        "{r with s: http.post(url: \"http://x/\")}",
        "{r with s: http.post(url: \"http://x/${r.a}\") + (() => 0)()}",
    ] {
        let (_, world) = run(&format!("import \"http\"\n{rows} |> map(fn: (r) => ({body}))"), "");
        assert_eq!(world.sent.lock().unwrap().len(), 3, "{body}");
    }
}
