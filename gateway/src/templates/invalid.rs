//! What is wrong with a template, and where.

use serde_json::{Value, json};

/// What is wrong with a part of an object: itself, or parts of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Invalid {
    field: String,
    index: Option<usize>,
    reason: String,
    nested: Vec<Invalid>,
}

impl Invalid {
    /// A field with a reason.
    pub(crate) fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), index: None, reason: reason.into(), nested: Vec::new() }
    }

    /// A field of which parts are wrong.
    pub(crate) fn within(field: impl Into<String>, nested: Vec<Self>) -> Self {
        Self { field: field.into(), index: None, reason: String::new(), nested }
    }

    /// The same, of one element of a list.
    pub(crate) fn at(mut self, index: usize) -> Self {
        self.index = Some(index);
        self
    }

    /// Whether it is about what the object refers to: told after the rest.
    pub(crate) fn is_association(&self) -> bool {
        self.field == "associations"
    }

    fn leaves(&self, fields: &mut Vec<String>, indexes: &mut Vec<Option<usize>>, found: &mut Vec<Flat>) {
        fields.push(self.field.clone());
        indexes.push(self.index);
        if self.nested.is_empty() {
            found.push((fields.clone(), indexes.clone(), self.reason.clone()));
        }
        for part in &self.nested {
            part.leaves(fields, indexes, found);
        }
        fields.pop();
        indexes.pop();
    }
}

type Flat = (Vec<String>, Vec<Option<usize>>, String);

/// What is wrong with one object of a template.
#[derive(Debug, Clone)]
pub(crate) struct InvalidObject {
    /// The kind, as the template has it.
    pub kind: String,
    /// Where the object stands; `None` for the template as a whole.
    pub index: Option<usize>,
    /// What is wrong.
    pub invalid: Vec<Invalid>,
}

/// All that is wrong with a template, as it is answered: one row a field, by object, none twice.
pub(crate) fn rows(objects: &[InvalidObject]) -> Vec<Value> {
    let mut sorted: Vec<&InvalidObject> = objects.iter().collect();
    sorted.sort_by_key(|object| object.index);
    let mut rows: Vec<Value> = Vec::new();
    for object in sorted {
        let mut found = Vec::new();
        let (fields, indexes) = (vec!["root".to_owned()], vec![object.index]);
        let (associations, others): (Vec<&Invalid>, Vec<&Invalid>) =
            object.invalid.iter().partition(|invalid| invalid.is_association());
        for invalid in others.into_iter().chain(associations) {
            invalid.leaves(&mut fields.clone(), &mut indexes.clone(), &mut found);
        }
        for (fields, indexes, reason) in found {
            let row = json!({"kind": object.kind, "fields": fields, "idxs": indexes, "reason": reason});
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
    }
    rows
}
