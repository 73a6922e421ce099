"""The official Python client against a running server: WEIR_URL, WEIR_TOKEN, WEIR_ORG. One line a case."""

import asyncio
import os
import sys
import traceback
from datetime import datetime, timedelta, timezone

from influxdb_client import BucketRetentionRules, InfluxDBClient, Permission, PermissionResource, Point, WriteOptions
from influxdb_client import WritePrecision
from influxdb_client.client.exceptions import InfluxDBError
from influxdb_client.client.flux_csv_parser import FluxQueryException
from influxdb_client.client.influxdb_client_async import InfluxDBClientAsync
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.rest import ApiException

import resources  # noqa: F401 its cases
from cases import CASES, case, equal

URL, TOKEN, ORG = os.environ["WEIR_URL"], os.environ["WEIR_TOKEN"], os.environ["WEIR_ORG"]
START = datetime(2024, 1, 1, tzinfo=timezone.utc)
STOP = START + timedelta(hours=1)
RANGE = "range(start: 2024-01-01T00:00:00Z, stop: 2024-01-01T01:00:00Z)"


def fresh_bucket(client, name):
    """A bucket that is empty even when the server was used before."""
    buckets = client.buckets_api()
    old = buckets.find_bucket_by_name(name)
    if old is not None:
        buckets.delete_bucket(old)
    return buckets.create_bucket(bucket_name=name, org=ORG)


def count(client, bucket):
    tables = client.query_api().query(f'from(bucket: "{bucket}") |> {RANGE} |> group() |> count()')
    return sum(record.get_value() for table in tables for record in table)


@case
def system(client):
    assert client.ping()
    assert client.version(), "no version in the answer to a ping"
    equal(client.health().status, "pass")
    equal(client.ready().status, "ready")


@case
def synchronous_write_and_query(client):
    fresh_bucket(client, "py-sync")
    with client.write_api(write_options=SYNCHRONOUS) as write:
        points = [
            Point("air").tag("room", room).field("temp", 20.5 + minute).field("people", minute)
            .field("open", minute % 2 == 0).field("note", 'say "hi", \\o/ ok').time(START + timedelta(minutes=minute))
            for room in ("kitchen", "living room, north")
            for minute in range(10)
        ]
        write.write(bucket="py-sync", record=points)
        write.write(bucket="py-sync", record="air,room=cellar temp=3.25 1704067200",
                    write_precision=WritePrecision.S)
        write.write(bucket="py-sync", record=[{"measurement": "air", "tags": {"room": "attic"},
                                               "fields": {"temp": -1.5}, "time": START}])
    equal(count_fields(client, "py-sync"), {"temp": 22, "people": 20, "open": 20, "note": 20})
    tables = client.query_api().query(
        f'from(bucket: "py-sync") |> {RANGE} |> filter(fn: (r) => r.room == "living room, north")'
    )
    values = {r.get_field(): r.get_value() for t in tables for r in t if r.get_time() == START}
    equal(values, {"temp": 20.5, "people": 0, "open": True, "note": 'say "hi", \\o/ ok'})
    record = tables[0].records[0]
    equal((record.get_measurement(), record["room"], record.get_start(), record.get_stop()),
          ("air", "living room, north", START, STOP))


def count_fields(client, bucket):
    tables = client.query_api().query(
        f'from(bucket: "{bucket}") |> {RANGE} |> group(columns: ["_field"]) |> map(fn: (r) => ({{r with _value: 1}}))'
        " |> sum()"
    )
    return {record.get_field(): record.get_value() for table in tables for record in table}


@case
def queries(client):
    fresh_bucket(client, "py-query")
    lines = [f"load,host=h{host} value={minute} {1704067200 + 60 * minute}" for host in range(3) for minute in range(60)]
    client.write_api(write_options=SYNCHRONOUS).write(bucket="py-query", record=lines, write_precision=WritePrecision.S)
    api = client.query_api()
    windows = api.query(
        f'from(bucket: "py-query") |> {RANGE} |> filter(fn: (r) => r.host == "h1")'
        " |> aggregateWindow(every: 15m, fn: mean)"
    )
    equal([r.get_value() for t in windows for r in t], [7.0, 22.0, 37.0, 52.0])
    streamed = api.query_stream(f'from(bucket: "py-query") |> {RANGE}')
    equal(sum(1 for _ in streamed), 180)
    rows = list(api.query_csv(f'from(bucket: "py-query") |> {RANGE} |> last()'))
    equal([row for row in rows if row and row[0] == "#datatype"],
          [["#datatype", "string", "long", "dateTime:RFC3339", "dateTime:RFC3339", "dateTime:RFC3339", "double",
            "string", "string", "string"]])
    assert b"_value" in api.query_raw(f'from(bucket: "py-query") |> {RANGE} |> last()').data
    params = {"_bucket": "py-query", "_start": START, "_stop": STOP, "_host": "h2", "_least": 58.5, "_yes": True}
    bound = api.query(
        "from(bucket: _bucket) |> range(start: _start, stop: _stop)"
        " |> filter(fn: (r) => _yes and r.host == _host and r._value > _least)",
        params=params,
    )
    equal([r.get_value() for t in bound for r in t], [59.0])
    two = api.query(
        f'data = from(bucket: "py-query") |> {RANGE}\n'
        'data |> max() |> group() |> sum() |> yield(name: "most")\ndata |> count() |> group() |> sum() |> yield(name: "all")'
    )
    equal({r["result"]: r.get_value() for t in two for r in t}, {"most": 177.0, "all": 180})


