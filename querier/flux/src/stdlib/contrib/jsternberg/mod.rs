//! `contrib/jsternberg`: a folder.

pub mod influxdb;
