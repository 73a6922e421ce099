//! Packages of the `influxdata` organization.

pub mod influxdb;
