package packages_test

import "array"
import "contrib/RohanSreerama5/naiveBayesClassifier"
import "contrib/rhajek/bigpanda"
import "contrib/sranka/opsgenie"
import "contrib/sranka/sensu"
import "experimental/iox"
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

testcase likely_classes {
    got =
        array.from(
            rows: [
                {_time: 2020-01-02T00:00:00Z, _measurement: "zoo", _field: "legs", _value: 4, Animal_name: "bear", flies: "no"},
                {_time: 2020-01-02T01:00:00Z, _measurement: "zoo", _field: "legs", _value: 2, Animal_name: "duck", flies: "yes"},
                {_time: 2020-01-03T00:00:00Z, _measurement: "zoo", _field: "legs", _value: 2, Animal_name: "human", flies: "no"},
                {_time: 2020-01-04T00:00:00Z, _measurement: "zoo", _field: "legs", _value: 2, Animal_name: "crow", flies: "yes"},
                {_time: 2020-01-01T00:00:00Z, _measurement: "zoo", _field: "legs", _value: 2, Animal_name: "owl", flies: "yes"},
                {_time: 2020-01-01T01:00:00Z, _measurement: "zoo", _field: "legs", _value: 4, Animal_name: "cat", flies: "no"},
            ],
        )
            |> naiveBayesClassifier.naiveBayes(myMeasurement: "zoo", myField: "legs", myClass: "flies")
            |> group()
            |> keep(columns: ["Animal_name", "flies_P_k_x_class", "flies_P_value_x", "P_x_k", "p_k", "p_x", "Probability"])
            |> sort(columns: ["Animal_name", "flies_P_k_x_class"])
    want =
        array.from(
            rows: [
                {
                    Animal_name: "cat",
                    flies_P_k_x_class: "no",
                    flies_P_value_x: 1,
                    P_x_k: 0.5,
                    p_k: 0.5,
                    p_x: 0.25,
                    Probability: 1.0,
                },
                {
                    Animal_name: "owl",
                    flies_P_k_x_class: "no",
                    flies_P_value_x: 3,
                    P_x_k: 0.5,
                    p_k: 0.5,
                    p_x: 0.75,
                    Probability: 1.0 / 3.0,
                },
                {
                    Animal_name: "owl",
                    flies_P_k_x_class: "yes",
                    flies_P_value_x: 3,
                    P_x_k: 1.0,
                    p_k: 0.5,
                    p_x: 0.75,
                    Probability: 2.0 / 3.0,
                },
            ],
        )

    testing.diff(got: got, want: want)
}
