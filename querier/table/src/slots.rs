//! Numbering of group keys.

use hashbrown::HashMap;

/// Gives each distinct key a number, in order of first appearance.
#[derive(Debug, Default)]
pub struct KeySlots {
    slots: HashMap<Box<[u8]>, usize>,
}

impl KeySlots {
    /// No keys yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of `key`, and whether it is new.
    pub fn slot(&mut self, key: &[u8]) -> (usize, bool) {
        if let Some(&slot) = self.slots.get(key) {
            return (slot, false);
        }
        let slot = self.slots.len();
        self.slots.insert(key.into(), slot);
        (slot, true)
    }

    /// The number of `key`, if it was seen.
    pub fn get(&self, key: &[u8]) -> Option<usize> {
        self.slots.get(key).copied()
    }

    /// The numbers in the order of their keys.
    pub fn in_order(&self) -> Vec<usize> {
        let mut keys: Vec<&[u8]> = vec![&[]; self.slots.len()];
        self.slots.iter().for_each(|(key, slot)| keys[*slot] = key);
        // Keys mostly come in order, or in a few stretches that are: this sort finds these.
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by_key(|slot| keys[*slot]);
        order
    }

    /// How many keys were seen.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether no key was seen.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}
