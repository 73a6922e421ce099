"""Makes most requests that schemathesis invents meet something: ids of resources that exist, in the places where the
document only says that an id stands there. Keeps the caller itself, its organization and its token from being changed.
"""

import json
import os
import urllib.error
import urllib.request
import zlib

import schemathesis

URL, TOKEN, ORG = os.environ["WEIR_URL"], os.environ["WEIR_TOKEN"], os.environ["WEIR_ORG"]


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": "Token " + TOKEN, "Accept": "application/json"}
    request = urllib.request.Request(URL + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        if error.code == 501:
            # Part of the API, but not built yet: there is none of it.
            return {}
        raise SystemExit(f"{method} {path}: {error.code} {error.read()!r}") from error


org = call("GET", "/api/v2/orgs?org=" + ORG)["orgs"][0]["id"]
me = call("GET", "/api/v2/me")["id"]
tokens = [token["id"] for token in call("GET", "/api/v2/authorizations")["authorizations"]]
PROTECTED = {org, me, *tokens}


def made(path, body):
    answer = call("POST", path, {"orgID": org, **body})
    return (answer.get("label") or answer).get("id")


def fresh():
    """One of each kind; by the first part of the path its id is meant by."""
    suffix = os.urandom(4).hex()
    bucket = made("/api/v2/buckets", {"name": "fuzzed-" + suffix})
    dashboard = made("/api/v2/dashboards", {"name": "fuzzed"})
    remote = made("/api/v2/remotes", {"name": "r", "remoteURL": URL, "remoteAPIToken": TOKEN, "remoteOrgID": org})
    flux = {"flux": 'option task = {name: "fuzzed", every: 1h} from(bucket: "none") |> range(start: -1h)'}
    query = {"type": "constant", "values": ["a"]}
    database = {"database": "db-" + suffix, "retention_policy": "rp", "bucketID": bucket}
    read = [{"action": "read", "resource": {"type": "buckets"}}]
    return {
        "buckets": bucket,
        "dashboards": dashboard,
        "cells": call("POST", f"/api/v2/dashboards/{dashboard}/cells", {"w": 1, "h": 1})["id"],
        "remotes": remote,
        "replications": made("/api/v2/replications", {"name": "c", "remoteID": remote, "localBucketID": bucket, "remoteBucketName": "x"}),
        "tasks": made("/api/v2/tasks", flux),
        "variables": made("/api/v2/variables", {"name": "v" + suffix, "arguments": query}),
        "labels": made("/api/v2/labels", {"name": "l-" + suffix}),
        "dbrps": made("/api/v2/dbrps", database),
        "telegrafs": made("/api/v2/telegrafs", {"name": "t", "config": "[[inputs.cpu]]"}),
        "scrapers": made("/api/v2/scrapers", {"name": "s", "type": "prometheus", "url": URL + "/metrics", "bucketID": bucket}),
        "sources": made("/api/v2/sources", {"name": "s"}),
        "notebooks": made("/api/v2private/notebooks", {"name": "n", "spec": {}}),
        "authorizations": made("/api/v2/authorizations", {"permissions": read}),
        "stacks": made("/api/v2/stacks", {"name": "s"}),
        "users": made("/api/v2/users", {"name": "u-" + suffix}),
        "orgs": made("/api/v2/orgs", {"name": "o-" + suffix}),
    }


known = fresh()
QUERY = {
    "orgID": org,
    "org": ORG,
    "bucket": known["buckets"],
    "bucketID": known["buckets"],
    "userID": me,
    "remoteID": known["remotes"],
    "localBucketID": known["buckets"],
    "endpointID": None,
}
BODY = {**QUERY, "labelID": known["labels"], "id": known["users"], "usingView": known["cells"]}


def often(value):
    """Four times of five, and the same for the same value."""
    return zlib.crc32(repr(value).encode()) % 5 != 0


@schemathesis.hook
def map_query(context, query):
    for name, real in QUERY.items():
        if query and name in query and real and often((name, query)):
            query[name] = real
    return query


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict):
        for name, real in BODY.items():
            if name in body and real and often((name, body)):
                body[name] = real
    return body


@schemathesis.hook
def map_path_parameters(context, parameters):
    path = context.operation.path
    for name in parameters or {}:
        before = path.split("{" + name + "}")[0].rstrip("/").rsplit("/", 1)[-1]
        before = {"members": "users", "owners": "users"}.get(before, before)
        if known.get(before) and often((name, parameters)):
            parameters[name] = known[before]
    return parameters


@schemathesis.hook
def before_call(context, case, kwargs):
    """What is needed to go on is only read; what was deleted is made again."""
    method = case.operation.method.upper()
    for name, value in (case.path_parameters or {}).items():
        if method != "GET" and value in PROTECTED:
            case.path_parameters[name] = "0123456789abcdef"
