//! Values as text.

use std::fmt;

use weir_table::time::format_rfc3339_nanos;

use super::Value;

/// Writes a float in the shortest form without exponent, as Go's `'f', -1` does: `+Inf`, `-Inf`, `NaN` for the rest.
pub fn write_float(v: f64, out: &mut impl fmt::Write) -> fmt::Result {
    if v.is_nan() {
        out.write_str("NaN")
    } else if v.is_infinite() {
        out.write_str(if v > 0.0 { "+Inf" } else { "-Inf" })
    } else {
        write!(out, "{v}")
    }
}

impl fmt::Display for Value {
    /// As `string(v:)` and string interpolation write basic values; composite ones on one line, for messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null(_) => f.write_str("<null>"),
            Self::Bool(v) => write!(f, "{v}"),
            Self::Int(v) => write!(f, "{v}"),
            Self::UInt(v) => write!(f, "{v}"),
            Self::Float(v) => write_float(*v, f),
            Self::String(v) => f.write_str(v),
            Self::Bytes(v) => {
                f.write_str("0x")?;
                v.iter().try_for_each(|b| write!(f, "{b:02x}"))
            }
            Self::Time(v) => f.write_str(&format_rfc3339_nanos(*v)),
            Self::Duration(v) => write!(f, "{v}"),
            Self::Regexp(v) => f.write_str(v.as_str()),
            Self::Array(v) => {
                f.write_str("[")?;
                for (i, item) in v.iter().enumerate() {
                    write!(f, "{}{item}", if i > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Record(v) => {
                f.write_str("{")?;
                let mut fields: Vec<_> = v.iter().collect();
                fields.sort_by(|a, b| a.0.cmp(b.0));
                for (i, (k, item)) in fields.into_iter().enumerate() {
                    write!(f, "{}{k}: {item}", if i > 0 { ", " } else { "" })?;
                }
                f.write_str("}")
            }
            Self::Dict(v) if v.is_empty() => f.write_str("[:]"),
            Self::Dict(v) => {
                f.write_str("[")?;
                for (i, (k, item)) in v.iter().enumerate() {
                    write!(f, "{}{}: {item}", if i > 0 { ", " } else { "" }, k.0)?;
                }
                f.write_str("]")
            }
            Self::Function(v) => write!(f, "{v:?}"),
            Self::Stream(_) => f.write_str("<stream>"),
            Self::Dynamic(v) => write!(f, "dynamic({v})"),
            Self::Package(path) => write!(f, "package {path}"),
        }
    }
}
