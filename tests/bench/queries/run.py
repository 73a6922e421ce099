#!/usr/bin/env python3
"""Query benchmark: the same bytes in Weir and in Debian's influxdb 1.6, the same questions to both.

    tests/bench/queries/run.py                                   every InfluxQL type, both servers, five rounds
    tests/bench/queries/run.py --types 'double*,lastpoint' --keep
    tests/bench/queries/run.py --flux --keep                     the Flux types, Weir alone, beside recorded figures
    INFLUXD2_BIN=influxd tests/bench/queries/run.py --flux       the Flux types, beside an InfluxDB 2 on this machine

Loads each data set, checks that both answer each question the same (JSON; floats to 1e-9), then asks them in turns and
prints CPU (user and system, the process's own clock) and wall time of a query, medians over the rounds, their ratios, and
which floors do not hold. WEIR_BIN, WEIR_BENCH_GENERATOR and INFLUXD_BIN name the programs; else those of the target
folder and of the system are taken. With --keep the loaded data stays in --work and later runs use it again.
"""
import argparse
import fnmatch
import json
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from servers import InfluxDB, InfluxDB2, Weir, find_influxd, peak_bytes
from query_types import FIFTEEN, FLUX, FLUX_RECORDED, TYPES, Span

ROOT = Path(__file__).resolve().parents[3]
CACHE = Path(os.environ.get("WEIR_TEST_CACHE", Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "weir-tests"))
START = 1_451_606_400


def program(variable, name):
    if found := os.environ.get(variable):
        return found
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    built = [p for p in (target / "release" / name, target / "debug" / name) if p.exists()]
    if not built:
        sys.exit(f"{name} is not built: cargo build --release -p {name}, or set {variable}")
    return str(built[0])


def same(a, b):
    """Whether two answers are equal: floats nearly, an integer and a float of one value too."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, bool) or isinstance(b, bool) or not (isinstance(a, (int, float)) and isinstance(b, (int, float))):
        return a == b
    return a == b or math.isclose(a, b, rel_tol=1e-9)


def whole(answer):
    """An answer without the sign that 1.6 leaves on series of more than 10,000 rows, which are whole all the same."""
    for result in answer.get("results", []):
        for series in result.get("series", []):
            series.pop("partial", None)
    return answer


def sorted_rows(answer):
    """The same answer with rows of equal times in an order of their own, for telling order from content."""
    for result in answer.get("results", []):
        for series in result.get("series", []):
            series["values"].sort(key=lambda row: json.dumps(row))
    return answer


def cells(answer):
    """The rows of annotated CSV, in any order and without the tables' numbers; floats to nine digits."""
    rows = []
    for line in answer.decode().replace("\r", "").split("\n"):
        row = line.split(",")
        if line and not line.startswith("#"):
            rows.append([number_of(cell) for cell in row[:2] + row[3:]])
    return sorted(rows, key=str)


def number_of(cell):
    try:
        return f"{float(cell):.9g}"
    except ValueError:
        return cell


def compare_flux(text, weir, influx):
    """`ok`, or that answers differ; columns may come in another order."""
    (sa, a), (sb, b) = weir.flux(text), influx.flux(text)
    if sb != 200:
        return f"peer cannot: {b[:150]!r}"
    a, b = [sorted(row) for row in cells(a)], [sorted(row) for row in cells(b)]
    if sa == 200 and sorted(a) == sorted(b):
        return "ok" if a else "ok, empty"
    # Of several series with the greatest value the peer answers any.
    values = [[[cell for cell in row if cell[:1].isdigit()] for row in rows] for rows in (a, b)]
    if sa == 200 and sorted(values[0]) == sorted(values[1]):
        return "ok but for ties"
    return f"DIFFER: {len(a)} and {len(b)} rows"


def compare(kind, text, weir, influx):
    """`ok`, or what differs."""
    if kind == "flux":
        return compare_flux(text, weir, influx)
    a, b = weir.influxql(text), influx.influxql(text)
    ja, jb = whole(json.loads(a[1])), whole(json.loads(b[1]))
    if same(ja, jb):
        empty = not any("series" in r for r in ja.get("results", []))
        return "ok" if not empty else "ok, empty"
    if "error" in json.dumps(jb)[:200] and "error" not in json.dumps(ja)[:200]:
        return "peer cannot: " + json.dumps(jb)[:150]
    if same(sorted_rows(ja), sorted_rows(jb)):
        return "ORDER differs"
    return "DIFFERS"


