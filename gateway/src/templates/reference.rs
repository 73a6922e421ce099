//! Values that stand for others: parameters of the template, and secrets.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::spec::{Object, Read, text_of};

/// A value of a template: itself, a parameter with a default, or a secret.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reference {
    /// The parameter's name, if it is one.
    pub env: String,
    /// The secret's name, if it is one.
    pub secret: String,
    /// The value; of a parameter, the one it was given.
    pub value: Value,
    /// What a parameter is when it is given none.
    pub default: Value,
    /// The type that a parameter of a script has.
    pub kind: String,
}

impl Reference {
    /// The value under a key; nothing if there is none.
    pub(crate) fn read(object: &Object, key: &str) -> Self {
        object.get(key).map(Self::of).unwrap_or_default()
    }

    /// A value as it stands in the template.
    pub(crate) fn of(value: &Value) -> Self {
        let body = |key: &str| value.as_object().and_then(|object| object.object(key));
        let secret = body("secretRef").map(|body| body.text("key")).unwrap_or_default();
        let env = body("envRef");
        let default = env.and_then(|body| body.get("default")).cloned().unwrap_or_default();
        let env = env.map(|body| body.text("key")).unwrap_or_default();
        if env.is_empty() && secret.is_empty() {
            return Self { value: value.clone(), ..Self::default() };
        }
        Self { env, secret, default, ..Self::default() }
    }

    /// Whether there is anything.
    pub(crate) fn has_value(&self) -> bool {
        !self.env.is_empty() || !self.secret.is_empty() || !self.value.is_null()
    }

    /// The text it means; a parameter without any value is called after itself.
    pub(crate) fn text(&self) -> String {
        match text_of(&self.value) {
            Some(text) if !text.is_empty() => text,
            _ if self.env.is_empty() => String::new(),
            _ => match text_of(&self.default) {
                Some(text) if !text.is_empty() => text,
                _ => format!("env-{}", self.env),
            },
        }
    }

    /// The value, or the default.
    pub(crate) fn value_or_default(&self) -> &Value {
        if self.value.is_null() { &self.default } else { &self.value }
    }

    /// How a parameter is told of.
    pub(crate) fn row(&self, field: &str) -> Value {
        let kind = match self.kind.to_lowercase().as_str() {
            "bool" | "booleanliteral" => "bool",
            "duration" | "durationliteral" => "duration",
            "float" | "floatliteral" => "float",
            "int" | "integerliteral" => "integer",
            "string" | "stringliteral" => "string",
            "time" | "datetimeliteral" => "time",
            _ => "",
        };
        json!({
            "resourceField": field,
            "envRefKey": self.env,
            "valueType": kind,
            "value": self.value,
            "defaultValue": self.default,
        })
    }
}

/// The values that parameters are given, and what of them, and of secrets, a template needs.
#[derive(Debug, Default)]
pub(crate) struct References {
    given: BTreeMap<String, Value>,
    /// The parameters that the template has, and whether they were given a value.
    pub env: BTreeMap<String, bool>,
    /// The secrets that the template names, and whether they are there.
    pub secrets: BTreeMap<String, bool>,
}

impl References {
    /// With these values of parameters.
    pub(crate) fn new(given: BTreeMap<String, Value>) -> Self {
        Self { given, ..Self::default() }
    }

    /// The value that a parameter was given.
    pub(crate) fn given(&self, env: &str) -> Value {
        self.given.get(env).cloned().unwrap_or_default()
    }

    /// The value under a key, a parameter with the value it was given.
    pub(crate) fn resolve(&self, object: &Object, key: &str) -> Reference {
        let mut reference = Reference::read(object, key);
        if !reference.env.is_empty()
            && let Some(value) = self.given.get(&reference.env)
        {
            reference.value = value.clone();
        }
        reference
    }

    /// Notes that the template needs this.
    pub(crate) fn note(&mut self, reference: &Reference) {
        if !reference.secret.is_empty() {
            self.secrets.insert(reference.secret.clone(), false);
        }
        if !reference.env.is_empty() {
            let given = !self.given(&reference.env).is_null();
            self.env.insert(reference.env.clone(), given);
        }
    }

    /// What is not there.
    pub(crate) fn missing(of: &BTreeMap<String, bool>) -> Vec<&String> {
        of.iter().filter(|(_, present)| !**present).map(|(name, _)| name).collect()
    }
}
