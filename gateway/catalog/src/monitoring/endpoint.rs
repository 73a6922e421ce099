//! What an endpoint is made of, and which endpoints are refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use weir_model::Id;

use super::json::{self, lenient};
use super::url;
use crate::CatalogError;

/// What an endpoint is made of, or replaced by, as a request gives it.
#[derive(Debug, Clone)]
pub struct NewEndpoint {
    /// The organization; an endpoint that is replaced stays in its own.
    pub org_id: Option<Id>,
    /// The name.
    pub name: String,
    /// A description, possibly empty.
    pub description: String,
    /// `active` or `inactive`; whatever else is refused when the endpoint is made.
    pub status: String,
    /// Where messages go.
    pub kind: EndpointKind,
}

/// Where messages go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndpointKind {
    /// A Slack webhook, or the Slack API.
    Slack {
        /// The webhook, or the API's address.
        url: String,
        /// The API's token.
        token: SecretField,
    },
    /// PagerDuty.
    PagerDuty {
        /// What its incidents link to.
        client_url: String,
        /// The integration's key.
        routing_key: SecretField,
    },
    /// Any HTTP server.
    Http {
        /// Where to.
        url: String,
        /// Headers of the request.
        headers: BTreeMap<String, String>,
        /// The token of `bearer`.
        token: SecretField,
        /// The user of `basic`.
        username: SecretField,
        /// The password of `basic`.
        password: SecretField,
        /// `none`, `basic` or `bearer`.
        auth_method: String,
        /// `POST`, `GET` or `PUT`.
        method: String,
        /// Kept for clients; scripts do not know it.
        content_template: String,
    },
    /// Telegram.
    Telegram {
        /// The bot's token.
        token: SecretField,
        /// The channel to write to.
        channel: String,
    },
}

/// A part of an endpoint that nobody is shown: it stands in the organization's secrets, and only the name it has there
/// stands here. Its debug form says nothing of it either.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SecretField {
    /// The name of the secret, `""` for none.
    pub key: String,
    /// A new value on its way to the secrets.
    pub(super) value: Option<String>,
}

impl std::fmt::Debug for SecretField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretField({:?})", self.key)
    }
}

/// What stands before a secret's name where its value would stand.
const REFERENCE: &str = "secret: ";

impl SecretField {
    /// As it is shown: the name of the secret.
    fn shown(&self) -> Value {
        if self.key.is_empty() { json!("") } else { Value::String(format!("{REFERENCE}{}", self.key)) }
    }

    /// Gives a new value its name.
    fn name(&mut self, endpoint: Id, suffix: &str) {
        if self.key.is_empty() && self.value.is_some() {
            self.key = format!("{endpoint}-{suffix}");
        }
    }
}

