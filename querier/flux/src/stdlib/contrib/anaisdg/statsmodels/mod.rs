//! `contrib/anaisdg/statsmodels`: lines through points.

mod linear_regression;

use crate::registry::Package;

/// The package.
pub static PACKAGE: Package = Package {
    path: "contrib/anaisdg/statsmodels",
    name: "statsmodels",
    members: &[&linear_regression::DEFINITION],
};
