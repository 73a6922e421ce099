//! Points of the sphere as unit vectors.

/// A unit vector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Vector {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) z: f64,
}

impl Vector {
    /// A place in degrees.
    pub(super) fn of(lat: f64, lon: f64) -> Self {
        let (lat, lon) = (lat.to_radians(), lon.to_radians());
        Self { x: lon.cos() * lat.cos(), y: lon.sin() * lat.cos(), z: lat.sin() }
    }

    pub(super) fn dot(self, o: Self) -> f64 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }

    pub(super) fn cross(self, o: Self) -> Self {
        Self {
            x: self.y * o.z - self.z * o.y,
            y: self.z * o.x - self.x * o.z,
            z: self.x * o.y - self.y * o.x,
        }
    }

    pub(super) fn norm(self) -> f64 {
        self.dot(self).sqrt()
    }

    /// The angle between two directions.
    pub(super) fn angle(self, o: Self) -> f64 {
        self.cross(o).norm().atan2(self.dot(o))
    }

    /// Which side of the great circle from `a` to `b` the point lies on: positive is left.
    pub(super) fn side(self, a: Self, b: Self) -> f64 {
        a.cross(b).dot(self)
    }

    /// How far the point is from the shorter arc between two others, radians.
    pub(super) fn distance_to_arc(self, a: Self, b: Self) -> f64 {
        let normal = a.cross(b);
        let ends = self.angle(a).min(self.angle(b));
        let length = normal.norm();
        if length < 1e-15 {
            return ends;
        }
        // The nearest point of the great circle lies on the arc if it is between both ends.
        if normal.cross(a).dot(self) > 0.0 && b.cross(normal).dot(self) > 0.0 {
            let sine = (normal.dot(self) / length).abs().min(1.0);
            return sine.asin().min(ends);
        }
        ends
    }
}

/// Whether two arcs cross, or touch.
pub(super) fn arcs_meet(a: Vector, b: Vector, c: Vector, d: Vector) -> bool {
    let (abc, abd) = (c.side(a, b), d.side(a, b));
    let (cda, cdb) = (a.side(c, d), b.side(c, d));
    if abc * abd > 0.0 || cda * cdb > 0.0 {
        return false;
    }
    // Arcs on opposite sides of the sphere meet the same circles: the crossing must be between the ends of both.
    let crossing = a.cross(b).cross(c.cross(d));
    if crossing.norm() < 1e-18 {
        return [c, d].iter().any(|p| p.distance_to_arc(a, b) < 1e-15)
            || [a, b].iter().any(|p| p.distance_to_arc(c, d) < 1e-15);
    }
    let sign = crossing.dot(Vector { x: a.x + b.x, y: a.y + b.y, z: a.z + b.z });
    let other = crossing.dot(Vector { x: c.x + d.x, y: c.y + d.y, z: c.z + d.z });
    sign * other > 0.0
}
