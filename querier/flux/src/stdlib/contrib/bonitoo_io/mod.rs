//! `contrib/bonitoo-io`: a folder.

pub mod alerta;
pub mod hex;
pub mod servicenow;
pub mod tickscript;
pub mod victorops;
pub mod zenoss;
