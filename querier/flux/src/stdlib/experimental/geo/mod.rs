//! `experimental/geo`: places on the earth, and the S2 cells that index them.

mod arguments;
mod cells;
mod grid;
mod measure;
mod polygon;
mod scripts;
mod vector;

use crate::registry::{Body, Definition, Package};

/// The package.
pub static PACKAGE: Package = Package {
    path: "experimental/geo",
    name: "geo",
    members: &[
        &UNITS,
        &cells::GET_LEVEL,
        &cells::S2_CELL_ID_TOKEN,
        &cells::S2_CELL_LAT_LON,
        &grid::GET_GRID,
        &measure::ST_CONTAINS,
        &measure::ST_DISTANCE,
        &measure::ST_LENGTH,
        &scripts::AS_TRACKS,
        &scripts::CELL_LEVEL,
        &scripts::CONTAINS,
        &scripts::DISTANCE,
        &scripts::D_WITHIN,
        &scripts::FILTER_ROWS,
        &scripts::GRID_FILTER,
        &scripts::GROUP_BY_AREA,
        &scripts::INTERSECTS,
        &scripts::LENGTH,
        &scripts::LINE_STRING,
        &scripts::SHAPE_DATA,
        &scripts::STRICT_FILTER,
        &scripts::TOTAL_DISTANCE,
        &scripts::TO_ROWS,
    ],
};

/// What distances are given in.
pub(crate) static UNITS: Definition = Definition {
    package: "experimental/geo",
    name: "units",
    signature: "{distance: string}",
    doc: "What distances are given in: \"m\", \"km\" or \"mile\".",
    body: Body::Option("{distance: \"km\"}"),
};
