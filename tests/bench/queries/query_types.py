"""The query types: for each a data set, and a function from random numbers to a query.

Metrics, hosts and hours of a name such as single-groupby-5-8-1 are as in TSBS. `Span` is what the data covers."""
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

CPU = ["usage_user", "usage_system", "usage_idle", "usage_nice", "usage_iowait", "usage_irq", "usage_softirq",
       "usage_steal", "usage_guest", "usage_guest_nice"]
FLEETS = ["East", "West", "North", "South"]


@dataclass
class Span:
    """From when to when there is data, and of how many hosts or trucks."""
    start: int
    hours: int
    scale: int

    def window(self, random, hours):
        hours = min(hours, self.hours)
        at = self.start + random.randrange(0, (self.hours - hours) * 3600 + 1)
        return stamp(at), stamp(at + hours * 3600)

    def days(self):
        return stamp(self.start), stamp(self.start + self.hours * 3600)

    def hosts(self, random, count):
        return random.sample(range(self.scale), min(count, self.scale))


def stamp(seconds):
    return (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def any_host(hosts):
    return "(" + " or ".join(f"hostname = 'host_{h}'" for h in hosts) + ")"


def columns(function, names):
    return ", ".join(f"{function}({n})" for n in names)


def single_groupby(metrics, hosts, hours):
    def make(r, span):
        a, b = span.window(r, hours)
        return (f"SELECT {columns('max', CPU[:metrics])} from cpu where {any_host(span.hosts(r, hosts))} "
                f"and time >= '{a}' and time < '{b}' group by time(1m)")
    return make


def cpu_max_all(hosts, hours):
    def make(r, span):
        a, b = span.window(r, hours)
        return (f"SELECT {columns('max', CPU)} from cpu where {any_host(span.hosts(r, hosts))} "
                f"and time >= '{a}' and time < '{b}' group by time(1h)")
    return make


def double_groupby(metrics):
    def make(r, span):
        a, b = span.window(r, 12)
        return (f"SELECT {columns('mean', CPU[:metrics])} from cpu where time >= '{a}' and time < '{b}' "
                "group by time(1h),hostname")
    return make


def orderby_limit(r, span):
    _, b = span.window(r, 12)
    return f"SELECT max(usage_user) from cpu WHERE time < '{b}' group by time(1m) order by time desc limit 5"


def high_cpu(hosts):
    def make(r, span):
        a, b = span.window(r, 12)
        named = f" and {any_host(span.hosts(r, hosts))}" if hosts else ""
        return f"SELECT * from cpu where usage_user > 90.0 and time >= '{a}' and time < '{b}'{named}"
    return make


def lastpoint(r, span):
    return 'SELECT * from cpu group by "hostname" order by time desc limit 1'


def of(measurement, select, group, hours=12, hosts=0):
    def make(r, span):
        a, b = span.window(r, hours)
        named = f" and {any_host(span.hosts(r, hosts))}" if hosts else ""
        return f"SELECT {select} from {measurement} where time >= '{a}' and time < '{b}'{named} group by {group}"
    return make


def fleet(text):
    def make(r, span):
        a, b = span.days()
        c, d = span.window(r, 4)
        return text.format(fleet=r.choice(FLEETS), start=a, end=b, begin=c, stop=d)
    return make


# Name, data set, how to make one, how many of them a round has.
TYPES = [
    ("single-groupby-1-1-1", "cpu-only", single_groupby(1, 1, 1), 20),
    ("single-groupby-1-1-12", "cpu-only", single_groupby(1, 1, 12), 20),
    ("single-groupby-1-8-1", "cpu-only", single_groupby(1, 8, 1), 20),
    ("single-groupby-5-1-1", "cpu-only", single_groupby(5, 1, 1), 20),
    ("single-groupby-5-1-12", "cpu-only", single_groupby(5, 1, 12), 10),
    ("single-groupby-5-8-1", "cpu-only", single_groupby(5, 8, 1), 10),
    ("cpu-max-all-1", "cpu-only", cpu_max_all(1, 8), 10),
    ("cpu-max-all-8", "cpu-only", cpu_max_all(8, 8), 10),
    ("cpu-max-all-32-24", "cpu-only", cpu_max_all(32, 24), 3),
    ("double-groupby-1", "cpu-only", double_groupby(1), 5),
    ("double-groupby-5", "cpu-only", double_groupby(5), 3),
    ("double-groupby-all", "cpu-only", double_groupby(10), 2),
    ("groupby-orderby-limit", "cpu-only", orderby_limit, 5),
    ("high-cpu-1", "cpu-only", high_cpu(1), 10),
    ("high-cpu-all", "cpu-only", high_cpu(0), 2),
    ("lastpoint", "cpu-only", lastpoint, 5),

    ("devops-mem-mean-1-12", "devops", of("mem", "mean(used_percent), mean(available_percent)", "time(1m)", 12, 1), 10),
    ("devops-mem-all-hosts", "devops", of("mem", "mean(used_percent), max(buffered_percent)", "time(1h), hostname"), 3),
    ("devops-disk-by-path", "devops", of("disk", "min(free), last(used_percent)", "path, fstype"), 5),
    ("devops-diskio-rate", "devops", of("diskio", "non_negative_derivative(max(read_bytes), 1s)", "time(1m), hostname", 1, 1), 10),
    ("devops-net-by-interface", "devops", of("net", "sum(bytes_recv), sum(bytes_sent)", "time(1h), interface"), 3),
    ("devops-nginx-percentile", "devops", of("nginx", "percentile(active, 95)", "time(1h), hostname"), 3),
    ("devops-redis-all", "devops", of("redis", "mean(*)", "time(1h), hostname", 12, 1), 5),
    ("devops-postgresl-all", "devops", of("postgresl", "max(*)", "time(1h)", 12, 8), 3),
    ("devops-kernel-spread", "devops", of("kernel", "spread(context_switches)", "hostname"), 5),
    ("devops-lastpoint", "devops", lambda r, s: 'SELECT * from redis group by "hostname" order by time desc limit 1', 3),

    ("iot-last-loc", "iot", fleet(
        """SELECT "latitude", "longitude" FROM "readings" WHERE "fleet" = '{fleet}' """
        """GROUP BY "name", "driver" ORDER BY "time" DESC LIMIT 1"""), 3),
    ("iot-low-fuel", "iot", fleet(
        """SELECT "fuel_state" FROM "diagnostics" WHERE "fuel_state" <= 0.1 AND "fleet" = '{fleet}' """
        """GROUP BY "name", "driver" ORDER BY "time" DESC LIMIT 1"""), 3),
    ("iot-high-load", "iot", fleet(
        """SELECT "current_load", "load_capacity" FROM (SELECT "current_load", "load_capacity" FROM "diagnostics" """
        """WHERE fleet = '{fleet}' GROUP BY "name", "driver" ORDER BY "time" DESC LIMIT 1) """
        """WHERE "current_load" >= 0.9 * "load_capacity" GROUP BY "name", "driver" ORDER BY "time" DESC"""), 3),
    ("iot-stationary-trucks", "iot", fleet(
        """SELECT "mean_velocity" FROM (SELECT mean("velocity") AS mean_velocity FROM "readings" """
        """WHERE time > '{begin}' AND time <= '{stop}' GROUP BY time(10m), "name", "driver", "fleet" LIMIT 1) """
        """WHERE "fleet" = '{fleet}' AND "mean_velocity" < 1 GROUP BY "name", "driver" """), 3),
    ("iot-long-driving-sessions", "iot", fleet(
        """SELECT "ten_min" FROM (SELECT count(*) AS ten_min FROM (SELECT mean("velocity") AS mean_velocity """
        """FROM readings WHERE "fleet" = '{fleet}' AND time > '{begin}' AND time <= '{stop}' """
        """GROUP BY time(10m), "name", "driver") WHERE "mean_velocity" > 1 GROUP BY "name", "driver") """
        """WHERE ten_min_mean_velocity > 5"""), 3),
    ("iot-long-daily-sessions", "iot", fleet(
        """SELECT "ten_min_mean_velocity" FROM (SELECT count(*) AS ten_min FROM (SELECT mean("velocity") AS mean_velocity """
        """FROM readings WHERE "fleet" = '{fleet}' AND time > '{start}' AND time <= '{end}' """
        """GROUP BY time(10m), "name", "driver") WHERE "mean_velocity" > 1 GROUP BY "name", "driver") """
        """WHERE ten_min_mean_velocity > 60 GROUP BY "name", "driver" """), 3),
    ("iot-avg-vs-projected-fuel-consumption", "iot", fleet(
        """SELECT mean("fuel_consumption") AS "mean_fuel_consumption", """
        """mean("nominal_fuel_consumption") AS "nominal_fuel_consumption" """
        """FROM "readings" WHERE "velocity" > 1 GROUP BY "fleet" """), 2),
    ("iot-avg-daily-driving-duration", "iot", fleet(
        """SELECT count("mv")/6 AS "hours driven" FROM (SELECT mean("velocity") AS "mv" FROM "readings" """
        """WHERE time > '{start}' AND time < '{end}' GROUP BY time(10m), "fleet", "name", "driver") """
        """WHERE time > '{start}' AND time < '{end}' GROUP BY time(1d), "fleet", "name", "driver" """), 2),
    ("iot-avg-daily-driving-session", "iot", fleet(
        """SELECT mean("elapsed") FROM (SELECT difference("difka"), elapsed("difka", 1m) FROM (SELECT "difka" FROM """
        """(SELECT difference("mv") AS difka FROM (SELECT "mean"/"mean" AS "mv" FROM (SELECT mean("velocity") """
        """FROM "readings" WHERE "name"!='' AND time > '{start}' AND time < '{end}' """
        """GROUP BY time(10m), "name" fill(0))) GROUP BY "name") WHERE "difka" != 0 GROUP BY "name") GROUP BY "name") """
        """WHERE "difference" = -2 AND time > '{start}' AND time < '{end}' GROUP BY time(1d), "name" """), 2),
    ("iot-avg-load", "iot", fleet(
        """SELECT mean("ml") AS mean_load_percentage FROM (SELECT "current_load"/"load_capacity" AS "ml" """
        """FROM "diagnostics" GROUP BY "name", "fleet", "model") GROUP BY "fleet", "model" """), 2),
    ("iot-daily-activity", "iot", fleet(
        """SELECT count("ms")/144 FROM (SELECT mean("status") AS ms FROM "diagnostics" """
        """WHERE time >= '{start}' AND time < '{end}' GROUP BY time(10m), "model", "fleet") """
        """WHERE time >= '{start}' AND time < '{end}' AND "ms" < 3 GROUP BY time(1d), "model", "fleet" """), 2),
    ("iot-breakdown-frequency", "iot", fleet(
        """SELECT count("state_changed") FROM (SELECT difference("broken_down") AS "state_changed" FROM """
        """(SELECT sum("nzs")/count("nzs") AS "broken_down" FROM (SELECT "model", "status"/"status" AS nzs """
        """FROM "diagnostics" WHERE time >= '{start}' AND time < '{end}') """
        """WHERE time >= '{start}' AND time < '{end}' GROUP BY time(10m), "model") GROUP BY "model") """
        """WHERE "state_changed" > 0 GROUP BY "model" """), 2),
]
FIFTEEN = ("double-groupby", "lastpoint")


def flux_from(a, b, measurement="cpu"):
    return f'from(bucket: "bench") |> range(start: {a}, stop: {b}) |> filter(fn: (r) => r._measurement == "{measurement}")'


def flux_fields(names):
    return " |> filter(fn: (r) => " + " or ".join(f'r._field == "{n}"' for n in names) + ")"


def flux_hosts(hosts):
    return " |> filter(fn: (r) => " + " or ".join(f'r.hostname == "host_{h}"' for h in hosts) + ")"


def flux(metrics, hosts, hours, rest, group=""):
    def make(r, span):
        a, b = span.window(r, hours)
        named = flux_hosts(span.hosts(r, hosts)) if hosts else ""
        return flux_from(a, b) + flux_fields(CPU[:metrics]) + named + group + rest
    return make


WINDOW = " |> aggregateWindow(every: {}, fn: {}, createEmpty: false)"
FLUX = [
    ("flux-single-groupby-1-1-1", flux(1, 1, 1, WINDOW.format("1m", "max"), ' |> group()'), 20),
    ("flux-single-groupby-1-1-12", flux(1, 1, 12, WINDOW.format("1m", "max"), ' |> group()'), 10),
    ("flux-single-groupby-5-8-1", flux(5, 8, 1, WINDOW.format("1m", "max"), ' |> group(columns: ["_field"])'), 10),
    ("flux-window-1-1-12", flux(1, 1, 12, WINDOW.format("1m", "max")), 20),
    ("flux-cpu-max-all-8", flux(10, 8, 8, WINDOW.format("1h", "max"), ' |> group(columns: ["_field"])'), 5),
    ("flux-cpu-max-all-32-24", flux(10, 32, 24, WINDOW.format("1h", "max"), ' |> group(columns: ["_field"])'), 3),
    ("flux-double-groupby-1", flux(1, 0, 12, WINDOW.format("1h", "mean")), 5),
    ("flux-double-groupby-5", flux(5, 0, 12, WINDOW.format("1h", "mean")), 3),
    ("flux-double-groupby-all", flux(10, 0, 12, WINDOW.format("1h", "mean")), 2),
    ("flux-group-region-window", flux(1, 0, 12, WINDOW.format("1h", "mean"), ' |> group(columns: ["region"])'), 3),
    ("flux-groupby-orderby-limit", flux(1, 0, 24, WINDOW.format("1m", "max") + ' |> sort(columns: ["_time"], desc: true) '
                                        "|> limit(n: 5)", " |> group()"), 2),
    ("flux-high-cpu-1", flux(10, 1, 12, ' |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value") '
                             "|> filter(fn: (r) => r.usage_user > 90)"), 3),
    ("flux-high-cpu-all", flux(1, 0, 12, " |> filter(fn: (r) => r._value > 90)"), 2),
    ("flux-lastpoint", flux(10, 0, 24, " |> last()"), 3),
    ("flux-lastpoint-hostname", flux(10, 0, 24, " |> last()", ' |> group(columns: ["hostname", "_field"])'), 3),
    *[(f"flux-bare-{f}", flux(1, 0, 24, f" |> {f}()"), 3) for f in ("count", "sum", "mean", "min", "max", "first")],
    *[(f"flux-group-{f}", flux(1, 0, 24, f" |> {f}()", " |> group()"), 3) for f in ("count", "sum", "mean", "max")],
    ("flux-group-hostname-mean", flux(1, 0, 24, " |> mean()", ' |> group(columns: ["hostname"])'), 3),
    ("flux-window-transpose", flux(10, 8, 12, WINDOW.format("1h", "mean") + ' |> pivot(rowKey: ["_time"], '
                                   'columnKey: ["hostname"], valueColumn: "_value")', ' |> group(columns: ["_field", "hostname"])'
                                   ), 3),
    ("flux-pivot", flux(10, 1, 12, ' |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")'), 3),
    ("flux-map-group-sum", flux(1, 0, 12, " |> map(fn: (r) => ({r with high: if r._value > 50 then 1 else 0})) "
                                '|> group(columns: ["region"]) |> sum(column: "high")'), 2),
    ("flux-raw-export", flux(1, 0, 12, ""), 1),
    ("flux-tag-values", lambda r, s: f'import "influxdata/influxdb/schema" schema.tagValues(bucket: "bench", tag: "hostname", '
                                     f'start: {s.days()[0]}, stop: {s.days()[1]})', 10),
    ("flux-measurements", lambda r, s: f'import "influxdata/influxdb/schema" schema.measurements(bucket: "bench", '
                                       f'start: {s.days()[0]}, stop: {s.days()[1]})', 10),
    ("flux-field-keys", lambda r, s: f'import "influxdata/influxdb/schema" schema.measurementFieldKeys(bucket: "bench", '
                                     f'measurement: "cpu", start: {s.days()[0]}, stop: {s.days()[1]})', 10),
]

# CPU milliseconds a query that InfluxDB 2.9.1 took for these over 100 hosts and a day, on a 2-core machine of its own.
FLUX_RECORDED = {
    "flux-window-1-1-12": 17, "flux-single-groupby-1-1-12": 549, "flux-double-groupby-1": 68, "flux-group-region-window": 133,
    "flux-lastpoint": 240, "flux-map-group-sum": 292, "flux-pivot": 168, "flux-tag-values": 8, "flux-raw-export": 1620,
}
