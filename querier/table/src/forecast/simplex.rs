//! The Nelder-Mead method: the least value of a function of many numbers, without derivatives.

const MOST_STEPS: usize = 1000;
const REFLECTION: f64 = 1.0;
const CONTRACTION: f64 = 0.5;
const EXPANSION: f64 = 2.0;

/// The least value found near `start`, and where. The function may bring its argument into range; the search goes on
/// from there.
pub(super) fn minimize(mut f: impl FnMut(&mut [f64]) -> f64, start: &[f64], epsilon: f64) -> (f64, Vec<f64>) {
    let n = start.len();
    let nf = n as f64;
    let root = (nf + 1.0).sqrt();
    let far = (root - 1.0 + nf) / (nf * std::f64::consts::SQRT_2);
    let near = (root - 1.0) / (nf * std::f64::consts::SQRT_2);
    let mut points: Vec<Vec<f64>> = vec![start.to_vec()];
    points.extend(
        (0..n).map(|i| {
            start.iter().enumerate().map(|(j, x)| if i == j { far + x } else { near + x }).collect()
        }),
    );
    let mut values: Vec<f64> = points.iter_mut().map(|p| f(p)).collect();
    for _ in 0..MOST_STEPS {
        let (mut worst, mut best) = (0, 0);
        for i in 0..=n {
            if values[i] > values[worst] {
                worst = i;
            }
            if values[i] < values[best] {
                best = i;
            }
        }
        let mut second = best;
        for i in 0..=n {
            if values[i] > values[second] && values[i] < values[worst] {
                second = i;
            }
        }
        let mut center = vec![0.0; n];
        for (j, c) in center.iter_mut().enumerate() {
            let sum =
                points.iter().enumerate().filter(|(m, _)| *m != worst).fold(0.0, |sum, (_, p)| sum + p[j]);
            *c = sum / nf;
        }
        let mut reflected: Vec<f64> =
            center.iter().zip(&points[worst]).map(|(c, w)| c + REFLECTION * (c - w)).collect();
        let at_reflected = f(&mut reflected);
        if at_reflected < values[second] && at_reflected >= values[best] {
            points[worst].clone_from(&reflected);
            values[worst] = at_reflected;
        }
        if at_reflected < values[best] {
            let mut expanded: Vec<f64> =
                center.iter().zip(&reflected).map(|(c, r)| c + EXPANSION * (r - c)).collect();
            let at_expanded = f(&mut expanded);
            if at_expanded < at_reflected {
                points[worst] = expanded;
                values[worst] = at_expanded;
            } else {
                points[worst].clone_from(&reflected);
                values[worst] = at_reflected;
            }
        }
        if at_reflected >= values[second] {
            let mut contracted: Vec<f64> = if at_reflected < values[worst] {
                center.iter().zip(&reflected).map(|(c, r)| c + CONTRACTION * (r - c)).collect()
            } else {
                center.iter().zip(&points[worst]).map(|(c, w)| c - CONTRACTION * (c - w)).collect()
            };
            let at_contracted = f(&mut contracted);
            if at_contracted < values[worst] {
                points[worst] = contracted;
                values[worst] = at_contracted;
            } else {
                let anchor = points[best].clone();
                for (i, point) in points.iter_mut().enumerate() {
                    if i != best {
                        for (x, a) in point.iter_mut().zip(&anchor) {
                            *x = a + (*x - a) / 2.0;
                        }
                    }
                }
                values[worst] = f(&mut points[worst]);
                values[second] = f(&mut points[second]);
            }
        }
        let mean = values.iter().sum::<f64>() / (nf + 1.0);
        let spread = values.iter().fold(0.0, |sum, v| sum + (v - mean).powi(2) / nf).sqrt();
        if spread < epsilon {
            break;
        }
    }
    let mut best = 0;
    for i in 0..=n {
        if values[i] < values[best] {
            best = i;
        }
    }
    let found = points[best].clone();
    (f(&mut points[best]), found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_bowl() {
        let (value, at) = minimize(|p| (p[0] - 3.0).powi(2) + (p[1] + 1.0).powi(2), &[0.0, 0.0], 1e-9);
        assert!(value < 1e-6 && (at[0] - 3.0).abs() < 1e-3 && (at[1] + 1.0).abs() < 1e-3, "{value} {at:?}");
    }
}
