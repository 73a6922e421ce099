//! A t-digest: an estimate of quantiles in bounded memory.
//!
//! Values become weighted centroids, small near both ends and large in the middle. The scale function and the way
//! of interpolation are the incumbent's, so that estimates agree.

use std::f64::consts::PI;

/// Some values as one: their mean and how many they are.
#[derive(Debug, Clone, Copy)]
struct Centroid {
    mean: f64,
    weight: f64,
}

/// The digest.
#[derive(Debug)]
pub struct Digest {
    compression: f64,
    most_merged: usize,
    most_waiting: usize,
    merged: Vec<Centroid>,
    waiting: Vec<Centroid>,
    merged_weight: f64,
    waiting_weight: f64,
    min: f64,
    max: f64,
}

impl Digest {
    /// An empty digest; the greater the compression, the more centroids are kept.
    pub fn new(compression: f64) -> Self {
        let size = compression.ceil().clamp(1.0, 1e6) as usize;
        Self {
            compression,
            most_merged: 2 * size,
            most_waiting: 8 * size,
            merged: Vec::new(),
            waiting: Vec::new(),
            merged_weight: 0.0,
            waiting_weight: 0.0,
            min: f64::MAX,
            max: f64::MIN,
        }
    }

    /// Forgets all values.
    pub fn clear(&mut self) {
        *self = Self {
            merged: std::mem::take(&mut self.merged),
            waiting: std::mem::take(&mut self.waiting),
            ..Self::new(self.compression)
        };
        self.merged.clear();
        self.waiting.clear();
    }

    /// Adds a value; NaN is not counted.
    pub fn add(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        self.waiting.push(Centroid { mean: value, weight: 1.0 });
        self.waiting_weight += 1.0;
        if self.merged.len() > self.most_merged || self.waiting.len() > self.most_waiting {
            self.merge();
        }
    }

    fn merge(&mut self) {
        if self.waiting.is_empty() && self.merged.len() <= self.most_merged {
            return;
        }
        self.waiting.append(&mut self.merged);
        self.waiting.sort_by(|a, b| a.mean.total_cmp(&b.mean));
        self.merged_weight += self.waiting_weight;
        self.waiting_weight = 0.0;
        let mut waiting = self.waiting.drain(..);
        let Some(mut last) = waiting.next() else { return };
        let total = self.merged_weight;
        let mut so_far = last.weight;
        let mut limit = total * share(self.compression, 1.0);
        for c in waiting {
            if so_far + c.weight <= limit {
                so_far += c.weight;
                last.weight += c.weight;
                last.mean += c.weight * (c.mean - last.mean) / last.weight;
            } else {
                limit = total * share(self.compression, place(self.compression, so_far / total) + 1.0);
                so_far += c.weight;
                self.merged.push(last);
                last = c;
            }
        }
        self.merged.push(last);
        self.min = self.min.min(self.merged[0].mean);
        self.max = self.max.max(last.mean);
    }

    /// The estimate for `q` between 0 and 1; NaN if there are no values.
    pub fn quantile(&mut self, q: f64) -> f64 {
        self.merge();
        let (first, last) = match self.merged.as_slice() {
            [] => return f64::NAN,
            [one] => return one.mean,
            [first, .., last] => (*first, *last),
        };
        let wanted = q * self.merged_weight;
        if wanted <= first.weight / 2.0 {
            return self.min + 2.0 * wanted / first.weight * (first.mean - self.min);
        }
        // Each centroid stands at the middle of its weight.
        let mut before = 0.0;
        let mut middle_before = 0.0;
        for (i, c) in self.merged.iter().enumerate() {
            let middle = before + c.weight / 2.0;
            if middle >= wanted {
                let left = self.merged[i.saturating_sub(1)].mean;
                return between(left, middle - wanted, c.mean, wanted - middle_before);
            }
            before += c.weight;
            middle_before = middle;
        }
        let right = wanted - self.merged_weight - last.weight / 2.0;
        let left = last.weight / 2.0 - right;
        between(last.mean, right, self.max, left)
    }
}

/// The share of all values that lies below place `k` of the scale.
fn share(compression: f64, k: f64) -> f64 {
    ((k.min(compression) * PI / compression - PI / 2.0).sin() + 1.0) / 2.0
}

/// The place on the scale below which a share `q` of all values lies.
fn place(compression: f64, q: f64) -> f64 {
    compression * ((2.0 * q - 1.0).asin() + PI / 2.0) / PI
}

fn between(x1: f64, w1: f64, x2: f64, w2: f64) -> f64 {
    let (low, high) = if x1 <= x2 { (x1, x2) } else { (x2, x1) };
    ((x1 * w1 + x2 * w2) / (w1 + w2)).min(high).max(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl IntoIterator<Item = f64>) -> Digest {
        let mut d = Digest::new(1000.0);
        values.into_iter().for_each(|v| d.add(v));
        d
    }

    #[test]
    fn few_values_are_interpolated_between() {
        assert_eq!(of([1.0, 2.0]).quantile(0.5), 1.5);
        assert_eq!(of([3.0, 1.0, 5.0]).quantile(0.5), 3.0);
        assert_eq!(of([3.0, 1.0, 5.0]).quantile(0.0), 1.0);
        assert_eq!(of([7.0]).quantile(0.2), 7.0);
        assert!(of([]).quantile(0.2).is_nan());
    }

    #[test]
    fn many_values_are_estimated_closely() {
        let mut d = of((0..100_000).map(|i| f64::from((i * 7919) % 100_000)));
        for q in [0.01, 0.25, 0.5, 0.9, 0.999] {
            assert!((d.quantile(q) - q * 100_000.0).abs() < 50.0, "{q}: {}", d.quantile(q));
        }
    }
}
