package packages_test

import "array"
import "contrib/RohanSreerama5/naiveBayesClassifier"
import "contrib/rhajek/bigpanda"
import "contrib/sranka/opsgenie"
import "contrib/sranka/sensu"
import "experimental/iox"
import "influxdata/influxdb/v1"
import "testing"

testcase responders {
    testing.assertEqualValues(
        got: opsgenie.respondersToJSON(v: ["user:a@b.c", "team:ops"]),
        want: "[{ \"type\": \"user\", \"username\": \"a@b.c\"},{ \"type\": \"team\", \"name\": \"ops\"}]",
    )
}

testcase no_responders {
    testing.assertEqualValues(got: opsgenie.respondersToJSON(v: []), want: "[]")
}

testcase sensu_names {
    testing.assertEqualValues(got: sensu.toSensuName(v: "disk usage/%"), want: "disk_usage__")
}

testcase bigpanda_status {
    testing.assertEqualValues(got: bigpanda.statusFromLevel(level: "Warn"), want: "warning")
}

testcase bigpanda_other_status {
    testing.assertEqualValues(got: bigpanda.statusFromLevel(level: "?"), want: "critical")
}

testcase interval {
    testing.assertEqualValues(got: iox.sqlInterval(d: 1y2mo3h), want: "1 years 2 months 3 hours")
}

testcase answer_of_version_1 {
    got =
        v1.json(
            json:
                "{\"results\":[{\"series\":[{\"name\":\"cpu\",\"tags\":{\"host\":\"a\"},\"columns\":[\"time\",\"n\",\"v\"],\"values\":[[\"2026-01-01T00:00:00Z\",1,1.5],[\"2026-01-01T00:01:00Z\",2,null]]}]}]}",
        )
            |> drop(columns: ["v"])
    want =
        array.from(
            rows: [
                {_measurement: "cpu", host: "a", time: 2026-01-01T00:00:00Z, n: 1},
                {_measurement: "cpu", host: "a", time: 2026-01-01T00:01:00Z, n: 2},
            ],
        )
            |> group(columns: ["_measurement", "host"])

    testing.diff(got: got, want: want)
}

testcase likely_classes {
    data =
        array.from(
            rows: [
                {_time: 2026-01-01T00:00:00Z, _measurement: "m", _field: "f", _value: 1.0, class: "a"},
                {_time: 2026-01-01T00:01:00Z, _measurement: "m", _field: "f", _value: 1.0, class: "a"},
                {_time: 2026-01-01T00:02:00Z, _measurement: "m", _field: "f", _value: 1.0, class: "b"},
                {_time: 2026-01-01T00:03:00Z, _measurement: "m", _field: "f", _value: 2.0, class: "b"},
            ],
        )
    got =
        data
            |> naiveBayesClassifier.naiveBayes(myMeasurement: "m", myField: "f", myClass: "class")
            |> filter(fn: (r) => r.class == "a")
            |> keep(columns: ["value", "probability"])
    want = array.from(rows: [{value: 1.0, probability: 2.0 / 3.0}])

    testing.diff(got: got, want: want)
}
