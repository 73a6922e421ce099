//! Units and geometries as scripts give them.

use std::sync::Arc;

use super::polygon::Polygon;
use super::vector::Vector;
use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::value::{Record, Value};

/// The earth's mean radius, kilometers.
const EARTH_KM: f64 = 6371.01;

/// A shape. Angles are degrees, radii radians.
#[derive(Debug, Clone)]
pub(super) enum Geometry {
    /// A place.
    Point { lat: f64, lon: f64 },
    /// Between two latitudes and two longitudes.
    Box { south: f64, west: f64, north: f64, east: f64 },
    /// Around a place.
    Circle { lat: f64, lon: f64, radius: f64 },
    /// Within straight edges.
    Polygon(Polygon),
    /// A path.
    Line(Vec<(f64, f64)>),
}

/// The earth's radius in the units asked for.
pub(super) fn earth_radius(args: &Args) -> Result<f64> {
    let units: Arc<Record> = args.required("units")?;
    match units.get("distance") {
        Some(Value::String(unit)) => match &**unit {
            "m" => Ok(EARTH_KM * 1000.0),
            "km" => Ok(EARTH_KM),
            "mile" => Ok(EARTH_KM / 1.609_344),
            other => Err(FluxError::invalid(format!(
                "invalid units parameter: unsupported distance unit '{other}'"
            ))),
        },
        Some(Value::Null(_)) => Err(FluxError::invalid("invalid units parameter: distance field is null")),
        _ => Err(FluxError::invalid("invalid units parameter: missing field: distance")),
    }
}

/// A shape by argument name.
pub(super) fn geometry(args: &Args, name: &str, earth: f64) -> Result<Geometry> {
    let record: Arc<Record> = args.required(name)?;
    let has = |label: &str| record.get(label).is_some();
    if has("lat") && record.len() == 2 {
        let (lat, lon) = place(&record, "point")?;
        return Ok(Geometry::Point { lat, lon });
    }
    if has("minLat") && record.len() == 4 {
        let f = |label| number(&record, label, "box");
        let (a, b, c, d) = (f("minLat")?, f("maxLat")?, f("minLon")?, f("maxLon")?);
        return Ok(Geometry::Box { south: a.min(b), north: a.max(b), west: c.min(d), east: c.max(d) });
    }
    if has("radius") && record.len() == 3 {
        let (lat, lon) = place(&record, "circle")?;
        return Ok(Geometry::Circle { lat, lon, radius: number(&record, "radius", "circle")? / earth });
    }
    if let (Some(Value::Array(points)), 1) = (record.get("points"), record.len()) {
        if points.len() < 3 {
            return Err(FluxError::invalid("polygon must have at least 3 points"));
        }
        let corners = points.iter().map(|p| match p {
            Value::Record(p) => place(p, "polygon point").map(|(lat, lon)| Vector::of(lat, lon)),
            _ => Err(missing("polygon point")),
        });
        return Ok(Geometry::Polygon(Polygon::new(corners.collect::<Result<_>>()?)));
    }
    match (record.get("linestring"), record.len()) {
        (Some(Value::String(text)), 1) => {
            text.split(',').map(vertex).collect::<Result<_>>().map(Geometry::Line)
        }
        (Some(Value::Null(_)), 1) => Err(FluxError::invalid("empty linestring")),
        _ => Err(FluxError::invalid(format!("unsupported geometry specified for '{name}'"))),
    }
}

/// `lon lat` of a path.
fn vertex(text: &str) -> Result<(f64, f64)> {
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(lon)), Some(Ok(lat))) => Ok((lat, lon)),
        (None, _) => Err(FluxError::invalid("invalid linestring - empty part")),
        _ => Err(FluxError::invalid(format!("invalid linestring - \"{}\" is no position", text.trim()))),
    }
}

/// The latitude and longitude of a record.
pub(super) fn place(record: &Record, what: &str) -> Result<(f64, f64)> {
    Ok((number(record, "lat", what)?, number(record, "lon", what)?))
}

fn number(record: &Record, label: &str, what: &str) -> Result<f64> {
    match record.get(label) {
        Some(Value::Float(v)) => Ok(*v),
        Some(Value::Null(_)) | None => Err(missing(what)),
        Some(other) => Err(FluxError::invalid(format!(
            "invalid {what} specification - {label} must be a float, got {}",
            other.nature()
        ))),
    }
}

fn missing(what: &str) -> FluxError {
    let fields = match what {
        "box" => "minLat, minLon, maxLat, maxLon",
        "circle" => "lat, lon, radius",
        _ => "lat, lon",
    };
    FluxError::invalid(format!("invalid {what} specification - must have {fields} fields"))
}
