//! What a script says of itself in `option task = {…}`, read from its tree without running anything.

use weir_flux_syntax as syntax;
use weir_flux_syntax::ast::{
    Assignment, DurationLiteral, Expression, File, ObjectExpression, Statement, UnaryOperator,
    VariableAssignment,
};

use super::{cron, duration};
use crate::CatalogError;

const MAX_CONCURRENCY: i64 = 100;
const MAX_RETRY: i64 = 10;

/// A duration as a request or a script gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskDuration {
    pub(super) negative: bool,
    pub(super) literal: DurationLiteral,
}

impl TaskDuration {
    /// Reads `1h30m` or `-1h`; an empty text is no time at all.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        duration::parse_signed(text)
    }

    /// Whether it is no time at all.
    pub fn is_zero(&self) -> bool {
        duration::is_zero(&self.literal)
    }

    /// The first unit that is longer than an hour, if there is one.
    pub fn calendar_unit(&self) -> Option<&'static str> {
        duration::calendar_unit(&self.literal).map(|unit| unit.as_str())
    }
}

impl std::fmt::Display for TaskDuration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        write!(f, "{sign}{}", duration::text(&self.literal))
    }
}

/// What a script says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskOptions {
    /// The task's name, never empty.
    pub name: String,
    /// How often it runs, a Flux duration; empty if `cron` says when.
    pub every: String,
    /// When it runs; empty if `every` says how often.
    pub cron: String,
    /// How much later than that it really starts, in nanoseconds; may be negative.
    pub offset: i64,
}

impl TaskOptions {
    /// Reads them from a script.
    ///
    /// # Errors
    /// [`CatalogError::TaskOptions`]: the script is no Flux, or what it says is missing, doubled or out of bounds.
    pub fn of_script(script: &str) -> Result<Self, CatalogError> {
        let file = parse(script)?;
        let object = task_object(&file)?;
        read(object)
    }
}

fn refuse(text: impl Into<String>) -> CatalogError {
    CatalogError::TaskOptions(text.into())
}

fn bad_field(field: &str) -> CatalogError {
    refuse(format!("failed to parse field '{field}' in task options"))
}

/// The tree of a script without errors.
pub(super) fn parse(script: &str) -> Result<File, CatalogError> {
    let file = syntax::parse(script, "");
    match syntax::errors(&file) {
        errors if errors.is_empty() => Ok(file),
        errors => Err(refuse(syntax::first_error(&errors))),
    }
}

fn is_task(statement: &Statement) -> Option<&VariableAssignment> {
    match statement {
        Statement::Option(option) => match &option.assignment {
            Assignment::Variable(assignment) if assignment.id.name == "task" => Some(assignment),
            _ => None,
        },
        _ => None,
    }
}

fn task_object(file: &File) -> Result<&ObjectExpression, CatalogError> {
    let mut found = file.body.iter().filter_map(is_task);
    let assignment = found.next().ok_or_else(|| refuse("no task options defined"))?;
    if found.next().is_some() {
        return Err(refuse("multiple task options defined"));
    }
    match &assignment.init {
        Expression::Object(object) => Ok(object),
        _ => Err(refuse("task option expected to be object literal")),
    }
}

fn property<'a>(object: &'a ObjectExpression, name: &str) -> Option<&'a Expression> {
    object.properties.iter().find(|p| p.key.name() == name)?.value.as_ref()
}

fn text(object: &ObjectExpression, field: &str) -> Result<Option<String>, CatalogError> {
    match property(object, field) {
        None => Ok(None),
        Some(Expression::StringLit(literal)) => Ok(Some(literal.value.clone())),
        Some(_) => Err(bad_field(field)),
    }
}

fn integer(object: &ObjectExpression, field: &str) -> Result<Option<i64>, CatalogError> {
    match property(object, field) {
        None => Ok(None),
        Some(Expression::Integer(literal)) => Ok(Some(literal.value)),
        Some(_) => Err(bad_field(field)),
    }
}

fn signed_duration(object: &ObjectExpression, field: &str) -> Result<Option<TaskDuration>, CatalogError> {
    let given =
        |negative, literal: &DurationLiteral| Some(TaskDuration { negative, literal: literal.clone() });
    match property(object, field) {
        None => Ok(None),
        Some(Expression::Duration(literal)) => Ok(given(false, literal)),
        Some(Expression::Unary(unary)) => match (&unary.operator, &unary.argument) {
            (UnaryOperator::Minus, Expression::Duration(literal)) => Ok(given(true, literal)),
            _ => Err(bad_field(field)),
        },
        Some(_) => Err(bad_field(field)),
    }
}

