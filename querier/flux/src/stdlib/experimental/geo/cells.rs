//! Tokens of S2 cells.

use std::sync::Arc;

use s2::cellid::CellID;
use s2::latlng::LatLng;

use super::arguments::place;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::stdlib::native::natives;
use crate::value::{Record, Value};

/// The finest level.
pub(super) const MAX_LEVEL: i64 = 30;

natives! { "experimental/geo":
    GET_LEVEL = "getLevel", "(token: string) => int", "The level of a cell.", get_level;
    S2_CELL_ID_TOKEN = "s2CellIDToken", "(?token: string, ?point: {lat: float, lon: float}, level: int) => string",
        "The token of the cell of a level that a place or another cell lies in.", s2_cell_id_token;
    S2_CELL_LAT_LON = "s2CellLatLon", "(token: string) => {lat: float, lon: float}", "The center of a cell.",
        s2_cell_lat_lon;
}

/// The cell of a token, if it is one.
pub(super) fn cell(token: &str) -> Option<CellID> {
    let digits = !token.is_empty() && token.len() <= 16 && token.bytes().all(|b| b.is_ascii_hexdigit());
    digits.then(|| CellID::from_token(token)).filter(CellID::is_valid)
}

fn get_level(args: &mut Args, _cx: &Context) -> Result<Value> {
    let token: Arc<str> = args.required("token")?;
    let cell = cell(&token).ok_or_else(|| FluxError::invalid("invalid token specified"))?;
    Ok(Value::Int(cell.level() as i64))
}

fn s2_cell_id_token(args: &mut Args, _cx: &Context) -> Result<Value> {
    let token = args.optional::<Arc<str>>("token")?.filter(|t| !t.is_empty());
    let point = args.optional::<Arc<Record>>("point")?;
    let level: i64 = args.required("level")?;
    if !(1..=MAX_LEVEL).contains(&level) {
        return Err(FluxError::invalid("level value must be [1, 30]"));
    }
    let found = match (token, point) {
        (Some(token), None) => cell(&token).filter(|c| level <= c.level() as i64).ok_or_else(|| {
            FluxError::invalid("invalid token specified or requested level greater then current level")
        })?,
        (None, Some(point)) => {
            let (lat, lon) = place(&point, "point")?;
            if !lat.is_finite() || !lon.is_finite() {
                return Err(FluxError::invalid("invalid coordinates"));
            }
            CellID::from(LatLng::from_degrees(lat, lon))
        }
        _ => return Err(FluxError::invalid("either token or point parameter must be specified")),
    };
    Ok(found.parent(level as u64).to_token().into())
}

fn s2_cell_lat_lon(args: &mut Args, _cx: &Context) -> Result<Value> {
    let token: Arc<str> = args.required("token")?;
    let cell = cell(&token).ok_or_else(|| FluxError::invalid("invalid token specified"))?;
    let center = LatLng::from(cell);
    Ok(Value::record([("lat", Value::Float(center.lat.deg())), ("lon", Value::Float(center.lng.deg()))]))
}
