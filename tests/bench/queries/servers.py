"""The two servers: started over a data folder of their own, loaded, asked."""
import http.client
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
from pathlib import Path

TOKEN = "bench-token"


def cpu_seconds(pid):
    """User and system time of a process, to the nanosecond: the process's own clock."""
    return time.clock_gettime((~pid << 3) | 2)


def peak_bytes(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return 0


class Server:
    """A server, its process and one connection."""
    name = ""
    headers = {}

    def __init__(self, folder, port, program):
        self.folder, self.port, self.program = Path(folder), port, program
        self.process = self.connection = None

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self.request("GET", self.ready_path)
            sys.exit(f"something answers on port {self.port} already")
        except OSError:
            self.connection = None
        log = open(self.folder.with_suffix(".log"), "ab")
        self.process = subprocess.Popen(self.command(), stdout=log, stderr=log)
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                if self.request("GET", self.ready_path)[0] in (200, 204):
                    return
            except OSError:
                self.connection = None
            if self.process.poll() is not None:
                sys.exit(f"{self.name} ended; see {log.name}")
            time.sleep(0.1)
        sys.exit(f"{self.name} did not get ready")

    def request(self, method, path, body=None, headers=None):
        for last in (False, True):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
            try:
                self.connection.request(method, path, body, {**self.headers, **(headers or {})})
                r = self.connection.getresponse()
                return r.status, r.read()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                # A connection that was idle for long is closed by the server.
                self.connection = None
                if last:
                    raise

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(120)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = self.connection = None

    def cpu(self):
        return cpu_seconds(self.process.pid)

    def settle(self, longest=120):
        """Waits until the server does nothing of its own accord."""
        end = time.monotonic() + longest
        quiet = 0
        while time.monotonic() < end and quiet < 4:
            before = self.cpu()
            time.sleep(0.5)
            quiet = quiet + 1 if self.cpu() - before < 0.02 else 0

    def load(self, batches, writers=2):
        todo, errors = queue.Queue(), []
        for b in batches:
            todo.put(b)

        def work():
            c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
            while not errors:
                try:
                    file = todo.get_nowait()
                except queue.Empty:
                    return
                while True:
                    c.request("POST", self.write_path, file.read_bytes(), self.headers)
                    r = c.getresponse()
                    text = r.read()
                    if r.status == 204:
                        break
                    if r.status != 503:
                        errors.append(f"{r.status} {text[:300]!r}")
                        return
                    time.sleep(0.2)

        threads = [threading.Thread(target=work) for _ in range(writers)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        if errors:
            sys.exit(f"{self.name}: a write failed: {errors[0]}")

    def influxql(self, text):
        path = "/query?" + urllib.parse.urlencode({"db": "bench", "q": text, "epoch": "ns"})
        return self.request("GET", path)


class Weir(Server):
    name = "weir"
    headers = {"Authorization": "Token " + TOKEN}
    ready_path = "/health"
    write_path = "/api/v2/write?org=bench&bucket=bench"

    def command(self):
        return [self.program, "--http-bind-address", f"127.0.0.1:{self.port}", "--data-dir", str(self.folder), "--log", "warn"]

    def prepare(self):
        st, body = self.request("POST", "/api/v2/setup", json.dumps(
            dict(username="bench", password="bench-password", org="bench", bucket="bench", token=TOKEN)))
        if st != 201:
            sys.exit(f"setup: {st} {body[:300]!r}")

    def flux(self, text):
        return self.request("POST", "/api/v2/query?org=bench", text.encode(), {"Content-Type": "application/vnd.flux"})


class InfluxDB(Server):
    name = "influxdb"
    ready_path = "/ping"
    write_path = "/write?db=bench"

    def command(self):
        config = self.folder / "influxdb.conf"
        config.write_text(f"""
reporting-disabled = true
bind-address = "127.0.0.1:{self.port + 1}"
[meta]
  dir = "{self.folder}/meta"
[data]
  dir = "{self.folder}/data"
  wal-dir = "{self.folder}/wal"
  index-version = "tsi1"
[http]
  bind-address = "127.0.0.1:{self.port}"
  log-enabled = false
[coordinator]
  write-timeout = "300s"
[monitor]
  store-enabled = false
[continuous_queries]
  enabled = false
""")
        return [self.program, "-config", str(config)]

    def prepare(self):
        self.request("POST", "/query?q=CREATE+DATABASE+bench")


class InfluxDB2(Server):
    """InfluxDB 2, which answers Flux."""
    name = "influxdb"
    headers = Weir.headers
    ready_path = "/health"
    write_path = Weir.write_path
    prepare = Weir.prepare
    flux = Weir.flux

    def command(self):
        return [self.program, "--http-bind-address", f"127.0.0.1:{self.port}", "--bolt-path", f"{self.folder}/bolt",
                "--sqlite-path", f"{self.folder}/sqlite", "--engine-path", f"{self.folder}/engine", "--reporting-disabled",
                "--log-level", "error"]


def find_influxd(cache):
    """Debian's influxd: the one installed, or the package unpacked into the cache."""
    if found := os.environ.get("INFLUXD_BIN") or shutil.which("influxd"):
        return found
    unpacked = Path(cache) / "influxdb-1.6"
    if not (unpacked / "usr/bin/influxd").exists():
        unpacked.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", "influxdb"], cwd=unpacked, check=True, stdout=subprocess.DEVNULL)
        for package in unpacked.glob("influxdb_*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(package), str(unpacked)], check=True)
    return str(unpacked / "usr/bin/influxd")