@case
def errors(client):
    write = client.write_api(write_options=SYNCHRONOUS)
    for bucket, record, status in (("py-none", "m v=1", 404), ("py-sync", "not a line", 400)):
        try:
            write.write(bucket=bucket, record=record)
            raise AssertionError(f"{record!r} into {bucket} was taken")
        except ApiException as error:
            equal(error.status, status)
            assert error.message, "no message"
    try:
        client.query_api().query('from(bucket: "py-sync") |> nothing()')
        raise AssertionError("an undefined function was taken")
    except ApiException as error:
        equal(error.status, 400)
    try:
        list(client.query_api().query('import "array" array.from(rows: [{a: 1}]) |> map(fn: (r) => die(msg: "oh"))'))
        raise AssertionError("a script that dies was taken")
    except (ApiException, FluxQueryException) as error:
        assert "oh" in str(error), error
    with InfluxDBClient(url=URL, token="wrong", org=ORG) as stranger:
        try:
            stranger.buckets_api().find_buckets()
            raise AssertionError("a wrong token was taken")
        except ApiException as error:
            equal(error.status, 401)


@case
def gzip_and_batching(client):
    fresh_bucket(client, "py-batch")
    failed, succeeded = [], []
    with InfluxDBClient(url=URL, token=TOKEN, org=ORG, enable_gzip=True) as zipped:
        options = WriteOptions(batch_size=500, flush_interval=1_000, max_retries=1)
        with zipped.write_api(write_options=options, success_callback=lambda _, data: succeeded.append(data),
                              error_callback=lambda *error: failed.append(error)) as write:
            for number in range(2_345):
                write.write(bucket="py-batch", record=f"batch,n={number % 7} v={number}i {1704067200_000000000 + number}")
    equal(failed, [])
    assert len(succeeded) >= 5, f"{len(succeeded)} batches"
    equal(count(client, "py-batch"), 2_345)


@case
def deletes(client):
    fresh_bucket(client, "py-delete")
    lines = [f"gone,host=h{host} v={minute}i {1704067200 + 60 * minute}" for host in range(2) for minute in range(60)]
    client.write_api(write_options=SYNCHRONOUS).write(bucket="py-delete", record=lines, write_precision=WritePrecision.S)
    equal(count(client, "py-delete"), 120)
    delete = client.delete_api()
    delete.delete(START, START + timedelta(minutes=30), '_measurement="gone" AND host="h0"', bucket="py-delete", org=ORG)
    # The stop of a delete is inclusive: minutes 0 to 30.
    equal(count(client, "py-delete"), 120 - 31)
    delete.delete(START, STOP, '_measurement="other"', bucket="py-delete", org=ORG)
    equal(count(client, "py-delete"), 120 - 31)
    delete.delete(START, STOP, "", bucket="py-delete", org=ORG)
    equal(count(client, "py-delete"), 0)


@case
def buckets(client):
    api = client.buckets_api()
    for number in range(25):
        fresh_bucket(client, f"py-many-{number:02}")
    made = api.find_bucket_by_name("py-many-07")
    equal(api.find_bucket_by_id(made.id).name, "py-many-07")
    assert made.id and made.org_id and made.type == "user" and made.created_at
    names = [bucket.name for bucket in api.find_buckets_iter() if bucket.name.startswith("py-many-")]
    equal(sorted(names), [f"py-many-{number:02}" for number in range(25)])
    equal(len(api.find_buckets(limit=5).buckets), 5)
    made.retention_rules = [BucketRetentionRules(type="expire", every_seconds=86_400,
                                                 shard_group_duration_seconds=3_600)]
    made.description = "kept for a day"
    updated = api.update_bucket(bucket=made)
    equal((updated.description, updated.retention_rules[0].every_seconds), ("kept for a day", 86_400))
    equal(api.find_bucket_by_id(made.id).retention_rules[0].every_seconds, 86_400)
    try:
        api.create_bucket(bucket_name="py-many-07", org=ORG)
        raise AssertionError("a second bucket of the same name was made")
    except ApiException as error:
        equal(error.status, 422)
    for number in range(25):
        api.delete_bucket(api.find_bucket_by_name(f"py-many-{number:02}"))
    equal(api.find_bucket_by_name("py-many-07"), None)


