//! Over real sockets: what happens to connections.

use std::time::Duration;

use http_body_util::BodyExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::*;

async fn listen(
    api: &Api,
    drain: Duration,
) -> (std::net::SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let entrance = crate::Entrance::new(Arc::new(Vec::new));
    entrance.open(api.app.clone());
    let serving = tokio::spawn(async move {
        crate::serve(listener, entrance, None, async { drop(stopped.await) }, drain).await.unwrap();
    });
    (address, stop, serving)
}

async fn ask(api: &Api, address: std::net::SocketAddr, script: &str) -> TcpStream {
    let body = json!({"query": script}).to_string();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/v2/query?org=acme HTTP/1.1\r\nHost: x\r\nAuthorization: Token {}\r\nContent-Length: {}\r\n\r\n",
        api.token,
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_the_query() {
    let api = Api::set_up().await;
    let (address, _stop, _serving) = listen(&api, Duration::ZERO).await;
    let mut stream = ask(&api, address, "endless").await;
    // Once the head is there the query runs. A client that left earlier might not have been noticed as a query at all.
    let mut head = [0; 15];
    stream.read_exact(&mut head).await.unwrap();
    // It reads no more: the answer stands still after some buffers, and the query is alive.
    drop(stream);
    api.told.notified().await;
}

#[tokio::test]
async fn a_stop_lets_idle_connections_go_and_takes_no_new_ones() {
    let api = Api::set_up().await;
    let (address, stop, serving) = listen(&api, Duration::from_secs(60)).await;
    let mut stream = ask(&api, address, "echo").await;
    let mut head = [0; 15];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    stop.send(()).unwrap();
    serving.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_stop_cuts_off_what_does_not_end() {
    let api = Api::set_up().await;
    let (address, stop, serving) = listen(&api, Duration::from_millis(10)).await;
    let mut stream = ask(&api, address, "wait").await;
    api.told.notified().await;
    stop.send(()).unwrap();
    serving.await.unwrap();
    let mut rest = Vec::new();
    assert!(matches!(stream.read_to_end(&mut rest).await, Ok(0) | Err(_)));
}

#[tokio::test]
async fn who_sends_too_much_still_sees_why_it_is_refused() {
    let api = Api::set_up().await;
    let (address, _stop, _serving) = listen(&api, Duration::ZERO).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let body = vec![b'x'; 20_000_000];
    let head = format!(
        "POST /api/v2/write?org=acme&bucket=data HTTP/1.1\r\nHost: x\r\nAuthorization: Token {}\r\nContent-Length: {}\r\n\r\n",
        api.token,
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 413");
}

#[tokio::test]
async fn a_server_that_waits_says_for_what() {
    let missing = Arc::new(Mutex::new(Some("the database does not answer".to_owned())));
    let looked = missing.clone();
    let entrance = crate::Entrance::new(Arc::new(move || {
        let log = crate::Check { name: "log", missing: None };
        vec![crate::Check { name: "catalog", missing: looked.lock().unwrap().clone() }, log]
    }));
    let ask = async |path: &str| {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let answer = entrance.call(request).await;
        let status = answer.status().as_u16();
        assert!(answer.headers().contains_key("x-influxdb-version"), "{path}");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice::<Value>(&body).unwrap_or_default())
    };
    assert_eq!(ask("/ping").await.0, 204);
    let (status, health) = ask("/health").await;
    assert_eq!((status, &health["status"]), (503, &json!("fail")));
    assert_eq!(health["message"], "the database does not answer");
    assert_eq!(health["checks"][0]["name"], "catalog");
    assert_eq!(health["checks"][1], json!({"name": "log", "status": "pass"}));
    for path in ["/ready", "/api/v2/query", "/write"] {
        let (status, refusal) = ask(path).await;
        assert_eq!((status, &refusal["code"]), (503, &json!("unavailable")), "{path}");
        assert_eq!(refusal["message"], "not ready: the database does not answer", "{path}");
    }
    *missing.lock().unwrap() = None;
    assert_eq!(ask("/ready").await.0, 503, "the API is not there yet");
    entrance.open(Api::set_up().await.app);
    let (status, ready) = ask("/ready").await;
    assert_eq!((status, &ready["status"]), (200, &json!("ready")));
}

#[tokio::test]
async fn a_server_that_lost_what_it_needs_is_not_ready() {
    let lost = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let looked = lost.clone();
    let api = Api::with(Arc::new(move || {
        let missing = looked.load(std::sync::atomic::Ordering::Relaxed).then(|| "gone".to_owned());
        vec![crate::Check { name: "catalog", missing }]
    }))
    .await;
    for (gone, status, word) in [(false, 200, "pass"), (true, 503, "fail"), (false, 200, "pass")] {
        lost.store(gone, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(api.send(Method::GET, "/ready", &[], "").await.status, status);
        let health = api.send(Method::GET, "/health", &[], "").await;
        assert_eq!((health.status.as_u16(), &health.json()["status"]), (status, &json!(word)));
        assert_eq!(api.send(Method::GET, "/ping", &[], "").await.status, 204);
    }
}

#[tokio::test]
async fn with_a_certificate_the_api_is_served_by_https() {
    let api = Api::set_up().await;
    let folder = tempfile::tempdir().unwrap();
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let tls = weir_tls::Server::open(weir_tls::ServerSettings {
        certificate: file("crt", signed.cert.pem()),
        key: file("key", signed.signing_key.serialize_pem()),
        ..weir_tls::ServerSettings::default()
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let entrance = crate::Entrance::new(Arc::new(Vec::new));
    entrance.open(api.app.clone());
    let never = std::future::pending();
    let serving = crate::serve(listener, entrance, Some(tls.unwrap()), never, Duration::ZERO);
    let serving = tokio::spawn(serving);
    let trusted = reqwest::Certificate::from_pem(signed.cert.pem().as_bytes()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([trusted]).resolve("localhost", address).build();
    let client = client.unwrap();
    let answer = client.get(format!("https://localhost:{}/health", address.port())).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(client.get(format!("http://{address}/health")).send().await.is_err(), "not without");
    serving.abort();
}

#[tokio::test]
async fn a_connection_is_kept_longer_once_it_asked_for_something() {
    let api = Api::fresh().await;
    let entrance = crate::Entrance::new(Arc::new(Vec::new));
    entrance.open(api.app.clone());
    let (_open, closed) = tokio::sync::watch::channel(());
    let open = |patience| {
        let (client, server) = tokio::io::duplex(10_000);
        let begun = tokio::time::Instant::now();
        tokio::spawn(crate::server::connection(server, entrance.clone(), patience, closed.clone()));
        (client, begun)
    };
    let (soon, late) = (Duration::from_millis(20), Duration::from_millis(500));
    let (mut client, begun) = open(crate::server::Patience { first: soon, next: Duration::from_secs(600) });
    assert!(client.read_u8().await.is_err(), "whoever asks for nothing is not waited for");
    assert!(begun.elapsed() >= soon);

    let (mut client, _) = open(crate::server::Patience { first: Duration::from_secs(600), next: late });
    for _ in 0..2 {
        client.write_all(b"GET /ping HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(client.read_u8().await.unwrap());
        }
        assert!(head.starts_with(b"HTTP/1.1 204 "));
    }
    let answered = tokio::time::Instant::now();
    assert!(client.read_u8().await.is_err());
    // The wait begins a little before the last byte of the answer is read.
    assert!(answered.elapsed() >= late / 2);
}
