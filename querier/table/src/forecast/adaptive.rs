//! The Nelder-Mead method with steps that depend on the number of dimensions: the least value of a function of many
//! numbers, without derivatives.

/// How far the first simplex reaches from where the search starts, along each axis.
const REACH: f64 = 0.05;
/// Enough for any search that gets somewhere; seasons take ten thousand.
const MOST_STEPS: usize = 100_000;
/// The search ends after this many steps in a row that did not better the least value by more than epsilon.
const PATIENCE: usize = 100;

/// The corners of the simplex, the best first, and the middle of all but the worst.
struct Simplex {
    corners: Vec<(f64, Vec<f64>)>,
    center: Vec<f64>,
}

impl Simplex {
    fn new(mut corners: Vec<(f64, Vec<f64>)>) -> Self {
        let center = vec![0.0; corners.len() - 1];
        corners.sort_by(|x, y| x.0.total_cmp(&y.0));
        let mut simplex = Self { corners, center };
        simplex.find_center();
        simplex
    }

    fn find_center(&mut self) {
        let n = self.center.len();
        for (j, c) in self.center.iter_mut().enumerate() {
            *c = self.corners[..n].iter().fold(0.0, |sum, (_, x)| sum + x[j]) / n as f64;
        }
    }

    /// A point on the line from the worst corner through the middle: past the middle if `scale` is positive.
    fn along(&self, scale: f64) -> Vec<f64> {
        let worst = &self.corners[self.center.len()].1;
        self.center.iter().zip(worst).map(|(c, w)| (c - w) * scale + c).collect()
    }

    /// Puts a better corner in the place of the worst.
    fn replace_worst(&mut self, value: f64, at: Vec<f64>) {
        let n = self.center.len();
        let place = self.corners[..n].iter().rposition(|(v, _)| *v < value).map_or(0, |i| i + 1);
        self.corners.pop();
        self.corners.insert(place, (value, at.clone()));
        // Of the corners in the middle, the one that is the worst now goes and the new one comes.
        let share = 1.0 / n as f64;
        for (j, c) in self.center.iter_mut().enumerate() {
            *c += -share * self.corners[n].1[j];
            *c += share * at[j];
        }
    }

    /// Draws all corners towards the best.
    fn shrink(&mut self, by: f64, f: &mut impl FnMut(&[f64]) -> f64) {
        let best = self.corners[0].1.clone();
        for (value, at) in &mut self.corners[1..] {
            for (x, b) in at.iter_mut().zip(&best) {
                *x = (*x - b) * by + b;
            }
            *value = f(at);
        }
        self.corners.sort_by(|x, y| x.0.total_cmp(&y.0));
        self.find_center();
    }
}

/// The least value found near `start`, and where; nothing if the function is not finite at `start`.
pub(super) fn minimize(
    mut f: impl FnMut(&[f64]) -> f64,
    start: &[f64],
    epsilon: f64,
) -> Option<(f64, Vec<f64>)> {
    let n = start.len();
    let dimensions = n as f64;
    let one = n == 1;
    let expansion = if one { 2.0 } else { 1.0 + 2.0 / dimensions };
    let contraction = if one { 0.5 } else { 0.75 - 1.0 / (2.0 * dimensions) };
    let shrinkage = if one { 0.5 } else { 1.0 - 1.0 / dimensions };
    let first = f(start);
    if n == 0 || !first.is_finite() {
        return None;
    }
    let mut corners: Vec<(f64, Vec<f64>)> = Vec::with_capacity(n + 1);
    for axis in 0..n {
        let mut at = start.to_vec();
        at[axis] += REACH;
        corners.push((f(&at), at));
    }
    corners.push((first, start.to_vec()));
    let mut simplex = Simplex::new(corners);
    // What the last worthwhile step found, and the steps since then.
    let (mut least, mut since) = (first, 0);
    for _ in 1..MOST_STEPS {
        let best = simplex.corners[0].0;
        if least - best > epsilon {
            (least, since) = (best, 0);
        } else {
            since += 1;
            if since >= PATIENCE {
                break;
            }
        }
        let reflected = simplex.along(1.0);
        let value = f(&reflected);
        let (second, worst) = (simplex.corners[n - 1].0, simplex.corners[n].0);
        if value < best {
            let expanded = simplex.along(expansion);
            let further = f(&expanded);
            if further < value {
                simplex.replace_worst(further, expanded);
            } else {
                simplex.replace_worst(value, reflected);
            }
        } else if value < second {
            simplex.replace_worst(value, reflected);
        } else {
            let outside = value < worst;
            let contracted = simplex.along(if outside { contraction } else { -contraction });
            let nearer = f(&contracted);
            if if outside { nearer <= value } else { nearer < worst } {
                simplex.replace_worst(nearer, contracted);
            } else {
                simplex.shrink(shrinkage, &mut f);
            }
        }
    }
    Some(simplex.corners.swap_remove(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_bowl() {
        let bowl = |p: &[f64]| (p[0] - 3.0).powi(2) + (p[1] + 1.0).powi(2);
        let (value, at) = minimize(bowl, &[0.0, 0.0], 1e-9).unwrap();
        assert!(value < 1e-6 && (at[0] - 3.0).abs() < 1e-3 && (at[1] + 1.0).abs() < 1e-3, "{value} {at:?}");
    }

    #[test]
    fn there_is_nothing_to_find_from_no_value() {
        assert!(minimize(|_| f64::INFINITY, &[0.0], 1e-4).is_none());
    }
}
