//! Files: package clause, imports, statements.

use super::comment::{comments, trailing_comments};
use super::doc::{Doc, cat, concat, hardline, intersperse, nil};
use super::expression::{expression, identifier};
use super::literal::string_literal;
use super::statement::statement_list;
use crate::ast::{Attribute, File, ImportDeclaration};

pub(super) fn file(n: &File) -> Doc {
    let mut parts = Vec::new();
    if let Some(package) = &n.package {
        parts.push(attributes(&package.base.attributes));
        parts.push(cat![comments(&package.base.comments), "package ", identifier(&package.name), hardline()]);
        if !n.imports.is_empty() || !n.body.is_empty() {
            parts.extend([hardline(), hardline()]);
        }
    }
    parts.push(intersperse(n.imports.iter().map(import), &hardline()));
    if !n.imports.is_empty() && !n.body.is_empty() {
        parts.extend([hardline(), hardline()]);
    }
    parts.push(statement_list(&n.body));
    if !n.eof.is_empty() {
        if !n.imports.is_empty() || !n.body.is_empty() {
            parts.push(hardline());
        }
        parts.push(comments(&n.eof));
    }
    concat(parts).group()
}

fn import(n: &ImportDeclaration) -> Doc {
    let alias = n.alias.as_ref().map_or(nil(), |alias| cat![identifier(alias), " "]);
    cat![
        attributes(&n.base.attributes),
        comments(&n.base.comments),
        "import ",
        alias,
        string_literal(&n.path)
    ]
}

/// Attributes, each on its line.
pub(super) fn attributes(list: &[Attribute]) -> Doc {
    concat(list.iter().map(|attribute| {
        let params = attribute.params.iter().map(|p| cat![expression(&p.value), trailing_comments(&p.comma)]);
        let params = intersperse(params, &Doc::from(", "));
        let params = if params.is_nil() { params } else { cat!["(", params, ")"] };
        cat![comments(&attribute.base.comments), "@", attribute.name.as_str(), params, hardline()]
    }))
}
