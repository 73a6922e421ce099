//! What the scripts of all rules share.

use weir_flux_syntax::ast::{Expression, LogicalOperator, Operator, Statement};
use weir_model::Id;

use super::build::{
    ago, array, binary, boolean, call, called, define, function, logical, member, name, object, pipe,
    property, text,
};
use super::check::task_of;
use super::deadman::before;
use super::{Made, http, pagerduty, slack, telegram};
use crate::monitoring::{EndpointKind, FluxDuration, Level, RuleBase, RuleKind, StatusRule, TagRule};

/// A rule and the endpoint it tells.
#[derive(Clone, Copy)]
pub(in crate::monitoring) struct Told<'a> {
    /// The rule.
    pub(in crate::monitoring) id: Id,
    /// Its name.
    pub(in crate::monitoring) title: &'a str,
    /// When it tells.
    pub(in crate::monitoring) base: &'a RuleBase,
    /// What it tells.
    pub(in crate::monitoring) kind: &'a RuleKind,
    /// The endpoint.
    pub(in crate::monitoring) endpoint: Id,
    /// The endpoint's name.
    pub(in crate::monitoring) endpoint_title: &'a str,
    /// Where the endpoint is.
    pub(in crate::monitoring) endpoint_kind: &'a EndpointKind,
}

/// The script of a rule.
pub(in crate::monitoring) fn rule(told: Told<'_>) -> Made<String> {
    match (told.kind, told.endpoint_kind) {
        (RuleKind::Slack { channel, message_template }, EndpointKind::Slack { url, token }) => {
            slack::script(told, channel, message_template, url, token)
        }
        (RuleKind::PagerDuty { .. }, EndpointKind::PagerDuty { client_url, routing_key }) => {
            pagerduty::script(told, client_url, routing_key)
        }
        (RuleKind::Http, EndpointKind::Http { url, auth_method, token, username, password, .. }) => {
            http::script(told, url, http::Auth::new(auth_method, token, username, password))
        }
        (
            RuleKind::Telegram { message_template, parse_mode, disable_web_page_preview },
            EndpointKind::Telegram { token, channel },
        ) => {
            let how = telegram::How { parse_mode, no_preview: *disable_web_page_preview };
            telegram::script(told, message_template, how, token, channel)
        }
        (kind, endpoint) => {
            let wanted = match kind {
                RuleKind::Slack { .. } => "an Slack",
                RuleKind::PagerDuty { .. } => "an PagerDuty",
                RuleKind::Http => "an HTTP",
                RuleKind::Telegram { .. } => "a Telegram",
            };
            Err(format!("endpoint provided is a {}, not {wanted} endpoint", endpoint.name()))
        }
    }
}

impl Told<'_> {
    fn every(&self) -> Made<&FluxDuration> {
        self.base.every.as_ref().ok_or_else(|| "a notification rule needs every".to_owned())
    }

    /// The whole body: the task, what is special to the endpoint, the statuses, and how they are told.
    pub(super) fn body(&self, endpoint: Vec<Statement>, notify: Statement) -> Made<Vec<Statement>> {
        let every = self.every()?;
        let mut body = vec![task_of(self.title, Some(every), self.base.offset.as_ref())];
        body.extend(endpoint);
        body.push(define(
            "notification",
            object(vec![
                property("_notification_rule_id", text(&self.id.to_string())),
                property("_notification_rule_name", text(self.title)),
                property("_notification_endpoint_id", text(&self.endpoint.to_string())),
                property("_notification_endpoint_name", text(self.endpoint_title)),
            ]),
        ));
        body.push(self.statuses(every));
        let rules = &self.base.status_rules;
        body.extend(rules.iter().map(|rule| define(&statuses_name(*rule), chosen(*rule))));
        body.push(define("all_statuses", self.all_statuses(every)));
        body.push(notify);
        Ok(body)
    }

    /// `statuses = monitor["from"](…)`.
    fn statuses(&self, every: &FluxDuration) -> Statement {
        let mut arguments = vec![property("start", ago(&every.widened()))];
        let and = |all, one| logical(all, LogicalOperator::And, one);
        if let Some(test) = self.base.tag_rules.iter().map(tag_test).reduce(and) {
            arguments.push(property("fn", function(test)));
        }
        define("statuses", called(member("monitor", "from"), arguments))
    }

    /// The statuses of all status rules since the last run.
    fn all_statuses(&self, every: &FluxDuration) -> Expression {
        let new = binary(member("r", "_time"), Operator::GreaterThanEqual, before(every));
        let new = call(name("filter"), vec![property("fn", function(new))]);
        let mut tables: Vec<Expression> =
            self.base.status_rules.iter().map(|rule| name(&statuses_name(*rule))).collect();
        if tables.len() == 1
            && let Some(only) = tables.pop()
        {
            return pipe(only, vec![new]);
        }
        let all = called(name("union"), vec![property("tables", array(tables))]);
        let sort = call(name("sort"), vec![property("columns", array(vec![text("_time")]))]);
        pipe(all, vec![sort, new])
    }
}

/// Whatever the operator is, the reference compares for equality.
fn tag_test(rule: &TagRule) -> Expression {
    binary(member("r", &rule.tag.key), Operator::Equal, text(&rule.tag.value))
}

fn statuses_name(rule: StatusRule) -> String {
    let to = rule.current_level.lower();
    rule.previous_level.map_or_else(|| to.to_owned(), |from| format!("{}_to_{to}", from.lower()))
}

fn chosen(rule: StatusRule) -> Expression {
    let to = rule.current_level;
    let call = match rule.previous_level {
        Some(from) => call(
            member("monitor", "stateChanges"),
            vec![property("fromLevel", text(from.lower())), property("toLevel", text(to.lower()))],
        ),
        None => {
            let test = match to {
                Level::Any => boolean(true),
                _ => is_level(to),
            };
            call(name("filter"), vec![property("fn", function(test))])
        }
    };
    pipe(name("statuses"), vec![call])
}

/// `r["_level"] == "level"`.
pub(super) fn is_level(level: Level) -> Expression {
    binary(member("r", "_level"), Operator::Equal, text(level.lower()))
}
