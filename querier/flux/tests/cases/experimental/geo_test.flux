package geo_test

import "array"
import "experimental/geo"
import "testing"

option geo.units = {distance: "mile"}

way =
    array.from(
        rows: [
            {id: "ABC1", _time: 2022-01-01T00:00:00Z, lat: 85.1, lon: 42.2},
            {id: "ABC1", _time: 2022-01-01T01:00:00Z, lat: 71.3, lon: 50.8},
            {id: "ABC1", _time: 2022-01-01T02:00:00Z, lat: 63.1, lon: 62.3},
            {id: "ABC1", _time: 2022-01-01T03:00:00Z, lat: 50.6, lon: 74.9},
        ],
    )
        |> group(columns: ["id"])

testcase length_of_a_way {
    want = array.from(rows: [{id: "ABC1", _value: 2583.129833073356}]) |> group(columns: ["id"])

    testing.diff(got: way |> geo.totalDistance(), want: want)
}

testcase way_as_text {
    want =
        array.from(rows: [{id: "ABC1", st_linestring: "42.2 85.1, 50.8 71.3, 62.3 63.1, 74.9 50.6"}])
            |> group(columns: ["id"])

    testing.diff(got: way |> geo.ST_LineString(), want: want)
}
