//! The damped Holt-Winters method: level, trend and seasons, with the parameters that fit the data best.

mod adaptive;
mod simplex;

/// What the first guesses of level and trend are weighted with.
const FIRST_WEIGHT: f64 = 0.5;
/// How alike the values of the simplex must be for the search to end.
const EPSILON: f64 = 1.0e-4;
/// The first guesses of alpha, beta, gamma and phi, each from a grid of these.
const GUESSES: [f64; 2] = [0.3, 0.7];
/// Parameters before those of the seasons: alpha, beta, gamma, phi, level and trend.
const FIXED: usize = 6;

/// How the parameters that fit best are searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// With steps of fixed proportions, as InfluxQL searches.
    Fixed,
    /// With steps that depend on the number of parameters, as Flux searches.
    Adaptive,
}

/// Values that go on from `values`: `n` of them, after those that fit the data if `with_fit`. The first value must
/// be there; others may be missing. The search is the fixed one.
#[must_use]
pub fn forecast(values: &[Option<f64>], n: usize, season: usize, with_fit: bool) -> Vec<f64> {
    with_error(values, n, season, with_fit, Search::Fixed, &|| false).1
}

/// The same, after the sum of the squares by which the fit misses the values. Once `stop` answers true the search ends, and
/// the answer is worth nothing.
#[must_use]
pub fn with_error(
    values: &[Option<f64>],
    n: usize,
    season: usize,
    with_fit: bool,
    search: Search,
    stop: &dyn Fn() -> bool,
) -> (f64, Vec<f64>) {
    let season = if season >= 2 { season } else { 0 };
    if values.len() < 2 || values.len() < season || n == 0 {
        return (0.0, Vec::new());
    }
    // Flux takes a season without a value for a plain one.
    let unknown = if search == Search::Adaptive { 1.0 } else { 0.0 };
    let start = first_guess(values, season, unknown);
    let mut best: Option<(f64, Vec<f64>)> = None;
    for alpha in GUESSES {
        for beta in GUESSES {
            for gamma in GUESSES {
                for phi in GUESSES {
                    let mut start = start.clone();
                    start[..4].copy_from_slice(&[alpha, beta, gamma, phi]);
                    let error = |p: &mut [f64]| if stop() { 0.0 } else { squared_error(values, p) };
                    let found = match search {
                        Search::Fixed => Some(simplex::minimize(error, &start, EPSILON)),
                        Search::Adaptive => adaptive::minimize(|p| error(&mut p.to_vec()), &start, EPSILON),
                    };
                    let Some((error, found)) = found else { continue };
                    if best.as_ref().is_none_or(|(least, _)| error < *least) {
                        best = Some((error, found));
                    }
                }
            }
        }
    }
    let Some((error, mut parameters)) = best else { return (0.0, Vec::new()) };
    let all = run(values, &mut parameters, n);
    (error, if with_fit { all } else { all[values.len()..].to_vec() })
}

fn first_guess(values: &[Option<f64>], season: usize, unknown: f64) -> Vec<f64> {
    let value = |i: usize| values[i].unwrap_or(0.0);
    let mut parameters = vec![0.0; FIXED + season];
    let m = season as f64;
    if season > 0 {
        let level = (0..season).filter_map(|i| values[i]).fold(0.0, |sum, v| sum + (1.0 / m) * v);
        let trend = (0..season)
            .filter_map(|i| Some(values.get(season + i).copied().flatten()? - values[i]?))
            .fold(0.0, |sum, step| sum + 1.0 / (m * m) * step);
        (parameters[4], parameters[5]) = (level, trend);
        for i in 0..season {
            parameters[FIXED + i] = values[i].map_or(unknown, |v| v / level);
        }
    } else {
        parameters[4] = FIRST_WEIGHT * value(0);
        parameters[5] = if values[1].is_some() { FIRST_WEIGHT * (value(1) - value(0)) } else { 0.0 };
    }
    parameters
}

/// The fitted values and `n` more. Parameters are brought into their range, and hold the last seasons afterwards.
fn run(values: &[Option<f64>], parameters: &mut [f64], n: usize) -> Vec<f64> {
    for p in &mut parameters[..4] {
        *p = p.clamp(0.0, 1.0);
    }
    let (alpha, beta, gamma, phi) = (parameters[0], parameters[1], parameters[2], parameters[3]);
    let (mut level, mut trend) = (parameters[4], parameters[5]);
    let mut damping = phi;
    let season = parameters.len() - FIXED;
    let mut value = values[0].unwrap_or(0.0);
    let mut out = Vec::with_capacity(values.len() + n);
    out.push(value);
    for t in 1..values.len() + n {
        // The seasons are a ring that moves on with time; at time t it has moved t - 1 places.
        let moved = (season + t).wrapping_sub(2);
        let (old, next) = match season {
            0 => (1.0, 1.0),
            m => {
                let at = t + moved - m;
                (parameters[FIXED + at % m], parameters[FIXED + (at + t % m) % m])
            }
        };
        let damped = level + phi * trend;
        let new_level = alpha * (value / old) + (1.0 - alpha) * damped;
        let new_trend = beta * (new_level - level) + (1.0 - beta) * phi * trend;
        let new_season = gamma * (value / damped) + (1.0 - gamma) * old;
        value = (new_level + damping * new_trend) * next;
        (level, trend) = (new_level, new_trend);
        damping += power(phi, t);
        if season > 0 {
            parameters[FIXED + (t + moved) % season] = new_season;
        }
        out.push(value);
    }
    out
}

