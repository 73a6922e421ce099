use serde_json::json;

use crate::reconcile::{
    compare::{acceptance, difference},
    object,
};

#[test]
fn what_only_the_server_says_does_not_count() {
    let desired = object(json!({ "a": 1, "rules": [{ "every": 3600 }], "empty": [], "off": false }));
    let actual = json!({ "a": 1.0, "rules": [{ "every": 3600, "group": 7 }], "id": "x", "links": {} });
    assert!(difference(&desired, &actual).is_empty());
}

#[test]
fn what_differs_is_told_whole() {
    let desired = object(json!({ "rules": [{ "every": 3600 }], "name": "b" }));
    let actual = json!({ "rules": [], "name": "b" });
    assert_eq!(json!(difference(&desired, &actual)), json!({ "rules": [{ "every": 3600 }] }));
}

#[test]
fn an_accepted_form_holds_until_either_side_changes() {
    let desired = object(json!({ "flux": "a" }));
    let first = acceptance(&desired, &json!({ "flux": "A", "time": 1 }));
    assert_eq!(first, acceptance(&desired, &json!({ "flux": "A", "time": 2 })));
    assert_ne!(first, acceptance(&desired, &json!({ "flux": "B" })));
    assert_ne!(first, acceptance(&object(json!({ "flux": "b" })), &json!({ "flux": "A" })));
}
