//! Distances, lengths, and what lies within what.

use s2::latlng::LatLng;
use s2::rect::Rect;

use super::arguments::{Geometry, earth_radius, geometry};
use super::polygon::Polygon;
use super::vector::Vector;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "experimental/geo":
    ST_CONTAINS = "stContains",
        "(region: A, geometry: B, units: {distance: string}) => bool where A: Record, B: Record",
        "Whether a region contains a point, or all points of a line.", st_contains;
    ST_DISTANCE = "stDistance",
        "(region: A, geometry: B, units: {distance: string}) => float where A: Record, B: Record",
        "The distance between a region and a point or line.", st_distance;
    ST_LENGTH = "stLength", "(geometry: A, units: {distance: string}) => float where A: Record",
        "The length of a line.", st_length;
}

fn unsupported(what: &str) -> FluxError {
    FluxError::invalid(format!("unsupported {what} type"))
}

fn st_contains(args: &mut Args, _cx: &Context) -> Result<Value> {
    let earth = earth_radius(args)?;
    let (region, shape) = (geometry(args, "region", earth)?, geometry(args, "geometry", earth)?);
    let inside = |(lat, lon): (f64, f64)| match &region {
        Geometry::Box { south, west, north, east } => {
            Ok(Rect::from_degrees(*south, *west, *north, *east)
                .contains_latlng(&LatLng::from_degrees(lat, lon)))
        }
        Geometry::Circle { lat: y, lon: x, radius } => {
            Ok(Vector::of(*y, *x).angle(Vector::of(lat, lon)) <= *radius)
        }
        Geometry::Polygon(p) => Ok(p.contains(Vector::of(lat, lon))),
        Geometry::Point { .. } | Geometry::Line(_) => Err(unsupported("region")),
    };
    let contains = match shape {
        Geometry::Point { lat, lon } => inside((lat, lon))?,
        Geometry::Line(line) => {
            let mut all = true;
            for p in line {
                all = all && inside(p)?;
            }
            all
        }
        _ => return Err(unsupported("geometry")),
    };
    Ok(Value::Bool(contains))
}

fn st_distance(args: &mut Args, _cx: &Context) -> Result<Value> {
    let earth = earth_radius(args)?;
    let (region, shape) = (geometry(args, "region", earth)?, geometry(args, "geometry", earth)?);
    let angle = match shape {
        Geometry::Point { lat, lon } => {
            let to = Vector::of(lat, lon);
            match &region {
                Geometry::Point { lat, lon } => Vector::of(*lat, *lon).angle(to),
                Geometry::Box { south, west, north, east } => {
                    let rect = Rect::from_degrees(*south, *west, *north, *east);
                    rect.distance_to_latlng(&LatLng::from_degrees(lat, lon)).rad()
                }
                Geometry::Circle { lat, lon, radius } => (Vector::of(*lat, *lon).angle(to) - radius).max(0.0),
                Geometry::Polygon(p) => p.distance(to),
                Geometry::Line(_) => return Err(unsupported("region")),
            }
        }
        Geometry::Line(line) => {
            let line: Vec<Vector> = line.into_iter().map(|(lat, lon)| Vector::of(lat, lon)).collect();
            match &region {
                Geometry::Point { lat, lon } => from_line(&line, Vector::of(*lat, *lon)),
                Geometry::Box { south, west, north, east } => {
                    let corners = [(south, west), (south, east), (north, east), (north, west)];
                    Polygon::new(corners.map(|(lat, lon)| Vector::of(*lat, *lon)).to_vec())
                        .distance_to_line(&line)
                }
                Geometry::Circle { lat, lon, radius } => {
                    (from_line(&line, Vector::of(*lat, *lon)) - radius).max(0.0)
                }
                Geometry::Polygon(p) => p.distance_to_line(&line),
                Geometry::Line(_) => return Err(unsupported("region")),
            }
        }
        _ => return Err(unsupported("geometry")),
    };
    Ok(Value::Float(angle * earth))
}

/// The distance of a point from a line, radians.
fn from_line(line: &[Vector], p: Vector) -> f64 {
    match line {
        [only] => only.angle(p),
        _ => line.windows(2).map(|w| p.distance_to_arc(w[0], w[1])).fold(f64::INFINITY, f64::min),
    }
}

fn st_length(args: &mut Args, _cx: &Context) -> Result<Value> {
    let earth = earth_radius(args)?;
    let angle: f64 = match geometry(args, "geometry", earth)? {
        Geometry::Point { .. } => 0.0,
        Geometry::Line(line) => line
            .windows(2)
            .map(|w| {
                let [a, b] = [w[0], w[1]].map(|(lat, lon)| LatLng::from_degrees(lat, lon));
                a.distance(&b).rad()
            })
            .sum(),
        _ => return Err(unsupported("geometry")),
    };
    Ok(Value::Float(angle * earth))
}
