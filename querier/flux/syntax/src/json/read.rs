//! Files and statements from JSON.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::read_expression::{expression, identifier, member, string_literal};
use super::read_type::type_expression;
use crate::Error;
use crate::ast::{
    Assignment, BadStatement, Base, Block, BuiltinStatement, Comment, ExpressionStatement, File,
    ImportDeclaration, Location, MemberAssignment, OptionStatement, Package, PackageClause, Position,
    ReturnStatement, SourceText, Statement, TestCaseStatement, VariableAssignment,
};

/// JSON nested deeper than any tree that the parser makes.
const MAX_DEPTH: u32 = 400;

/// A value and how it was reached, for the error.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    value: &'a Value,
    parent: Option<(&'a Reader<'a>, Step<'a>)>,
    depth: u32,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

pub(super) type Read<T> = Result<T, Error>;

impl fmt::Display for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parent {
            None => f.write_str("ast"),
            Some((parent, Step::Key(key))) => write!(f, "{parent}.{key}"),
            Some((parent, Step::Index(index))) => write!(f, "{parent}[{index}]"),
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(value: &'a Value) -> Self {
        Self { value, parent: None, depth: 0 }
    }

    pub(super) fn refuse<T>(&self, problem: impl Into<String>) -> Read<T> {
        Err(Error::Json { path: self.to_string(), problem: problem.into() })
    }

    /// The node's `type`.
    pub(super) fn kind(&self) -> Read<&'a str> {
        if self.depth > MAX_DEPTH {
            return Err(Error::Json { path: "ast".to_owned(), problem: "nested too deep".to_owned() });
        }
        match self.value.get("type").and_then(Value::as_str) {
            Some(kind) => Ok(kind),
            None => self.refuse("a node with a type is needed"),
        }
    }

    /// Whether the value is an object with that key, and not null there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some_and(|v| !v.is_null())
    }

    /// Reads the value under `key`; absent is as null.
    pub(super) fn at<T>(&self, key: &str, read: impl FnOnce(&Reader<'_>) -> Read<T>) -> Read<T> {
        let value = self.value.get(key).unwrap_or(&Value::Null);
        read(&Reader { value, parent: Some((self, Step::Key(key))), depth: self.depth + 1 })
    }

    /// As [`Self::at`], none if absent or null.
    pub(super) fn maybe<T>(&self, key: &str, read: impl FnOnce(&Reader<'_>) -> Read<T>) -> Read<Option<T>> {
        if self.has(key) { self.at(key, read).map(Some) } else { Ok(None) }
    }

    /// Reads the items of the array under `key`; absent and null are empty.
    pub(super) fn list<T>(&self, key: &str, read: impl Fn(&Reader<'_>) -> Read<T>) -> Read<Vec<T>> {
        let list = self.maybe(key, |at| match at.value.as_array() {
            None => at.refuse("an array is needed"),
            Some(items) => items
                .iter()
                .enumerate()
                .map(|(i, value)| {
                    read(&Reader { value, parent: Some((at, Step::Index(i))), depth: at.depth + 1 })
                })
                .collect(),
        })?;
        Ok(list.unwrap_or_default())
    }

    pub(super) fn text(&self, key: &str) -> Read<String> {
        self.at(key, |at| match at.value.as_str() {
            Some(s) => Ok(s.to_owned()),
            None => at.refuse("a string is needed"),
        })
    }

    /// A value that `parse` understands.
    pub(super) fn parsed<T>(&self, key: &str, parse: impl FnOnce(&Value) -> Option<T>) -> Read<T> {
        self.at(key, |at| match parse(at.value) {
            Some(value) => Ok(value),
            None => at.refuse("the value has the wrong form"),
        })
    }

    pub(super) fn comments(&self, key: &str) -> Read<Vec<Comment>> {
        self.list(key, |at| Ok(Comment { text: at.text("text")? }))
    }

    pub(super) fn base(&self) -> Read<Base> {
        Ok(Base {
            location: self.maybe("location", location)?.unwrap_or_default(),
            comments: self.comments("comments")?,
            attributes: Vec::new(),
            errors: self.list("errors", |at| at.text("msg"))?,
        })
    }
}

fn location(r: &Reader<'_>) -> Read<Location> {
    let number =
        |r: &Reader<'_>, key: &str| r.parsed(key, |v| v.as_u64().and_then(|n| u32::try_from(n).ok()));
    let position = |r: &Reader<'_>| Ok(Position { line: number(r, "line")?, column: number(r, "column")? });
    let text = |key: &str| if r.has(key) { r.text(key).map(Some) } else { Ok(None) };
    Ok(Location {
        file: text("file")?.map(Arc::from),
        start: r.at("start", position)?,
        end: r.at("end", position)?,
        source: text("source")?.as_deref().map(SourceText::from),
    })
}

pub(super) fn package(r: &Reader<'_>) -> Read<Package> {
    if r.kind()? != "Package" {
        return r.refuse("a Package is needed");
    }
    let text = |key: &str| if r.has(key) { r.text(key) } else { Ok(String::new()) };
    Ok(Package {
        base: r.base()?,
        path: text("path")?,
        package: text("package")?,
        files: r.list("files", file)?,
    })
}

fn file(r: &Reader<'_>) -> Read<File> {
    let text = |key: &str| if r.has(key) { r.text(key) } else { Ok(String::new()) };
    Ok(File {
        base: r.base()?,
        name: text("name")?,
        metadata: text("metadata")?,
        package: r
            .maybe("package", |r| Ok(PackageClause { base: r.base()?, name: r.at("name", identifier)? }))?,
        imports: r.list("imports", |r| {
            let (alias, path) = (r.maybe("as", identifier)?, r.at("path", string_literal)?);
            Ok(ImportDeclaration { base: r.base()?, alias, path })
        })?,
        body: r.list("body", statement)?,
        eof: r.comments("eof")?,
    })
}

fn statement(r: &Reader<'_>) -> Read<Statement> {
    let base = r.base()?;
    Ok(match r.kind()? {
        "ExpressionStatement" => Statement::Expression(Box::new(ExpressionStatement {
            base,
            expression: r.at("expression", expression)?,
        })),
        "VariableAssignment" => Statement::Variable(Box::new(variable_assignment(r)?)),
        "OptionStatement" => {
            Statement::Option(Box::new(OptionStatement { base, assignment: r.at("assignment", assignment)? }))
        }
        "ReturnStatement" => {
            Statement::Return(Box::new(ReturnStatement { base, argument: r.at("argument", expression)? }))
        }
        "BuiltinStatement" => Statement::Builtin(Box::new(BuiltinStatement {
            base,
            colon: r.comments("colon")?,
            id: r.at("id", identifier)?,
            ty: r.at("ty", type_expression)?,
        })),
        "TestCaseStatement" => Statement::TestCase(Box::new(TestCaseStatement {
            base,
            id: r.at("id", identifier)?,
            extends: r.maybe("extends", string_literal)?,
            block: r.at("block", block)?,
        })),
        "BadStatement" => Statement::Bad(Box::new(BadStatement { base, text: r.text("text")? })),
        other => return r.refuse(format!("{other} is no statement")),
    })
}

fn assignment(r: &Reader<'_>) -> Read<Assignment> {
    Ok(match r.kind()? {
        "VariableAssignment" => Assignment::Variable(Box::new(variable_assignment(r)?)),
        "MemberAssignment" => Assignment::Member(Box::new(MemberAssignment {
            base: r.base()?,
            member: r.at("member", member)?,
            init: r.at("init", expression)?,
        })),
        other => return r.refuse(format!("{other} is no assignment")),
    })
}

fn variable_assignment(r: &Reader<'_>) -> Read<VariableAssignment> {
    Ok(VariableAssignment { base: r.base()?, id: r.at("id", identifier)?, init: r.at("init", expression)? })
}

pub(super) fn block(r: &Reader<'_>) -> Read<Block> {
    Ok(Block {
        base: r.base()?,
        lbrace: r.comments("lbrace")?,
        body: r.list("body", statement)?,
        rbrace: r.comments("rbrace")?,
    })
}
