//! Checks, notification rules and notification endpoints.

use super::builder::{Document, op};
use super::labels::borne;
use super::schema::*;
use super::users::members;

/// What each of the three kinds has.
fn shown<const N: usize>(more: [(&str, serde_json::Value); N]) -> serde_json::Value {
    let common = object([
        ("id!", id()),
        ("orgID!", id()),
        ("name!", text()),
        ("description", text()),
        ("type!", text()),
        ("status!", word(&["active", "inactive"])),
        ("createdAt!", time()),
        ("updatedAt!", time()),
        ("labels", list(of("Label"))),
        ("links", links()),
    ]);
    serde_json::json!({"allOf": [common, object(more)]})
}

pub(super) fn describe(doc: &mut Document) {
    let update = || {
        object([("name", some_text()), ("description", text()), ("status", word(&["active", "inactive"]))])
    };
    doc.schema("MonitoringUpdate", update());
    doc.schema("Script", object([("flux!", text())]));
    checks(doc);
    rules(doc);
    endpoints(doc);
}

fn tag() -> serde_json::Value {
    object([("key!", text()), ("value!", text())])
}

fn checks(doc: &mut Document) {
    const TAG: &str = "Checks";
    doc.schema("Check", shown([("taskID", text()), ("ownerID", text()), ("every", text())]));
    let level = || word(&["OK", "INFO", "WARN", "CRIT"]);
    let threshold = object([
        ("type!", word(&["greater", "lesser", "range"])),
        ("level!", level()),
        ("allValues", flag()),
        ("value", serde_json::json!({"type": "number"})),
        ("min", serde_json::json!({"type": "number"})),
        ("max", serde_json::json!({"type": "number"})),
        ("within", flag()),
    ]);
    let new = object([
        ("type!", word(&["threshold", "deadman", "custom"])),
        ("orgID!", id()),
        ("name!", some_text()),
        ("status!", word(&["active", "inactive"])),
        ("description", text()),
        ("query!", object([("text!", text())])),
        ("every", text()),
        ("offset", text()),
        ("tags", list(tag())),
        ("statusMessageTemplate", text()),
        ("thresholds", list(threshold)),
        ("timeSince", text()),
        ("staleTime", text()),
        ("reportZero", flag()),
        ("level", level()),
    ]);
    doc.schema("NewCheck", new);
    let all = object([("links!", links()), ("checks!", list(of("Check")))]);
    doc.get("/api/v2/checks", op(TAG, "List checks").paged().org().answers(200, all));
    doc.post(
        "/api/v2/checks",
        op(TAG, "Make a check")
            .takes(of("NewCheck"))
            .answers(201, of("Check"))
            .makes("/api/v2/checks/{id}", "/id"),
    );
    doc.get("/api/v2/checks/{id}", op(TAG, "A check").answers(200, of("Check")));
    doc.put(
        "/api/v2/checks/{id}",
        op(TAG, "Replace a check").takes(of("NewCheck")).answers(200, of("Check")),
    );
    doc.patch(
        "/api/v2/checks/{id}",
        op(TAG, "Change a check").takes(of("MonitoringUpdate")).answers(200, of("Check")),
    );
    doc.delete("/api/v2/checks/{id}", op(TAG, "Delete a check").done());
    doc.get("/api/v2/checks/{id}/query", op(TAG, "The script of a check").answers(200, of("Script")));
    members!(doc, TAG, "/api/v2/checks/{id}");
    borne!(doc, TAG, "/api/v2/checks/{id}");
}

