//! Records.

use std::sync::Arc;

use super::Value;

/// A record: labels and values in the order they were given; a label stands once.
#[derive(Debug, Clone, Default)]
pub struct Record {
    fields: Vec<(Arc<str>, Value)>,
}

impl Record {
    /// The record without fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a label.
    pub fn get(&self, label: &str) -> Option<&Value> {
        self.fields.iter().find(|(k, _)| &**k == label).map(|(_, v)| v)
    }

    /// Sets a label: in its place if it is there, else at the end.
    pub fn set(&mut self, label: Arc<str>, value: Value) {
        match self.fields.iter_mut().find(|(k, _)| *k == label) {
            Some((_, v)) => *v = value,
            None => self.fields.push((label, value)),
        }
    }

    /// Removes a label.
    pub fn remove(&mut self, label: &str) -> Option<Value> {
        let i = self.fields.iter().position(|(k, _)| &**k == label)?;
        Some(self.fields.remove(i).1)
    }

    /// Labels and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> {
        self.fields.iter().map(|(k, v)| (k, v))
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

impl FromIterator<(Arc<str>, Value)> for Record {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Value)>>(iter: I) -> Self {
        let mut record = Self::new();
        for (k, v) in iter {
            record.set(k, v);
        }
        record
    }
}