/// `x` to the power of `n`, for `x` from 0 to 1: by squaring its fraction, as the incumbent's language does. The search
/// magnifies the last bit of each number, so a power that is rounded otherwise would forecast something else.
fn power(x: f64, n: usize) -> f64 {
    if x == 0.0 || x == 1.0 || n == 1 || x.is_nan() {
        return x;
    }
    if x < f64::MIN_POSITIVE {
        return 0.0;
    }
    // The fraction lies from a half to one; the exponents are added up apart.
    let mut exponent = -((x.log2().floor() as i32) + 1);
    let mut fraction = x * 2f64.powi(exponent);
    while fraction >= 1.0 {
        fraction /= 2.0;
        exponent -= 1;
    }
    while fraction < 0.5 {
        fraction *= 2.0;
        exponent += 1;
    }
    let (mut result, mut total) = (1.0, 0i32);
    let mut rest = n;
    while rest != 0 {
        if rest & 1 == 1 {
            result *= fraction;
            total = total.saturating_add(exponent);
        }
        fraction *= fraction;
        exponent = exponent.saturating_mul(2);
        if fraction < 0.5 {
            fraction += fraction;
            exponent = exponent.saturating_add(1);
        }
        if total > 2000 {
            return 0.0;
        }
        rest >>= 1;
    }
    result * 2f64.powi(-total)
}

/// The sum of squared errors of a fit; infinite if it is no number.
fn squared_error(values: &[Option<f64>], parameters: &mut [f64]) -> f64 {
    let fitted = run(values, parameters, 0);
    let mut sum = 0.0;
    for (fit, value) in fitted.iter().zip(values) {
        let Some(value) = value else { continue };
        if fit.is_nan() {
            return f64::INFINITY;
        }
        sum += (fit - value) * (fit - value);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_goes_on() {
        let values: Vec<_> = (0..20).map(|i| Some(10.0 + f64::from(i))).collect();
        let out = forecast(&values, 3, 0, false);
        assert_eq!(out.len(), 3);
        assert!((out[0] - 30.0).abs() < 1.0, "{out:?}");
    }

    #[test]
    fn the_searches_find_nearly_the_same() {
        let values: Vec<_> = [-2.0, 10.0, 7.0, 17.0, 15.0, 4.0].map(Some).to_vec();
        let (least, out) = with_error(&values, 6, 0, false, Search::Adaptive, &|| false);
        // What the incumbent's documentation answers.
        let want = [
            10.955056783457671,
            10.929416756584807,
            10.913930733843678,
            10.904983736080599,
            10.89992727039632,
            10.897102216255147,
        ];
        assert!(out.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-12), "{out:?}");
        let (fixed, _) = with_error(&values, 6, 0, false, Search::Fixed, &|| false);
        assert!((fixed - least).abs() < 1e-3, "{fixed} {least}");
    }

    #[test]
    fn seasons_are_searched_for_too() {
        let values: Vec<_> = [-2.0, 10.0, 7.0, 17.0, 15.0, 4.0].map(Some).to_vec();
        let (_, out) = with_error(&values, 4, 4, false, Search::Adaptive, &|| false);
        let want = [4.689501667763805, 9.89174309681615, 3.586846840716385, 6.51792718960969];
        assert!(out.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-9), "{out:?}");
    }

    #[test]
    fn powers_are_powers() {
        for (x, n) in [(0.7, 1), (0.7, 7), (0.3, 20), (0.999, 1000), (0.5, 3), (1e-300, 3)] {
            let want = f64::powf(x, n as f64);
            assert!((power(x, n) - want).abs() <= want * 1e-12, "{x}^{n}: {} {want}", power(x, n));
        }
    }

    #[test]
    fn fit_comes_before_the_forecast() {
        let values: Vec<_> = [1.0, 2.0, 1.5, 2.5, 2.0, 3.0].map(Some).to_vec();
        assert_eq!(forecast(&values, 2, 2, true).len(), 8);
        assert!(forecast(&values[..1], 2, 0, true).is_empty());
    }
}
