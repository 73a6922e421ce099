//! The script of a threshold check.

use weir_flux_syntax::ast::{Expression, File, LogicalOperator, Operator, Statement};
use weir_flux_syntax::walk::{Node, walk};

use super::Made;
use super::build::{binary, define, float, function, logical, member, name, pipe, statement};
use super::check::{
    Head, add_imports, fields_as_columns, look_back, monitor_check, name_data, skip_empty_windows,
};
use crate::monitoring::{Bounds, Threshold};

pub(super) fn file(head: Head<'_>, mut file: File, thresholds: &[Threshold]) -> Made<File> {
    let every = head.schedule.every.as_ref().ok_or("a check needs every")?;
    look_back(&mut file, every);
    skip_empty_windows(&mut file);
    let fields = fields(&file);
    let [field] = fields.as_slice() else {
        return Err(format!("expected a single field but got: [{}]", fields.join(" ")));
    };
    name_data(&mut file);
    add_imports(&mut file, &["influxdata/influxdb/monitor", "influxdata/influxdb/v1"]);
    file.body.extend(head.statements("threshold"));
    file.body.extend(thresholds.iter().map(|threshold| predicate(threshold, field)));
    file.body.push(head.message());
    let check = monitor_check(thresholds.iter().map(|threshold| threshold.level));
    file.body.push(statement(pipe(name("data"), vec![fields_as_columns(), check])));
    Ok(file)
}

/// The texts that `_field` is compared with.
fn fields(file: &File) -> Vec<String> {
    let mut fields = Vec::new();
    walk(Node::File(file), 0, &mut |node, _| {
        if let Node::Expression(Expression::Binary(n)) = node
            && let (Expression::Member(left), Expression::StringLit(right)) = (&n.left, &n.right)
            && left.property.name() == "_field"
        {
            fields.push(right.value.clone());
        }
        true
    });
    fields
}

/// `level = (r) => …`.
fn predicate(threshold: &Threshold, field: &str) -> Statement {
    let is = |operator: Operator, bound: f64| binary(member("r", field), operator, float(bound));
    let (below, above) = (Operator::LessThan, Operator::GreaterThan);
    let test = match threshold.bounds {
        Bounds::Greater(bound) => is(above, bound),
        Bounds::Lesser(bound) => is(below, bound),
        Bounds::Range { min, max, within: true } => {
            logical(is(below, max), LogicalOperator::And, is(above, min))
        }
        Bounds::Range { min, max, within: false } => {
            logical(is(below, min), LogicalOperator::Or, is(above, max))
        }
    };
    define(threshold.level.lower(), function(test))
}