def ask(server, kind, queries):
    """CPU and wall seconds of each query."""
    walls, size = [], 0
    before = server.cpu()
    for text in queries:
        at = time.perf_counter()
        status, body = getattr(server, kind)(text)
        walls.append(time.perf_counter() - at)
        size += len(body)
        if status != 200 or (kind == "influxql" and b'"error"' in body[:300]):
            return None, None, f"{status} {body[:300]!r}"
    return (server.cpu() - before) / len(queries), walls, size // len(queries)


def load(server, a, data_set, span):
    """Starts a server with the data in it."""
    marker = server.folder / "loaded"
    if marker.exists() and not a.fresh:
        server.start()
        return
    shutil.rmtree(server.folder, ignore_errors=True)
    batches = Path(a.work) / f"batches-{data_set}-{span.scale}-{span.hours}"
    if not (batches / "done").exists():
        shutil.rmtree(batches, ignore_errors=True)
        subprocess.run([program("WEIR_BENCH_GENERATOR", "weir-bench-generator"), "--set", data_set, "--hosts", str(span.scale),
                        "--hours", str(span.hours), "--folder", str(batches)], check=True)
        (batches / "done").touch()
    server.start()
    server.prepare()
    at = time.monotonic()
    server.load(sorted(batches.glob("*.lp")))
    server.settle()
    # A stop makes a server write down what it holds in memory; a query reads it from there.
    server.stop()
    server.start()
    server.settle()
    marker.touch()
    print(f"loaded {data_set} into {server.name} in {time.monotonic() - at:.0f} s", flush=True)


def selected(a, names):
    patterns = [p for p in (a.types or "*").split(",") if p]
    return [n for n in names if any(fnmatch.fnmatchcase(n, p) for p in patterns)]


