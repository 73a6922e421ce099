//! `contrib/RohanSreerama5/naiveBayesClassifier`: which class a value makes likely.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "contrib/RohanSreerama5/naiveBayesClassifier",
    name: "naiveBayesClassifier",
    members: &[&COUNTED, &NAIVE_BAYES],
};

in_flux! { "contrib/RohanSreerama5/naiveBayesClassifier":
    COUNTED = "_counted", "(<-tables: stream[A], by: [string], as: string) => stream[B] where A: Record, B: Record",
        "How many rows there are of each kind.",
        r#"(tables=<-, by, as) =>
    tables
        |> group(columns: by)
        |> map(fn: (r) => ({r with ____one: 1.0}))
        |> sum(column: "____one")
        |> rename(columns: {____one: as})
        |> group()"#;
    NAIVE_BAYES = "naiveBayes",
        "(<-tables: stream[{C with _time: time, _measurement: E, _field: D}], myMeasurement: B, myField: A, \
         myClass: string) => stream[F] where A: Equatable, B: Equatable, D: Equatable, E: Equatable, F: Record",
        "For each value of a field and each class, how probable the class is where the value is seen.",
        r#"(tables=<-, myMeasurement, myField, myClass) => {
    rows = tables
        |> filter(fn: (r) => r._measurement == myMeasurement and r._field == myField)
        |> keep(columns: ["_value", myClass])
        |> rename(columns: {_value: "value"})
        |> rename(fn: (column) => if column == myClass then "class" else column)
    together = rows |> _counted(by: ["value", "class"], as: "both")
    values = rows |> _counted(by: ["value"], as: "seen")

    return join(tables: {together, values}, on: ["value"])
        |> map(fn: (r) => ({value: r.value, class: r.class, probability: r.both / r.seen}))
        |> group(columns: ["class"])
        |> sort(columns: ["value"])
}"#;
}
