//! Functions that are scripts over the native ones.

use crate::stdlib::native::in_flux;

in_flux! { "experimental/geo":
    TO_ROWS = "toRows", "(<-tables: stream[A]) => stream[B] where A: Record, B: Record",
        "Pivots fields into columns, so that coordinates stand in one row.",
        r#"(tables=<-) =>
    tables |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")"#;
    SHAPE_DATA = "shapeData",
        "(<-tables: stream[{C with _field: string}], latField: A, level: int, lonField: B) => stream[{D \
         with lat: float, lon: float, s2_cell_id: string}] where C: Record, D: Record",
        "Pivots fields into columns, names the coordinates `lat` and `lon`, and groups by S2 cells.",
        r#"import "experimental"

(tables=<-, latField, lonField, level) =>
    tables
        |> map(fn: (r) => ({r with
            _field: if r._field == latField then "lat" else if r._field == lonField then "lon" else r._field,
        }))
        |> toRows()
        |> map(fn: (r) => ({r with s2_cell_id: s2CellIDToken(point: {lat: r.lat, lon: r.lon}, level: level)}))
        |> experimental.group(columns: ["s2_cell_id"], mode: "extend")"#;
    CELL_LEVEL = "_cellLevel", "(<-tables: stream[A], level: int) => int where A: Record",
        "The level of the cells that tables are grouped by, unless it is given.",
        r#"(tables=<-, level) => {
    first = if level != -1 then {} else tables |> tableFind(fn: (key) => exists key.s2_cell_id) |> getRecord(idx: 0)

    return if level != -1 then level else if exists first.s2_cell_id then getLevel(token: first.s2_cell_id) else 30
}"#;
    GRID_FILTER = "gridFilter",
        "(<-tables: stream[{A with s2_cell_id: string}], region: B, ?minSize: int, ?maxSize: int, ?level: int, ?s2cellIDLevel: int, ?units: {distance: string}) => stream[{A with s2_cell_id: string}] where B: Record",
        "Keeps the rows in cells that cover a region.",
        r#"(tables=<-, region, minSize=24, maxSize=-1, level=-1, s2cellIDLevel=-1, units=units) => {
    cellLevel = tables |> _cellLevel(level: s2cellIDLevel)
    grid = getGrid(region: region, minSize: minSize, maxSize: maxSize, level: level, maxLevel: cellLevel, units: units)

    return
        if grid.level == -1 then
            tables |> filter(fn: (r) => false)
        else if grid.level == cellLevel then
            tables |> filter(fn: (r) => contains(value: r.s2_cell_id, set: grid.set))
        else
            tables |> filter(fn: (r) => contains(value: s2CellIDToken(token: r.s2_cell_id, level: grid.level), set: grid.set))
}"#;
    STRICT_FILTER = "strictFilter",
        "(<-tables: stream[{A with lat: float, lon: float}], region: B) => stream[{A with lat: float, lon: float}] where B: Record",
        "Keeps the rows in a region.",
        r#"(tables=<-, region) =>
    tables |> filter(fn: (r) => stContains(region: region, geometry: {lat: r.lat, lon: r.lon}, units: units))"#;
    FILTER_ROWS = "filterRows",
        "(<-tables: stream[{B with lat: C, lon: D, s2_cell_id: string}], region: A, ?level: int, \
         ?maxSize: int, ?minSize: int, ?s2cellIDLevel: int, ?strict: bool) => stream[{B with lat: C, lon: \
         D, s2_cell_id: string}] where B: Record",
        "Keeps the rows in a region: those in cells that cover it, and of these, if strict, those inside.",
        r#"(tables=<-, region, minSize=24, maxSize=-1, level=-1, s2cellIDLevel=-1, strict=true) => {
    labels = tables |> columns(column: "_value") |> tableFind(fn: (key) => true) |> getColumn(column: "_value")
    near = tables |> gridFilter(region: region, minSize: minSize, maxSize: maxSize, level: level, s2cellIDLevel: s2cellIDLevel)
    rows = if contains(value: "lat", set: labels) then near else near |> toRows()

    return if strict then rows |> strictFilter(region: region) else rows
}"#;
    GROUP_BY_AREA = "groupByArea",
        "(<-tables: stream[{A with lat: float, lon: float, s2_cell_id: string}], level: int, newColumn: \
         string, ?s2cellIDLevel: int) => stream[B] where A: Record, B: Record",
        "Groups by cells of a level.",
        r#"(tables=<-, newColumn, level, s2cellIDLevel=-1) => {
    cellLevel = tables |> _cellLevel(level: s2cellIDLevel)
    prepared =
        if level == cellLevel then
            tables |> duplicate(column: "s2_cell_id", as: newColumn)
        else
            tables
                |> map(fn: (r) => ({r with ____area: s2CellIDToken(point: {lat: r.lat, lon: r.lon}, level: level)}))
                |> rename(fn: (column) => if column == "____area" then newColumn else column)

    return prepared |> group(columns: [newColumn])
}"#;
    AS_TRACKS = "asTracks",
        "(<-tables: stream[A], ?groupBy: [string], ?orderBy: [string]) => stream[A] where A: Record",
        "Groups rows into tracks, and orders each.",
        r#"(tables=<-, groupBy=["id", "tid"], orderBy=["_time"]) => tables |> group(columns: groupBy) |> sort(columns: orderBy)"#;
    CONTAINS = "ST_Contains",
        "(region: A, geometry: B, ?units: {distance: string}) => bool where A: Record, B: Record",
        "Whether a region contains a geometry.",
        "(region, geometry, units=units) => stContains(region: region, geometry: geometry, units: units)";
    DISTANCE = "ST_Distance",
        "(region: A, geometry: B, ?units: {distance: string}) => float where A: Record, B: Record",
        "The distance between a region and a geometry.",
        "(region, geometry, units=units) => stDistance(region: region, geometry: geometry, units: units)";
    D_WITHIN = "ST_DWithin",
        "(distance: A, geometry: B, region: C, ?units: {distance: string}) => bool",
        "Whether a geometry is no farther from a region than a distance.",
        "(region, geometry, distance, units=units) => stDistance(region: region, geometry: geometry, units: units) <= distance";
    INTERSECTS = "ST_Intersects",
        "(region: A, geometry: B, ?units: {distance: string}) => bool where A: Record, B: Record",
        "Whether a region and a geometry have points in common.",
        "(region, geometry, units=units) => stDistance(region: region, geometry: geometry, units: units) <= 0.0";
    LENGTH = "ST_Length", "(geometry: A, ?units: {distance: string}) => float where A: Record",
        "The length of a geometry.",
        "(geometry, units=units) => stLength(geometry: geometry, units: units)";
    LINE_STRING = "ST_LineString",
        "(<-tables: stream[{A with lat: B, lon: C}]) => stream[D] where D: Record",
        "The places of each table as a line, in the column `st_linestring`.",
        r#"(tables=<-) =>
    tables
        |> reduce(
            fn: (r, accumulator) => ({
                ____count: accumulator.____count + 1,
                st_linestring: accumulator.st_linestring + (if accumulator.____count > 0 then ", " else "") + string(v: r.lon) + " " + string(v: r.lat),
            }),
            identity: {____count: 0, st_linestring: ""},
        )
        |> drop(columns: ["____count"])"#;
    TOTAL_DISTANCE = "totalDistance",
        "(<-tables: stream[{B with lat: float, lon: float}], ?outputColumn: A) => stream[C] where B: \
         Record, C: Record",
        "The length of the way through the places of each table.",
        r#"(tables=<-, outputColumn="_value") =>
    tables
        |> reduce(
            identity: {____count: 0, ____lat: 0.0, ____lon: 0.0, ____sum: 0.0},
            fn: (r, accumulator) => ({
                ____count: accumulator.____count + 1,
                ____lat: r.lat,
                ____lon: r.lon,
                ____sum: if accumulator.____count == 0 then
                    0.0
                else
                    accumulator.____sum + stDistance(
                        region: {lat: accumulator.____lat, lon: accumulator.____lon},
                        geometry: {lat: r.lat, lon: r.lon},
                        units: units,
                    ),
            }),
        )
        |> drop(columns: ["____count", "____lat", "____lon"])
        |> rename(fn: (column) => if column == "____sum" then outputColumn else column)"#;
}
