//! What is known of shard groups and field types.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use weir_batch::FieldType;
use weir_model::{Id, Result};
use weir_proto::{FieldClaim, FileIndexService, ShardGroup};

/// Types are trusted so long before their version is asked for again.
const TYPES_FRESH: i64 = 1_000_000_000;
/// A shard group is trusted so long: retention may have removed it, and a longer retention made it wanted again.
const GROUPS_FRESH: i64 = 60_000_000_000;
/// A bucket with more cached fields than this starts anew.
const MAX_FIELDS: usize = 200_000;

/// The cache: one entry a bucket.
#[derive(Default)]
pub(crate) struct Cache {
    buckets: Mutex<HashMap<Id, Arc<Known>>>,
}

impl Cache {
    pub(crate) fn bucket(&self, bucket: Id) -> Arc<Known> {
        Arc::clone(self.buckets.lock().entry(bucket).or_default())
    }

    pub(crate) fn forget(&self, bucket: Id) {
        self.buckets.lock().remove(&bucket);
    }
}

/// What is known of one bucket.
#[derive(Default)]
pub(crate) struct Known(Mutex<State>);

#[derive(Default)]
struct State {
    /// With the time they were learned at.
    groups: Vec<(ShardGroup, i64)>,
    version: i64,
    /// When the version was last asked for.
    checked: Option<i64>,
    /// By shard group, measurement and field.
    types: HashMap<i64, HashMap<String, HashMap<String, FieldType>>>,
    fields: usize,
}

impl State {
    /// Answers whether what was known is forgotten.
    fn set_version(&mut self, version: i64, now: i64) -> bool {
        let forget = self.version != version || self.fields > MAX_FIELDS;
        if forget {
            self.types.clear();
            self.fields = 0;
            self.version = version;
        }
        self.checked = Some(now);
        forget
    }
}

impl Known {
    /// Asks for the version of the types if that is due, or if it `must` be; answers whether they are forgotten.
    pub(crate) async fn refresh(
        &self,
        index: &dyn FileIndexService,
        bucket: Id,
        now: i64,
        must: bool,
    ) -> Result<bool> {
        let due = {
            let state = self.0.lock();
            state.fields > 0 && (must || state.checked.is_none_or(|at| (now - at).abs() > TYPES_FRESH))
        };
        if !due {
            return Ok(false);
        }
        let version = index.field_types_version(bucket).await?;
        Ok(self.0.lock().set_version(version, now))
    }

    /// The shard group of a time.
    pub(crate) async fn group(
        &self,
        index: &dyn FileIndexService,
        bucket: Id,
        time: i64,
        now: i64,
    ) -> Result<ShardGroup> {
        {
            let mut state = self.0.lock();
            state.groups.retain(|(_, learned)| (now - learned).abs() <= GROUPS_FRESH);
            if let Some((group, _)) = state.groups.iter().find(|(group, _)| group.range.contains(time)) {
                return Ok(*group);
            }
        }
        let group = index.shard_group_for(bucket, time).await?;
        self.0.lock().groups.push((group, now));
        Ok(group)
    }

    /// The types known of these fields, in order.
    pub(crate) fn types<'a>(
        &self,
        shard_group: i64,
        fields: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Vec<Option<FieldType>> {
        let state = self.0.lock();
        let group = state.types.get(&shard_group);
        let mut last = None;
        fields
            .map(|(measurement, field)| {
                let known = match last {
                    Some((name, known)) if name == measurement => known,
                    _ => group.and_then(|g| g.get(measurement)),
                };
                last = Some((measurement, known));
                known.and_then(|fields| fields.get(field)).copied()
            })
            .collect()
    }

    /// Registers types in the file index, and remembers what it answers.
    pub(crate) async fn claim(
        &self,
        index: &dyn FileIndexService,
        bucket: Id,
        shard_group: i64,
        claims: Vec<FieldClaim>,
        now: i64,
    ) -> Result<Vec<FieldType>> {
        let claimed = index.claim_field_types(bucket, shard_group, &claims).await?;
        if claimed.types.len() != claims.len() {
            tracing::error!(%bucket, "the file index answered another number of types than it was asked for");
            return Err(weir_model::Error::internal("An internal error has occurred - check server logs"));
        }
        let mut state = self.0.lock();
        if state.version <= claimed.version {
            // An answer older than what is known would be stale.
            state.set_version(claimed.version, now);
            for (claim, ty) in claims.into_iter().zip(&claimed.types) {
                let fields =
                    state.types.entry(shard_group).or_default().entry(claim.measurement).or_default();
                let new = fields.insert(claim.field, *ty).is_none();
                state.fields += usize::from(new);
            }
        }
        Ok(claimed.types)
    }
}
