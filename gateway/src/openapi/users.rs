//! Users, passwords, and the members and owners of resources.

use serde_json::json;

use super::builder::{Document, op};
use super::schema::*;

const TAG: &str = "Users";

pub(super) fn describe(doc: &mut Document) {
    let status = || word(&["active", "inactive"]);
    let user = [("id!", id()), ("name!", text()), ("status!", status()), ("links!", links())];
    doc.schema("User", object(user));
    let member = object([
        ("id!", id()),
        ("name!", text()),
        ("status!", status()),
        ("role!", word(&["member", "owner"])),
        ("links!", links()),
    ]);
    doc.schema("Member", member);
    doc.schema("Members", object([("links!", links()), ("users!", list(of("Member")))]));
    doc.schema("NewMember", object([("id!", id()), ("name", text())]));
    let password = object([("password!", json!({"type": "string", "minLength": 8, "maxLength": 72}))]);
    doc.schema("Password", password);

    let users = object([("links!", links()), ("users!", list(of("User")))]);
    doc.get(
        "/api/v2/users",
        op(TAG, "List users").paged().query("name", text()).query("id", id()).answers(200, users),
    );
    let new = object([("name!", some_text()), ("status", status())]);
    doc.post(
        "/api/v2/users",
        op(TAG, "Make a user").takes(new).answers(201, of("User")).makes("/api/v2/users/{id}", "/id"),
    );
    doc.get("/api/v2/users/{id}", op(TAG, "A user").answers(200, of("User")));
    let update = object([("name", some_text()), ("status", status())]);
    doc.patch("/api/v2/users/{id}", op(TAG, "Change a user").takes(update).answers(200, of("User")));
    doc.delete("/api/v2/users/{id}", op(TAG, "Delete a user").done());
    doc.get(
        "/api/v2/users/{id}/permissions",
        op(TAG, "What a user may do").answers(200, list(of("Permission"))),
    );
    doc.post("/api/v2/users/{id}/password", op(TAG, "Set a user's password").takes(of("Password")).done());
    doc.put("/api/v2/users/{id}/password", op(TAG, "Change one's password").takes(of("Password")).done());
    doc.get("/api/v2/me", op(TAG, "Who asks").answers(200, of("User")));
    doc.put("/api/v2/me/password", op(TAG, "Change one's password").takes(of("Password")).done());
}

/// Members and owners of the resources at a path.
macro_rules! members {
    ($doc:expr, $tag:expr, $path:literal) => {
        $crate::openapi::users::describe_members(
            $doc,
            $tag,
            [
                (concat!($path, "/members"), concat!($path, "/members/{user}")),
                (concat!($path, "/owners"), concat!($path, "/owners/{user}")),
            ],
        )
    };
}
pub(super) use members;

pub(super) fn describe_members(
    doc: &mut Document,
    tag: &'static str,
    paths: [(&'static str, &'static str); 2],
) {
    let words = [
        ["List members", "Add a member", "Remove a member"],
        ["List owners", "Add an owner", "Remove an owner"],
    ];
    for ((all, one), [listed, added, removed]) in paths.into_iter().zip(words) {
        doc.get(all, op(tag, listed).answers(200, of("Members")));
        doc.post(all, op(tag, added).takes(of("NewMember")).answers(201, of("Member")));
        doc.delete(one, op(tag, removed).done());
    }
}
