//! The way into a process that serves the API: open from the start, so that whoever looks learns what is waited for.

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use weir_gateway::Entrance;

use super::parts::{self, Failure};
use crate::options::Common;
use crate::readiness::Needs;

/// A listener with what answers behind it.
pub(super) struct Door {
    /// What answers.
    pub(super) entrance: Entrance,
    closing: CancellationToken,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Door {
    /// Listens, with TLS where the options say so.
    ///
    /// # Errors
    /// The address is taken, or the certificate is not what it should be.
    pub(super) async fn open(options: &Common, needs: &Needs) -> Result<Self, Failure> {
        let entrance = Entrance::new(needs.checks());
        let tls = options.tls.http()?;
        if let Some(tls) = tls.clone() {
            tracing::info!("the API is served by HTTPS");
            tokio::spawn(tls.watch());
        }
        let listener = parts::listen(&options.listen_address()).await?;
        let closing = CancellationToken::new();
        let closed = closing.clone().cancelled_owned();
        let serving =
            tokio::spawn(weir_gateway::serve(listener, entrance.clone(), tls, closed, options.drain_timeout));
        Ok(Self { entrance, closing, serving })
    }

    /// Takes no new requests, and waits for those in flight.
    pub(super) async fn close(self) {
        self.closing.cancel();
        match self.serving.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the HTTP listener ended with an error"),
            Err(error) => tracing::warn!(%error, "the HTTP listener panicked"),
        }
    }
}
