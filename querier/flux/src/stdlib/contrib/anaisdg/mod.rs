//! `contrib/anaisdg`: a folder.

pub mod anomalydetection;
pub mod statsmodels;
