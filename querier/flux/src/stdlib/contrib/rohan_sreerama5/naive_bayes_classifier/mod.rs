//! `contrib/RohanSreerama5/naiveBayesClassifier`: which class a value makes likely.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "contrib/RohanSreerama5/naiveBayesClassifier",
    name: "naiveBayesClassifier",
    members: &[&NAIVE_BAYES, &OF_FIELD],
};

in_flux! { "contrib/RohanSreerama5/naiveBayesClassifier":
    OF_FIELD = "_ofField",
        "(<-tables: stream[{A with _time: time, _measurement: B, _field: C}], start: time, stop: time, measurement: D, \
         field: E) => stream[F] where A: Record, F: Record",
        "The rows of a field in a range, in one table.",
        r#"(tables=<-, start, stop, measurement, field) =>
    tables
        |> range(start: start, stop: stop)
        |> filter(fn: (r) => r._measurement == measurement and r._field == field)
        |> group()"#;
    NAIVE_BAYES = "naiveBayes",
        "(<-tables: stream[{C with _time: time, _measurement: E, _field: D}], myMeasurement: B, myField: A, \
         myClass: string) => stream[F] where A: Equatable, B: Equatable, D: Equatable, E: Equatable, F: Record",
        "Learns from 2020-01-02 to 2020-01-06 how probable each class is where a value of the field is seen, and tells \
         it for the rows of 2020-01-01.",
        r#"(tables=<-, myMeasurement, myField, myClass) => {
    learned = tables
        |> _ofField(start: 2020-01-02T00:00:00Z, stop: 2020-01-06T23:00:00Z, measurement: myMeasurement, field: myField)
    total = (learned
        |> group(columns: ["_field"])
        |> count()
        |> findRecord(fn: (key) => key._field == myField, idx: 0))._value

    // The share of each class.
    P_Class_k = learned
        |> group(columns: [myClass, "_field"])
        |> count()
        |> map(fn: (r) => ({r with p_k: float(v: r._value) / float(v: total), tc: total}))
        |> group()

    // The share of each value.
    P_value_x = learned
        |> group(columns: ["_value", "_field"])
        |> count(column: myClass)
        |> duplicate(column: myClass, as: "____seen")
        |> map(fn: (r) => ({r with p_x: float(v: r.____seen) / float(v: total), tc: total}))
        |> drop(columns: ["____seen"])

    // How often a value is seen in a class, and the share of the class that this is.
    P_k_x = learned
        |> group(columns: ["_field", "_value", myClass])
        |> reduce(identity: {sum: 0.0}, fn: (r, accumulator) => ({sum: accumulator.sum + 1.0}))
        |> group()
    P_k_x_class = join(tables: {P_k_x, P_Class_k}, on: [myClass])
        |> group(columns: [myClass, "_value_P_k_x"])
        |> limit(n: 1)
        |> map(fn: (r) => ({r with P_x_k: r.sum / float(v: r._value_P_Class_k)}))
        |> drop(columns: ["_field_P_Class_k", "_value_P_Class_k"])
        |> rename(columns: {_field_P_k_x: "_field", _value_P_k_x: "_value"})

    Probability_table = join(tables: {P_k_x_class, P_value_x}, on: ["_value", "_field"])
        |> map(fn: (r) => ({r with Probability: r.P_x_k * r.p_k / r.p_x}))
    r = tables
        |> _ofField(start: 2020-01-01T00:00:00Z, stop: 2020-01-01T23:00:00Z, measurement: myMeasurement, field: myField)
        |> keep(columns: ["_value", "Animal_name", "_field"])

    return join(tables: {Probability_table, r}, on: ["_value"])
}"#;
}
