//! Wildcards and regular expressions in columns and dimensions.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use weir_batch::{FieldType, SeriesKey};
use weir_influxql_syntax::{DataType, Expr, Field, Select, Wildcard};

use super::{Found, Output, names};
use crate::engine::Run;
use crate::env::rank;
use crate::error::{InfluxQlError, Result};

/// The columns that the sources have.
#[derive(Debug, Default)]
pub(super) struct Schema {
    fields: BTreeMap<String, FieldType>,
    tags: BTreeSet<String>,
}

fn is_wild(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |e| {
        found |= matches!(e, Expr::Wildcard(_) | Expr::Regex(_));
        !found
    });
    found
}

pub(super) fn needs_schema(select: &Select) -> bool {
    select.fields.iter().any(|f| is_wild(&f.expr)) || select.dimensions.iter().any(|d| is_wild(&d.expr))
}

/// What the measurements among the sources have, and the tags of subqueries.
pub(super) fn schema(run: &Run<'_>, sources: &[Found<'_>], range: (i64, i64)) -> Result<Schema> {
    let mut out = Schema::default();
    for source in sources {
        match source {
            Found::Measurements { bucket, names } => {
                for (_, listing) in crate::meta::listing(run, *bucket, names, range, None)? {
                    for (name, ty) in listing.fields {
                        let known = out.fields.entry(name).or_insert(ty);
                        if rank(ty) < rank(*known) {
                            *known = ty;
                        }
                    }
                    for key in &listing.series {
                        for (name, _) in SeriesKey(key).tags() {
                            if !out.tags.contains(name.as_ref()) {
                                out.tags.insert(name.into_owned());
                            }
                        }
                    }
                }
            }
            Found::Subquery(inner) => {
                let found = super::find_sources(run, inner, range)?;
                let schema = needs_schema(inner).then(|| schema(run, &found, range)).transpose()?;
                out.tags.extend(dimensions(inner, schema.as_ref())?);
            }
        }
    }
    Ok(out)
}

/// The tags that a SELECT groups by.
pub(super) fn dimensions(select: &Select, schema: Option<&Schema>) -> Result<Vec<String>> {
    let mut out: Vec<String> = Vec::new();
    let tags = || schema.into_iter().flat_map(|s| s.tags.iter());
    for dimension in &select.dimensions {
        match dimension.expr.unparen() {
            Expr::VarRef { name, .. } if name.eq_ignore_ascii_case("time") => {
                return Err(InfluxQlError::invalid("time() is a function and expects at least one argument"));
            }
            Expr::VarRef { name, .. } => out.push(name.clone()),
            Expr::Wildcard(_) => out.extend(tags().cloned()),
            Expr::Regex(text) => {
                let regex = regex(text)?;
                out.extend(tags().filter(|t| regex.is_match(t)).cloned());
            }
            Expr::Call { .. } => {}
            _ => return Err(InfluxQlError::invalid("only time and tag dimensions allowed")),
        }
    }
    let mut seen = BTreeSet::new();
    out.retain(|name| seen.insert(name.clone()));
    Ok(out)
}

fn regex(text: &str) -> Result<Regex> {
    Regex::new(text).map_err(|error| InfluxQlError::invalid(error.to_string()))
}

/// The columns of a SELECT with nothing left to expand.
pub(super) fn fields(
    select: &Select,
    schema: Option<&Schema>,
    subqueries: &[Output],
    dims: &[String],
) -> Result<Vec<Field>> {
    let mut all: BTreeMap<String, FieldType> = schema.map(|s| s.fields.clone()).unwrap_or_default();
    for output in subqueries {
        for (name, column) in output.names.iter().zip(&output.columns) {
            let Some(ty) = column.ty() else { continue };
            let known = all.entry(name.clone()).or_insert(ty);
            if rank(ty) < rank(*known) {
                *known = ty;
            }
        }
    }
    let mut tags: BTreeSet<String> = schema.map(|s| s.tags.clone()).unwrap_or_default();
    tags.retain(|t| !dims.contains(t));
    let mut out = Vec::new();
    for field in &select.fields {
        let expr = &field.expr;
        match expr {
            Expr::VarRef { name, .. } if name.eq_ignore_ascii_case("time") => {}
            Expr::Wildcard(_) | Expr::Regex(_) => {
                let pattern = match expr {
                    Expr::Regex(text) => Some(regex(text)?),
                    _ => None,
                };
                let wanted = |name: &str| pattern.as_ref().is_none_or(|p| p.is_match(name));
                let mut columns: Vec<(String, DataType)> = Vec::new();
                if !matches!(expr, Expr::Wildcard(Wildcard::Tags)) {
                    columns.extend(all.keys().filter(|n| wanted(n)).map(|n| (n.clone(), DataType::Any)));
                }
                if !matches!(expr, Expr::Wildcard(Wildcard::Fields)) {
                    let free = tags.iter().filter(|n| wanted(n));
                    columns.extend(free.map(|n| {
                        (n.clone(), if all.contains_key(n) { DataType::Tag } else { DataType::Any })
                    }));
                }
                columns.sort_by(|a, b| a.0.cmp(&b.0));
                out.extend(
                    columns
                        .into_iter()
                        .map(|(name, ty)| Field { expr: Expr::VarRef { name, ty }, alias: None }),
                );
            }
            expr if is_wild(expr) => expand_call(field, expr, &all, &mut out)?,
            expr => out.push(Field { expr: expr.clone(), alias: field.alias.clone() }),
        }
    }
    if out.is_empty() && !select.fields.iter().any(|f| is_wild(&f.expr)) {
        return Err(InfluxQlError::invalid("at least 1 non-time field must be queried"));
    }
    Ok(out)
}

