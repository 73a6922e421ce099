//! Scripts with parameters: what `option params` and `option task` say can be said by the template and by whoever
//! applies it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use weir_flux_syntax::ast::{
    Assignment, DurationUnit, Expression, File, ObjectExpression, Statement, UnaryOperator,
};

use super::durations;
use super::reference::{Reference, References};
use super::spec::{Object, Read};

/// A script.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    /// As the template has it.
    pub source: String,
    /// With the values of its parameters.
    pub text: String,
    /// The parameters, by the name that each has in the script.
    pub params: Vec<(String, Reference)>,
    /// What the script says of its task, likewise.
    pub task: Vec<(String, Reference)>,
}

impl Query {
    /// A script, `prefix` being where it stands in the template, under which its parameters go.
    pub(crate) fn read(
        prefix: &str,
        source: &str,
        (params, task): (&[&Object], &[&Object]),
        references: &References,
    ) -> Self {
        let source = source.trim().to_owned();
        let mut query = Self { text: source.clone(), source, ..Self::default() };
        let mut file = weir_flux_syntax::parse(&query.source, "");
        if option(&mut file, "params").is_none() && option(&mut file, "task").is_none() {
            return query;
        }
        let mut of = |name: &str, said: &[&Object]| {
            let written = option(&mut file, name).map(|record| written(record)).unwrap_or_default();
            let named = |(key, mut reference): (String, Reference)| {
                reference.env = format!("{prefix}.{name}.{key}");
                reference.value = references.given(&reference.env);
                (key, reference)
            };
            overridden(written, said).into_iter().map(named).collect::<Vec<_>>()
        };
        query.params = of("params", params);
        query.task = of("task", task);
        for (name, references) in [("params", &query.params), ("task", &query.task)] {
            if let Some(record) = option(&mut file, name) {
                for (key, reference) in references {
                    set(record, key, reference);
                }
            }
        }
        if !(query.params.is_empty() && query.task.is_empty())
            && let Ok(text) = weir_flux_syntax::format(&file)
        {
            query.text = text;
        }
        query
    }
}

