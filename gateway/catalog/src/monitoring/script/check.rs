//! What the scripts of thresholds and deadmen share: the user's query as `data`, brought into the check's own time.

use weir_flux_syntax::ast::{
    CallExpression, Expression, File, ObjectExpression, PipeExpression, Property, Statement,
};
use weir_model::Id;

use super::build::{
    call, define, duration, function, member, name, object, property, task_option, template, text,
};
use super::rewrite::Rewrite;
use super::{Made, build, deadman, parsed, rewrite, threshold, written};
use crate::monitoring::{CheckKind, CheckSchedule, FluxDuration, Level};

/// The script of a check.
pub(in crate::monitoring) fn check(id: Id, title: &str, query: &str, kind: &CheckKind) -> Made<String> {
    let file = match kind {
        CheckKind::Custom => return Ok(query.to_owned()),
        CheckKind::Threshold(schedule, thresholds) => {
            threshold::file(Head { id, title, schedule }, parsed(query)?, thresholds)?
        }
        CheckKind::Deadman { schedule, time_since, stale_time, level, .. } => {
            let needed = |duration: &Option<FluxDuration>, name: &str| {
                duration.clone().ok_or_else(|| format!("a deadman check needs {name}"))
            };
            let (since, stale) = (needed(time_since, "timeSince")?, needed(stale_time, "staleTime")?);
            deadman::file(Head { id, title, schedule }, parsed(query)?, &since, &stale, *level)
        }
    };
    written(&file)
}

/// What a script says of its check.
#[derive(Clone, Copy)]
pub(super) struct Head<'a> {
    pub(super) id: Id,
    pub(super) title: &'a str,
    pub(super) schedule: &'a CheckSchedule,
}

impl Head<'_> {
    /// `option task` and `check`.
    pub(super) fn statements(&self, kind: &str) -> [Statement; 2] {
        let tags = self.schedule.tags.iter().flatten();
        let tags = tags.map(|tag| property(&tag.key, text(&tag.value))).collect();
        let check = object(vec![
            property("_check_id", text(&self.id.to_string())),
            property("_check_name", text(self.title)),
            property("_type", text(kind)),
            property("tags", object(tags)),
        ]);
        let every = self.schedule.every.as_ref();
        [task_of(self.title, every, self.schedule.offset.as_ref()), define("check", check)]
    }

    /// `messageFn`.
    pub(super) fn message(&self) -> Statement {
        define("messageFn", function(template(&self.schedule.status_message_template)))
    }
}

/// `option task = {name: …, every: …, offset: …}`.
pub(super) fn task_of(title: &str, every: Option<&FluxDuration>, offset: Option<&FluxDuration>) -> Statement {
    let mut properties = vec![property("name", text(title))];
    properties.extend(every.map(|every| property("every", duration(every))));
    properties.extend(offset.map(|offset| property("offset", duration(offset))));
    task_option(properties)
}

/// `v1["fieldsAsCols"]()`.
pub(super) fn fields_as_columns() -> CallExpression {
    call(member("v1", "fieldsAsCols"), Vec::new())
}

/// `monitor["check"](data: check, messageFn: messageFn, level: level, …)`.
pub(super) fn monitor_check(levels: impl Iterator<Item = Level>) -> CallExpression {
    let mut arguments = vec![property("data", name("check")), property("messageFn", name("messageFn"))];
    arguments.extend(levels.map(|level| property(level.lower(), name(level.lower()))));
    call(member("monitor", "check"), arguments)
}

/// Gives the user's one pipeline the name `data`, without its `yield`. A script of another shape stays as it is: it may
/// say itself what `data` is.
pub(super) fn name_data(file: &mut File) {
    let [statement] = file.body.as_mut_slice() else { return };
    let Statement::Expression(whole) = statement else { return };
    let Expression::Pipe(pipe) = &whole.expression else { return };
    let data = if calls(&pipe.call, "yield") { &pipe.argument } else { &whole.expression };
    *statement = define("data", data.clone());
}

pub(super) fn add_imports(file: &mut File, paths: &[&str]) {
    file.imports.extend(paths.iter().map(|path| build::import(path)));
}

/// Whether a call calls a function of this name.
pub(super) fn calls(call: &CallExpression, function: &str) -> bool {
    matches!(&call.callee, Expression::Identifier(callee) if callee.name == function)
}

fn arguments<'a>(
    call: &'a mut CallExpression,
    function: &str,
) -> impl Iterator<Item = &'a mut ObjectExpression> {
    let called = calls(call, function);
    call.arguments.iter_mut().filter_map(move |argument| match argument {
        Expression::Object(object) if called => Some(object.as_mut()),
        _ => None,
    })
}

/// Sets every `start` to a while ago and every `every` to that while.
struct SetTimes<'a>(&'a FluxDuration);

impl Rewrite for SetTimes<'_> {
    fn property(&mut self, property: &mut Property) {
        match property.key.name() {
            "start" => property.value = Some(build::ago(self.0)),
            "every" => property.value = Some(duration(self.0)),
            _ => {}
        }
    }
}

/// Leaves `range` its `start` only.
struct OpenRanges;

impl Rewrite for OpenRanges {
    fn call(&mut self, call: &mut CallExpression) {
        arguments(call, "range").for_each(|given| given.properties.retain(|p| p.key.name() == "start"));
    }
}

/// Lets windows without rows be left out, unless the user says what becomes of them.
struct SkipEmptyWindows;

impl Rewrite for SkipEmptyWindows {
    fn call(&mut self, call: &mut CallExpression) {
        for given in arguments(call, "aggregateWindow") {
            if !given.properties.iter().any(|p| p.key.name() == "createEmpty") {
                given.properties.push(property("createEmpty", build::boolean(false)));
            }
        }
    }
}

/// Takes aggregation out: the rows themselves count.
struct DropWindows;

impl Rewrite for DropWindows {
    fn pipe(&mut self, pipe: &mut PipeExpression) {
        if calls(&pipe.call, "aggregateWindow")
            && let Expression::Pipe(before) = &pipe.argument
        {
            *pipe = before.as_ref().clone();
        }
    }
}

/// Lets a query look at the time before now.
pub(super) fn look_back(file: &mut File, time: &FluxDuration) {
    rewrite::file(file, &mut SetTimes(time));
    rewrite::file(file, &mut OpenRanges);
}

pub(super) fn skip_empty_windows(file: &mut File) {
    rewrite::file(file, &mut SkipEmptyWindows);
}

pub(super) fn drop_windows(file: &mut File) {
    rewrite::file(file, &mut DropWindows);
}
