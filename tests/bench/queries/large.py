#!/usr/bin/env python3
"""Flux over much data: a hundred million points, and a million series.

    tests/bench/queries/large.py [--sets points,series] [--types 'map*'] [--rounds 3] [--keep]

Loads line protocol from the generator (WEIR_BENCH_GENERATOR, WEIR_BIN name the programs), asks each query some times
and prints: points that the query is about, CPU seconds of the server (its own clock) and wall seconds, medians; millions
of points a second of one core; peak resident memory while it ran; bytes of the answer.

points: cpu-only of 1,000 hosts over 28 hours (10 million rows, 100.8 million points), and `load`, the same every ten minutes.
series: 100,000 devices of ten series, four rows each, two fields (a million series, eight million points).
"""
import argparse
import fnmatch
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from run import CACHE, START, Span, program
from servers import Weir, peak_bytes

DAY, _ = Span(START, 28, 1000).days()
END = Span(START, 28, 1000).days()[1]
FROM = f'from(bucket: "bench") |> range(start: {DAY}, stop: {END})'
CPU = FROM + ' |> filter(fn: (r) => r._measurement == "cpu")'
USER = CPU + ' |> filter(fn: (r) => r._field == "usage_user")'
SENSOR = FROM + ' |> filter(fn: (r) => r._measurement == "sensor")'
LEVEL = SENSOR + ' |> filter(fn: (r) => r._field == "level")'
WINDOW = " |> aggregateWindow(every: {}, fn: {}, createEmpty: false)"
COUNT = " |> group() |> count()"

JOIN = f"""import "join"
a = {USER}{WINDOW.format("10m", "mean")} |> group(columns: ["hostname"])
b = {FROM} |> filter(fn: (r) => r._measurement == "load" and r._field == "usage_user") |> group(columns: ["hostname"])
join.inner(left: a, right: b, on: (l, r) => l._time == r._time, as: (l, r) => ({{l with load: r._value}}))
  |> group() |> count()"""
OLD_JOIN = f"""a = {USER}{WINDOW.format("10m", "mean")}
b = {FROM} |> filter(fn: (r) => r._measurement == "load" and r._field == "usage_user")
join(tables: {{a: a, b: b}}, on: ["hostname", "_time"]) |> group() |> count(column: "_value_a")"""
CONDITION = ("{r with _value: if r._value > 90 then 2 * r._value + 1 else if r._value > 50 then r._value - 10 else 0, "
             "share: float(v: r._value) / 100.0}")

# Name, data, points in millions, the query.
TYPES = [
    ("window-1h-mean-all", "points", 100.8, CPU + WINDOW.format("1h", "mean")),
    ("window-7m-mean-all", "points", 100.8, CPU + WINDOW.format("7m", "mean") + COUNT),
    ("window-7m-mean-one", "points", 10.08, USER + WINDOW.format("7m", "mean") + COUNT),
    ("window-7m-max-one", "points", 10.08, USER + WINDOW.format("7m", "max") + COUNT),
    ("group-window-7m-mean", "points", 10.08, USER + " |> group()" + WINDOW.format("7m", "mean")),
    ("group-mean", "points", 100.8, CPU + ' |> group(columns: ["region"]) |> mean()'),
    ("last-per-series", "points", 100.8, CPU + " |> last()"),
    ("top-10-by-mean", "points", 10.08, USER + ' |> group(columns: ["hostname"]) |> mean() |> group() |> top(n: 10)'),
    ("top-10-values", "points", 10.08, USER + " |> group() |> top(n: 10)"),
    ("limit-10", "points", 10.08, USER + " |> limit(n: 10)" + COUNT),
    ("sort-limit", "points", 10.08, USER + ' |> group() |> sort(columns: ["_time"], desc: true) |> limit(n: 5)'),
    ("join-two", "points", 10.08, JOIN),
    ("join-two-old", "points", 10.08, OLD_JOIN),
    ("filter", "points", 10.08, USER + " |> filter(fn: (r) => float(v: r._value) * 1.5 > 135.0)" + COUNT),
    ("filter-pushed", "points", 10.08, USER + " |> filter(fn: (r) => r._value > 90)" + COUNT),
    ("map-arithmetic", "points", 10.08, USER + " |> map(fn: (r) => ({r with _value: r._value * 2 + 1}))" + COUNT),
    ("map-condition", "points", 10.08, USER + f" |> map(fn: (r) => ({CONDITION}))" + COUNT),
    ("map-text", "points", 10.08, USER + ' |> map(fn: (r) => ({r with level: if r._value > 50 then "high" else "low", '
                                         'who: r.hostname + "/" + r.region}))' + COUNT),
    ("map-math", "points", 10.08, 'import "math" import "date" ' + USER +
     " |> map(fn: (r) => ({r with _value: math.sqrt(x: float(v: r._value)), hour: date.hour(t: r._time)}))" + COUNT),
    ("pivot", "points", 3.6, CPU.replace(f"stop: {END}", "stop: 2016-01-01T01:00:00Z") +
     ' |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value") |> group() |> count(column: "usage_user")'),
    ("difference", "points", 10.08, USER + " |> difference()" + COUNT),
    ("sort-all", "points", 10.08, USER + ' |> sort(columns: ["_value"])' + COUNT),
    ("raw-export", "points", 3.6, CPU.replace(f"stop: {END}", "stop: 2016-01-01T01:00:00Z")),

    ("series-window-mean", "series", 8, SENSOR + WINDOW.format("30m", "mean") + COUNT),
    ("series-group-mean", "series", 4, LEVEL + ' |> group(columns: ["site"]) |> mean()'),
    ("series-last", "series", 8, SENSOR + " |> last()"),
    ("series-last-count", "series", 4, LEVEL + " |> last()" + COUNT),
    ("series-top-10-by-mean", "series", 4, LEVEL + ' |> group(columns: ["device"]) |> mean() |> group() |> top(n: 10)'),
    ("series-map", "series", 4, LEVEL + " |> map(fn: (r) => ({r with _value: if r._value > 50.0 then r._value * 2.0 "
                                        "else 0.0}))" + COUNT),
    ("series-pivot", "series", 8, SENSOR + ' |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")'
                                           ' |> group() |> count(column: "level")'),
    ("series-join", "series", 8, f"a = {LEVEL}\nb = {SENSOR} |> filter(fn: (r) => r._field == \"state\")\n"
                                 'join(tables: {a: a, b: b}, on: ["device", "channel", "_time"]) |> group() '
                                 '|> count(column: "_value_a")'),
    ("series-tag-values", "series", 0.1, f'import "influxdata/influxdb/schema" schema.tagValues(bucket: "bench", '
                                         f'tag: "device", start: {DAY}, stop: {END})'),
    ("series-cardinality", "series", 1, f'import "influxdata/influxdb" influxdb.cardinality(bucket: "bench", '
                                        f'start: {DAY}, stop: {END})'),
]
LOADS = {
    "points": [("cpu-only", 1000, 28, 10, None), ("cpu-only", 1000, 28, 600, b"load")],
    "series": [("sensors", 100_000, 1, 900, None)],
}


