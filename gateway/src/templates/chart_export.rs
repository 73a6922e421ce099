//! Views as charts of templates: what is not empty, under the names that templates have for it.

use serde_json::{Value, json};
use weir_catalog::Cell;

use super::chart::KINDS;
use super::spec::{Object, Read, Write};

/// A cell's view as a chart; `None` for views that templates do not know.
pub(crate) fn chart(cell: &Cell) -> Option<Object> {
    let none = Object::new();
    let view = cell.view.properties.json().as_object().unwrap_or(&none);
    let kind = view.text("type");
    let (name, _) = KINDS.iter().find(|(_, known)| *known == kind)?;
    let mut out = Object::new();
    out.insert("kind".to_owned(), json!(title(name)));
    out.insert("name".to_owned(), json!(cell.view.name));
    out.insert("height".to_owned(), json!(cell.h));
    out.insert("width".to_owned(), json!(cell.w));
    out.put("xPos", cell.x);
    out.put("yPos", cell.y);
    put_legend(&mut out, view);
    out.put("note", view.text("note"));
    if kind == "markdown" {
        return Some(sorted(out));
    }
    let query = |query: &&Object| json!({"query": query.text("text").trim()});
    out.put("queries", view.objects("queries").iter().map(query).collect::<Value>());
    put_colors(&mut out, view);
    put_axes(&mut out, &kind, view);
    for key in [
        "prefix",
        "suffix",
        "tickPrefix",
        "tickSuffix",
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
        out.put(key, view.text(key));
    }
    out.put("xCol", view.text("xColumn"));
    out.put("yCol", view.text("yColumn"));
    out.put("noteOnEmpty", view.flag("showNoteWhenEmpty"));
    out.put("shade", view.flag("shadeBelow"));
    for key in ["legendColorizeRows", "legendHide", "allowPanAndZoom", "detectCoordinateFields"] {
        out.put(key, view.flag(key));
    }
    for key in [
        "generateXAxisTicks",
        "generateYAxisTicks",
        "fillColumns",
        "yLabelColumns",
        "ySeriesColumns",
        "xTotalTicks",
        "yTotalTicks",
        "binSize",
        "binCount",
        "legendOrientationThreshold",
        "xTickStart",
        "xTickStep",
        "yTickStart",
        "yTickStep",
        "legendOpacity",
        "zoom",
    ] {
        out.put(key, view.get(key).cloned().unwrap_or_default());
    }
    if let Some(places) = view.object("decimalPlaces").filter(|places| places.flag("isEnforced")) {
        out.insert("decimalPlaces".to_owned(), json!(places.whole("digits").unwrap_or_default()));
    }
    match kind.as_str() {
        "table" => put_table(&mut out, view),
        "geo" => put_geo(&mut out, view),
        _ => {}
    }
    Some(sorted(out))
}

/// `single_stat` as `Single_Stat`.
fn title(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    };
    name.split('_').map(word).collect::<Vec<_>>().join("_")
}

/// The same with its keys in order, as exports have them.
pub(crate) fn sorted(object: Object) -> Object {
    let mut pairs: Vec<(String, Value)> = object.into_iter().collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    pairs.into_iter().collect()
}

/// The legend stands there even if it is empty, and what it has stands beside it once more, as in the reference.
fn put_legend(out: &mut Object, view: &Object) {
    let (none, mut legend) = (Object::new(), Object::new());
    let stored = view.object("staticLegend").unwrap_or(&none);
    for key in
        ["colorizeRows", "heightRatio", "show", "opacity", "orientationThreshold", "valueAxis", "widthRatio"]
    {
        let value = stored.get(key).cloned().unwrap_or_default();
        legend.put(key, value.clone());
        out.put(key, value);
    }
    out.insert("staticLegend".to_owned(), Value::Object(legend));
}

fn color(color: &Object) -> Object {
    let mut out = Object::new();
    for key in ["id", "name", "type", "hex"] {
        out.put(key, color.text(key));
    }
    out.put("value", color.get("value").cloned().unwrap_or_default());
    out
}

