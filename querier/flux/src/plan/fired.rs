//! Which rules the planner applied.

/// A rule, and how often it was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fired {
    /// The rule's name, as `planner.disablePhysicalRules` takes it.
    pub rule: &'static str,
    /// How often it was applied.
    pub times: usize,
}

impl Fired {
    /// Adds applications of a rule to a list that names each rule once.
    pub fn count_in(all: &mut Vec<Self>, rule: &'static str, times: usize) {
        match all.iter_mut().find(|fired| fired.rule == rule) {
            Some(fired) => fired.times += times,
            None => all.push(Self { rule, times }),
        }
    }
}
