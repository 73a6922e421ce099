//! The types of views and what each knows, in the order in which it is shown.

use super::shape::Kind::{Any, Flag, Map, Number, Numbers, Object, Objects, Text, Texts, Whole};
use super::shape::{Field, field as f, optional as o};

/// The properties of a type of view, `None` for an unknown one.
pub(super) fn fields_of(kind: &str) -> Option<&'static [Field]> {
    Some(match kind {
        "xy" => XY,
        "line-plus-single-stat" => LINE_PLUS_SINGLE_STAT,
        "band" => BAND,
        "single-stat" => SINGLE_STAT,
        "gauge" => SINGLE_STAT,
        "table" => TABLE,
        "markdown" => MARKDOWN,
        "histogram" => HISTOGRAM,
        "heatmap" => HEATMAP,
        "scatter" => SCATTER,
        "mosaic" => MOSAIC,
        "check" => CHECK,
        "geo" => GEO,
        "log-viewer" => LOG_VIEWER,
        _ => return None,
    })
}

const QUERIES: Field = f(
    "queries",
    Objects(&[
        f("text", Text),
        f("editMode", Text),
        f("name", Text),
        f(
            "builderConfig",
            Object(&[
                f("buckets", Texts),
                f("tags", Objects(&[f("key", Text), f("values", Texts), f("aggregateFunctionType", Text)])),
                f("functions", Objects(&[f("name", Text)])),
                f("aggregateWindow", Object(&[f("period", Text), f("fillValues", Flag)])),
            ]),
        ),
    ]),
);
const AXES: Field = f(
    "axes",
    Map(&[
        f("bounds", Texts),
        f("label", Text),
        f("prefix", Text),
        f("suffix", Text),
        f("base", Text),
        f("scale", Text),
    ]),
);
const STATIC_LEGEND: Field = f(
    "staticLegend",
    Object(&[
        o("colorizeRows", Flag),
        o("heightRatio", Number),
        o("show", Flag),
        o("opacity", Number),
        o("orientationThreshold", Whole),
        o("valueAxis", Text),
        o("widthRatio", Number),
    ]),
);
const COLORS: Field = f(
    "colors",
    Objects(&[f("id", Text), f("type", Text), f("hex", Text), f("name", Text), f("value", Number)]),
);
const COLOR_NAMES: Field = f("colors", Texts);
const DECIMAL_PLACES: Field = f("decimalPlaces", Object(&[f("isEnforced", Flag), f("digits", Whole)]));
const RENAMED: &[Field] = &[f("internalName", Text), f("displayName", Text), f("visible", Flag)];

const SHAPE: Field = f("shape", Text);
const TYPE: Field = f("type", Text);
const NOTE: Field = f("note", Text);
const SHOW_NOTE: Field = f("showNoteWhenEmpty", Flag);
const X_COLUMN: Field = f("xColumn", Text);
const GENERATE_X: Field = f("generateXAxisTicks", Texts);
const X_TOTAL: Field = f("xTotalTicks", Whole);
const X_START: Field = f("xTickStart", Number);
const X_STEP: Field = f("xTickStep", Number);
const Y_COLUMN: Field = f("yColumn", Text);
const GENERATE_Y: Field = f("generateYAxisTicks", Texts);
const Y_TOTAL: Field = f("yTotalTicks", Whole);
const Y_START: Field = f("yTickStart", Number);
const Y_STEP: Field = f("yTickStep", Number);
const X_DOMAIN: Field = o("xDomain", Numbers);
const Y_DOMAIN: Field = o("yDomain", Numbers);
const X_AXIS_LABEL: Field = f("xAxisLabel", Text);
const Y_AXIS_LABEL: Field = f("yAxisLabel", Text);
const X_PREFIX: Field = f("xPrefix", Text);
const X_SUFFIX: Field = f("xSuffix", Text);
const Y_PREFIX: Field = f("yPrefix", Text);
const Y_SUFFIX: Field = f("ySuffix", Text);
const FILL_COLUMNS: Field = f("fillColumns", Texts);
const TIME_FORMAT: Field = f("timeFormat", Text);
const HOVER: Field = f("hoverDimension", Text);
const POSITION: Field = f("position", Text);
const PREFIX: Field = f("prefix", Text);
const SUFFIX: Field = f("suffix", Text);
const GEOM: Field = f("geom", Text);
const SHADE: Field = f("shadeBelow", Flag);
const LEGEND_ROWS: Field = f("legendColorizeRows", Flag);
const LEGEND_HIDE: Field = f("legendHide", Flag);
const LEGEND_OPACITY: Field = f("legendOpacity", Number);
const LEGEND_THRESHOLD: Field = f("legendOrientationThreshold", Whole);

