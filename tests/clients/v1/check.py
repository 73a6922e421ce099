"""What clients of InfluxDB 1 do, against a running server: WEIR_URL, WEIR_TOKEN, WEIR_ORG. One line a case.

The influx shell of Debian (INFLUX_SHELL is its path) and the Python client of version 1, with a user and a password; and
the requests that Telegraf's outputs and Grafana's data sources send, written down here by hand."""

import base64
import gzip
import http.client
import json
import os
import subprocess
import sys
import tempfile
import traceback
import urllib.parse

from influxdb import InfluxDBClient
from influxdb.exceptions import InfluxDBClientError

URL, TOKEN, ORG = os.environ["WEIR_URL"], os.environ["WEIR_TOKEN"], os.environ["WEIR_ORG"]
SHELL = os.environ["INFLUX_SHELL"]
ADDRESS = urllib.parse.urlsplit(URL)
USER, PASSWORD = "v1-user", "a password of v1"
START = 1_704_067_200  # 2024-01-01T00:00:00Z
CASES = []


def case(function):
    CASES.append(function)
    return function


def equal(got, wanted):
    assert got == wanted, f"got {got!r}, wanted {wanted!r}"


def ask(method, path, body=None, headers=None, token=False):
    """Status, headers and body."""
    connection = http.client.HTTPConnection(ADDRESS.hostname, ADDRESS.port, timeout=60)
    if isinstance(body, str):
        body = body.encode()
    sent = dict(headers or {})
    if token:
        sent["Authorization"] = "Token " + TOKEN
    connection.request(method, path, body, sent)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def api(method, path, body=None):
    status, _, text = ask(method, path, json.dumps(body) if body is not None else None, token=True)
    assert status < 300, f"{method} {path}: {status} {text[:300]!r}"
    return json.loads(text) if text else None


def prepare():
    """A bucket "v1", a database that maps to it, and a user with a password who may read and write it."""
    org = api("GET", "/api/v2/orgs?" + urllib.parse.urlencode({"org": ORG}))["orgs"][0]["id"]
    for bucket in api("GET", "/api/v2/buckets?name=v1")["buckets"]:
        api("DELETE", "/api/v2/buckets/" + bucket["id"])
    bucket = api("POST", "/api/v2/buckets", {"orgID": org, "name": "v1", "retentionRules": []})["id"]
    api("POST", "/api/v2/dbrps", {"orgID": org, "bucketID": bucket, "database": "telegraf", "retention_policy": "autogen",
                                  "default": True})
    for old in api("GET", "/private/legacy/authorizations?orgID=" + org)["authorizations"]:
        if old["token"] == USER:
            api("DELETE", "/private/legacy/authorizations/" + old["id"])
    permissions = [{"action": a, "resource": {"type": "buckets", "id": bucket, "orgID": org}} for a in ("read", "write")]
    made = api("POST", "/private/legacy/authorizations", {"orgID": org, "token": USER, "permissions": permissions})
    api("POST", f"/private/legacy/authorizations/{made['id']}/password", {"password": PASSWORD})


