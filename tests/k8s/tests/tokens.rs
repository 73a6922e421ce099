//! Tokens: the Secret works, rotates, and nothing is left behind.

use weir_cluster_tests::Client;
use weir_k8s_tests::{Gate, Lab};

fn token(lab: &Lab, secret: &str) -> String {
    let text =
        lab.kubectl.must(&["get", "secret", secret, "-o", "go-template={{.data.token | base64decode}}"]);
    text.trim().to_owned()
}

fn works(lab: &Lab, token: &str) -> bool {
    let mut client = Client::new(lab.server.address(), token);
    client.send("POST", "/api/v2/write?org=o&bucket=metrics", &[], b"m v=1").unwrap().status == 204
}

#[test]
fn a_token_works_is_rotated_and_deleted() {
    let lab = Lab::new("tokens");
    let _operator = lab.operator(2);
    let kubectl = &lab.kubectl;
    kubectl.make("Bucket", "metrics", "{}");
    let permissions = "[{action: write, resource: buckets, bucketRef: {name: metrics}}]";
    let rotation = "{intervalSeconds: 86400, gracePeriodSeconds: 8}";
    kubectl.make(
        "Token",
        "writer",
        &format!("{{permissions: {permissions}, rotation: {rotation}, secretName: writer-token, deletionPolicy: Delete}}"),
    );
    lab.ready("Token", "writer");
    let first = token(&lab, "writer-token");
    assert!(works(&lab, &first));
    let mut client = Client::new(lab.server.address(), &first);
    let other = client.send("POST", "/api/v2/write?org=o&bucket=b", &[], b"m v=1").unwrap().status;
    assert_ne!(other, 204, "the token is for one bucket");

    // By annotation.
    let _ = kubectl.must(&["annotate", "token.weir.dev", "writer", "weir.dev/rotate=now"]);
    let second = lab.until("another token", || Some(token(&lab, "writer-token")).filter(|now| *now != first));
    assert!(works(&lab, &second));
    assert!(works(&lab, &first), "the first works for the time of grace");
    lab.until("the first to end", || (!works(&lab, &first)).then_some(()));
    assert!(works(&lab, &second));

    // By interval.
    let patch = r#"{"spec": {"rotation": {"intervalSeconds": 6, "gracePeriodSeconds": 0}}}"#;
    kubectl.patch("token.weir.dev", "writer", patch);
    lab.until("a third token", || Some(token(&lab, "writer-token")).filter(|now| *now != second));
    kubectl.patch("token.weir.dev", "writer", r#"{"spec": {"rotation": null}}"#);
    lab.until("the end of rotation", || {
        let status = kubectl.get("Token", "writer")["status"].clone();
        (status["observedGeneration"] == 3 && status["credential"]["retiring"].is_null()).then_some(())
    });

    // A lost Secret.
    let third = token(&lab, "writer-token");
    let _ = kubectl.must(&["delete", "secret", "writer-token"]);
    let fourth = lab.until("the Secret", || {
        let secret = kubectl.get("secret", "writer-token");
        (!secret.is_null()).then(|| token(&lab, "writer-token"))
    });
    assert_ne!(third, fourth);
    lab.until("the lost token to end", || (!works(&lab, &third)).then_some(()));
    assert!(works(&lab, &fourth));

    let _ = kubectl.must(&["delete", "token.weir.dev", "writer", "--timeout=60s"]);
    assert!(!works(&lab, &fourth));
    let all = lab.ask("/api/v2/authorizations?org=o");
    assert_eq!(all["authorizations"].as_array().unwrap().len(), 1, "only the administrator's is left: {all}");
    lab.until("the Secret to be collected", || kubectl.get("secret", "writer-token").is_null().then_some(()));
}

#[test]
fn a_token_whose_answer_was_lost_is_made_anew() {
    let lab = Lab::new("lost-token");
    let _operator = lab.operator(2);
    lab.ready_instance();
    lab.gate.swallow("POST /api/v2/authorizations");
    lab.kubectl.make("Token", "reader", "{permissions: [{action: read, resource: buckets}]}");
    lab.until("an answer to be lost", || (lab.gate.swallowed() > 0).then_some(()));
    drop(_operator); // killed while it waits
    let _ = lab.gate.spare();
    let _operator = lab.operator(2);
    lab.ready("Token", "reader");
    let all = lab.ask("/api/v2/authorizations?org=o");
    assert_eq!(all["authorizations"].as_array().unwrap().len(), 2, "the administrator's and this: {all}");
}

#[test]
fn a_secret_follows_its_server_and_is_put_back() {
    let lab = Lab::new("tended");
    let _operator = lab.operator(2);
    let kubectl = &lab.kubectl;
    kubectl.make("Token", "writer", "{permissions: [{action: write, resource: buckets}]}");
    lab.ready("Token", "writer");
    let first = token(&lab, "writer");
    let data = |key: &str| kubectl.get("secret", "writer")["data"][key].clone();
    let organization = data("org");

    // The server is known by another address.
    let old = data("url");
    let gate = Gate::to(lab.server.address());
    let patch = serde_json::json!({ "spec": { "url": gate.url() } });
    kubectl.patch("instance.weir.dev", "weir", &patch.to_string());
    let moved = lab.until("the new address", || Some(data("url")).filter(|url| *url != old));
    assert_eq!(token(&lab, "writer"), first, "it is the same token");

    // Somebody edits the Secret: what is not the token at first, then the token, which nobody knows any more.
    kubectl.patch(
        "secret",
        "writer",
        r#"{"stringData": {"url": "http://nowhere", "org": "theirs", "more": "x"}}"#,
    );
    lab.until("the correction", || (data("url") == moved && data("org") == organization).then_some(()));
    assert_eq!((token(&lab, "writer"), data("more")), (first.clone(), "eA==".into()));
    kubectl.patch("secret", "writer", r#"{"stringData": {"token": "theirs"}}"#);
    let second = lab.until("another token", || {
        Some(token(&lab, "writer")).filter(|now| *now != "theirs" && *now != first)
    });
    let mut client = Client::new(lab.server.address(), &second);
    assert_eq!(client.send("POST", "/api/v2/write?org=o&bucket=b", &[], b"m v=1").unwrap().status, 204);

    // The Secret goes where the token goes, whatever the policy was when it was written.
    let owners = || kubectl.get("secret", "writer")["metadata"]["ownerReferences"].clone();
    assert!(owners().is_null());
    kubectl.patch("token.weir.dev", "writer", r#"{"spec": {"deletionPolicy": "Delete"}}"#);
    lab.until("an owner", || (owners()[0]["name"] == "writer").then_some(()));
    assert_eq!(token(&lab, "writer"), second);
    kubectl.patch("token.weir.dev", "writer", r#"{"spec": {"deletionPolicy": "Retain"}}"#);
    lab.until("no owner", || owners().is_null().then_some(()));
    let _ = kubectl.must(&["delete", "token.weir.dev", "writer", "--timeout=60s"]);
    assert_eq!(token(&lab, "writer"), second);
}
