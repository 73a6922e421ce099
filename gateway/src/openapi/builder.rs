//! From a few words an operation to the document.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::schema::{from_to, id, of, text};

const JSON: &str = "application/json";

/// Operations by path and method, and the schemas they name.
#[derive(Default)]
pub(crate) struct Document {
    paths: BTreeMap<&'static str, BTreeMap<&'static str, Operation>>,
    schemas: Map<String, Value>,
}

/// What a method of a path takes and answers.
pub(super) struct Operation {
    tag: &'static str,
    summary: &'static str,
    parameters: Vec<Value>,
    body: Option<Value>,
    answers: BTreeMap<u16, Value>,
    open: bool,
    makes: Option<(&'static str, &'static str)>,
}

/// Begins an operation of a group.
pub(super) fn op(tag: &'static str, summary: &'static str) -> Operation {
    Operation {
        tag,
        summary,
        parameters: Vec::new(),
        body: None,
        answers: BTreeMap::new(),
        open: false,
        makes: None,
    }
}

impl Operation {
    /// A parameter of the query.
    pub(super) fn query(mut self, name: &str, schema: Value) -> Self {
        self.parameters.push(json!({"name": name, "in": "query", "schema": schema}));
        self
    }

    /// A parameter of the query that must be there.
    pub(super) fn must(mut self, name: &str, schema: Value) -> Self {
        self.parameters.push(json!({"name": name, "in": "query", "required": true, "schema": schema}));
        self
    }

    /// A header.
    pub(super) fn header(mut self, name: &str, schema: Value) -> Self {
        self.parameters.push(json!({"name": name, "in": "header", "schema": schema}));
        self
    }

    /// The parameters of a list by pages.
    pub(super) fn paged(self) -> Self {
        self.query("limit", from_to(1, 100))
            .query("offset", from_to(0, i64::from(u32::MAX)))
            .query("after", id())
            .query("sortBy", text())
            .query("descending", super::schema::flag())
    }

    /// The organization, by id or by name.
    pub(super) fn org(self) -> Self {
        self.query("orgID", id()).query("org", text())
    }

    /// A body in JSON.
    pub(super) fn takes(self, schema: Value) -> Self {
        self.takes_as(JSON, schema)
    }

    /// A body of some type; several are alternatives.
    pub(super) fn takes_as(mut self, kind: &str, schema: Value) -> Self {
        let body = self.body.get_or_insert_with(|| json!({"required": true, "content": {}}));
        body["content"][kind] = json!({"schema": schema});
        self
    }

    /// An answer in JSON.
    pub(super) fn answers(self, status: u16, schema: Value) -> Self {
        self.answers_as(status, JSON, schema)
    }

    /// An answer of some type; several are alternatives.
    pub(super) fn answers_as(mut self, status: u16, kind: &str, schema: Value) -> Self {
        let answer =
            self.answers.entry(status).or_insert_with(|| json!({"description": "As asked.", "content": {}}));
        answer["content"][kind] = json!({"schema": schema});
        self
    }

    /// 204.
    pub(super) fn done(self) -> Self {
        self.answers_nothing(204)
    }

    /// An answer without a body.
    pub(super) fn answers_nothing(mut self, status: u16) -> Self {
        self.answers.insert(status, json!({"description": "Done."}));
        self
    }

    /// Without credentials.
    pub(super) fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Makes what stands at `path`; `pointer` says where in the answer its id is.
    pub(super) fn makes(mut self, path: &'static str, pointer: &'static str) -> Self {
        self.makes = Some((path, pointer));
        self
    }
}

macro_rules! method {
    ($name:ident) => {
        /// Describes this method of `path`.
        pub(super) fn $name(&mut self, path: &'static str, operation: Operation) {
            self.paths.entry(path).or_default().insert(stringify!($name), operation);
        }
    };
}

impl Document {
    method!(get);
    method!(post);
    method!(put);
    method!(patch);
    method!(delete);

    /// Names a schema.
    pub(super) fn schema(&mut self, name: &str, schema: Value) {
        self.schemas.insert(name.to_owned(), schema);
    }

