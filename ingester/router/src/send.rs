//! Sending rows to the ingesters that keep them.

use std::sync::Arc;

use futures::future::join_all;
use weir_batch::{Sequence, WriteBatch};
use weir_model::Id;
use weir_proto::{ShardWrite, WriteRequest};

use crate::error::Error;
use crate::placement::{Placement, SLOTS, slot};
use crate::router::Router;
use crate::select::select;

impl Router {
    /// The ingesters of each slot, computed again when ingesters come or go.
    pub(crate) fn placement(&self) -> Result<Arc<Placement>, Error> {
        let ingesters = self.ingesters.current();
        if ingesters.is_empty() {
            return Err(Error::NoIngester);
        }
        let mut placement = self.placement.lock();
        match &*placement {
            Some(known) if Arc::ptr_eq(&known.ingesters, &ingesters) => Ok(Arc::clone(known)),
            _ => {
                let new = Arc::new(Placement::new(ingesters, self.options.replication));
                *placement = Some(Arc::clone(&new));
                Ok(new)
            }
        }
    }

    /// Sends rows, by shard group, to the replicas of their series; returns once each has a quorum.
    pub(crate) async fn send(
        &self,
        bucket: Id,
        groups: Vec<(i64, WriteBatch)>,
        now: i64,
    ) -> Result<(), Error> {
        if groups.is_empty() {
            return Ok(());
        }
        let placement = self.placement()?;
        let (running, needed) = (placement.ingesters.len(), self.quorum());
        if running < needed {
            return Err(Error::TooFew { running, needed });
        }
        let sequence = self.clock.draw(now);
        let mut used = vec![false; SLOTS];
        let shards = split(bucket, groups, &placement, &mut used);
        let sends = shards.into_iter().enumerate().filter(|(_, shards)| !shards.is_empty());
        let answers = join_all(sends.map(|(ingester, shards)| {
            let service = Arc::clone(&placement.ingesters[ingester].service);
            async move { (ingester, service.write(WriteRequest { sequence, shards }).await) }
        }))
        .await;
        self.judge(&placement, &used, answers)
    }

    /// How many ingesters must keep a row before it is acknowledged: of those that there should be, not of those that
    /// happen to run, so that a reader may do without as many as are left over.
    fn quorum(&self) -> usize {
        self.options.replication.max(1) / 2 + 1
    }

    /// Whether each slot that was written to has its quorum.
    fn judge(
        &self,
        placement: &Placement,
        used: &[bool],
        answers: Vec<(usize, weir_model::Result<Sequence>)>,
    ) -> Result<(), Error> {
        let asked = answers.len();
        let mut failed = Vec::new();
        for (ingester, answer) in answers {
            match answer {
                Ok(sequence) => self.clock.observe(sequence),
                Err(error) => {
                    tracing::warn!(ingester = %placement.ingesters[ingester].id, %error, "an ingester refused a write");
                    failed.push((ingester, error));
                }
            }
        }
        let lost = |replicas: &[usize]| {
            let gone = replicas.iter().filter(|r| failed.iter().any(|(f, _)| f == *r)).count();
            replicas.len() - gone < self.quorum()
        };
        if !(0..SLOTS).any(|slot| used[slot] && lost(&placement.replicas[slot])) {
            return Ok(());
        }
        match failed.pop() {
            Some((_, error)) if asked == 1 => Err(Error::Source(error)),
            Some((_, error)) => Err(Error::Incomplete(error.message)),
            None => Err(Error::NoIngester),
        }
    }
}

/// What each ingester gets, and which slots there are rows of.
fn split(
    bucket: Id,
    groups: Vec<(i64, WriteBatch)>,
    placement: &Placement,
    used: &mut [bool],
) -> Vec<Vec<ShardWrite>> {
    let count = placement.ingesters.len();
    let mut out: Vec<Vec<ShardWrite>> = (0..count).map(|_| Vec::new()).collect();
    if placement.replicas[0].len() == count {
        // Every ingester keeps everything; with one ingester, nothing is copied.
        used[0] = true;
        let all: Vec<ShardWrite> =
            groups.into_iter().map(|(shard_group, rows)| ShardWrite { bucket, shard_group, rows }).collect();
        let (last, others) = match out.split_last_mut() {
            Some(split) => split,
            None => return out,
        };
        others.iter_mut().for_each(|shards| shards.clone_from(&all));
        *last = all;
        return out;
    }
    for (shard_group, batch) in groups {
        let mut parts: Vec<WriteBatch> = (0..count).map(|_| WriteBatch::default()).collect();
        for rows in &batch.measurements {
            let slots: Vec<usize> =
                rows.series.iter().map(|key| slot(bucket, &rows.measurement, key)).collect();
            slots.iter().for_each(|&slot| used[slot] = true);
            for (ingester, part) in parts.iter_mut().enumerate() {
                let here: Vec<bool> =
                    slots.iter().map(|&slot| placement.replicas[slot].contains(&ingester)).collect();
                let chosen: Vec<u32> = (0..rows.times.len() as u32)
                    .filter(|&row| here[rows.row_series[row as usize] as usize])
                    .collect();
                if !chosen.is_empty() {
                    part.measurements.push(select(rows, &chosen));
                }
            }
        }
        for (shards, rows) in out.iter_mut().zip(parts) {
            if !rows.measurements.is_empty() {
                shards.push(ShardWrite { bucket, shard_group, rows });
            }
        }
    }
    out
}
