//! Changing what a script says of itself, in the script: the tree is edited and printed, the rest stays.

use weir_flux_syntax as syntax;
use weir_flux_syntax::ast::{
    Assignment, Base, Expression, Identifier, IntegerLiteral, ObjectExpression, Property, PropertyKey,
    Statement, StringLiteral, UnaryExpression, UnaryOperator,
};

use super::options::{TaskDuration, parse};
use crate::CatalogError;

/// What is to change in a script's option; absent and empty stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TaskOptionsUpdate {
    /// A new name.
    pub name: String,
    /// How often it is to run, in the place of a cron text too.
    pub every: Option<TaskDuration>,
    /// When it is to run, in the place of a duration too.
    pub cron: String,
    /// How much later; none at all takes the property away.
    pub offset: Option<TaskDuration>,
    /// How many runs at once.
    pub concurrency: Option<i64>,
    /// How many tries.
    pub retry: Option<i64>,
}

impl TaskOptionsUpdate {
    /// Whether a duration or a text is given, or a number; an offset of no time is not.
    pub fn is_empty(&self) -> bool {
        let none = |duration: &Option<TaskDuration>| duration.as_ref().is_none_or(TaskDuration::is_zero);
        self.name.is_empty()
            && self.cron.is_empty()
            && none(&self.every)
            && none(&self.offset)
            && self.concurrency.is_none()
            && self.retry.is_none()
    }

    fn every(&self) -> Option<&TaskDuration> {
        self.every.as_ref().filter(|every| !every.is_zero())
    }

    /// The script with these changes, printed anew.
    pub(super) fn apply(&self, script: &str) -> Result<String, CatalogError> {
        let mut file = parse(script)?;
        let object = file
            .body
            .iter_mut()
            .find_map(task_object)
            .ok_or_else(|| CatalogError::TaskOptions("unable to edit option".to_owned()))?;
        if !self.name.is_empty() {
            set(object, &["name"], text(&self.name));
        }
        if let Some(every) = self.every() {
            set(object, &["every", "cron"], duration(every));
        }
        if !self.cron.is_empty() {
            set(object, &["cron", "every"], text(&self.cron));
        }
        match &self.offset {
            Some(offset) if offset.is_zero() => object.properties.retain(|p| p.key.name() != "offset"),
            Some(offset) => set(object, &["offset"], duration(offset)),
            None => {}
        }
        for (name, value) in [("concurrency", self.concurrency), ("retry", self.retry)] {
            if let Some(value) = value {
                set(object, &[name], number(value));
            }
        }
        syntax::format(&file).map_err(|error| CatalogError::TaskOptions(error.to_string()))
    }
}

fn task_object(statement: &mut Statement) -> Option<&mut ObjectExpression> {
    let Statement::Option(option) = statement else { return None };
    match &mut option.assignment {
        Assignment::Variable(assignment) if assignment.id.name == "task" => match &mut assignment.init {
            Expression::Object(object) => Some(object),
            _ => None,
        },
        _ => None,
    }
}

/// Gives the first of `names` a value, in the place of the first of them that is there, else at the end.
fn set(object: &mut ObjectExpression, names: &[&str], value: Expression) {
    let place = names.iter().find_map(|name| object.properties.iter().position(|p| p.key.name() == *name));
    let place = place.and_then(|at| object.properties.get_mut(at));
    match place {
        Some(property) => {
            if property.key.name() != names[0] {
                property.key = key(names[0]);
            }
            property.value = Some(value);
        }
        None => object.properties.push(Property {
            base: Base::default(),
            key: key(names[0]),
            separator: Vec::new(),
            value: Some(value),
            comma: Vec::new(),
        }),
    }
}

fn key(name: &str) -> PropertyKey {
    PropertyKey::Identifier(Identifier { base: Base::default(), name: name.to_owned() })
}

fn text(value: &str) -> Expression {
    Expression::StringLit(StringLiteral { base: Base::default(), value: value.to_owned() })
}

fn signed(negative: bool, argument: Expression) -> Expression {
    if !negative {
        return argument;
    }
    let operator = UnaryOperator::Minus;
    Expression::Unary(Box::new(UnaryExpression { base: Base::default(), operator, argument }))
}

fn duration(value: &TaskDuration) -> Expression {
    signed(value.negative, Expression::Duration(value.literal.clone()))
}

fn number(value: i64) -> Expression {
    let magnitude = value.checked_abs().unwrap_or(i64::MAX);
    signed(value < 0, Expression::Integer(IntegerLiteral { base: Base::default(), value: magnitude }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str =
        "import \"array\"\n// why\noption task = {name: \"t\",   every: 1h}\narray.from(rows: [{n:1}])";

    fn edited(script: &str, change: &TaskOptionsUpdate) -> String {
        change.apply(script).unwrap()
    }

    fn span(text: &str) -> Option<TaskDuration> {
        Some(TaskDuration::parse(text).unwrap())
    }

    #[test]
    fn properties_change_in_their_place() {
        let change =
            TaskOptionsUpdate { name: "new \"name\"".into(), offset: span("-90s"), ..Default::default() };
        let want = "import \"array\"\n\n// why\noption task = {name: \"new \\\"name\\\"\", every: 1h, offset: -90s}\n\narray.from(rows: [{n: 1}])\n";
        assert_eq!(edited(SCRIPT, &change), want);
        let cron = TaskOptionsUpdate { cron: "0 * * * *".into(), ..Default::default() };
        let with_cron = edited(SCRIPT, &cron);
        assert!(with_cron.contains("option task = {name: \"t\", cron: \"0 * * * *\"}"), "{with_cron}");
        let every = TaskOptionsUpdate { every: span("5m"), ..Default::default() };
        assert!(edited(&with_cron, &every).contains("{name: \"t\", every: 5m}"));
    }

    #[test]
    fn an_offset_of_no_time_goes_away() {
        let script = "option task = {name: \"t\", offset: 5m, every: 1h}";
        let change = TaskOptionsUpdate { name: "u".into(), offset: span("0s"), ..Default::default() };
        assert_eq!(edited(script, &change), "option task = {name: \"u\", every: 1h}\n");
        let nothing = TaskOptionsUpdate { offset: span(""), ..Default::default() };
        assert!(nothing.is_empty());
    }

    #[test]
    fn many_properties_stand_on_lines_of_their_own() {
        let change = TaskOptionsUpdate { retry: Some(2), concurrency: Some(3), ..Default::default() };
        let script = "option task = {name: \"t\", every: 1h, offset: 1s}";
        let want = "option task = {\n    name: \"t\",\n    every: 1h,\n    offset: 1s,\n    concurrency: 3,\n    retry: 2,\n}\n";
        assert_eq!(edited(script, &change), want);
        let refused = change.apply("task = {}").unwrap_err().to_string();
        assert_eq!(refused, "invalid options: unable to edit option");
    }
}
