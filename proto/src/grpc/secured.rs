//! Accepting connections that are encrypted.

use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_stream::wrappers::ReceiverStream;

/// How long the other side may take to show who it is.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long accepting rests when the system has no more sockets to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The connections of `listener` whose other side showed a certificate that is trusted. Ends with its reader.
pub(super) fn accept(
    listener: TcpListener,
    tls: weir_tls::Server,
) -> ReceiverStream<std::io::Result<TlsStream<TcpStream>>> {
    let (shaken, connections) = mpsc::channel(16);
    tokio::spawn(async move {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = shaken.closed() => return,
            };
            match accepted {
                // One that is slow to shake hands keeps nobody else waiting.
                Ok((stream, from)) => {
                    let (tls, shaken) = (tls.clone(), shaken.clone());
                    tokio::spawn(async move {
                        let _ = stream.set_nodelay(true);
                        let handshake = TlsAcceptor::from(tls.current()).accept(stream);
                        match tokio::time::timeout(HANDSHAKE_TIMEOUT, handshake).await {
                            // When nobody reads any more, the connection ends with this.
                            Ok(Ok(stream)) => drop(shaken.send(Ok(stream)).await),
                            Ok(Err(error)) => {
                                tracing::warn!(%from, %error, "refused a connection of another process")
                            }
                            Err(_) => {
                                tracing::warn!(%from, "another process took too long to show who it is")
                            }
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    });
    ReceiverStream::new(connections)
}
