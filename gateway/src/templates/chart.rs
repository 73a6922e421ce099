//! Charts of dashboards: what is wrong with one, and the view it is.

use serde_json::{Map, Value, json};

use super::invalid::Invalid;
use super::query::Query;
use super::reference::References;
use super::spec::{Object, Read, text_of};

/// The kinds of charts, in the words of templates and of views.
pub(super) const KINDS: [(&str, &str); 12] = [
    ("gauge", "gauge"),
    ("geo", "geo"),
    ("heatmap", "heatmap"),
    ("histogram", "histogram"),
    ("markdown", "markdown"),
    ("mosaic", "mosaic"),
    ("scatter", "scatter"),
    ("single_stat", "single-stat"),
    ("single_stat_plus_line", "line-plus-single-stat"),
    ("table", "table"),
    ("xy", "xy"),
    ("band", "band"),
];

/// A chart.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    pub name: String,
    pub x: i32,
    pub y: i32,
    pub w: i32,
    pub h: i32,
    pub queries: Vec<Query>,
    /// The properties of its view.
    pub properties: Value,
}

impl Chart {
    /// Reads a chart, `prefix` being where it stands in the template.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub(crate) fn read(prefix: &str, spec: &Object, references: &References) -> Result<Self, Vec<Invalid>> {
        let kind = spec.word("kind");
        let Some((_, view)) = KINDS.iter().find(|(known, _)| *known == kind) else {
            return Err(vec![Invalid::new("kind", format!("invalid chart kind provided: {kind}"))]);
        };
        let queries: Vec<Query> = spec
            .objects("queries")
            .into_iter()
            .enumerate()
            .filter(|(_, query)| !query.text("query").is_empty())
            .map(|(at, query)| {
                let prefix = format!("{prefix}.queries[{at}]");
                let params = query.objects("params");
                Query::read(&prefix, &query.text("query"), (&params, &[]), references)
            })
            .collect();
        let invalid = findings(&kind, spec);
        if !invalid.is_empty() {
            return Err(invalid);
        }
        let size = |key: &str| spec.whole(key).and_then(|size| i32::try_from(size).ok()).unwrap_or_default();
        let properties = properties(view, spec, &queries);
        Ok(Self {
            name: spec.text("name").trim().to_owned(),
            x: size("xPos"),
            y: size("yPos"),
            w: size("width"),
            h: size("height"),
            queries,
            properties,
        })
    }
}

fn findings(kind: &str, spec: &Object) -> Vec<Invalid> {
    let mut invalid = Vec::new();
    for axis in spec.objects("axes") {
        for bound in domain(axis).into_iter().filter(|bound| bound.parse::<f64>().is_err()) {
            invalid
                .push(Invalid::new("axes", format!("strconv.ParseFloat: parsing {bound:?}: invalid syntax")));
        }
    }
    if kind == "markdown" {
        return invalid;
    }
    for size in ["width", "height"] {
        if spec.whole(size).unwrap_or_default() <= 0 {
            invalid.push(Invalid::new(size, "must be greater than 0"));
        }
    }
    let colors = spec.objects("colors");
    for (at, color) in colors.iter().enumerate() {
        if color.text("hex").is_empty() {
            let nested = vec![Invalid::new("hex", "a color must have a hex value provided")];
            invalid.push(Invalid::within("colors", nested).at(at));
        }
    }
    if kind == "gauge" {
        for wanted in ["min", "max"] {
            if !colors.iter().any(|color| color.text("type") == wanted) {
                invalid.push(Invalid::new("colors", format!("type not found: {wanted:?}")));
            }
        }
    }
    if kind == "xy" {
        let geometry = spec.text("geom");
        if !["line", "step", "stacked", "monotoneX", "bar"].contains(&geometry.as_str()) {
            let what = if geometry.is_empty() { "type not found" } else { "type provided is not supported" };
            invalid.push(Invalid::new("geom", format!("{what}: {geometry:?}")));
        }
    }
    let axes: &[&str] = match kind {
        "heatmap" | "scatter" | "single_stat_plus_line" | "xy" => &["x", "y"],
        "histogram" => &["x"],
        _ => &[],
    };
    for wanted in axes {
        if axis(spec, wanted).is_none() {
            invalid.push(Invalid::new("axes", format!("axis not found: {wanted:?}")));
        }
    }
    if matches!(kind, "single_stat_plus_line" | "xy") {
        let position = spec.text("position").to_lowercase();
        if !["", "overlaid", "stacked"].contains(&position.as_str()) {
            let reason = format!(
                "invalid position supplied {position:?}; valid positions is one of [overlaid, stacked]"
            );
            invalid.push(Invalid::new("position", reason));
        }
    }
    if kind == "table" {
        let wrapping =
            spec.object("tableOptions").map(|options| options.text("wrapping")).unwrap_or_default();
        if !["", "single-line", "truncate", "wrap"].contains(&wrapping.as_str()) {
            let reason = "chart table option should 1 in [\"single-line\", \"truncate\", \"wrap\"]";
            invalid.push(Invalid::within("tableOptions", vec![Invalid::new("wrapping", reason)]));
        }
    }
    invalid
}

