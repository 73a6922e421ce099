//! The server away for a while, and the operator killed in the middle of its work.

use weir_k8s_tests::Lab;

#[test]
fn a_server_that_was_down_is_caught_up_with() {
    let mut lab = Lab::new("outage");
    let _operator = lab.operator(2);
    lab.kubectl.make("Bucket", "before", "{}");
    lab.ready("Bucket", "before");
    lab.stop_server();
    lab.kubectl.make("Bucket", "during", "{}");
    lab.wait("Bucket", "during", "Ready", "False", "ServerUnavailable");
    lab.wait("Bucket", "before", "Ready", "False", "ServerUnavailable");
    lab.wait("Instance", "weir", "Ready", "False", "ServerUnavailable");
    lab.start_server();
    lab.ready("Bucket", "during");
    lab.ready("Bucket", "before");
    lab.ready("Instance", "weir");
    assert_eq!((lab.buckets("before").len(), lab.buckets("during").len()), (1, 1));
    assert_eq!(lab.kubectl.get("Bucket", "before")["status"]["origin"], "Created");
}

#[test]
fn a_server_with_a_certificate_of_its_own_is_trusted_by_its_authority_only() {
    let mut lab = Lab::new("encrypted");
    let _operator = lab.operator(2);
    lab.ready_instance();
    lab.stop_server();
    let (_encrypted, authority) = lab.start_encrypted();
    let url = serde_json::json!({ "spec": { "url": lab.gate.encrypted_url() } });
    lab.kubectl.patch("instance.weir.dev", "weir", &url.to_string());
    lab.wait("Instance", "weir", "Ready", "False", "ServerUnavailable");
    let [_, _, message] = lab.kubectl.condition("Instance", "weir", "Ready");
    assert!(message.contains("certificate"), "{message}");
    let map = serde_json::json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "authority" },
        "data": { "ca.crt": authority },
    });
    lab.kubectl.apply(&map.to_string());
    let trust = r#"{"spec": {"caConfigMapRef": {"name": "authority", "key": "ca.crt"}}}"#;
    lab.kubectl.patch("instance.weir.dev", "weir", trust);
    lab.ready_instance();
    lab.kubectl.make("Bucket", "metrics", "{}");
    lab.ready("Bucket", "metrics");
}

#[test]
fn an_operator_killed_between_creating_and_recording_neither_orphans_nor_adopts() {
    let lab = Lab::new("killed");
    let mut operator = lab.operator(2);
    lab.ready_instance();
    lab.gate.swallow("POST /api/v2/buckets");
    lab.kubectl.make("Bucket", "metrics", "{description: of machines}");
    // The server has made it, and the operator does not know.
    lab.until("the bucket", || lab.buckets("metrics").pop());
    operator.process.kill();
    assert!(lab.kubectl.get("Bucket", "metrics")["status"]["id"].is_null());
    let _ = lab.gate.spare();
    let _operator = lab.operator(2);
    lab.ready("Bucket", "metrics");
    let bucket = lab.buckets("metrics").remove(0);
    let status = lab.kubectl.get("Bucket", "metrics")["status"].clone();
    assert_eq!(status["id"], bucket["id"]);
    assert_eq!(status["origin"], "Created");
    assert_eq!(bucket["description"], "of machines");
}

#[test]
fn an_operator_killed_again_and_again_gets_there() {
    let lab = Lab::new("killed-often");
    let names: Vec<String> = (0..60).map(|number| format!("bucket-{number}")).collect();
    lab.kubectl.make_many("Bucket", &names, "{description: one of many}");
    let ready = || {
        let text = lab.kubectl.must(&["get", "buckets.weir.dev", "-o", "json"]);
        text.matches("\"reason\": \"Synced\",\n").count() / 2
    };
    for wanted in [1, 20, 40] {
        let mut operator = lab.operator(30);
        lab.until("some progress", || (ready() >= wanted).then_some(()));
        operator.process.kill();
    }
    let _operator = lab.operator(30);
    lab.until("all of them", || (ready() == names.len()).then_some(()));
    let resources = lab.kubectl.must(&["get", "buckets.weir.dev", "-o", "json"]);
    assert!(!resources.contains("Adopted") && !resources.contains("\"Conflict\""), "{resources}");
    let all = lab.ask("/api/v2/buckets?org=o&limit=100");
    let made = all["buckets"].as_array().unwrap().iter();
    let made = made.filter(|bucket| bucket["name"].as_str().unwrap().starts_with("bucket-")).count();
    assert_eq!(made, names.len());
}
