//! `experimental/prometheus`: working with metrics that were scraped from Prometheus endpoints.

mod scrape;

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "experimental/prometheus",
    name: "prometheus",
    members: &[&BY_FIELD, &BY_LABEL, &HISTOGRAM_QUANTILE, &scrape::DEFINITION],
};

in_flux! { "experimental/prometheus":
    HISTOGRAM_QUANTILE = "histogramQuantile",
        "(<-tables: stream[{B with _field: C, le: D}], quantile: float, ?metricVersion: A, \
         ?onNonmonotonic: string) => stream[E] where B: Record, E: Record",
        "A quantile of histogram metrics, which metricVersion tells the layout of: 1 is a field a bound, 2 a tag `le`.",
        r#"(tables=<-, quantile, metricVersion=2, onNonmonotonic="error") =>
    if metricVersion == 2 then
        tables |> _byLabel(quantile: quantile, onNonmonotonic: onNonmonotonic)
    else if metricVersion == 1 then
        tables |> _byField(quantile: quantile, onNonmonotonic: onNonmonotonic)
    else
        die(msg: "Invalid metricVersion. Available versions are 1 and 2.")"#;
    BY_LABEL = "_byLabel",
        "(<-tables: stream[A], quantile: float, onNonmonotonic: string) => stream[B] where A: Record, B: Record",
        "A quantile of histograms whose bounds are in the tag `le`.",
        r#"import "universe"

(tables=<-, quantile, onNonmonotonic) =>
    tables
        |> group(mode: "except", columns: ["le", "_value"])
        |> map(fn: (r) => ({r with le: float(v: r.le)}))
        |> universe.histogramQuantile(quantile: quantile, onNonmonotonic: onNonmonotonic)
        |> group(mode: "except", columns: ["le", "_value", "_time"])
        |> set(key: "quantile", value: string(v: quantile))
        |> group(mode: "except", columns: ["_time", "_value"])"#;
    BY_FIELD = "_byField",
        "(<-tables: stream[A], quantile: float, onNonmonotonic: string) => stream[B] where A: Record, B: Record",
        "A quantile of histograms whose bounds are fields.",
        r#"import "universe"

(tables=<-, quantile, onNonmonotonic) =>
    tables
        |> filter(fn: (r) => r._field != "sum" and r._field != "count")
        |> map(fn: (r) => ({r with le: float(v: r._field)}))
        |> group(mode: "except", columns: ["_field", "le", "_value"])
        |> universe.histogramQuantile(quantile: quantile, onNonmonotonic: onNonmonotonic)
        |> set(key: "quantile", value: string(v: quantile))
        |> group(mode: "except", columns: ["_time", "_value"])"#;
}