fn axis<'a>(spec: &'a Object, name: &str) -> Option<&'a Object> {
    spec.objects("axes").into_iter().find(|axis| axis.text("name").trim() == name)
}

fn domain(axis: &Object) -> Vec<String> {
    let all = axis.get("domain").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    all.iter().filter_map(text_of).collect()
}

/// The properties of the view, as the API takes them; what a type does not have is dropped there.
fn properties(view: &str, spec: &Object, queries: &[Query]) -> Value {
    let mut out = Map::new();
    let mut set = |key: &str, value: Value| drop(out.insert(key.to_owned(), value));
    set("shape", json!("chronograf-v2"));
    set("type", json!(view));
    if !queries.is_empty() {
        set("queries", queries.iter().map(dashboard_query).collect());
    }
    for key in [
        "prefix",
        "suffix",
        "tickPrefix",
        "tickSuffix",
        "note",
        "geom",
        "position",
        "timeFormat",
        "hoverDimension",
        "yLabelColumnSeparator",
        "upperColumn",
        "mainColumn",
        "lowerColumn",
        "mapStyle",
    ] {
        set(key, json!(spec.text(key)));
    }
    for (key, property) in [
        ("noteOnEmpty", "showNoteWhenEmpty"),
        ("shade", "shadeBelow"),
        ("legendColorizeRows", "legendColorizeRows"),
        ("legendHide", "legendHide"),
        ("allowPanAndZoom", "allowPanAndZoom"),
        ("detectCoordinateFields", "detectCoordinateFields"),
    ] {
        set(property, json!(spec.flag(key)));
    }
    set("xColumn", json!(spec.text("xCol")));
    set("yColumn", json!(spec.text("yCol")));
    for key in ["generateXAxisTicks", "generateYAxisTicks", "fillColumns", "yLabelColumns", "ySeriesColumns"]
    {
        set(key, json!(spec.texts(key)));
    }
    for key in ["xTotalTicks", "yTotalTicks", "binSize", "binCount", "legendOrientationThreshold"] {
        set(key, json!(spec.whole(key).unwrap_or_default()));
    }
    for key in ["xTickStart", "xTickStep", "yTickStart", "yTickStep", "legendOpacity", "zoom"] {
        set(key, json!(spec.number(key)));
    }
    let digits = spec.whole("decimalPlaces");
    set("decimalPlaces", json!({"isEnforced": digits.is_some(), "digits": digits.unwrap_or_default()}));
    set("staticLegend", static_legend(spec.object("staticLegend")));
    let colors = spec.objects("colors");
    if matches!(view, "heatmap" | "mosaic" | "scatter") {
        set("colors", colors.iter().map(|color| json!(color.text("hex"))).collect());
    } else if !colors.is_empty() {
        set("colors", colors.iter().map(|color| view_color(color)).collect());
    }
    if matches!(view, "xy" | "band" | "line-plus-single-stat") {
        let named = |axis: &Object| (axis.text("name").trim().to_owned(), view_axis(axis, true));
        set("axes", Value::Object(spec.objects("axes").into_iter().map(named).collect()));
    } else {
        for name in ["x", "y"] {
            let Some(axis) = axis(spec, name) else { continue };
            let bounds: Vec<f64> = domain(axis).iter().filter_map(|bound| bound.parse().ok()).collect();
            set(&format!("{name}Domain"), json!(bounds));
            set(&format!("{name}AxisLabel"), json!(axis.text("label")));
            set(&format!("{name}Prefix"), json!(axis.text("prefix")));
            set(&format!("{name}Suffix"), json!(axis.text("suffix")));
        }
    }
    match view {
        "table" => {
            let none = Object::new();
            let options = spec.object("tableOptions").unwrap_or(&none);
            set(
                "tableOptions",
                json!({
                    "verticalTimeAxis": options.flag("verticalTimeAxis"),
                    "sortBy": {"internalName": options.text("sortBy")},
                    "wrapping": options.text("wrapping"),
                    "fixFirstColumn": options.flag("fixFirstColumn"),
                }),
            );
            let field = |field: &&Object| {
                json!({
                    "internalName": field.text("fieldName"),
                    "displayName": field.text("displayName"),
                    "visible": field.flag("visible"),
                })
            };
            set("fieldOptions", spec.objects("fieldOptions").iter().map(field).collect());
        }
        "geo" => {
            set("center", json!({"lat": spec.number("lat"), "lon": spec.number("lon")}));
            let layers: Vec<Value> = spec.objects("geoLayers").into_iter().map(layer).collect();
            if !layers.is_empty() {
                set("layers", Value::Array(layers));
            }
        }
        _ => {}
    }
    Value::Object(out)
}

