//! `influxdata/influxdb/sample`: working with recorded data as if it were new.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "influxdata/influxdb/sample",
    name: "sample",
    members: &[&ALIGN_TO_NOW, &DATA, &LIST, &SETS],
};

in_flux! { "influxdata/influxdb/sample":
    ALIGN_TO_NOW = "alignToNow", "(<-tables: stream[A]) => stream[A] where A: Record",
        "Moves all rows in time so that the latest is now.",
        r#"import "date"

(tables=<-) => {
    latest = tables |> keep(columns: ["_time"]) |> group() |> max(column: "_time") |> findColumn(fn: (key) => true, column: "_time")
    shift = duration(v: int(v: now()) - int(v: latest[0]))

    return tables |> timeShift(duration: shift)
}"#;
    LIST = "list", "() => stream[{name: string, description: string, url: string, size: string, type: string}]",
        "The sets of sample data.",
        r#"import "array"

() => array.from(rows: _sets)"#;
    DATA = "data", "(set: string) => stream[A] where A: Record",
        "Gets a set of sample data from where they are kept.",
        r#"import "experimental/array"
import "experimental/csv"

(set) => {
    found = array.filter(arr: _sets, fn: (x) => x.name == set)

    return
        if length(arr: found) == 0 then
            die(msg: "Invalid sample data set: ${set}. See sample.list() for those there are.")
        else
            csv.from(url: found[0].url)
}"#;
    SETS = "_sets", "[{name: string, description: string, url: string, size: string, type: string}]",
        "What is known of each set; live ones are made anew every quarter of an hour.",
        r#"[
    {
        name: "airSensor",
        description: "Simulated temperature, humidity and CO of the rooms of an office building.",
        url: "https://influx-testdata.s3.amazonaws.com/air-sensor-data-annotated.csv",
        size: "~600 KB",
        type: "live",
    },
    {
        name: "birdMigration",
        description: "Where birds flew over Africa in 2019.",
        url: "https://influx-testdata.s3.amazonaws.com/bird-migration.csv",
        size: "~1.2 MB",
        type: "static",
    },
    {
        name: "bitcoin",
        description: "Prices of Bitcoin in the last 30 days.",
        url: "https://influx-testdata.s3.amazonaws.com/bitcoin-historical-annotated.csv",
        size: "~700 KB",
        type: "live",
    },
    {
        name: "machineProduction",
        description: "States and metrics of four grinding stations of a production line.",
        url: "https://influx-testdata.s3.amazonaws.com/machine-production.csv",
        size: "~11.9 MB",
        type: "static",
    },
    {
        name: "noaa",
        description: "Latest observations of buoys.",
        url: "https://influx-testdata.s3.amazonaws.com/noaa-ndbc-latest-observations-annotated.csv",
        size: "~1.3 MB",
        type: "live",
    },
    {
        name: "noaaWater",
        description: "Water levels at two stations in 2019.",
        url: "https://influx-testdata.s3.amazonaws.com/noaa.csv",
        size: "~10.3 MB",
        type: "static",
    },
    {
        name: "usgs",
        description: "Earthquakes of the last week.",
        url: "https://influx-testdata.s3.amazonaws.com/usgs-earthquake-all-week-annotated.csv",
        size: "~6 MB",
        type: "live",
    },
]"#;
}
