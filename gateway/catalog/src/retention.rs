//! How long a bucket keeps its points, and how wide its shard groups are.

use serde::{Deserialize, Serialize};
use weir_model::Result;

use crate::CatalogError;

const SECOND: i64 = 1_000_000_000;
const HOUR: i64 = 3600 * SECOND;
const DAY: i64 = 24 * HOUR;

/// A retention rule as requests and answers spell it. Its `type` is always `expire`, whatever a request says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RetentionRule {
    /// How long points stay; 0 for ever, absent for no change.
    pub every_seconds: Option<i64>,
    /// How wide shard groups are; 0 for the default, absent for no change.
    pub shard_group_duration_seconds: Option<i64>,
}

/// What a bucket's retention is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// How long points stay, in nanoseconds; 0 for ever.
    pub period: i64,
    /// How wide shard groups are, in nanoseconds.
    pub shard_group_duration: i64,
}

impl Retention {
    /// For ever.
    pub const FOREVER: Self = Self { period: 0, shard_group_duration: 7 * DAY };

    /// So many seconds, with the default shard groups; negative or too short is refused.
    ///
    /// # Errors
    /// As [`Retention::of_new`].
    pub fn of_seconds(seconds: i64) -> Result<Self> {
        Self::of_new(&[RetentionRule { every_seconds: Some(seconds), shard_group_duration_seconds: None }])
    }

    /// The retention of a new bucket.
    ///
    /// # Errors
    /// More than one rule, negative numbers, a period under an hour, shard groups longer than the period.
    pub fn of_new(rules: &[RetentionRule]) -> Result<Self> {
        Self::default_for(0).changed(&with_period(rules))
    }

    /// This retention, changed by the rules of an update.
    ///
    /// # Errors
    /// As [`Retention::of_new`]; also when the period becomes shorter than shard groups that are not changed with it.
    pub fn changed(self, rules: &[RetentionRule]) -> Result<Self> {
        let rule = match rules {
            [] => return Ok(self),
            [rule] => rule,
            _ => return Err(CatalogError::SeveralRetentionRules.into()),
        };
        if rule.every_seconds.is_some_and(|seconds| seconds < 0) {
            return Err(CatalogError::NegativeRetention.into());
        }
        if rule.shard_group_duration_seconds.is_some_and(|seconds| seconds < 0) {
            return Err(CatalogError::NegativeShardGroupDuration.into());
        }
        let period = rule.every_seconds.map_or(self.period, |seconds| seconds.saturating_mul(SECOND));
        if period > 0 && period < HOUR {
            return Err(CatalogError::RetentionTooShort.into());
        }
        let shard_group_duration = match rule.shard_group_duration_seconds {
            None => self.shard_group_duration,
            Some(0) => Self::default_for(period).shard_group_duration,
            // The reference widens what is narrower than an hour without saying so.
            Some(seconds) => seconds.saturating_mul(SECOND).max(HOUR),
        };
        if period > 0 && period < shard_group_duration {
            return Err(CatalogError::ShardGroupLongerThanRetention.into());
        }
        Ok(Self { period, shard_group_duration })
    }

    /// The default shard groups: a week for long periods, a day, or an hour.
    fn default_for(period: i64) -> Self {
        let shard_group_duration = match period {
            0 => 7 * DAY,
            p if p >= 180 * DAY => 7 * DAY,
            p if p >= 2 * DAY => DAY,
            _ => HOUR,
        };
        Self { period, shard_group_duration }
    }

    /// The rule that answers show.
    pub fn rule(self) -> RetentionRule {
        RetentionRule {
            every_seconds: Some(self.period / SECOND),
            shard_group_duration_seconds: Some(self.shard_group_duration / SECOND),
        }
    }
}

/// For a new bucket an absent shard group duration means the default of the period, not that of an earlier one.
fn with_period(rules: &[RetentionRule]) -> Vec<RetentionRule> {
    let default = |rule: &RetentionRule| RetentionRule {
        every_seconds: rule.every_seconds,
        shard_group_duration_seconds: rule.shard_group_duration_seconds.or(Some(0)),
    };
    rules.iter().map(default).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(every: Option<i64>, shard: Option<i64>) -> RetentionRule {
        RetentionRule { every_seconds: every, shard_group_duration_seconds: shard }
    }

    fn seconds(retention: Result<Retention>) -> (i64, i64) {
        let shown = retention.unwrap().rule();
        (shown.every_seconds.unwrap(), shown.shard_group_duration_seconds.unwrap())
    }

    #[test]
    fn defaults_follow_the_period() {
        let of = |every| seconds(Retention::of_seconds(every)).1;
        assert_eq!(of(0), 604_800);
        assert_eq!(of(2 * 86_400 - 1), 3600);
        assert_eq!(of(2 * 86_400), 86_400);
        assert_eq!(of(180 * 86_400 - 1), 86_400);
        assert_eq!(of(180 * 86_400), 604_800);
        assert_eq!(seconds(Retention::of_new(&[])), (0, 604_800));
        assert_eq!(seconds(Retention::of_new(&[rule(None, Some(60))])), (0, 3600));
    }

    #[test]
    fn updates_keep_what_is_absent() {
        let forever = Retention::FOREVER;
        let message = |rules: &[RetentionRule]| forever.changed(rules).unwrap_err().message;
        assert_eq!(
            message(&[rule(Some(86_400), None)]),
            "shard-group duration must also be updated to be smaller than new retention duration"
        );
        assert_eq!(message(&[rule(Some(-1), None)]), "expiration seconds cannot be negative");
        assert_eq!(message(&[rule(None, Some(-5))]), "shard-group duration seconds cannot be negative");
        assert_eq!(
            message(&[rule(None, None), rule(None, None)]),
            "buckets cannot have more than one retention rule at this time"
        );
        assert_eq!(message(&[rule(Some(60), None)]), "retention policy duration must be at least 1h0m0s");
        let narrow = forever.changed(&[rule(Some(172_800), Some(3600))]);
        assert_eq!(seconds(narrow.clone()), (172_800, 3600));
        assert_eq!(seconds(narrow.unwrap().changed(&[rule(Some(0), None)])), (0, 3600));
    }
}