fn dashboard_query(query: &Query) -> Value {
    json!({
        "text": query.text,
        "editMode": "advanced",
        "name": "",
        "builderConfig": {
            "buckets": [], "tags": [], "functions": [],
            "aggregateWindow": {"period": "", "fillValues": false},
        },
    })
}

fn view_color(color: &Object) -> Value {
    json!({
        "id": color.text("id"),
        "type": color.text("type"),
        "hex": color.text("hex"),
        "name": color.text("name").trim(),
        "value": color.number("value"),
    })
}

fn view_axis(axis: &Object, bounds: bool) -> Value {
    json!({
        "bounds": if bounds { json!([]) } else { Value::Null },
        "label": axis.text("label"),
        "prefix": axis.text("prefix"),
        "suffix": axis.text("suffix"),
        "base": axis.text("base"),
        "scale": axis.text("scale"),
    })
}

fn static_legend(legend: Option<&Object>) -> Value {
    let Some(legend) = legend else { return json!({}) };
    json!({
        "colorizeRows": legend.flag("colorizeRows"),
        "heightRatio": legend.number("heightRatio"),
        "show": legend.flag("show"),
        "opacity": legend.number("opacity"),
        "orientationThreshold": legend.whole("orientationThreshold").unwrap_or_default(),
        "valueAxis": legend.text("valueAxis"),
        "widthRatio": legend.number("widthRatio"),
    })
}

fn layer(layer: &Object) -> Value {
    let none = Object::new();
    let axis = |key: &str| view_axis(layer.object(key).unwrap_or(&none), false);
    let colors: Vec<Value> = layer.objects("viewColors").into_iter().map(view_color).collect();
    json!({
        "type": layer.text("layerType"),
        "radiusField": layer.text("radiusField"),
        "colorField": layer.text("colorField"),
        "intensityField": layer.text("intensityField"),
        "colors": if colors.is_empty() { Value::Null } else { Value::Array(colors) },
        "radius": layer.whole("radius").unwrap_or_default(),
        "blur": layer.whole("blur").unwrap_or_default(),
        "radiusDimension": axis("radiusDimension"),
        "colorDimension": axis("colorDimension"),
        "intensityDimension": axis("intensityDimension"),
        "interpolateColors": layer.flag("interpolateColors"),
        "trackWidth": layer.whole("trackWidth").unwrap_or_default(),
        "speed": layer.whole("speed").unwrap_or_default(),
        "randomColors": layer.flag("randomColors"),
        "isClustered": layer.flag("isClustered"),
    })
}
