//! The listener: accepts, shakes hands where TLS is spoken, serves, and drains on the way out.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::entrance::Entrance;

/// How long clients are waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// Until the head of a connection's first request is there.
    pub first: Duration,
    /// Until the head of another is.
    pub next: Duration,
}

/// As the reference has it: clients that write every ten seconds find their connection again.
const PATIENCE: Patience = Patience { first: Duration::from_secs(10), next: Duration::from_secs(180) };
/// How long a client may take to agree on how to encrypt.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long accepting rests when the system has no more sockets to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `entrance` on `listener`, with TLS where `tls` is given, until `shutdown` is ready; then takes no new
/// connections, lets requests in flight finish for at most `drain`, and cuts off the rest.
///
/// # Errors
/// None today: accept errors are logged and outlived.
pub async fn serve(
    listener: TcpListener,
    entrance: Entrance,
    tls: Option<weir_tls::Server>,
    shutdown: impl Future<Output = ()>,
    drain: Duration,
) -> io::Result<()> {
    let (closing, closed) = watch::channel(());
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(accept(stream, entrance.clone(), tls.clone(), closed.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
    drop(listener);
    drop(closing);
    tracing::info!(connections = connections.len(), "draining HTTP");
    let drained =
        tokio::time::timeout(drain, async { while connections.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        tracing::warn!(connections = connections.len(), "some requests did not finish in time");
        connections.shutdown().await;
    }
    Ok(())
}

async fn accept(
    stream: TcpStream,
    entrance: Entrance,
    tls: Option<weir_tls::Server>,
    mut closed: watch::Receiver<()>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY");
    }
    let Some(tls) = tls else { return connection(stream, entrance, PATIENCE, closed).await };
    let handshake = TlsAcceptor::from(tls.current()).accept(stream);
    let shaken = tokio::select! {
        shaken = tokio::time::timeout(HANDSHAKE_TIMEOUT, handshake) => shaken,
        // Nothing was asked yet: there is nothing to finish.
        _ = closed.changed() => return,
    };
    match shaken {
        Ok(Ok(stream)) => connection(stream, entrance, PATIENCE, closed).await,
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

/// Answers the requests of one connection until it ends.
pub(crate) async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    entrance: Entrance,
    patience: Patience,
    mut closed: watch::Receiver<()>,
) {
    let asked = AtomicBool::new(false);
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        asked.store(true, Ordering::Relaxed);
        let entrance = entrance.clone();
        async move { Ok::<_, Infallible>(entrance.call(request.map(Body::new)).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.next)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let in_silence = async {
        tokio::time::sleep(patience.first).await;
        if asked.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    };
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = in_silence => return tracing::debug!("a connection did not ask for anything in time"),
        // The sender is dropped to say that the server closes.
        _ = closed.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended early");
    }
}
