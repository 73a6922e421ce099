#!/usr/bin/env python3
"""Ingest benchmark: the same prebuilt batches into Weir and, where it is installed, Debian's influxdb 1.6.

    cargo build --release && cargo run --release -p weir-bench-generator -- --help
    tests/bench/ingest/run.py [--hosts 100] [--hours 24] [--batch 10000] [--writers 4] [--only weir|influxdb]

Each batch is one request of line protocol; a request is acknowledged when the server has synced it. Prints for each
server: rows, wall seconds, CPU microseconds a row (user + system from /proc, until the data is flushed), peak resident
memory, bytes on disk a value after a flush; then the ratios. Quote ratios from one run; never single times.
"""
import argparse
import http.client
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
TICK = os.sysconf("SC_CLK_TCK")
TOKEN = "bench-token"


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def peak_bytes(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return 0


def tree_bytes(folder):
    return sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file())


def request(port, method, path, body=None, headers=None):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        c.request(method, path, body, headers or {})
        r = c.getresponse()
        return r.status, r.read()
    finally:
        c.close()


def wait_for(what, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if what():
                return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit("a server did not get ready in time")


def load(port, path, headers, batches, writers):
    todo, errors = queue.Queue(), []
    for b in batches:
        todo.put(b)

    def work():
        c = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while True:
            try:
                file = todo.get_nowait()
            except queue.Empty:
                return
            while True:
                c.request("POST", path, file.read_bytes(), headers)
                r = c.getresponse()
                text = r.read()
                if r.status == 204:
                    break
                if r.status != 503:
                    errors.append(f"{r.status} {text[:200]!r}")
                    return
                time.sleep(0.2)

    threads = [threading.Thread(target=work) for _ in range(writers)]
    start = time.monotonic()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if errors:
        sys.exit("a write failed: " + errors[0])
    return time.monotonic() - start


def weir(batches, a):
    data = tempfile.mkdtemp(prefix="weir-bench-", dir=a.work)
    port = 18311
    p = subprocess.Popen([TARGET / "weir", "--http-bind-address", f"127.0.0.1:{port}", "--data-dir", data, "--log", "warn"])
    try:
        wait_for(lambda: request(port, "GET", "/health")[0] == 200)
        st, body = request(port, "POST", "/api/v2/setup", json.dumps(
            dict(username="bench", password="bench-password", org="bench", bucket="bench", token=TOKEN)))
        assert st == 201, body
        before = cpu_seconds(p.pid)
        headers = {"Authorization": "Token " + TOKEN}
        wall = load(port, "/api/v2/write?org=bench&bucket=bench", headers, batches, a.writers)
        acknowledged = cpu_seconds(p.pid) - before
        peak = peak_bytes(p.pid)
        # A stop flushes what is buffered; its CPU counts.
        p.send_signal(signal.SIGTERM)
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = status
        cpu = usage.ru_utime + usage.ru_stime - before
        disk = tree_bytes(Path(data) / "objects") or tree_bytes(data)
        return dict(wall=wall, ack_cpu=acknowledged, cpu=cpu, peak=max(peak, usage.ru_maxrss * 1024), disk=disk)
    finally:
        if p.returncode is None:
            p.kill()
            p.wait()
        shutil.rmtree(data, ignore_errors=True)


def influxdb(batches, a):
    data = tempfile.mkdtemp(prefix="influxdb-bench-", dir=a.work)
    port = 18312
    config = Path(data) / "influxdb.conf"
    config.write_text(f"""
reporting-disabled = true
bind-address = "127.0.0.1:18313"
[meta]
  dir = "{data}/meta"
[data]
  dir = "{data}/data"
  wal-dir = "{data}/wal"
  index-version = "tsi1"
[http]
  bind-address = "127.0.0.1:{port}"
  log-enabled = false
[monitor]
  store-enabled = false
""")
    p = subprocess.Popen(["influxd", "-config", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: request(port, "GET", "/ping")[0] == 204)
        request(port, "POST", "/query?q=CREATE+DATABASE+bench")
        before = cpu_seconds(p.pid)
        wall = load(port, "/write?db=bench", {}, batches, a.writers)
        cpu = cpu_seconds(p.pid) - before
        # It compacts in the background; wait until the disk is quiet, and count that CPU as Weir's flush is counted.
        last, since = tree_bytes(data), time.monotonic()
        end = time.monotonic() + 30
        while time.monotonic() < end and time.monotonic() - since < 6:
            time.sleep(1)
            now = tree_bytes(data)
            if now != last:
                last, since = now, time.monotonic()
        total = cpu_seconds(p.pid) - before
        return dict(wall=wall, ack_cpu=cpu, cpu=total, peak=peak_bytes(p.pid), disk=tree_bytes(Path(data) / "data") + tree_bytes(Path(data) / "wal"))
    finally:
        p.kill()
        p.wait()
        shutil.rmtree(data, ignore_errors=True)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--hosts", type=int, default=100)
    p.add_argument("--hours", type=int, default=24)
    p.add_argument("--batch", type=int, default=10000)
    p.add_argument("--writers", type=int, default=4)
    p.add_argument("--only", choices=["weir", "influxdb"])
    p.add_argument("--work", default=None, help="a folder for data and batches (default: the system's)")
    a = p.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="batches-", dir=a.work))
    try:
        subprocess.run([TARGET / "weir-bench-generator", "--hosts", str(a.hosts), "--hours", str(a.hours),
                        "--rows", str(a.batch), "--folder", str(folder)], check=True)
        batches = sorted(f for f in folder.iterdir() if f.is_file())
        rows = a.hosts * a.hours * 360
        results = {}
        if a.only != "influxdb":
            results["weir"] = weir(batches, a)
        if a.only != "weir":
            if shutil.which("influxd"):
                results["influxdb 1.6"] = influxdb(batches, a)
            else:
                print("influxdb 1.6 is not installed (Debian package influxdb): no ratios")
        for name, r in results.items():
            print(f"{name:14} rows {rows}  wall {r['wall']:.1f} s  CPU a row {r['cpu'] / rows * 1e6:.2f} us "
                  f"(until acknowledged {r['ack_cpu'] / rows * 1e6:.2f})  peak {r['peak'] / 2**20:.0f} MiB  "
                  f"bytes a value {r['disk'] / rows / 10:.3f}")
        if len(results) == 2:
            w, i = results["weir"], results["influxdb 1.6"]
            print(f"ratio (influxdb / weir): CPU {i['cpu'] / w['cpu']:.1f}, until acknowledged "
                  f"{i['ack_cpu'] / w['ack_cpu']:.1f}, wall {i['wall'] / w['wall']:.1f}, disk {i['disk'] / w['disk']:.2f}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)



if __name__ == "__main__":
    main()
