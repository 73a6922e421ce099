//! Polygons on the sphere.

use super::vector::{Vector, arcs_meet};

/// A polygon of at least three corners, in counterclockwise order; its inside is the smaller part of the sphere.
#[derive(Debug, Clone)]
pub(super) struct Polygon {
    corners: Vec<Vector>,
}

impl Polygon {
    /// A polygon of corners in either order.
    pub(super) fn new(mut corners: Vec<Vector>) -> Self {
        if area(&corners) < 0.0 {
            corners.reverse();
        }
        Self { corners }
    }

    /// The edges.
    pub(super) fn edges(&self) -> impl Iterator<Item = (Vector, Vector)> {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().zip(next).map(|(a, b)| (*a, *b))
    }

    /// Whether a point lies inside: seen from there, the edges go once around, to the left.
    pub(super) fn contains(&self, p: Vector) -> bool {
        let turn: f64 = self
            .edges()
            .map(|(a, b)| {
                let (to_a, to_b) = (p.cross(a), p.cross(b));
                to_a.cross(to_b).dot(p).atan2(to_a.dot(to_b))
            })
            .sum();
        turn > std::f64::consts::PI
    }

    /// The distance to a point, radians; none inside.
    pub(super) fn distance(&self, p: Vector) -> f64 {
        if self.contains(p) {
            return 0.0;
        }
        self.edges().map(|(a, b)| p.distance_to_arc(a, b)).fold(f64::INFINITY, f64::min)
    }

    /// The distance to a line, radians; none where it crosses.
    pub(super) fn distance_to_line(&self, line: &[Vector]) -> f64 {
        let near = line.iter().map(|p| self.distance(*p)).fold(f64::INFINITY, f64::min);
        if near == 0.0 {
            return near;
        }
        let mut best = near;
        for w in line.windows(2) {
            for (a, b) in self.edges() {
                if arcs_meet(w[0], w[1], a, b) {
                    return 0.0;
                }
                best = best.min(a.distance_to_arc(w[0], w[1]));
            }
        }
        best
    }

    /// Whether some of a convex polygon with these corners lies inside.
    pub(super) fn meets(&self, cell: &[Vector; 4]) -> bool {
        if cell.iter().any(|v| self.contains(*v)) {
            return true;
        }
        let edges = || (0..4).map(|i| (cell[i], cell[(i + 1) % 4]));
        self.corners.iter().any(|p| edges().all(|(a, b)| p.side(a, b) >= 0.0))
            || self.edges().any(|(a, b)| edges().any(|(c, d)| arcs_meet(a, b, c, d)))
    }
}

/// The signed area of a fan of triangles: negative if the corners go clockwise.
fn area(corners: &[Vector]) -> f64 {
    let Some(&first) = corners.first() else { return 0.0 };
    corners
        .windows(2)
        .skip(1)
        .map(|w| {
            let (b, c) = (w[0], w[1]);
            let volume = first.dot(b.cross(c));
            let denominator = 1.0 + first.dot(b) + b.dot(c) + c.dot(first);
            2.0 * volume.atan2(denominator)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Vec<Vector> {
        [(0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 0.0)].map(|(lat, lon)| Vector::of(lat, lon)).to_vec()
    }

    #[test]
    fn inside_is_the_smaller_part_whatever_the_order() {
        let mut reversed = square();
        reversed.reverse();
        for corners in [square(), reversed] {
            let polygon = Polygon::new(corners);
            assert!(polygon.contains(Vector::of(5.0, 5.0)));
            assert!(!polygon.contains(Vector::of(-5.0, 5.0)));
            assert!(!polygon.contains(Vector::of(-5.0, -175.0)), "the other side of the earth");
        }
    }

    #[test]
    fn distances_and_crossings() {
        let polygon = Polygon::new(square());
        assert_eq!(polygon.distance(Vector::of(1.0, 1.0)), 0.0);
        assert!((polygon.distance(Vector::of(-1.0, 5.0)).to_degrees() - 1.0).abs() < 1e-9);
        let through = [Vector::of(5.0, -5.0), Vector::of(5.0, 15.0)];
        assert_eq!(polygon.distance_to_line(&through), 0.0);
        let past = [Vector::of(-2.0, -5.0), Vector::of(-2.0, 15.0)];
        assert!(polygon.distance_to_line(&past) > 0.0);
    }
}
