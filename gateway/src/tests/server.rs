//! Over real sockets: what happens to connections.

use std::time::Duration;

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
    let app = api.app.clone();
    let serving = tokio::spawn(async move {
        crate::serve(listener, app, async { drop(stopped.await) }, drain).await.unwrap();
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
