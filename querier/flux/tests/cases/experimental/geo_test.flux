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

testcase areas_finer_than_the_cells {
    cell = (lat, lon) => geo.s2CellIDToken(point: {lat: lat, lon: lon}, level: 5)
    got =
        array.from(
            rows: [
                {lat: 40.0, lon: -73.0, s2_cell_id: cell(lat: 40.0, lon: -73.0)},
                {lat: 40.3, lon: -73.3, s2_cell_id: cell(lat: 40.3, lon: -73.3)},
            ],
        )
            |> group(columns: ["s2_cell_id"])
            |> geo.groupByArea(newColumn: "area", level: 9)
    want =
        array.from(
            rows: [
                {lat: 40.0, lon: -73.0, s2_cell_id: "89ec", area: "89ea24"},
                {lat: 40.3, lon: -73.3, s2_cell_id: "89ec", area: "89e9e4"},
            ],
        )
            |> group(columns: ["area"])

    testing.diff(got: got, want: want)
}

testcase shapes_of_any_fields {
    got =
        array.from(
            rows: [
                {_time: 2021-01-01T00:00:00Z, _measurement: "m", _field: "latitude", _value: 40.0},
                {_time: 2021-01-01T00:00:00Z, _measurement: "m", _field: "longitude", _value: -73.0},
            ],
        )
            |> group(columns: ["_measurement", "_field"])
            |> geo.shapeData(latField: "latitude", lonField: "longitude", level: 9)
    want =
        array.from(
            rows: [
                {_time: 2021-01-01T00:00:00Z, _measurement: "m", lat: 40.0, lon: -73.0, s2_cell_id: "89ea24"},
            ],
        )
            |> group(columns: ["_measurement", "s2_cell_id"])

    testing.diff(got: got, want: want)
}