fn put_colors(out: &mut Object, view: &Object) {
    let named: Vec<Object> = view.objects("colors").into_iter().map(color).collect();
    let hex = |hex: String| Object::from_iter([("hex".to_owned(), json!(hex))]);
    let plain = view.texts("colors").unwrap_or_default().into_iter().map(hex);
    out.put("colors", json!(named.into_iter().chain(plain).collect::<Vec<Object>>()));
}

fn axis(name: &str, axis: &Object) -> Object {
    let mut out = Object::new();
    out.put("base", axis.text("base"));
    out.put("label", axis.text("label"));
    out.put("name", name);
    for key in ["prefix", "scale", "suffix"] {
        out.put(key, axis.text(key));
    }
    out
}

fn put_axes(out: &mut Object, kind: &str, view: &Object) {
    let mut axes: Vec<Object> = Vec::new();
    if let Some(all) = view.object("axes") {
        let mut names: Vec<&String> = all.keys().collect();
        names.sort();
        axes.extend(names.into_iter().filter_map(|name| Some(axis(name, all.object(name)?))));
    }
    let places: &[&str] = match kind {
        "heatmap" | "mosaic" | "scatter" => &["x", "y"],
        "histogram" => &["x"],
        _ => &[],
    };
    for name in places {
        let mut axis = Object::new();
        axis.put("label", view.text(&format!("{name}AxisLabel")));
        axis.put("name", *name);
        axis.put("prefix", view.text(&format!("{name}Prefix")));
        axis.put("suffix", view.text(&format!("{name}Suffix")));
        axis.put("domain", view.get(&format!("{name}Domain")).cloned().unwrap_or_default());
        axes.push(axis);
    }
    out.put("axes", json!(axes));
}

fn put_table(out: &mut Object, view: &Object) {
    if let Some(stored) = view.object("tableOptions") {
        let mut options = Object::new();
        options.put("fixFirstColumn", stored.flag("fixFirstColumn"));
        options.put("sortBy", stored.object("sortBy").map(|by| by.text("internalName")).unwrap_or_default());
        options.put("verticalTimeAxis", stored.flag("verticalTimeAxis"));
        options.put("wrapping", stored.text("wrapping"));
        if !options.is_empty() {
            out.insert("tableOptions".to_owned(), Value::Object(options));
        }
    }
    let field = |stored: &Object| {
        let mut field = Object::new();
        field.put("displayName", stored.text("displayName"));
        field.put("fieldName", stored.text("internalName"));
        field.put("visible", stored.flag("visible"));
        field
    };
    let fields: Vec<Object> = view.objects("fieldOptions").into_iter().map(field).collect();
    out.put("fieldOptions", json!(fields));
}

fn put_geo(out: &mut Object, view: &Object) {
    if let Some(center) = view.object("center") {
        for key in ["lat", "lon"] {
            out.put(key, center.get(key).cloned().unwrap_or_default());
        }
    }
    let layers: Vec<Object> = view.objects("layers").into_iter().map(layer).collect();
    out.put("geoLayers", json!(layers));
}

fn layer(stored: &Object) -> Object {
    let mut layer = Object::new();
    layer.put("layerType", stored.text("type"));
    for key in ["radiusField", "intensityField", "colorField"] {
        layer.put(key, stored.text(key));
    }
    for key in ["radius", "blur", "speed", "trackWidth"] {
        layer.put(key, stored.whole(key).unwrap_or_default());
    }
    for key in ["randomColors", "isClustered", "interpolateColors"] {
        layer.put(key, stored.flag(key));
    }
    let colors: Vec<Object> = stored.objects("colors").into_iter().map(color).collect();
    layer.put("viewColors", json!(colors));
    for name in ["radius", "color", "intensity"] {
        let key = format!("{name}Dimension");
        if let Some(stored) = stored.object(&key) {
            layer.insert(key, Value::Object(axis(name, stored)));
        }
    }
    sorted(layer)
}