impl<'de> Deserialize<'de> for SecretField {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Ok(match text.strip_prefix(REFERENCE) {
            Some(key) => Self { key: key.to_owned(), value: None },
            None if text.is_empty() => Self::default(),
            None => Self { key: String::new(), value: Some(text) },
        })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Raw {
    #[serde(deserialize_with = "lenient")]
    url: String,
    #[serde(deserialize_with = "lenient")]
    token: SecretField,
    #[serde(rename = "clientURL", deserialize_with = "lenient")]
    client_url: String,
    #[serde(deserialize_with = "lenient")]
    routing_key: SecretField,
    #[serde(deserialize_with = "lenient")]
    headers: BTreeMap<String, String>,
    #[serde(deserialize_with = "lenient")]
    username: SecretField,
    #[serde(deserialize_with = "lenient")]
    password: SecretField,
    #[serde(deserialize_with = "lenient")]
    auth_method: String,
    #[serde(deserialize_with = "lenient")]
    method: String,
    #[serde(deserialize_with = "lenient")]
    content_template: String,
    #[serde(deserialize_with = "lenient")]
    channel: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RawEndpoint {
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    #[serde(deserialize_with = "lenient")]
    name: String,
    #[serde(deserialize_with = "lenient")]
    description: String,
    #[serde(deserialize_with = "lenient")]
    status: String,
}

fn invalid(text: impl Into<String>) -> CatalogError {
    CatalogError::Monitoring(text.into())
}

impl NewEndpoint {
    /// Reads an endpoint as a request gives it. What is of a wrong type is refused here, what makes no endpoint only
    /// when it is made.
    ///
    /// # Errors
    /// An unknown type of endpoints, or a value of a wrong type.
    pub fn from_json(value: &Value) -> Result<Self, CatalogError> {
        let kind = EndpointKind::from_json(value)?;
        let raw: RawEndpoint = json::read(value)?;
        Ok(Self {
            org_id: raw.org_id,
            name: raw.name,
            description: raw.description,
            status: raw.status,
            kind,
        })
    }
}

impl EndpointKind {
    /// Reads what is not common to all endpoints, from a request or from what [`EndpointKind::json`] made.
    pub(super) fn from_json(value: &Value) -> Result<Self, CatalogError> {
        let kind = json::text(value, "type")
            .map_err(|_| invalid("unable to detect the notification endpoint type from json"))?;
        if !["slack", "pagerduty", "http", "telegram"].contains(&kind.as_str()) {
            return Err(invalid(format!("invalid notification endpoint type {kind}")));
        }
        let raw: Raw = json::read(value)?;
        Ok(match kind.as_str() {
            "slack" => Self::Slack { url: raw.url, token: raw.token },
            "pagerduty" => Self::PagerDuty { client_url: raw.client_url, routing_key: raw.routing_key },
            "telegram" => Self::Telegram { token: raw.token, channel: raw.channel },
            _ => Self::Http {
                url: raw.url,
                headers: raw.headers,
                token: raw.token,
                username: raw.username,
                password: raw.password,
                auth_method: raw.auth_method,
                method: raw.method,
                content_template: raw.content_template,
            },
        })
    }

    /// The type, as the API writes it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Slack { .. } => "slack",
            Self::PagerDuty { .. } => "pagerduty",
            Self::Http { .. } => "http",
            Self::Telegram { .. } => "telegram",
        }
    }

    /// An object with what is not common to all endpoints, as the API shows it.
    pub fn json(&self) -> Value {
        let mut value = match self {
            Self::Slack { url, token } => json!({"url": url, "token": token.shown()}),
            Self::PagerDuty { client_url, routing_key } => {
                json!({"clientURL": client_url, "routingKey": routing_key.shown()})
            }
            Self::Telegram { token, channel } => json!({"token": token.shown(), "channel": channel}),
            Self::Http { url, headers, token, username, password, auth_method, method, content_template } => {
                let mut value = json!({"url": url});
                if !headers.is_empty() {
                    value["headers"] = json!(headers);
                }
                for (key, secret) in [("token", token), ("username", username), ("password", password)] {
                    value[key] = secret.shown();
                }
                value["authMethod"] = json!(auth_method);
                value["method"] = json!(method);
                value["contentTemplate"] = json!(content_template);
                value
            }
        };
        value["type"] = json!(self.name());
        value
    }

    /// Gives new values of secrets their names.
    pub(super) fn name_secrets(&mut self, endpoint: Id) {
        match self {
            Self::Slack { token, .. } | Self::Telegram { token, .. } => token.name(endpoint, "token"),
            Self::PagerDuty { routing_key, .. } => routing_key.name(endpoint, "routing-key"),
            Self::Http { token, username, password, .. } => {
                token.name(endpoint, "token");
                username.name(endpoint, "username");
                password.name(endpoint, "password");
            }
        }
    }

    /// Takes the new values of secrets out, by name.
    pub(super) fn take_secrets(&mut self) -> BTreeMap<String, String> {
        let fields = match self {
            Self::Slack { token, .. } | Self::Telegram { token, .. } => vec![token],
            Self::PagerDuty { routing_key, .. } => vec![routing_key],
            Self::Http { token, username, password, .. } => vec![token, username, password],
        };
        fields.into_iter().filter_map(|field| Some((field.key.clone(), field.value.take()?))).collect()
    }