    /// Every method and path there is.
    #[cfg(test)]
    pub(super) fn operations(&self) -> impl Iterator<Item = (String, &'static str)> {
        self.paths
            .iter()
            .flat_map(|(path, methods)| methods.keys().map(|method| (method.to_uppercase(), *path)))
    }

    /// The document of those paths that `built` names.
    pub(crate) fn into_json(self, built: impl Fn(&str) -> bool) -> Value {
        let mut paths = Map::new();
        for (path, methods) in self.paths.iter().filter(|(path, _)| built(path)) {
            let below = |makes: &'static str| {
                self.paths
                    .get(makes)
                    .filter(|_| built(makes))
                    .into_iter()
                    .flat_map(|methods| methods.keys())
                    .map(|method| operation_id(method, makes))
                    .collect::<Vec<_>>()
            };
            let written: Map<String, Value> = methods
                .iter()
                .map(|(method, operation)| ((*method).to_owned(), operation.json(method, path, &below)))
                .collect();
            paths.insert((*path).to_owned(), Value::Object(written));
        }
        json!({
            "openapi": "3.0.3",
            "info": {
                "title": "Weir",
                "description": "The HTTP API of a Weir server, which is that of InfluxDB OSS v2.",
                "version": env!("CARGO_PKG_VERSION"),
                "license": {"name": env!("CARGO_PKG_LICENSE")},
            },
            "servers": [{"url": "/"}],
            "security": [{"token": []}, {"session": []}],
            "paths": paths,
            "components": {
                "schemas": self.schemas,
                "responses": {
                    "Refusal": {
                        "description": "Why it was not done.",
                        "content": {JSON: {"schema": of("Error")}},
                    },
                },
                "securitySchemes": {
                    "token": {
                        "type": "apiKey", "in": "header", "name": "Authorization",
                        "description": "`Token` and an API token.",
                    },
                    "basic": {"type": "http", "scheme": "basic"},
                    "session": {"type": "apiKey", "in": "cookie", "name": weir_auth::SESSION_COOKIE},
                },
            },
        })
    }
}

/// `GetBucketsId` of `get` and `/api/v2/buckets/{id}`, `GetRootQuery` of `get` and `/query`.
fn operation_id(method: &str, path: &str) -> String {
    let rest = path.strip_prefix("/api/v2/").map_or_else(|| format!("root{path}"), str::to_owned);
    let mut out = String::new();
    for word in std::iter::once(method).chain(rest.split(|c: char| !c.is_ascii_alphanumeric())) {
        let mut letters = word.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

impl Operation {
    fn json(&self, method: &str, path: &str, below: &dyn Fn(&'static str) -> Vec<String>) -> Value {
        let in_path = path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
        let mut parameters: Vec<Value> = in_path
            .map(|name| {
                let schema = if matches!(name, "key" | "name") { super::schema::some_text() } else { id() };
                json!({"name": name, "in": "path", "required": true, "schema": schema})
            })
            .collect();
        parameters.extend(self.parameters.iter().cloned());
        let mut responses = Map::new();
        for (status, answer) in &self.answers {
            let mut answer = answer.clone();
            if let (Some((makes, pointer)), 200..=299) = (self.makes, status) {
                answer["links"] = below(makes)
                    .into_iter()
                    .map(|id| {
                        let parameters = json!({"id": format!("$response.body#{pointer}")});
                        (id.clone(), json!({"operationId": id, "parameters": parameters}))
                    })
                    .collect::<Map<_, _>>()
                    .into();
            }
            responses.insert(status.to_string(), answer);
        }
        let refusal = json!({"$ref": "#/components/responses/Refusal"});
        if !self.open {
            responses.entry("401").or_insert_with(|| refusal.clone());
        }
        responses.insert("default".to_owned(), refusal);
        let mut out = json!({
            "operationId": operation_id(method, path),
            "tags": [self.tag],
            "summary": self.summary,
            "parameters": parameters,
            "responses": responses,
        });
        if let Some(body) = &self.body {
            out["requestBody"] = body.clone();
        }
        if self.open {
            out["security"] = json!([]);
        }
        out
    }
}
