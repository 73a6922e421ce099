//! Arguments of a native function.

use std::sync::Arc;

use weir_table::time::Duration;

use super::{Context, Place};
use crate::error::{FluxError, Result};
use crate::plan::{Node, Spec};
use crate::value::{FromValue, Function, Value};

/// What a function was called with.
#[derive(Debug, Clone, Default)]
pub struct Args {
    named: Vec<(Arc<str>, Value)>,
    pipe: Option<Value>,
    /// Where the call stands.
    pub location: Place,
}

impl Args {
    /// Named arguments.
    pub fn new<K: Into<Arc<str>>>(named: impl IntoIterator<Item = (K, Value)>) -> Self {
        let named = named.into_iter().map(|(k, v)| (k.into(), v)).collect();
        Self { named, pipe: None, location: Place::default() }
    }

    /// The same with what was piped in.
    #[must_use]
    pub fn piped(mut self, value: Value) -> Self {
        self.pipe = Some(value);
        self
    }

    /// The same, called from `location`.
    #[must_use]
    pub fn at(mut self, location: Place) -> Self {
        self.location = location;
        self
    }

    /// The same arguments with other values: of the named ones in order, then of what was piped in, if anything was.
    pub(crate) fn set_values(&mut self, values: &[Value]) {
        let piped = self.pipe.iter_mut();
        let slots = self.named.iter_mut().map(|(_, value)| value).chain(piped);
        slots.zip(values).for_each(|(slot, value)| slot.clone_from(value));
    }

    /// An argument by name, as it is.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.named.iter().find(|(k, _)| &**k == name).map(|(_, v)| v)
    }

    /// All named arguments.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.named.iter().map(|(k, v)| (k, v))
    }

    /// What was piped in.
    pub fn pipe_value(&self) -> Option<&Value> {
        self.pipe.as_ref()
    }

    /// An argument that must be there.
    ///
    /// # Errors
    /// When it is missing, null, or of another type than `T`.
    pub fn required<T: FromValue>(&self, name: &str) -> Result<T> {
        match self.get(name) {
            Some(v) => convert(name, v),
            None => Err(FluxError::invalid(format!("missing required keyword argument \"{name}\""))),
        }
    }

    /// An argument that may be absent (or null, unless `T` is `Value`).
    ///
    /// # Errors
    /// When it is of another type than `T`.
    pub fn optional<T: FromValue>(&self, name: &str) -> Result<Option<T>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Null(_)) if T::NATURE != "value" => Ok(None),
            Some(v) => convert(name, v).map(Some),
        }
    }

    /// An argument with a default.
    ///
    /// # Errors
    /// When it is of another type than `T`.
    pub fn or<T: FromValue>(&self, name: &str, default: T) -> Result<T> {
        Ok(self.optional(name)?.unwrap_or(default))
    }

    /// A string with a default; saves the caller an allocation.
    ///
    /// # Errors
    /// When the argument is no string.
    pub fn string_or(&self, name: &str, default: &str) -> Result<Arc<str>> {
        Ok(self.optional(name)?.unwrap_or_else(|| default.into()))
    }

    /// A list of strings, if given.
    ///
    /// # Errors
    /// When the argument is no array of strings.
    pub fn strings(&self, name: &str) -> Result<Option<Vec<Arc<str>>>> {
        self.optional(name)
    }

    /// The piped value, or the argument of that name.
    ///
    /// # Errors
    /// When both are missing or the value is of another type.
    pub fn pipe<T: FromValue>(&self, name: &str) -> Result<T> {
        match &self.pipe {
            Some(v) => convert(name, v),
            None => self.required(name),
        }
    }

    /// The table stream of a transformation: piped in, or given as `tables`.
    ///
    /// # Errors
    /// When there is none.
    pub fn tables(&self) -> Result<Arc<Node>> {
        self.pipe("tables")
    }

    /// A time: a time, or a duration that is added to now.
    ///
    /// # Errors
    /// When the argument is neither, or missing.
    pub fn time(&self, name: &str, cx: &Context) -> Result<Option<i64>> {
        match self.get(name) {
            None | Some(Value::Null(_)) => Ok(None),
            Some(v) => cx.to_time(v).map(Some),
        }
    }

    /// A duration, if given.
    ///
    /// # Errors
    /// When the argument is no duration.
    pub fn duration(&self, name: &str) -> Result<Option<Duration>> {
        self.optional(name)
    }

    /// A function that must be there.
    ///
    /// # Errors
    /// When the argument is missing or no function.
    pub fn function(&self, name: &str) -> Result<Function> {
        self.required(name)
    }

    /// Ends a transformation: a stream that is `spec` applied to the piped tables.
    ///
    /// # Errors
    /// When no tables were piped in.
    pub fn transform(&self, spec: impl Spec) -> Result<Value> {
        Ok(Value::Stream(Node::new(spec, vec![self.tables()?], self.location.clone())))
    }

    /// A stream that begins with `spec`.
    pub fn source(&self, spec: impl Spec) -> Value {
        Value::Stream(Node::new(spec, Vec::new(), self.location.clone()))
    }
}

fn convert<T: FromValue>(name: &str, value: &Value) -> Result<T> {
    T::from_value(value).ok_or_else(|| {
        FluxError::invalid(format!(
            "keyword argument \"{name}\" should be of kind {}, but got {}",
            T::NATURE,
            value.nature()
        ))
    })
}
