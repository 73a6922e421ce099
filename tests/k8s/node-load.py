#!/usr/bin/env python3
"""Writes numbered points and asks queries, without a pause, until it is told to stop; then reads everything back.

    node-load.py URL ORG BUCKET RUN STOP     the token is in WEIR_TOKEN; ends once the file STOP is there

Clients of a cluster try again what was refused for a moment: a broken connection, 429 or 503. The last line is what
happened, as JSON. It fails when a request did not succeed after all, or when an acknowledged point is not there."""

import http.client
import json
import os
import sys
import threading
import time
import urllib.parse

URL, ORG, BUCKET, RUN, STOP = sys.argv[1:6]
PLACE = urllib.parse.urlsplit(URL)
HEAD = {"Authorization": "Token " + os.environ["WEIR_TOKEN"]}
# How long one request may be tried again, seconds.
PATIENCE = 180
POINTS = 20

stop = threading.Event()


class Client:
    """One connection, and counts of what became of its requests."""

    def __init__(self):
        self.connection = None
        self.requests = self.retried = self.tries = 0
        self.longest = 0.0
        self.failures = []
        self.reasons = {}

    def once(self, method, path, body, kind):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(PLACE.hostname, PLACE.port, timeout=30)
        try:
            self.connection.request(method, path, body, HEAD | {"Content-Type": kind})
            answer = self.connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            self.connection = None
            return 0, f"{type(error).__name__}: {error}"

    def send(self, method, path, body, kind):
        self.requests += 1
        begun, tries = time.monotonic(), 0
        while True:
            status, text = self.once(method, path, body, kind)
            tries += 1
            # A query's answer may break off after its head: it then ends with an error of its own.
            if status in (200, 204) and "\n,error," not in text and not text.startswith("error,"):
                break
            reason = f"{status}: {text.strip()[:120]}"
            self.reasons[reason] = self.reasons.get(reason, 0) + 1
            if status not in (0, 200, 429, 503) or time.monotonic() - begun > PATIENCE:
                self.failures.append(reason)
                return None
            time.sleep(0.2)
        self.retried += tries > 1
        self.tries += tries
        self.longest = max(self.longest, time.monotonic() - begun)
        return text

    def summary(self):
        return {"requests": self.requests, "retried": self.retried, "tries": self.tries,
                "longest seconds": round(self.longest, 2), "failures": self.failures[:5], "reasons": self.reasons}


def query(client, script):
    return client.send("POST", "/api/v2/query?" + urllib.parse.urlencode({"org": ORG}), script, "application/vnd.flux")


acknowledged = set()


def write(client):
    path = "/api/v2/write?" + urllib.parse.urlencode({"org": ORG, "bucket": BUCKET, "precision": "ns"})
    number = 0
    while not stop.is_set():
        batch = range(number, number + POINTS)
        now = time.time_ns()
        lines = "\n".join(f"load,run={RUN},lane={n % 7} n={n}i {now + n - number}" for n in batch)
        if client.send("POST", path, lines, "text/plain") is not None:
            acknowledged.update(batch)
        number += POINTS
        time.sleep(0.02)


def ask(client):
    script = f'from(bucket: "{BUCKET}") |> range(start: -1h) |> filter(fn: (r) => r.run == "{RUN}") |> group() |> count()'
    while not stop.is_set():
        query(client, script)
        time.sleep(0.1)


writer, asker = Client(), Client()
threads = [threading.Thread(target=write, args=(writer,)), threading.Thread(target=ask, args=(asker,))]
for thread in threads:
    thread.start()
# A signal would not get through the namespaces that this runs in.
while not os.path.exists(STOP):
    time.sleep(0.1)
stop.set()
for thread in threads:
    thread.join()

reader = Client()
found = query(reader, f'from(bucket: "{BUCKET}") |> range(start: -6h) |> filter(fn: (r) => r.run == "{RUN}") '
                      '|> keep(columns: ["_value"])') or ""
rows = {int(line.rsplit(",", 1)[1]) for line in found.splitlines() if line.startswith(",_result") or line.startswith(",,")}
missing = sorted(acknowledged - rows)
print(json.dumps({"writes": writer.summary(), "queries": asker.summary(), "acknowledged points": len(acknowledged),
                  "missing points": len(missing)}), flush=True)
if missing:
    print("missing:", missing[:20], file=sys.stderr)
sys.exit(bool(missing or not acknowledged or writer.failures or asker.failures or reader.failures))