/// The record that an option is.
fn option<'a>(file: &'a mut File, name: &str) -> Option<&'a mut ObjectExpression> {
    file.body.iter_mut().find_map(|statement| match statement {
        Statement::Option(option) => match &mut option.assignment {
            Assignment::Variable(variable) if variable.id.name == name => match &mut variable.init {
                Expression::Object(record) => Some(record.as_mut()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}

/// The parameters that stand in a script, with their values as defaults.
fn written(record: &ObjectExpression) -> BTreeMap<String, Reference> {
    let parameter = |property: &weir_flux_syntax::ast::Property| {
        let value = property.value.as_ref()?;
        let reference =
            Reference { default: value_of(value), kind: type_of(value).to_owned(), ..Reference::default() };
        Some((property.key.name().to_owned(), reference))
    };
    record.properties.iter().filter_map(parameter).collect()
}

/// The same, where the template says something else about them.
fn overridden(mut written: BTreeMap<String, Reference>, said: &[&Object]) -> BTreeMap<String, Reference> {
    for said in said {
        let key = said.text("key");
        if key.is_empty() {
            continue;
        }
        let reference = written.entry(key).or_default();
        if let Some(kind) = said.get("type").and_then(super::spec::text_of) {
            reference.kind = kind;
        }
        if let Some(default) = said.get("default") {
            reference.default = default.clone();
        }
    }
    written
}

/// A literal as a value; durations are numbers of nanoseconds, negative ones texts.
fn value_of(expression: &Expression) -> Value {
    match expression {
        Expression::Call(call) => match &call.callee {
            Expression::Identifier(name) if name.name == "now" => json!("now()"),
            _ => Value::Null,
        },
        Expression::DateTime(time) => json!(time.value.to_string()),
        Expression::Float(float) => json!(float.value),
        Expression::Integer(integer) => json!(integer.value),
        Expression::StringLit(text) => json!(text.value),
        Expression::Duration(duration) => {
            let term = |unit: DurationUnit, magnitude: i64| {
                durations::parse(&format!("{magnitude}{}", unit.as_str())).unwrap_or_default()
            };
            let total = duration.values.iter().map(|part| term(part.unit, part.magnitude));
            json!(total.fold(0_i64, i64::saturating_add))
        }
        Expression::Unary(unary) => match (&unary.argument, unary.operator) {
            (Expression::Duration(_), UnaryOperator::Minus) => {
                let positive = value_of(&unary.argument).as_i64().unwrap_or_default();
                json!(format!("-{}", durations::go(positive)))
            }
            _ => value_of(&unary.argument),
        },
        _ => Value::Null,
    }
}

fn type_of(expression: &Expression) -> &'static str {
    match expression {
        Expression::DateTime(_) => "DateTimeLiteral",
        Expression::Float(_) => "FloatLiteral",
        Expression::Integer(_) => "IntegerLiteral",
        Expression::StringLit(_) => "StringLiteral",
        Expression::Duration(_) => "DurationLiteral",
        Expression::Boolean(_) => "BooleanLiteral",
        _ => "",
    }
}

/// Gives a parameter its value in the script. One whose type is not known keeps what is written.
fn set(record: &mut ObjectExpression, key: &str, reference: &Reference) {
    let Some(value) = literal(reference) else { return };
    let key_text =
        if key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') { key.to_owned() } else { quoted(key) };
    // A parsed record of one property has both the key and the value in their proper forms.
    let mut file = weir_flux_syntax::parse(&format!("option one = {{{key_text}: {value}}}"), "");
    if !weir_flux_syntax::errors(&file).is_empty() {
        return;
    }
    let Some(property) = option(&mut file, "one").and_then(|one| one.properties.pop()) else { return };
    match record.properties.iter_mut().find(|present| present.key.name() == key) {
        Some(present) => present.value = property.value,
        None => record.properties.push(property),
    }
}

/// The value of a parameter as a script writes it.
fn literal(reference: &Reference) -> Option<String> {
    let value = reference.value_or_default();
    if value.is_null() {
        return None;
    }
    Some(match reference.kind.to_lowercase().as_str() {
        "bool" | "booleanliteral" => value.as_bool().unwrap_or_default().to_string(),
        "duration" | "durationliteral" => match (value.as_i64(), value.as_str()) {
            (Some(nanoseconds), _) => durations::go(nanoseconds),
            (_, Some(text)) if durations::parse(text).is_some() => text.to_owned(),
            _ => "-0m".to_owned(),
        },
        "float" | "floatliteral" => format!("{:?}", value.as_f64().unwrap_or_default()),
        "int" | "integerliteral" => match (value.as_i64(), value.as_f64()) {
            (Some(integer), _) => integer.to_string(),
            (_, Some(float)) => (float as i64).to_string(),
            _ => "0".to_owned(),
        },
        "string" | "stringliteral" => quoted(value.as_str().unwrap_or_default()),
        "time" | "datetimeliteral" => value.as_str()?.to_owned(),
        _ => return None,
    })
}

/// A text as a literal of a script.
pub(crate) fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace("${", "\\${")
        .replace('\n', "\\n")
        .replace('\r', "\\r");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str, params: Value, given: Value) -> Query {
        let given = given.as_object().cloned().unwrap_or_default().into_iter().collect();
        let params: Vec<&Object> =
            params.as_array().unwrap().iter().map(|param| param.as_object().unwrap()).collect();
        Query::read("at", source, (&params, &[]), &References::new(given))
    }

    #[test]
    fn a_script_without_options_stays_as_it_is() {
        let query = read("  from( bucket:\"b\" )\n", json!([{"key": "x"}]), json!({}));
        assert_eq!((query.text.as_str(), query.params.len()), ("from( bucket:\"b\" )", 0));
    }

    #[test]
    fn parameters_come_from_the_script_then_the_template_then_who_applies_it() {
        let source = "option params = {bucket: \"foo\", start: -1h, n: 1, at: now(), f: 1.5}\n\nx = 1\n";
        let said = json!([{"key": "bucket", "default": "bar"}, {"key": "start", "default": "-2h", "type": "duration"}]);
        let query = read(source, said, json!({"at.params.n": 5, "at.params.bucket": "a\"b"}));
        let keys: Vec<&str> = query.params.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["at", "bucket", "f", "n", "start"]);
        let bucket = &query.params[1].1;
        assert_eq!((&bucket.env, &bucket.default), (&"at.params.bucket".to_owned(), &json!("bar")));
        let wanted = "option params = {\n    bucket: \"a\\\"b\",\n    start: -2h,\n    n: 5,\n    at: now(),\n    f: 1.5,\n}\n\nx = 1\n";
        let plain = |text: &str| text.split_whitespace().collect::<String>().replace(",}", "}");
        assert_eq!(plain(&query.text), plain(wanted));
    }

    #[test]
    fn values_of_another_type_do_no_harm() {
        let source = "option params = {a: 1h, b: \"x\"}";
        let query = read(source, json!([]), json!({"at.params.a": "no", "at.params.b": "${r.x}"}));
        assert!(query.text.contains("a: -0m") && query.text.contains("b: \"\\${r.x}\""), "{}", query.text);
    }
}
