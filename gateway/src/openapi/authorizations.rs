//! API tokens, and the users of the v1 endpoints.

use serde_json::json;

use super::builder::{Document, op};
use super::schema::*;

const TAG: &str = "Authorizations";

pub(super) fn describe(doc: &mut Document) {
    let kinds: Vec<&str> = weir_model::ResourceType::ALL.iter().map(|kind| kind.as_str()).collect();
    let resource =
        object([("type!", word(&kinds)), ("id", id()), ("orgID", id()), ("name", text()), ("org", text())]);
    doc.schema("Resource", resource);
    let permission = object([("action!", word(&["read", "write"])), ("resource!", of("Resource"))]);
    doc.schema("Permission", permission);
    let status = || word(&["active", "inactive"]);
    let authorization = object([
        ("id!", id()),
        ("token!", text()),
        ("status!", status()),
        ("description!", text()),
        ("orgID!", id()),
        ("org!", text()),
        ("userID!", id()),
        ("user!", text()),
        ("permissions!", list(of("Permission"))),
        ("links!", links()),
        ("createdAt!", time()),
        ("updatedAt!", time()),
    ]);
    doc.schema("Authorization", authorization);
    let new = object([
        ("orgID!", id()),
        ("userID", id()),
        ("status", status()),
        ("description", text()),
        ("permissions!", some(of("Permission"))),
        ("token", text()),
    ]);
    doc.schema("NewAuthorization", new);
    doc.schema("AuthorizationUpdate", object([("status", status()), ("description", text())]));
    doc.schema(
        "Authorizations",
        object([("links!", links()), ("authorizations!", list(of("Authorization")))]),
    );
    let paths = [
        ("/api/v2/authorizations", "/api/v2/authorizations/{id}"),
        ("/private/legacy/authorizations", "/private/legacy/authorizations/{id}"),
    ];
    for (all, one) in paths {
        let listing = op(TAG, "List tokens")
            .paged()
            .org()
            .query("userID", id())
            .query("user", text())
            .query("id", id());
        doc.get(all, listing.answers(200, of("Authorizations")));
        doc.post(
            all,
            op(TAG, "Make a token")
                .takes(of("NewAuthorization"))
                .answers(201, of("Authorization"))
                .makes(one, "/id"),
        );
        doc.get(one, op(TAG, "A token").answers(200, of("Authorization")));
        doc.patch(
            one,
            op(TAG, "Switch a token on or off")
                .takes(of("AuthorizationUpdate"))
                .answers(200, of("Authorization")),
        );
        doc.delete(one, op(TAG, "Delete a token").done());
    }
    let password = object([("password!", json!({"type": "string", "minLength": 8, "maxLength": 72}))]);
    doc.post(
        "/private/legacy/authorizations/{id}/password",
        op(TAG, "Set the password of a v1 user").takes(password).done(),
    );
}
