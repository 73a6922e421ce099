//! [`regroup_of`] for batches that come one by one: in memory while there is enough of it, else on disk.

use std::sync::Arc;

use weir_table::TableBatch;

use super::spill::Grouped;
use super::{BoxOperator, Collected, Order, Ready, Run, regroup_of};
use crate::error::Result;

/// The labels of a group key: a batch's own, or what was made of them.
type Labels = Vec<Arc<str>>;

/// Collects batches, each with the labels that its rows are grouped by.
#[derive(Debug)]
pub(crate) struct Regrouper {
    run: Run,
    collected: Collected,
    keys: Vec<Labels>,
    disk: Option<Grouped>,
    wanted: Option<Labels>,
    order: Order,
}

impl Regrouper {
    /// No batches yet. Tables will come in the order of their keys, as long as they fit into memory.
    pub(crate) fn new(run: &Run) -> Self {
        let collected = Collected::default();
        let order = Order::Keys;
        Self { run: run.clone(), collected, keys: Vec::new(), disk: None, wanted: None, order }
    }

    /// The same; beside the key nobody looks at other columns than these, if they are given.
    pub(crate) fn of(self, wanted: Option<Labels>) -> Self {
        Self { wanted, ..self }
    }

    /// The same, with its tables in another order.
    pub(crate) fn in_order(self, order: Order) -> Self {
        Self { order, ..self }
    }

    /// Adds a batch, whose rows go into one table for each distinct value of the columns `key`.
    ///
    /// # Errors
    /// When memory, or the disk where it may be used, is full.
    pub(crate) fn push(&mut self, batch: TableBatch, key: Labels) -> Result<()> {
        self.run.check()?;
        if self.disk.is_none() && self.run.spill.is_some() && self.run.memory.is_short_of(batch.memory_size())
        {
            self.go_to_disk()?;
        }
        if let Some(disk) = &mut self.disk {
            return disk.push(&batch, &|label| key.iter().any(|k| **k == *label));
        }
        self.collected.push(batch, &self.run.memory)?;
        self.keys.push(key);
        Ok(())
    }

    /// Adds a batch whose tables stay as they are, but for those that have the key of another.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub(crate) fn push_tables(&mut self, batch: TableBatch) -> Result<()> {
        let key = batch.key_columns().map(|c| Arc::clone(&c.label)).collect();
        self.push(batch, key)
    }

    /// Moves what was collected to disk.
    fn go_to_disk(&mut self) -> Result<()> {
        let mut disk = Grouped::new(&self.run)?;
        let mut ready = Ready::from(std::mem::take(&mut self.collected));
        for key in std::mem::take(&mut self.keys) {
            let Some(batch) = ready.pop() else { break };
            disk.push(&batch, &|label| key.iter().any(|k| **k == *label))?;
        }
        self.disk = Some(disk);
        Ok(())
    }

    /// The tables.
    ///
    /// # Errors
    /// When memory, or the disk where it may be used, is full, or two tables of one key have a column of different
    /// types.
    pub(crate) fn finish(mut self) -> Result<BoxOperator> {
        if self.disk.is_none() {
            let is_key = |b: usize, label: &str| self.keys[b].iter().any(|k| **k == *label);
            let wanted = |label: &str| self.wanted.as_ref().is_none_or(|w| w.iter().any(|l| **l == *label));
            let tables = regroup_of(&self.collected.batches, &is_key, &wanted, self.order, &self.run)
                .and_then(|tables| Collected::of(tables, &self.run.memory));
            match tables {
                Err(e) if e.is_out_of_memory() && self.run.spill.is_some() => self.go_to_disk()?,
                tables => return Ok(Box::new(Ready::from(tables?))),
            }
        }
        match self.disk {
            Some(disk) => disk.finish(),
            None => Ok(Box::new(Ready::default())),
        }
    }
}