def batches(source, rename):
    """Bodies of about two megabytes that end in whole lines."""
    rest = b""
    while block := source.read(2 << 20):
        block = rest + block
        at = block.rfind(b"\n") + 1
        block, rest = block[:at], block[at:]
        if block:
            yield block if rename is None else (b"\n" + block).replace(b"\ncpu,", b"\n" + rename + b",")[1:]


def load(server, of):
    at = time.monotonic()
    server.start()
    server.prepare()
    for kind, hosts, hours, every, rename in LOADS[of]:
        generator = subprocess.Popen(
            [program("WEIR_BENCH_GENERATOR", "weir-bench-generator"), "--set", kind, "--hosts", str(hosts), "--hours",
             str(hours), "--every", str(every)], stdout=subprocess.PIPE)
        for body in batches(generator.stdout, rename):
            while True:
                status, text = server.request("POST", server.write_path, body, server.headers)
                if status == 204:
                    break
                if status != 503:
                    sys.exit(f"a write failed: {status} {text[:300]!r}")
                time.sleep(0.2)
        if generator.wait() != 0:
            sys.exit("the generator failed")
    server.settle()
    server.stop()
    print(f"loaded {of} in {time.monotonic() - at:.0f} s, {sum(f.stat().st_size for f in server.folder.rglob('*') if f.is_file()) / 2**20:.0f} MiB",
          flush=True)


def measure(server, text, rounds):
    """CPU and wall seconds, peak memory, bytes answered; or what went wrong."""
    cpus, walls, size = [], [], 0
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")
    for turn in range(rounds + 1):
        before, at = server.cpu(), time.perf_counter()
        status, body = server.flux(text)
        walls.append(time.perf_counter() - at)
        cpus.append(server.cpu() - before)
        size = len(body)
        if status != 200 or b"\n#datatype,string,string\n" in body[-2000:].replace(b"\r", b""):
            return f"{status} {body[-300:]!r}"
    warm = slice(1, None) if rounds else slice(None)
    return statistics.median(cpus[warm]), statistics.median(walls[warm]), peak_bytes(server.process.pid), size


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--sets", default="points,series")
    p.add_argument("--types", default="*", help="patterns of names, with commas between")
    p.add_argument("--rounds", type=int, default=3, help="after one that warms up; 0 counts that one")
    p.add_argument("--keep", action="store_true", help="keep the loaded data for later runs")
    p.add_argument("--work", default=str(CACHE / "bench"), help="a folder for the data")
    p.add_argument("--port", type=int, default=18331)
    a = p.parse_args()
    failed = 0
    for of in a.sets.split(","):
        server = Weir(Path(a.work) / f"large-{of}", a.port, program("WEIR_BIN", "weir"))
        marker = server.folder / "loaded"
        try:
            if not marker.exists():
                shutil.rmtree(server.folder, ignore_errors=True)
                load(server, of)
                marker.touch()
            server.start()
            server.settle()
            print(f"{'type':24} {'M points':>9} {'CPU s':>9} {'wall s':>9} {'M/s/core':>9} {'peak MiB':>9} {'answer KiB':>11}")
            for name, data, points, text in TYPES:
                if data != of or not any(fnmatch.fnmatchcase(name, t) for t in a.types.split(",")):
                    continue
                result = measure(server, text, a.rounds)
                if isinstance(result, str):
                    failed += 1
                    print(f"{name:24} FAIL {result}", flush=True)
                    if server.process.poll() is not None:
                        server.start()
                    continue
                cpu, wall, peak, size = result
                print(f"{name:24} {points:9.2f} {cpu:9.3f} {wall:9.3f} {points / max(cpu, 1e-9):9.1f} {peak / 2**20:9.0f} "
                      f"{size / 2**10:11.1f}", flush=True)
        finally:
            server.stop()
            if not a.keep:
                shutil.rmtree(server.folder, ignore_errors=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
