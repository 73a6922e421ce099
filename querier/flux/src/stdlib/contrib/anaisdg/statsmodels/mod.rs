//! `contrib/anaisdg/statsmodels`: lines through points.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/anaisdg/statsmodels", name: "statsmodels", members: &[&LINEAR_REGRESSION] };

in_flux! { "contrib/anaisdg/statsmodels":
    LINEAR_REGRESSION = "linearRegression", "(<-tables: stream[A]) => stream[B] where A: Record, B: Record",
        "The straight line with the least squares through the rows of the first table, and how far each row is from it.",
        r#"(tables=<-) => {
    points = tables
        |> rename(columns: {_value: "y"})
        |> map(fn: (r) => ({r with x: 1.0}))
        |> cumulativeSum(columns: ["x"])
    sums = points
        |> reduce(
            identity: {N: 0.0, sx: 0.0, sy: 0.0, sxx: 0.0, sxy: 0.0},
            fn: (r, accumulator) => ({
                N: accumulator.N + 1.0,
                sx: accumulator.sx + r.x,
                sy: accumulator.sy + r.y,
                sxx: accumulator.sxx + r.x * r.x,
                sxy: accumulator.sxy + r.x * r.y,
            }),
        )
        |> findRecord(fn: (key) => true, idx: 0)
    xMean = sums.sx / sums.N
    yMean = sums.sy / sums.N
    slope = (sums.sxy - xMean * yMean * sums.N) / (sums.sxx - sums.N * xMean * xMean)

    return points
        |> map(fn: (r) => ({r with
            N: sums.N,
            slope: slope,
            sx: sums.sx,
            sxx: sums.sxx,
            sxy: sums.sxy,
            sy: sums.sy,
            y_hat: slope * r.x + (yMean - slope * xMean),
        }))
        |> map(fn: (r) => ({r with errors: (r.y - r.y_hat) ^ 2.0}))
}"#;
}