fn read(object: &ObjectExpression) -> Result<TaskOptions, CatalogError> {
    let name = text(object, "name")?.ok_or_else(|| refuse("missing required option: name"))?;
    let (cron, every) = match (property(object, "cron"), property(object, "every")) {
        (Some(_), Some(_)) => return Err(refuse("cannot use both cron and every in task options")),
        (None, None) => return Err(refuse("missing required option: cron or every")),
        (Some(_), None) => (text(object, "cron")?.unwrap_or_default(), None),
        (None, Some(Expression::Duration(literal))) => (String::new(), Some(literal)),
        (None, Some(_)) => return Err(bad_field("every")),
    };
    let offset = signed_duration(object, "offset")?;
    let concurrency = integer(object, "concurrency")?;
    let retry = integer(object, "retry")?;

    let mut wrong: Vec<String> = Vec::new();
    if name.is_empty() {
        wrong.push("name required".to_owned());
    }
    let every = every.filter(|literal| !duration::is_zero(literal));
    match (cron.is_empty(), every) {
        (true, None) => wrong.push("must specify exactly one of either cron or every".to_owned()),
        (true, Some(literal)) => match duration::nanoseconds(literal) {
            None => return Err(bad_field("every")),
            Some(n) if n < 1_000_000_000 => {
                wrong.push("every option must be at least 1 second".to_owned());
            }
            Some(n) if n % 1_000_000_000 != 0 => {
                wrong.push("every option must be expressible as whole seconds".to_owned());
            }
            Some(_) => {}
        },
        (false, _) => {
            if let Err(error) = cron::check(&cron) {
                wrong.push(format!("cron invalid: {error}"));
            }
        }
    }
    let length = offset.as_ref().map_or(Some(0), |offset| duration::nanoseconds(&offset.literal));
    let length = length.ok_or_else(|| bad_field("offset"))?;
    if length % 1_000_000_000 != 0 {
        wrong.push("offset option must be expressible as whole seconds".to_owned());
    }
    for (what, value, most) in [("concurrency", concurrency, MAX_CONCURRENCY), ("retry", retry, MAX_RETRY)] {
        match value {
            Some(n) if n < 1 => wrong.push(format!("{what} must be at least 1")),
            Some(n) if n > most => wrong.push(format!("{what} exceeded max of {most}")),
            _ => {}
        }
    }
    // The reference fails on days and weeks too, though they are as long as 24 and 168 hours.
    if offset.as_ref().is_some_and(|offset| duration::has_months(&offset.literal)) {
        wrong.push("offset option must not be of months or years".to_owned());
    }
    if !wrong.is_empty() {
        return Err(refuse(format!("invalid options: {}", wrong.join(", "))));
    }
    let negative = offset.is_some_and(|offset| offset.negative);
    Ok(TaskOptions {
        name,
        every: every.map(duration::text).unwrap_or_default(),
        cron,
        offset: if negative { -length } else { length },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(options: &str) -> Result<TaskOptions, String> {
        TaskOptions::of_script(&format!("option task = {{{options}}}")).map_err(|error| error.to_string())
    }

    #[test]
    fn what_a_script_says() {
        let said = of(r#"name: "a \"b\"", every: 1h30m, offset: -5m, retry: 3"#).unwrap();
        let want = TaskOptions {
            name: "a \"b\"".into(),
            every: "1h30m".into(),
            cron: String::new(),
            offset: -300_000_000_000,
        };
        assert_eq!(said, want);
        let said = of(r#"name: "c", cron: "0 3 * * *", anything: other"#).unwrap();
        assert_eq!((said.every.as_str(), said.cron.as_str(), said.offset), ("", "0 3 * * *", 0));
        assert_eq!(of(r#"name: "d", every: 1w, offset: 1d"#).unwrap().offset, 86_400_000_000_000);
    }

    #[test]
    fn what_is_refused() {
        let cases = [
            (r#"every: 1h"#, "missing required option: name"),
            (r#"name: "n""#, "missing required option: cron or every"),
            (r#"name: "n", every: 1h, cron: "* * * * *""#, "cannot use both cron and every in task options"),
            (r#"name: 5, every: 1h"#, "failed to parse field 'name' in task options"),
            (r#"name: "n", every: -1h"#, "failed to parse field 'every' in task options"),
            (r#"name: "n", every: "1h""#, "failed to parse field 'every' in task options"),
            (r#"name: "", every: 1h"#, "invalid options: name required"),
            (r#"name: "n", every: 0s"#, "invalid options: must specify exactly one of either cron or every"),
            (r#"name: "n", every: 1ms"#, "invalid options: every option must be at least 1 second"),
            (
                r#"name: "n", every: 1500ms"#,
                "invalid options: every option must be expressible as whole seconds",
            ),
            (r#"name: "n", cron: "* *""#, "invalid options: cron invalid: failed to parse cron string"),
            (r#"name: "n", every: 1h, concurrency: 0"#, "invalid options: concurrency must be at least 1"),
            (r#"name: "n", every: 1h, retry: 11"#, "invalid options: retry exceeded max of 10"),
            (
                r#"name: "n", every: 1h, offset: 1ms"#,
                "invalid options: offset option must be expressible as whole seconds",
            ),
            (
                r#"name: "n", every: 1h, offset: 1mo"#,
                "invalid options: offset option must not be of months or years",
            ),
            (r#"name: "n", every: 9223372036854775807w"#, "failed to parse field 'every' in task options"),
        ];
        for (options, message) in cases {
            assert_eq!(of(options), Err(format!("invalid options: {message}")), "{options}");
        }
        let text = |script: &str| TaskOptions::of_script(script).unwrap_err().to_string();
        assert_eq!(text(""), "invalid options: no task options defined");
        assert_eq!(text("option task = 1"), "invalid options: task option expected to be object literal");
        assert_eq!(
            text("option task = {}\noption task = {}"),
            "invalid options: multiple task options defined"
        );
        assert!(text("option task = {").starts_with("invalid options: loc 1:"));
    }
}
