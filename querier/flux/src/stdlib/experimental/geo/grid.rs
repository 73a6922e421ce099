//! `getGrid()`: the cells that cover a region.

use s2::cap::Cap;
use s2::cell::Cell;
use s2::cellid::CellID;
use s2::latlng::LatLng;
use s2::point::Point;
use s2::rect::Rect;
use s2::region::Region;
use s2::s1::{Angle, Rad};

use super::arguments::{Geometry, earth_radius, geometry};
use super::cells::MAX_LEVEL;
use super::vector::Vector;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::stdlib::native::natives;
use crate::value::Value;

/// The most cells of a grid whose level is not given.
const MOST: usize = 100;
/// The most cells of any grid.
const LIMIT: usize = 1_000_000;

natives! { "experimental/geo":
    GET_GRID = "getGrid",
        "(region: T, ?minSize: int, ?maxSize: int, ?level: int, ?maxLevel: int, units: {distance: string}) => {level: int, set: [string]} where T: Record",
        "The tokens of the cells of one level that cover a region.", get_grid;
}

fn get_grid(args: &mut Args, _cx: &Context) -> Result<Value> {
    let earth = earth_radius(args)?;
    let region = Covered::of(geometry(args, "region", earth)?)?;
    let level = args.or("level", -1i64)?;
    let (max_level, min_size, max_size) =
        (args.or("maxLevel", -1i64)?, args.or("minSize", -1i64)?, args.or("maxSize", -1i64)?);
    if max_level > MAX_LEVEL || level > MAX_LEVEL {
        return Err(FluxError::invalid(format!("invalid maxLevel ({max_level}, must be < {MAX_LEVEL})")));
    }
    if min_size > 0 && max_size > 0 && min_size > max_size {
        return Err(FluxError::invalid(format!("minSize > maxSize ({min_size} > {max_size})")));
    }
    let grid = if level > -1 {
        let cells = region.cells(level as u64, LIMIT).ok_or_else(|| {
            FluxError::invalid(format!("the region has more than {LIMIT} cells of level {level}"))
        })?;
        Some((level, cells))
    } else if min_size > 0 || max_size > 0 {
        smallest(&region, max_level, min_size.max(0) as usize, max_size)
    } else {
        return Err(FluxError::invalid("either minSize or maxSize must be specified"));
    };
    let (level, cells) = grid.filter(|(_, cells)| !cells.is_empty()).unwrap_or((-1, Vec::new()));
    let tokens = cells.iter().map(|c| Value::from(c.to_token())).collect();
    Ok(Value::record([("level", Value::Int(level)), ("set", Value::array(tokens))]))
}

/// The first level with enough cells, or the last with no more than allowed.
fn smallest(region: &Covered, max_level: i64, min: usize, max: i64) -> Option<(i64, Vec<CellID>)> {
    let most = usize::try_from(max).ok().filter(|m| *m > 0).unwrap_or(MOST);
    let last = if max_level > 0 { max_level } else { MAX_LEVEL };
    let mut best = None;
    for level in 1..=last {
        let Some(cells) = region.cells(level as u64, most) else { break };
        let enough = min > 0 && cells.len() >= min;
        best = Some((level, cells));
        if enough {
            break;
        }
    }
    best.filter(|(_, cells)| cells.len() >= min || max_level > 0)
}

/// A region that cells can be tested against.
enum Covered {
    Rect(Rect),
    Cap(Cap),
    Polygon(super::polygon::Polygon),
}

impl Covered {
    fn of(geometry: Geometry) -> Result<Self> {
        Ok(match geometry {
            Geometry::Box { south, west, north, east } => {
                Self::Rect(Rect::from_degrees(south, west, north, east))
            }
            Geometry::Circle { lat, lon, radius } => {
                let center = Point::from(LatLng::from_degrees(lat, lon));
                Self::Cap(Cap::from_center_angle(&center, &Angle::from(Rad(radius))))
            }
            Geometry::Polygon(p) => Self::Polygon(p),
            Geometry::Point { .. } | Geometry::Line(_) => {
                return Err(FluxError::invalid(
                    "unsupported region type: a box, circle or polygon is needed",
                ));
            }
        })
    }

    fn meets(&self, id: CellID) -> bool {
        let cell = Cell::from(id);
        match self {
            Self::Rect(r) => r.intersects_cell(&cell),
            Self::Cap(c) => c.intersects_cell(&cell),
            Self::Polygon(p) => {
                let corner = |k| {
                    let Point(v) = cell.vertex(k);
                    Vector { x: v.x, y: v.y, z: v.z }
                };
                p.meets(&[corner(0), corner(1), corner(2), corner(3)])
            }
        }
    }

    /// The cells of a level that have a part in the region, in order; `None` if there are more than `limit`.
    fn cells(&self, level: u64, limit: usize) -> Option<Vec<CellID>> {
        let mut current: Vec<CellID> = (0..6).map(CellID::from_face).filter(|c| self.meets(*c)).collect();
        for _ in 0..level {
            current = current.iter().flat_map(CellID::children).filter(|c| self.meets(*c)).collect();
            // A cell that meets the region has a child that does, so that numbers only grow with the level.
            if current.len() > limit {
                return None;
            }
        }
        current.sort_by_key(|c| c.0);
        Some(current)
    }
}