def spans(a):
    return {"cpu-only": Span(START, a.hours, a.scale), "devops": Span(START, a.hours, max(a.scale // 5, 1)),
            "iot": Span(START, a.hours, a.scale)}


def measure(a, kind, types, servers, results):
    rng = {name: random.Random(f"{a.seed} {name}") for name, *_ in types}
    for name, make, span, count in types:
        queries = [make(rng[name], span) for _ in range(count if a.count is None else a.count)]
        row = results.setdefault(name, dict(cpu={}, wall={}, says="", query=queries[0]))
        if a.show:
            print(f"{name}: {queries[0]}")
        if len(servers) == 2:
            said = [compare(kind, q, *servers) for q in queries[:3]]
            row["says"] = next((s for s in said if s != "ok" and s != "ok, empty"), said[0])
        rounds = {s.name: ([], []) for s in servers}
        for turn in range(a.rounds + 1):
            for server in servers if turn % 2 == 0 else servers[::-1]:
                cpu, walls, size = ask(server, kind, queries)
                if cpu is None:
                    row["says"] = f"{server.name}: {size}"
                elif turn > 0:
                    # The first turn warms up.
                    rounds[server.name][0].append(cpu)
                    rounds[server.name][1].extend(walls)
                    row["size"] = size
        for name_, (cpus, walls) in rounds.items():
            if cpus:
                row["cpu"][name_], row["wall"][name_] = statistics.median(cpus), statistics.median(walls)
        if kind == "flux" and len(servers) == 1 and (span.scale, span.hours) == (100, 24) and name in FLUX_RECORDED and row["cpu"]:
            # Measured elsewhere: a hint, not a comparison.
            row["cpu"]["influxdb"], row["says"] = FLUX_RECORDED[name] / 1e3, "recorded"
        print(line(name, row), flush=True)


HEAD = f"{'type':38} {'weir CPU':>9} {'peer CPU':>9} {'ratio':>7} {'weir wall':>9} {'peer wall':>9} {'ratio':>7}  answers"


def line(name, row):
    def ms(of, who):
        return f"{row[of][who] * 1e3:9.2f}" if who in row[of] else " " * 9

    def ratio(of):
        w, i = row[of].get("weir"), row[of].get("influxdb")
        return f"{i / w:7.1f}" if w and i else " " * 7
    return (f"{name:38} {ms('cpu', 'weir')} {ms('cpu', 'influxdb')} {ratio('cpu')} {ms('wall', 'weir')} {ms('wall', 'influxdb')} "
            f"{ratio('wall')}  {row['says']}")


def summary(results):
    """The medians and the floors; how many do not hold."""
    failed = []
    ratios = {}
    for of in ("cpu", "wall"):
        ratios[of] = {n: r[of]["influxdb"] / r[of]["weir"] for n, r in results.items()
                      if "weir" in r[of] and "influxdb" in r[of] and "cannot" not in r["says"]}
    for n, r in results.items():
        if not r["says"].startswith(("ok", "peer cannot", "ORDER")):
            failed.append(f"{n}: answers: {r['says'][:200]}")
    for n, x in ratios["cpu"].items():
        if x < 1:
            failed.append(f"{n}: dearer than the peer ({x:.2f})")
        if n.startswith(FIFTEEN) and x < 15:
            failed.append(f"{n}: {x:.1f} times cheaper, 15 is the floor")
    if ratios["cpu"]:
        middle = statistics.median(ratios["cpu"].values())
        print(f"median of ratios: CPU {middle:.1f}, wall {statistics.median(ratios['wall'].values()):.1f}")
        if middle < 5:
            failed.append(f"the median is {middle:.1f} times cheaper, 5 is the floor")
    for text in failed:
        print("FAIL", text)
    if not failed:
        print("all floors hold")
    return len(failed)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--types", help="patterns of names, with commas between")
    p.add_argument("--scale", type=int, default=100, help="hosts of cpu-only and trucks of iot; devops has a fifth")
    p.add_argument("--hours", type=int, default=24)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--count", type=int, help="queries of a type in a round")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--flux", action="store_true", help="the Flux types: Weir alone, or beside INFLUXD2_BIN")
    p.add_argument("--only", choices=["weir", "influxdb"])
    p.add_argument("--keep", action="store_true", help="keep the loaded data for later runs")
    p.add_argument("--fresh", action="store_true", help="load again")
    p.add_argument("--show", action="store_true", help="show a query of each type")
    p.add_argument("--work", default=str(CACHE / "bench"), help="a folder for data and batches")
    p.add_argument("--port", type=int, default=18321, help="the first of four ports")
    p.add_argument("--json", help="a file for the results")
    a = p.parse_args()
    Path(a.work).mkdir(parents=True, exist_ok=True)
    results = {}
    print(HEAD, flush=True)
    todo = [(n, "cpu-only", m, c) for n, m, c in FLUX] if a.flux else TYPES
    names = selected(a, [t[0] for t in todo])
    for data_set, span in spans(a).items():
        types = [(n, m, span, c) for n, s, m, c in todo if s == data_set and n in names]
        if not types:
            continue
        place = Path(a.work) / f"{data_set}-{span.scale}-{span.hours}"
        servers = []
        if a.only != "influxdb":
            servers.append(Weir(f"{place}-weir", a.port, program("WEIR_BIN", "weir")))
        if a.flux and a.only != "weir" and (peer := os.environ.get("INFLUXD2_BIN")):
            servers.append(InfluxDB2(f"{place}-influxdb2", a.port + 2, peer))
        if a.only != "weir" and not a.flux:
            servers.append(InfluxDB(f"{place}-influxdb", a.port + 2, find_influxd(CACHE)))
        try:
            for server in servers:
                load(server, a, data_set, span)
            measure(a, "flux" if a.flux else "influxql", types, servers, results)
            print("peak memory: " + ", ".join(f"{s.name} {peak_bytes(s.process.pid) / 2**20:.0f} MiB" for s in servers))
        finally:
            for server in servers:
                server.stop()
                if not a.keep:
                    shutil.rmtree(server.folder, ignore_errors=True)
    if a.json:
        Path(a.json).write_text(json.dumps(results, indent=1))
    sys.exit(1 if not a.flux and a.only is None and summary(results) else 0)


if __name__ == "__main__":
    main()