    /// Whether messages could go there.
    ///
    /// # Errors
    /// What is wrong, in the reference's words and order.
    pub(super) fn check(&self) -> Result<(), CatalogError> {
        match self {
            Self::Slack { url, .. } if url.is_empty() => Err(invalid("slack endpoint URL must be provided")),
            Self::Slack { url, .. } => check_url("slack", url),
            Self::PagerDuty { routing_key, .. } if routing_key.key.is_empty() => {
                Err(invalid("pagerduty routing key is invalid"))
            }
            Self::PagerDuty { .. } => Ok(()),
            Self::Telegram { token, .. } if token.key.is_empty() => Err(invalid("empty telegram bot token")),
            Self::Telegram { channel, .. } if channel.is_empty() => Err(invalid("empty telegram channel")),
            Self::Telegram { .. } => Ok(()),
            Self::Http { url, token, username, password, auth_method, method, .. } => {
                if url.is_empty() {
                    return Err(invalid("http endpoint URL is empty"));
                }
                check_url("http", url)?;
                if !["GET", "POST", "PUT"].contains(&method.as_str()) {
                    return Err(invalid("invalid http http method"));
                }
                match auth_method.as_str() {
                    "none" => Ok(()),
                    "basic" if username.key.is_empty() || password.key.is_empty() => {
                        Err(invalid("invalid http username/password for basic auth"))
                    }
                    "bearer" if token.key.is_empty() => Err(invalid("invalid http token for bearer auth")),
                    "basic" | "bearer" => Ok(()),
                    _ => Err(invalid("invalid http auth method")),
                }
            }
        }
    }
}

fn check_url(kind: &str, url: &str) -> Result<(), CatalogError> {
    match url::problem(url) {
        None => Ok(()),
        Some(problem) => Err(invalid(format!("{kind} endpoint URL is invalid: {problem}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: Value) -> EndpointKind {
        let mut kind = EndpointKind::from_json(&value).unwrap();
        kind.name_secrets("0123456789abcdef".parse().unwrap());
        kind
    }

    #[test]
    fn secrets_are_named_and_never_shown() {
        let given = json!({"type": "http", "url": "http://h", "method": "PUT", "authMethod": "basic",
            "username": "ann", "password": "pass", "token": "secret: mine"});
        let mut kind = read(given);
        kind.check().unwrap();
        assert!(!format!("{kind:?}").contains("ann"));
        let shown = kind.json();
        assert_eq!(shown["username"], "secret: 0123456789abcdef-username");
        assert_eq!(shown["password"], "secret: 0123456789abcdef-password");
        assert_eq!(shown["token"], "secret: mine");
        let secrets = kind.take_secrets();
        let secrets: Vec<_> = secrets.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(secrets, [("0123456789abcdef-password", "pass"), ("0123456789abcdef-username", "ann")]);
        let mut again = read(shown);
        assert_eq!(again, kind);
        assert_eq!(again.take_secrets(), BTreeMap::new());
    }

    #[test]
    fn refusals_are_the_references() {
        let http = |key: &str, value: &str| {
            let mut given = json!({"type": "http", "url": "http://h", "method": "GET", "authMethod": "none"});
            given[key] = json!(value);
            given
        };
        for (given, text) in [
            (json!({"type": "slack"}), "slack endpoint URL must be provided"),
            (
                json!({"type": "slack", "url": ":x"}),
                "slack endpoint URL is invalid: parse \":x\": missing protocol scheme",
            ),
            (json!({"type": "pagerduty"}), "pagerduty routing key is invalid"),
            (json!({"type": "telegram", "channel": "@c"}), "empty telegram bot token"),
            (json!({"type": "telegram", "token": "t"}), "empty telegram channel"),
            (http("url", ""), "http endpoint URL is empty"),
            (http("method", "post"), "invalid http http method"),
            (http("authMethod", "odd"), "invalid http auth method"),
            (http("authMethod", "basic"), "invalid http username/password for basic auth"),
            (http("authMethod", "bearer"), "invalid http token for bearer auth"),
        ] {
            assert_eq!(read(given).check().unwrap_err().to_string(), text);
        }
        for (kind, text) in [
            (json!("smtp"), "invalid notification endpoint type smtp"),
            (json!(null), "invalid notification endpoint type "),
            (json!(1), "unable to detect the notification endpoint type from json"),
        ] {
            assert_eq!(EndpointKind::from_json(&json!({"type": kind})).unwrap_err().to_string(), text);
        }
    }
}