@case
def authorizations(client):
    mine, other = fresh_bucket(client, "py-mine"), fresh_bucket(client, "py-other")
    client.write_api(write_options=SYNCHRONOUS).write(bucket="py-other", record="m v=1 1704067200000000000")
    org_id = mine.org_id
    permissions = [
        Permission(action=action, resource=PermissionResource(type="buckets", id=mine.id, org_id=org_id))
        for action in ("read", "write")
    ]
    api = client.authorizations_api()
    made = api.create_authorization(org_id=org_id, permissions=permissions)
    assert made.token and made.status == "active" and made.org == ORG
    equal(api.find_authorization_by_id(made.id).id, made.id)
    assert made.id in [found.id for found in api.find_authorizations(org_id=org_id)]
    with InfluxDBClient(url=URL, token=made.token, org=ORG) as limited:
        limited.write_api(write_options=SYNCHRONOUS).write(bucket="py-mine", record="m v=2 1704067200000000000")
        equal(count(limited, "py-mine"), 1)
        equal([bucket.name for bucket in limited.buckets_api().find_buckets().buckets], ["py-mine"])
        for attempt, allowed in ((lambda: count(limited, "py-other"), (404, 400)),
                                 (lambda: limited.write_api(write_options=SYNCHRONOUS)
                                  .write(bucket="py-other", record="m v=2"), (403, 404))):
            try:
                attempt()
                raise AssertionError("a token reached a bucket that it was not made for")
            except (ApiException, InfluxDBError) as error:
                status = getattr(error, "status", None) or error.response.status
                assert status in allowed, f"{status} {error}"
        made.status = "inactive"
        equal(api.update_authorization(made).status, "inactive")
        try:
            limited.write_api(write_options=SYNCHRONOUS).write(bucket="py-mine", record="m v=3")
            raise AssertionError("an inactive token was taken")
        except ApiException as error:
            assert error.status in (401, 403), error
    api.delete_authorization(made)
    assert made.id not in [found.id for found in api.find_authorizations(org_id=org_id)]
    for bucket in (mine, other):
        client.buckets_api().delete_bucket(bucket)


@case
def organizations_and_users(client):
    organizations = client.organizations_api()
    equal([org.name for org in organizations.find_organizations(org=ORG)], [ORG])
    assert organizations.me().name
    users = client.users_api()
    made = users.create_user(name="py-ada")
    equal(made.status, "active")
    assert "py-ada" in [user.name for user in users.find_users().users]
    users.update_password(made, "a good long password")
    users.delete_user(made)
    labels = client.labels_api()
    label = labels.create_label("py-label", organizations.find_organizations(org=ORG)[0].id, {"color": "red"})
    equal(label.properties, {"color": "red"})
    labels.delete_label(label)


@case
def asynchronous(client):
    fresh_bucket(client, "py-async")
    asyncio.run(asynchronously())


async def asynchronously():
    async with InfluxDBClientAsync(url=URL, token=TOKEN, org=ORG, enable_gzip=True) as client:
        assert await client.ping()
        assert await client.version()
        write = client.write_api()
        lines = [f"m,host=h{number % 5} v={number} {1704067200 + number}" for number in range(1_000)]
        parts = [lines[at:at + 100] for at in range(0, len(lines), 100)]
        written = await asyncio.gather(
            *(write.write(bucket="py-async", record=part, write_precision=WritePrecision.S) for part in parts)
        )
        equal(written, [True] * 10)
        query = client.query_api()
        source = f'from(bucket: "py-async") |> {RANGE}'
        tables = await asyncio.gather(*(query.query(f"{source} |> group() |> count()") for _ in range(4)))
        equal([r.get_value() for answer in tables for t in answer for r in t], [1_000] * 4)
        rows = [record async for record in await query.query_stream(source)]
        equal(len(rows), 1_000)
        equal(await client.delete_api().delete(START, STOP, 'host="h3"', bucket="py-async", org=ORG), True)
        tables = await query.query(f"{source} |> group() |> count()")
        equal([r.get_value() for t in tables for r in t], [800])


def main():
    failed = 0
    with InfluxDBClient(url=URL, token=TOKEN, org=ORG, timeout=60_000) as client:
        for function in CASES:
            name = f"python {function.__name__}"
            try:
                function(client)
                print(f"ok {name}", flush=True)
            except Exception:  # every failure is shown, and the others still run
                failed += 1
                traceback.print_exc()
                print(f"FAIL {name}", flush=True)
    sys.exit(1 if failed else 0)


main()
