//! What a Go program tells of itself below `/debug/pprof`, as far as this one has it.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::builder::Routes;
use crate::state::Gateway;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/debug/pprof/cmdline", cmdline)
}

/// The arguments of the process, the program first, with a zero byte between two.
async fn cmdline(State(gateway): State<Gateway>) -> Response {
    let kind = "text/plain; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], gateway.settings().command_line.join("\0")).into_response()
}