#[rustfmt::skip]
static XY: &[Field] = &[
    SHAPE, QUERIES, AXES, TYPE, STATIC_LEGEND, GEOM, COLORS, NOTE, SHOW_NOTE,
    X_COLUMN, GENERATE_X, X_TOTAL, X_START, X_STEP, Y_COLUMN, GENERATE_Y, Y_TOTAL, Y_START, Y_STEP,
    SHADE, POSITION, TIME_FORMAT, HOVER, LEGEND_ROWS, LEGEND_HIDE, LEGEND_OPACITY, LEGEND_THRESHOLD,
];
#[rustfmt::skip]
static LINE_PLUS_SINGLE_STAT: &[Field] = &[
    SHAPE, QUERIES, AXES, TYPE, STATIC_LEGEND, COLORS, PREFIX, SUFFIX, DECIMAL_PLACES, NOTE, SHOW_NOTE,
    X_COLUMN, GENERATE_X, X_TOTAL, X_START, X_STEP, Y_COLUMN, GENERATE_Y, Y_TOTAL, Y_START, Y_STEP,
    SHADE, POSITION, TIME_FORMAT, HOVER, LEGEND_ROWS, LEGEND_HIDE, LEGEND_OPACITY, LEGEND_THRESHOLD,
];
#[rustfmt::skip]
static BAND: &[Field] = &[
    SHAPE, QUERIES, AXES, TYPE, STATIC_LEGEND, GEOM, COLORS, NOTE, SHOW_NOTE, TIME_FORMAT, HOVER,
    X_COLUMN, GENERATE_X, X_TOTAL, X_START, X_STEP, Y_COLUMN, GENERATE_Y, Y_TOTAL, Y_START, Y_STEP,
    f("upperColumn", Text), f("mainColumn", Text), f("lowerColumn", Text),
    LEGEND_ROWS, LEGEND_HIDE, LEGEND_OPACITY, LEGEND_THRESHOLD,
];
#[rustfmt::skip]
static SINGLE_STAT: &[Field] = &[
    SHAPE, TYPE, QUERIES, PREFIX, f("tickPrefix", Text), SUFFIX, f("tickSuffix", Text), COLORS, DECIMAL_PLACES,
    NOTE, SHOW_NOTE,
];
#[rustfmt::skip]
static TABLE: &[Field] = &[
    SHAPE, TYPE, QUERIES, COLORS,
    f("tableOptions", Object(&[
        f("verticalTimeAxis", Flag), f("sortBy", Object(RENAMED)), f("wrapping", Text), f("fixFirstColumn", Flag),
    ])),
    f("fieldOptions", Objects(RENAMED)), TIME_FORMAT, DECIMAL_PLACES, NOTE, SHOW_NOTE,
];
static MARKDOWN: &[Field] = &[SHAPE, TYPE, NOTE];
#[rustfmt::skip]
static HISTOGRAM: &[Field] = &[
    SHAPE, TYPE, QUERIES, COLORS, X_COLUMN, FILL_COLUMNS, X_DOMAIN, X_AXIS_LABEL, POSITION, f("binCount", Whole),
    NOTE, SHOW_NOTE, LEGEND_ROWS, LEGEND_HIDE, LEGEND_OPACITY, LEGEND_THRESHOLD,
];
#[rustfmt::skip]
static HEATMAP: &[Field] = &[
    SHAPE, TYPE, QUERIES, COLOR_NAMES, f("binSize", Whole),
    X_COLUMN, GENERATE_X, X_TOTAL, X_START, X_STEP, Y_COLUMN, GENERATE_Y, Y_TOTAL, Y_START, Y_STEP,
    X_DOMAIN, Y_DOMAIN, X_AXIS_LABEL, Y_AXIS_LABEL, X_PREFIX, X_SUFFIX, Y_PREFIX, Y_SUFFIX,
    NOTE, SHOW_NOTE, TIME_FORMAT, LEGEND_ROWS, LEGEND_HIDE, LEGEND_OPACITY, LEGEND_THRESHOLD,
];
#[rustfmt::skip]
static SCATTER: &[Field] = &[
    SHAPE, TYPE, QUERIES, COLOR_NAMES, FILL_COLUMNS, f("symbolColumns", Texts),
    X_COLUMN, GENERATE_X, X_TOTAL, X_START, X_STEP, Y_COLUMN, GENERATE_Y, Y_TOTAL, Y_START, Y_STEP,
    X_DOMAIN, Y_DOMAIN, X_AXIS_LABEL, Y_AXIS_LABEL, X_PREFIX, X_SUFFIX, Y_PREFIX, Y_SUFFIX,
    NOTE, SHOW_NOTE, TIME_FORMAT, LEGEND_ROWS, LEGEND_HIDE, LEGEND_OPACITY, LEGEND_THRESHOLD,
];
#[rustfmt::skip]
static MOSAIC: &[Field] = &[
    SHAPE, TYPE, QUERIES, COLOR_NAMES, FILL_COLUMNS, X_COLUMN, GENERATE_X, X_TOTAL, X_START, X_STEP,
    f("yLabelColumnSeparator", Text), f("yLabelColumns", Texts), f("ySeriesColumns", Texts),
    X_DOMAIN, Y_DOMAIN, X_AXIS_LABEL, Y_AXIS_LABEL, X_PREFIX, X_SUFFIX, Y_PREFIX, Y_SUFFIX,
    NOTE, SHOW_NOTE, TIME_FORMAT, HOVER, LEGEND_ROWS, LEGEND_HIDE, LEGEND_OPACITY, LEGEND_THRESHOLD,
];
#[rustfmt::skip]
static CHECK: &[Field] = &[
    SHAPE, TYPE, f("checkID", Text), QUERIES, COLOR_NAMES,
    LEGEND_ROWS, LEGEND_HIDE, LEGEND_OPACITY, LEGEND_THRESHOLD,
];
#[rustfmt::skip]
static GEO: &[Field] = &[
    SHAPE, TYPE, QUERIES, f("center", Object(&[f("lat", Number), f("lon", Number)])), f("zoom", Number),
    f("mapStyle", Text), f("allowPanAndZoom", Flag), f("detectCoordinateFields", Flag),
    o("useS2CellID", Flag), o("s2Column", Text), o("latLonColumns", Any),
    COLORS, f("layers", Any), NOTE, SHOW_NOTE,
];
#[rustfmt::skip]
static LOG_VIEWER: &[Field] = &[
    SHAPE, TYPE,
    f("columns", Objects(&[
        f("name", Text), f("position", Whole),
        f("settings", Objects(&[f("type", Text), f("value", Text), o("name", Text)])),
    ])),
];