def basic():
    return {"Authorization": "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()}


def query(text, method="GET", headers=None, **params):
    params = {"db": "telegraf", **params}
    if method == "GET":
        params["q"] = text
        return ask("GET", "/query?" + urllib.parse.urlencode(params), headers=headers or basic())
    form = urllib.parse.urlencode({"q": text})
    return ask("POST", "/query?" + urllib.parse.urlencode(params), form,
               {"Content-Type": "application/x-www-form-urlencoded", **(headers or basic())})


def values(text, **params):
    status, _, body = query(text, **params)
    assert status == 200, f"{status} {body!r}"
    results = json.loads(body)["results"]
    assert "error" not in results[0], results[0]
    return [row for series in results[0].get("series", []) for row in series["values"]]


def shell(*arguments, stdin=None):
    done = subprocess.run(
        [SHELL, "-host", ADDRESS.hostname, "-port", str(ADDRESS.port), "-username", USER, "-password", PASSWORD, *arguments],
        input=stdin, capture_output=True, text=True, timeout=60, env={"HOME": tempfile.gettempdir()}, check=False)
    return done.returncode, done.stdout, done.stderr


# The influx shell.


@case
def shell_writes_and_reads():
    code, out, err = shell("-database", "telegraf", "-execute", f"INSERT shell,host=a v=1.5 {START}000000000")
    equal((code, err), (0, ""))
    code, out, err = shell("-database", "telegraf", "-format", "csv", "-execute", "SELECT v FROM shell GROUP BY host")
    equal((code, err), (0, ""))
    assert "shell" in out and "host=a" in out and "1.5" in out and f"{START}000000000" in out, out


@case
def shell_formats_and_precision():
    code, out, _ = shell("-database", "telegraf", "-precision", "rfc3339", "-format", "json", "-execute",
                         "SELECT v FROM shell")
    equal(code, 0)
    equal(json.loads(out)["results"][0]["series"][0]["values"], [["2024-01-01T00:00:00Z", 1.5]])
    code, out, _ = shell("-database", "telegraf", "-precision", "s", "-format", "column", "-execute", "SELECT v FROM shell")
    equal(code, 0)
    assert out.startswith("name: shell") and str(START) in out.split(), out


@case
def shell_lists():
    _, out, _ = shell("-format", "json", "-execute", "SHOW DATABASES")
    assert ["telegraf"] in json.loads(out)["results"][0]["series"][0]["values"], out
    _, out, _ = shell("-database", "telegraf", "-execute", "SHOW MEASUREMENTS")
    assert "shell" in out.split(), out
    _, out, _ = shell("-database", "telegraf", "-execute", "SHOW TAG VALUES WITH KEY = host")
    assert "host a" in out, out


@case
def shell_tells_errors():
    code, out, err = shell("-database", "telegraf", "-execute", "SELEC v FROM shell")
    # The form of the error is that of version 2, of which the shell shows the status.
    assert code != 0 and "400" in out + err, (code, out, err)
    code, out, err = shell("-database", "telegraf", "-execute", "CREATE DATABASE other")
    assert code != 0 and "not implemented" in out + err, (code, out, err)


@case
def shell_refuses_a_wrong_password():
    done = subprocess.run([SHELL, "-host", ADDRESS.hostname, "-port", str(ADDRESS.port), "-username", USER, "-password", "x",
                           "-execute", "SHOW DATABASES"], capture_output=True, text=True, timeout=60, check=False,
                          env={"HOME": tempfile.gettempdir()})
    assert done.returncode != 0 and "401" in done.stdout + done.stderr, done


@case
def shell_imports_a_dump():
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as dump:
        dump.write("# DML\n# CONTEXT-DATABASE: telegraf\n# CONTEXT-RETENTION-POLICY: autogen\n\n")
        dump.writelines(f"imported,host=b v={i} {START + i}\n" for i in range(1000))
        dump.flush()
        code, out, err = shell("-import", "-path", dump.name, "-precision", "s")
    assert code == 0 and "Failed 0 inserts" in out + err, (code, out, err)
    equal(values("SELECT count(v), sum(v) FROM imported", epoch="s"), [[0, 1000, 499500]])


# The Python client.


def client(**more):
    return InfluxDBClient(ADDRESS.hostname, ADDRESS.port, USER, PASSWORD, "telegraf", **more)


@case
def python_pings_and_lists():
    c = client()
    assert c.ping()
    assert {"name": "telegraf"} in c.get_list_database()
    assert any(p["default"] and p["name"] == "autogen" for p in c.get_list_retention_policies("telegraf"))


@case
def python_writes_and_reads():
    c = client()
    points = [{"measurement": "py", "tags": {"host": h}, "time": (START + i) * 1000, "fields": {"f": i / 2, "i": i, "s": "x",
                                                                                                "b": i > 1}}
              for h in ("a", "b") for i in range(5)]
    assert c.write_points(points, time_precision="ms", batch_size=3)
    rows = list(c.query("SELECT mean(f), max(i) FROM py GROUP BY host").get_points(tags={"host": "b"}))
    equal(rows, [{"time": "1970-01-01T00:00:00Z", "mean": 1.0, "max": 4}])
    bound = c.query("SELECT i, s, b FROM py WHERE host = $h AND time >= $t", bind_params={"h": "a", "t": "2024-01-01T00:00:03Z"})
    equal([(p["i"], p["s"], p["b"]) for p in bound.get_points()], [(3, "x", True), (4, "x", True)])
    equal([p["i"] for p in c.query("SELECT i FROM py WHERE host = 'a'", epoch="s", method="POST").get_points()], [0, 1, 2, 3, 4])


@case
def python_reads_in_chunks():
    # In MessagePack, which it asks for by default, this client cannot read more than one piece.
    c = client(headers={"Accept": "application/json"})
    points = [{"measurement": "many", "time": START + i, "fields": {"v": i}} for i in range(25_000)]
    assert c.write_points(points, time_precision="s", batch_size=5_000)
    results = c.query("SELECT v FROM many", chunked=True, chunk_size=4_000)
    results = [results] if hasattr(results, "get_points") else list(results)
    equal(sum(len(list(r.get_points())) for r in results), 25_000)


@case
def python_writes_lines_and_deletes():
    c = client()
    assert c.write_points([f"gone,host={h} v=1 {START}" for h in ("a", "b")], time_precision="s", protocol="line")
    # DROP SERIES is refused, as InfluxDB 2 refuses it; DELETE is what its users have.
    try:
        c.delete_series(measurement="gone", tags={"host": "a"})
    except InfluxDBClientError as error:
        assert "not implemented: DROP SERIES" in str(error), error
    else:
        raise AssertionError("DROP SERIES is not refused")
    c.query("DELETE FROM gone WHERE host = 'a'", method="POST")
    equal([p["host"] for p in c.query("SELECT v, host FROM gone").get_points()], ["b"])


@case
def python_sees_errors():
    c = client()
    for text, words in (("SELECT", "found EOF"), ("CREATE DATABASE x", "not implemented"), ("SELECT v FROM nope.autogen.m",
                                                                                          "database not found")):
        try:
            c.query(text, method="POST")
        except InfluxDBClientError as error:
            assert words in str(error), error
        else:
            raise AssertionError(f"{text} was no error")
    try:
        InfluxDBClient(ADDRESS.hostname, ADDRESS.port, USER, "wrong", "telegraf").get_list_database()
    except InfluxDBClientError as error:
        equal(error.code, 401)
    else:
        raise AssertionError("a wrong password was taken")


# Telegraf.

TELEGRAF = {"User-Agent": "Telegraf/1.32.0 Go/1.23.1"}


@case
def telegraf_creates_its_database_first():
    status, _, body = ask("POST", "/query", "q=CREATE+DATABASE+%22telegraf%22",
                          {**TELEGRAF, **basic(), "Content-Type": "application/x-www-form-urlencoded"})
    # It reads the error of the statement, warns and goes on.
    equal(status, 200)
    assert "error" in json.loads(body)["results"][0], body


@case
def telegraf_writes_gzip():
    lines = "".join(f"cpu,cpu=cpu{c},host=t usage_idle={90 + c},usage_user={c}i {START + i}000000000\n"
                    for c in range(4) for i in range(0, 100, 10))
    headers = {**TELEGRAF, **basic(), "Content-Type": "text/plain; charset=utf-8", "Content-Encoding": "gzip"}
    for _ in range(2):  # The same batch again, as after an answer that was lost.
        status, answer, body = ask("POST", "/write?consistency=any&db=telegraf&precision=ns&rp=", gzip.compress(lines.encode()),
                                   headers)
        equal((status, body), (204, b""))
        assert answer.get("X-Influxdb-Version"), dict(answer)
    equal(values("SELECT count(usage_idle) FROM cpu WHERE host = 't'", epoch="ns"), [[0, 40]])
    headers = {**TELEGRAF, "Content-Type": "text/plain; charset=utf-8", "Content-Encoding": "gzip",
               "Authorization": "Token " + TOKEN}
    path = "/api/v2/write?" + urllib.parse.urlencode({"bucket": "v1", "org": ORG, "precision": "ns"})
    equal(ask("POST", path, gzip.compress(lines.encode()), headers)[0], 204)
    equal(values("SELECT count(usage_idle) FROM cpu WHERE host = 't'", epoch="ns"), [[0, 40]])


@case
def telegraf_is_told_what_to_drop_and_what_to_retry():
    headers = {**TELEGRAF, **basic(), "Content-Type": "text/plain; charset=utf-8"}
    status, answer, body = ask("POST", "/write?db=telegraf", "cpu,cpu=cpu0,host=t usage_idle=\"text\" 1704067200000000000\n", headers)
    assert 400 <= status < 500 and b"conflict" in body, (status, body)
    assert answer.get("X-Influxdb-Error") or json.loads(body)["message"], dict(answer)
    status, _, body = ask("POST", "/write?db=telegraf", "this is no line\n", headers)
    assert status == 400 and b"unable to parse" in body, (status, body)
    status, _, body = ask("POST", "/write?db=nobody", "cpu v=1\n", headers)
    equal(status, 404)
    equal(ask("POST", "/write?db=telegraf", "cpu v=1\n", TELEGRAF)[0], 401)


@case
def precisions_mean_what_version_1_means():
    for precision, factor in (("n", 10**9), ("ns", 10**9), ("u", 10**6), ("us", 10**6), ("ms", 10**3), ("s", 1)):
        status, _, body = ask("POST", f"/write?db=telegraf&precision={precision}", f"p_{precision} v=1 {START * factor}", basic())
        equal((status, body), (204, b""))
        equal(values(f"SELECT v FROM p_{precision}", epoch="s"), [[START, 1]])
    for precision, seconds in (("m", 60), ("h", 3600)):
        equal(ask("POST", f"/write?db=telegraf&precision={precision}", f"p_{precision} v=1 {START // seconds}", basic())[0], 204)
        equal(values(f"SELECT v FROM p_{precision}", epoch="s"), [[START, 1]])


# Grafana, InfluxQL.

GRAFANA = {"User-Agent": "Grafana/11.2.0", "X-Grafana-Org-Id": "1", "Accept-Encoding": "gzip"}


def grafana(text, method="POST", headers=None):
    status, answer, body = query(text, method, headers={**GRAFANA, **(headers or basic())}, epoch="ms")
    if answer.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    assert status == 200, (status, body)
    return json.loads(body)["results"]


@case
def grafana_checks_its_source():
    for text in ("SHOW DATABASES", "SHOW MEASUREMENTS", "SHOW TAG KEYS", 'SHOW RETENTION POLICIES on "telegraf"'):
        for method in ("GET", "POST"):
            result = grafana(text, method)[0]
            assert result.get("series") and "error" not in result, (text, result)
    equal(ask("GET", "/ping", headers=GRAFANA)[0], 204)


@case
def grafana_builds_queries():
    def listed(text):
        return [row for series in grafana(text)[0].get("series", []) for row in series["values"]]
    assert ["cpu"] in listed("SHOW MEASUREMENTS LIMIT 100")
    equal(listed("SHOW MEASUREMENTS WITH MEASUREMENT =~ /(?i)CPU/ LIMIT 100"), [["cpu"]])
    equal(listed('SHOW TAG KEYS FROM "cpu"'), [["cpu"], ["host"]])
    equal(listed('SHOW TAG KEYS FROM "autogen"."cpu"'), [["cpu"], ["host"]])
    equal(listed('SHOW FIELD KEYS FROM "cpu"'), [["usage_idle", "float"], ["usage_user", "integer"]])
    equal(listed('SHOW TAG VALUES FROM "cpu" WITH KEY = "cpu" WHERE "host" = \'t\' LIMIT 2'), [["cpu", "cpu0"], ["cpu", "cpu1"]])
    equal(listed('SHOW TAG VALUES WITH KEY IN ("cpu", "host") WHERE "host" =~ /^t$/')[-1], ["host", "t"])
    since = f"time >= {START}000ms and time <= {START + 3600}000ms"
    equal(listed(f'SHOW TAG VALUES FROM "cpu" WITH KEY = "host" WHERE {since}'), [["host", "t"]])


@case
def grafana_draws():
    time_filter = f"time >= {START * 1000}ms and time <= {(START + 60) * 1000}ms"
    text = f"""SELECT mean("usage_idle") FROM "cpu" WHERE ("host"::tag = 't' AND "cpu"::tag =~ /^(cpu0|cpu1)$/) AND {time_filter}
        GROUP BY time(30s), "cpu"::tag fill(null)"""
    for headers in (basic(), {"Authorization": "Token " + TOKEN}):
        series = grafana(text, headers=headers)[0]["series"]
        equal([s["tags"] for s in series], [{"cpu": "cpu0"}, {"cpu": "cpu1"}])
        equal(series[1]["values"], [[START * 1000, 91], [(START + 30) * 1000, 91], [(START + 60) * 1000, 91]])
    two = grafana(f'SELECT last("usage_user") FROM "cpu" WHERE {time_filter}; SELECT "usage_idle" FROM "cpu" '
                  f"WHERE {time_filter} ORDER BY time DESC LIMIT 3")
    equal([r["statement_id"] for r in two], [0, 1])
    equal(len(two[1]["series"][0]["values"]), 3)
    broken = grafana('SELECT nope("usage_idle") FROM "cpu"')[0]
    assert broken["error"] == "undefined function nope()", broken


# Grafana, Flux.


def flux(text):
    body = {"query": text, "type": "flux", "dialect": {"annotations": ["datatype", "group", "default"], "delimiter": ",",
                                                       "header": True, "dateTimeFormat": "RFC3339"}}
    return ask("POST", "/api/v2/query?" + urllib.parse.urlencode({"org": ORG}), json.dumps(body),
               {**GRAFANA, "Content-Type": "application/json; charset=utf-8", "Accept": "text/csv",
                "Accept-Encoding": "identity"}, token=True)


@case
def grafana_flux():
    equal(ask("GET", "/health", headers=GRAFANA)[0], 200)
    status, _, body = flux("buckets()")
    assert status == 200 and b",v1," in body, (status, body[:500])
    begin, end = "2024-01-01T00:00:00Z", "2024-01-01T00:01:00Z"
    status, _, body = flux(f"""from(bucket: "v1")
  |> range(start: {begin}, stop:{end})
  |> filter(fn: (r) => r["_measurement"] == "cpu" and r["_field"] == "usage_idle" and r["cpu"] == "cpu1")
  |> aggregateWindow(every: 30s, fn: mean, createEmpty: false)
  |> yield(name: "mean")""")
    assert status == 200 and body.startswith(b"#datatype,string,long,") and body.count(b",91,") == 2, body
    status, _, body = flux('import "influxdata/influxdb/v1" v1.tagValues(bucket: "v1", tag: "cpu", predicate: (r) => true, '
                           f"start: {begin}, stop: {end})")
    assert status == 200 and body.count(b"cpu") >= 4, body
    status, _, body = flux('from(bucket: "nowhere") |> range(start: -1h)')
    assert status == 404 and b"could not find bucket" in body, (status, body)


def main():
    prepare()
    broken = 0
    for function in CASES:
        name = "v1/" + function.__name__
        try:
            function()
            print("ok", name)
        except Exception:  # pylint: disable=broad-except
            broken += 1
            print("FAIL", name)
            traceback.print_exc(file=sys.stdout)
        sys.stdout.flush()
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
