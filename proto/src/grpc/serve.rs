//! Serving the services of a role.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use weir_model::{Error, Result};

use super::query::query_server;
use super::scan::scan_server;
use super::secret::Demand;
use super::secured;
use super::trust::Trust;
use super::write::write_server;
use crate::{QueryService, ScanService, WriteService};

/// The services that a process offers to others.
#[derive(Clone, Default)]
pub struct Services {
    /// What an ingester does with rows.
    pub write: Option<Arc<dyn WriteService>>,
    /// Sorted rows.
    pub scan: Option<Arc<dyn ScanService>>,
    /// Queries.
    pub query: Option<Arc<dyn QueryService>>,
    /// What callers must know and show.
    pub trust: Trust,
}

impl Services {
    /// Serves until `stop` is ready; then calls that are under way are finished, and no new ones taken.
    ///
    /// # Errors
    /// The listener's.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) -> Result<()> {
        let demand = Demand(self.trust.secret);
        let write = self.write.map(|s| InterceptedService::new(write_server(s), demand.clone()));
        let scan = self.scan.map(|s| InterceptedService::new(scan_server(s), demand.clone()));
        let query = self.query.map(|s| InterceptedService::new(query_server(s), demand.clone()));
        let server = Server::builder()
            .http2_keepalive_interval(Some(Duration::from_secs(10)))
            .http2_keepalive_timeout(Some(Duration::from_secs(10)))
            .initial_stream_window_size(4 << 20)
            .initial_connection_window_size(16 << 20)
            .add_optional_service(write)
            .add_optional_service(scan)
            .add_optional_service(query);
        let served = match self.trust.tls {
            None => {
                let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
                server.serve_with_incoming_shutdown(incoming, stop).await
            }
            Some(tls) => {
                let incoming = secured::accept(listener, tls.server);
                server.serve_with_incoming_shutdown(incoming, stop).await
            }
        };
        served.map_err(|error| {
            tracing::error!(%error, "the port for other roles failed");
            Error::internal("the port for other roles failed")
        })
    }
}
