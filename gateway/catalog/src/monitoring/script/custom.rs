//! The script of a custom check: the user's own, which must say of itself what the check says, and learns the check's
//! id.

use weir_flux_syntax::ast::{
    Assignment, Expression, File, ObjectExpression, Property, Statement, VariableAssignment,
};
use weir_flux_syntax::walk::{Node, walk};
use weir_model::Id;

use super::build::{property, text};
use super::rewrite::Rewrite;
use super::{Made, parsed, rewrite, written};

/// The script with the check's id in it.
///
/// # Errors
/// It is no script, or `check` and `option task` do not say what they must.
pub(in crate::monitoring) fn custom(id: Id, title: &str, query: &str) -> Made<String> {
    let file = weir_flux_syntax::parse(query, "");
    refuse_check(&file, title)?;
    refuse_task(&file, title)?;
    let mut file = parsed(query)?;
    rewrite::file(&mut file, &mut SetId(id));
    written(&file)
}

/// Every assignment to a name, of options and others.
fn assignments<'a>(file: &'a File, id: &'static str, options_only: bool) -> Vec<&'a VariableAssignment> {
    let mut found = Vec::new();
    walk(Node::File(file), 0, &mut |node, _| {
        let assignment: Option<&'a VariableAssignment> = match node {
            Node::Statement(Statement::Option(n)) => match &n.assignment {
                Assignment::Variable(n) => Some(n),
                Assignment::Member(_) => None,
            },
            Node::Statement(Statement::Variable(n)) if !options_only => Some(n),
            _ => None,
        };
        found.extend(assignment.filter(|n| n.id.name == id));
        true
    });
    found
}

fn record(assignment: &VariableAssignment) -> Option<&ObjectExpression> {
    match &assignment.init {
        Expression::Object(record) => Some(record),
        _ => None,
    }
}

fn is_text(property: &Property, key: &str, value: &str) -> bool {
    let same = matches!(&property.value, Some(Expression::StringLit(text)) if text.value == value);
    property.key.name() == key && same
}

fn refuse_check(file: &File, title: &str) -> Made<()> {
    let found = assignments(file, "check", false);
    if found.is_empty() {
        return Err("Custom flux must have an object called 'check'".to_owned());
    }
    let says = |key: &str, value: &str| {
        let mut all = found.iter().filter_map(|n| record(n)).flat_map(|record| &record.properties);
        all.any(|property| is_text(property, key, value))
    };
    if !says("_check_name", title) {
        return Err("_check_name parameter on check object must match check name".to_owned());
    }
    if !says("_type", "custom") {
        return Err("_type parameter on check object must be set to 'custom'".to_owned());
    }
    Ok(())
}

fn refuse_task(file: &File, title: &str) -> Made<()> {
    let found = assignments(file, "task", true);
    if found.is_empty() {
        return Err("Custom flux missing task option statement".to_owned());
    }
    let properties: Vec<&Property> =
        found.iter().filter_map(|n| record(n)).flat_map(|record| &record.properties).collect();
    let has = |key: &str| properties.iter().any(|property| property.key.name() == key);
    let missing = |key: &str| Err(format!("Custom flux missing {key} parameter from task option statement"));
    if !has("name") {
        return missing("name");
    }
    if !properties.iter().any(|property| is_text(property, "name", title)) {
        return Err("Name parameter from task option statement must match check name".to_owned());
    }
    match ["every", "offset"].into_iter().find(|key| !has(key)) {
        Some(key) => missing(key),
        None => Ok(()),
    }
}

/// Lets `check` have the id.
struct SetId(Id);

impl Rewrite for SetId {
    fn assignment(&mut self, assignment: &mut VariableAssignment) {
        let Expression::Object(record) = &mut assignment.init else { return };
        if assignment.id.name != "check" {
            return;
        }
        let id = property("_check_id", text(&self.0.to_string()));
        match record.properties.iter_mut().find(|property| property.key.name() == "_check_id") {
            Some(known) => *known = id,
            None => record.properties.push(id),
        }
    }
}