fn rules(doc: &mut Document) {
    const TAG: &str = "NotificationRules";
    doc.schema("NotificationRule", shown([("endpointID!", id()), ("taskID", text()), ("ownerID", text())]));
    let level = || word(&["OK", "INFO", "WARN", "CRIT", "UNKNOWN", "ANY"]);
    let status_rule = object([
        ("currentLevel!", level()),
        ("previousLevel", or_null(level())),
        ("count", number()),
        ("period", text()),
    ]);
    let tag_rule = object([
        ("key!", text()),
        ("value!", text()),
        ("operator!", word(&["equal", "notequal", "equalregex", "notequalregex"])),
    ]);
    let new = object([
        ("type!", word(&["slack", "pagerduty", "http", "telegram"])),
        ("orgID!", id()),
        ("endpointID!", id()),
        ("name!", some_text()),
        ("status!", word(&["active", "inactive"])),
        ("description", text()),
        ("every!", some_text()),
        ("offset", text()),
        ("statusRules!", some(status_rule)),
        ("tagRules", list(tag_rule)),
        ("messageTemplate", text()),
        ("channel", text()),
        ("parseMode", text()),
        ("disableWebPagePreview", flag()),
        ("limit", number()),
        ("limitEvery", number()),
    ]);
    doc.schema("NewNotificationRule", new);
    let all = object([("links!", links()), ("notificationRules!", list(of("NotificationRule")))]);
    let base = "/api/v2/notificationRules";
    let listing = op(TAG, "List rules").paged().org().query("checkID", id()).query("tag", text());
    doc.get(base, listing.answers(200, all));
    doc.post(
        base,
        op(TAG, "Make a rule")
            .takes(of("NewNotificationRule"))
            .answers(201, of("NotificationRule"))
            .makes("/api/v2/notificationRules/{id}", "/id"),
    );
    let one = "/api/v2/notificationRules/{id}";
    doc.get(one, op(TAG, "A rule").answers(200, of("NotificationRule")));
    doc.put(
        one,
        op(TAG, "Replace a rule").takes(of("NewNotificationRule")).answers(200, of("NotificationRule")),
    );
    doc.patch(
        one,
        op(TAG, "Change a rule").takes(of("MonitoringUpdate")).answers(200, of("NotificationRule")),
    );
    doc.delete(one, op(TAG, "Delete a rule").done());
    doc.get(
        "/api/v2/notificationRules/{id}/query",
        op(TAG, "The script of a rule").answers(200, of("Script")),
    );
    members!(doc, TAG, "/api/v2/notificationRules/{id}");
    borne!(doc, TAG, "/api/v2/notificationRules/{id}");
}

fn endpoints(doc: &mut Document) {
    const TAG: &str = "NotificationEndpoints";
    doc.schema("NotificationEndpoint", shown([("userID", text()), ("url", text()), ("method", text())]));
    let new = object([
        ("type!", word(&["slack", "pagerduty", "http", "telegram"])),
        ("orgID!", id()),
        ("name!", some_text()),
        ("status!", word(&["active", "inactive"])),
        ("description", text()),
        ("url", text()),
        ("token", text()),
        ("clientURL", text()),
        ("routingKey", text()),
        ("method", word(&["GET", "POST", "PUT"])),
        ("authMethod", word(&["none", "basic", "bearer"])),
        ("username", text()),
        ("password", text()),
        ("headers", map(text())),
        ("contentTemplate", text()),
        ("channel", text()),
    ]);
    doc.schema("NewNotificationEndpoint", new);
    let all = object([("links!", links()), ("notificationEndpoints!", list(of("NotificationEndpoint")))]);
    let base = "/api/v2/notificationEndpoints";
    doc.get(base, op(TAG, "List endpoints").paged().org().query("user", id()).answers(200, all));
    doc.post(
        base,
        op(TAG, "Make an endpoint")
            .takes(of("NewNotificationEndpoint"))
            .answers(201, of("NotificationEndpoint"))
            .makes("/api/v2/notificationEndpoints/{id}", "/id"),
    );
    let one = "/api/v2/notificationEndpoints/{id}";
    doc.get(one, op(TAG, "An endpoint").answers(200, of("NotificationEndpoint")));
    doc.put(
        one,
        op(TAG, "Replace an endpoint")
            .takes(of("NewNotificationEndpoint"))
            .answers(200, of("NotificationEndpoint")),
    );
    doc.patch(
        one,
        op(TAG, "Change an endpoint").takes(of("MonitoringUpdate")).answers(200, of("NotificationEndpoint")),
    );
    doc.delete(one, op(TAG, "Delete an endpoint").done());
    members!(doc, TAG, "/api/v2/notificationEndpoints/{id}");
    borne!(doc, TAG, "/api/v2/notificationEndpoints/{id}");
}