/// A SELECT in which `DISTINCT x` is the call that it means.
pub(super) fn without_distinct(select: &Select) -> Select {
    let mut out = select.clone();
    out.fields.iter_mut().for_each(|f| f.expr = undistinct(&f.expr));
    out
}

fn undistinct(expr: &Expr) -> Expr {
    match expr {
        Expr::Distinct(name) => Expr::Call { name: "distinct".into(), args: vec![Expr::var(name.as_str())] },
        Expr::Call { name, args } => {
            Expr::Call { name: name.clone(), args: args.iter().map(undistinct).collect() }
        }
        Expr::Binary { op, lhs, rhs } => Expr::binary(*op, undistinct(lhs), undistinct(rhs)),
        Expr::Paren(e) => Expr::Paren(Box::new(undistinct(e))),
        other => other.clone(),
    }
}

fn expand_call(
    field: &Field,
    expr: &Expr,
    all: &BTreeMap<String, FieldType>,
    out: &mut Vec<Field>,
) -> Result<()> {
    let Expr::Call { name, .. } = expr else {
        return Err(InfluxQlError::invalid("unable to use wildcard in a binary expression"));
    };
    let (mut innermost, mut pattern) = (name.clone(), None);
    let (mut of_tags, mut binary) = (false, false);
    expr.walk(&mut |e| {
        match e {
            Expr::Call { name, .. } => innermost.clone_from(name),
            Expr::Regex(text) => pattern = Some(text.clone()),
            Expr::Wildcard(Wildcard::Tags) => of_tags = true,
            Expr::Binary { .. } => binary = true,
            _ => {}
        }
        true
    });
    if binary {
        return Err(InfluxQlError::invalid("unable to use wildcard in a binary expression"));
    }
    if of_tags {
        return Err(InfluxQlError::invalid(format!("unable to use tag wildcard in {innermost}()")));
    }
    let pattern = pattern.as_deref().map(regex).transpose()?;
    let takes = |ty: FieldType| match ty {
        FieldType::Float | FieldType::Integer | FieldType::Unsigned => true,
        FieldType::String => {
            matches!(
                innermost.as_str(),
                "count" | "first" | "last" | "distinct" | "elapsed" | "mode" | "sample"
            )
        }
        FieldType::Boolean => matches!(
            innermost.as_str(),
            "count" | "first" | "last" | "distinct" | "elapsed" | "mode" | "sample" | "min" | "max"
        ),
    };
    for (column, ty) in all {
        if takes(*ty) && pattern.as_ref().is_none_or(|p| p.is_match(column)) {
            let alias = Some(format!("{}_{column}", names::field_name(field)));
            out.push(Field { expr: put_in(expr, column), alias });
        }
    }
    Ok(())
}

fn put_in(expr: &Expr, column: &str) -> Expr {
    match expr {
        Expr::Wildcard(_) | Expr::Regex(_) => Expr::var(column),
        Expr::Call { name, args } => {
            Expr::Call { name: name.clone(), args: args.iter().map(|a| put_in(a, column)).collect() }
        }
        other => other.clone(),
    }
}

/// The names of all columns that fields look at.
pub(super) fn references(fields: &[Field]) -> Vec<String> {
    let mut out = BTreeSet::new();
    for field in fields {
        field.expr.walk(&mut |e| {
            if let Expr::VarRef { name, .. } = e {
                out.insert(name.clone());
            }
            true
        });
    }
    out.into_iter().collect()
}

/// The columns that are shown: those of TOP and BOTTOM have their tags beside them.
pub(super) fn shown_fields(fields: &[Field]) -> Vec<Field> {
    let mut out = Vec::new();
    for field in fields {
        out.push(field.clone());
        if let Expr::Call { name, args } = &field.expr
            && matches!(name.as_str(), "top" | "bottom")
            && args.len() > 2
        {
            out.extend(args[1..args.len() - 1].iter().map(|a| Field { expr: a.clone(), alias: None }));
        }
    }
    out
}
