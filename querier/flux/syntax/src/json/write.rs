//! Files and statements to JSON.

use serde_json::{Map, Value, json};

use super::write_expression::{expression, identifier, member, string_literal};
use super::write_type::type_expression;
use crate::ast::{
    Assignment, Base, Block, Comment, File, ImportDeclaration, Location, Package, PackageClause, Statement,
    VariableAssignment,
};

/// A node under construction.
pub(super) struct Object(Map<String, Value>);

impl Object {
    /// An object of that type, with the parts all nodes have.
    pub(super) fn new(ty: &str, base: &Base) -> Self {
        let mut object = Self::bare(ty);
        if base.location.is_valid() {
            object = object.with("location", location(&base.location));
        }
        if !base.errors.is_empty() {
            let errors = base.errors.iter().map(|e| json!({ "msg": e })).collect();
            object = object.with("errors", Value::Array(errors));
        }
        object.comments("comments", &base.comments)
    }

    /// An object of that type and nothing else.
    pub(super) fn bare(ty: &str) -> Self {
        let mut map = Map::new();
        map.insert("type".to_owned(), Value::from(ty));
        Self(map)
    }

    pub(super) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    pub(super) fn list<T>(self, key: &str, items: &[T], write: impl Fn(&T) -> Value) -> Self {
        self.with(key, Value::Array(items.iter().map(write).collect()))
    }

    pub(super) fn comments(self, key: &str, comments: &[Comment]) -> Self {
        if comments.is_empty() {
            return self;
        }
        self.list(key, comments, |c| json!({ "text": c.text }))
    }

    pub(super) fn done(self) -> Value {
        Value::Object(self.0)
    }
}

fn location(l: &Location) -> Value {
    let mut map = Map::new();
    if let Some(file) = l.file.as_deref().filter(|f| !f.is_empty()) {
        map.insert("file".to_owned(), Value::from(file));
    }
    map.insert("start".to_owned(), json!({ "line": l.start.line, "column": l.start.column }));
    map.insert("end".to_owned(), json!({ "line": l.end.line, "column": l.end.column }));
    if !l.text().is_empty() {
        map.insert("source".to_owned(), Value::from(l.text()));
    }
    Value::Object(map)
}

pub(super) fn package(n: &Package) -> Value {
    // The incumbent's packages have no place of their own.
    let mut object = Object::bare("Package");
    if !n.path.is_empty() {
        object = object.with("path", n.path.as_str());
    }
    object.with("package", n.package.as_str()).list("files", &n.files, file).done()
}

fn file(n: &File) -> Value {
    let mut object = Object::new("File", &n.base);
    if !n.name.is_empty() {
        object = object.with("name", n.name.as_str());
    }
    if !n.metadata.is_empty() {
        object = object.with("metadata", n.metadata.as_str());
    }
    object = object.with("package", n.package.as_ref().map_or(Value::Null, package_clause));
    object = if n.imports.is_empty() {
        object.with("imports", Value::Null)
    } else {
        object.list("imports", &n.imports, import)
    };
    object.list("body", &n.body, statement).comments("eof", &n.eof).done()
}

fn package_clause(n: &PackageClause) -> Value {
    Object::new("PackageClause", &n.base).with("name", identifier(&n.name)).done()
}

fn import(n: &ImportDeclaration) -> Value {
    Object::new("ImportDeclaration", &n.base)
        .with("as", n.alias.as_ref().map_or(Value::Null, identifier))
        .with("path", string_literal(&n.path))
        .done()
}

fn statement(n: &Statement) -> Value {
    match n {
        Statement::Expression(n) => {
            Object::new("ExpressionStatement", &n.base).with("expression", expression(&n.expression)).done()
        }
        Statement::Variable(n) => variable_assignment(n),
        Statement::Option(n) => {
            let assignment = match &n.assignment {
                Assignment::Variable(n) => variable_assignment(n),
                Assignment::Member(n) => Object::new("MemberAssignment", &n.base)
                    .with("member", member(&n.member))
                    .with("init", expression(&n.init))
                    .done(),
            };
            Object::new("OptionStatement", &n.base).with("assignment", assignment).done()
        }
        Statement::Return(n) => {
            Object::new("ReturnStatement", &n.base).with("argument", expression(&n.argument)).done()
        }
        Statement::Builtin(n) => Object::new("BuiltinStatement", &n.base)
            .comments("colon", &n.colon)
            .with("id", identifier(&n.id))
            .with("ty", type_expression(&n.ty))
            .done(),
        Statement::TestCase(n) => {
            let mut object = Object::new("TestCaseStatement", &n.base).with("id", identifier(&n.id));
            if let Some(extends) = &n.extends {
                object = object.with("extends", string_literal(extends));
            }
            object.with("block", block(&n.block)).done()
        }
        Statement::Bad(n) => Object::new("BadStatement", &n.base).with("text", n.text.as_str()).done(),
    }
}

fn variable_assignment(n: &VariableAssignment) -> Value {
    Object::new("VariableAssignment", &n.base)
        .with("id", identifier(&n.id))
        .with("init", expression(&n.init))
        .done()
}

pub(super) fn block(n: &Block) -> Value {
    Object::new("Block", &n.base)
        .comments("lbrace", &n.lbrace)
        .list("body", &n.body, statement)
        .comments("rbrace", &n.rbrace)
        .done()
}
