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
        "Moves all rows in time so that the last is now.",
        r#"(tables=<-) => {
    last = tables |> keep(columns: ["_time"]) |> last(column: "_time") |> findRecord(fn: (key) => true, idx: 0)
    shift = duration(v: int(v: now()) - int(v: last._time))

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
            die(msg: "Invalid sample data set. Use sample.list to view available datasets.")
        else
            csv.from(url: found[0].url)
}"#;
    SETS = "_sets", "[{name: string, description: string, url: string, size: string, type: string}]",
        "What is known of each set; live ones are made anew every quarter of an hour.",
        r#"[
    {
        name: "airSensor",
        description: "Simulated office building air sensor data with temperature, humidity, and carbon monoxide metrics. Data is updated approximately every 15m.",
        url: "https://influx-testdata.s3.amazonaws.com/air-sensor-data-annotated.csv",
        size: "~600 KB",
        type: "live",
    },
    {
        name: "birdMigration",
        description: "2019 African bird migration data from the \"Movebank: Animal Tracking\" dataset. Contains geotemporal data between 2019-01-01 and 2019-12-31.",
        url: "https://influx-testdata.s3.amazonaws.com/bird-migration.csv",
        size: "~1.2 MB",
        type: "static",
    },
    {
        name: "bitcoin",
        description: "Bitcoin price data from the last 30 days – Powered by CoinDesk – https://www.coindesk.com/price/bitcoin. Data is updated approximately every 15m.",
        url: "https://influx-testdata.s3.amazonaws.com/bitcoin-historical-annotated.csv",
        size: "~700 KB",
        type: "live",
    },
    {
        name: "machineProduction",
        description: "States and metrics reported from four automated grinding wheel stations on a production line. Contains data from 2021-08-01.",
        url: "https://influx-testdata.s3.amazonaws.com/machine-production.csv",
        size: "~11.9 MB",
        type: "static",
    },
    {
        name: "noaa",
        description: "Latest observations from the NOAA National Data Buoy Center (NDBC). Contains only the most recent observations (no historical data). Data is updated approximately every 15m.",
        url: "https://influx-testdata.s3.amazonaws.com/noaa-ndbc-latest-observations-annotated.csv",
        size: "~1.3 MB",
        type: "live",
    },
    {
        name: "noaaWater",
        description: "Water level observations from two stations reported by the NOAA Center for Operational Oceanographic Products and Services. Contains data between 2019-08-17 and 2019-09-17.",
        url: "https://influx-testdata.s3.amazonaws.com/noaa.csv",
        size: "~10.3 MB",
        type: "static",
    },
    {
        name: "usgs",
        description: "USGS earthquake data from the last week. Contains geotemporal data collected from USGS seismic sensors around the world. Data is updated approximately every 15m.",
        url: "https://influx-testdata.s3.amazonaws.com/usgs-earthquake-all-week-annotated.csv",
        size: "~6 MB",
        type: "live",
    },
]"#;
}
