//! What every request passes, outermost first: version headers, log and metrics, panics, CORS, the dialect of
//! errors, the trailing slash, authentication, compression; then the router.
//!
//! Plain functions around one call rather than a tower of layers: the order is the text.

pub(crate) mod auth;
mod compress;
mod cors;
mod slash;

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use tower::ServiceExt;
use weir_model::Error;

use crate::error::ApiError;
use crate::json::Dialect;
use crate::routes::{self, Matched};
use crate::state::Gateway;

const VERSION: HeaderName = HeaderName::from_static("x-influxdb-version");
const BUILD: HeaderName = HeaderName::from_static("x-influxdb-build");

/// The whole HTTP API: a request in, an answer out.
#[derive(Clone)]
pub struct App {
    gateway: Gateway,
    router: Router,
}

impl App {
    /// The API over `gateway`'s parts.
    pub fn new(gateway: Gateway) -> Self {
        let router = routes::all().into_router(gateway.clone());
        Self { gateway, router }
    }

    /// Answers a request. Never fails: whatever goes wrong becomes an answer.
    pub async fn call(&self, mut request: Request) -> Response {
        let started = Instant::now();
        slash::strip(&mut request);
        let method = request.method().clone();
        let path = request.uri().path().to_owned();
        let origin = request.headers().get(header::ORIGIN).cloned();
        let agent = request.headers().get(header::USER_AGENT).cloned();
        let zip = compress::applies(&path) && compress::accepted(request.headers());

        let mut response = match cors::preflight(&method, request.headers()) {
            Some(preflight) => preflight,
            None => match AssertUnwindSafe(self.dispatch(request)).catch_unwind().await {
                Ok(response) => response,
                Err(panic) => panicked(&path, panic.as_ref()),
            },
        };
        if let Some(error) = response.extensions().get::<ApiError>().cloned() {
            let matched = response.extensions().get::<Matched>().cloned();
            response = error.respond(Dialect::of_path(&path));
            response.extensions_mut().extend(
                matched
                    .map(|m| {
                        let mut extensions = axum::http::Extensions::new();
                        extensions.insert(m);
                        extensions
                    })
                    .unwrap_or_default(),
            );
        } else if zip {
            response = compress::compress(response).await;
        }
        cors::allow(origin, &mut response);
        identify(&mut response);

        let took = started.elapsed();
        let status = response.status().as_u16();
        let matched = response.extensions().get::<Matched>().map_or("", |m| m.0.as_str());
        self.gateway.metrics().request(method.as_str(), matched, status, agent.as_ref(), took);
        // The query string stays out: v1 clients put passwords there.
        tracing::debug!(%method, path, status, took_us = took.as_micros() as u64, "request");
        response
    }

    async fn dispatch(&self, mut request: Request<Body>) -> Response {
        if let Err(refusal) = auth::authenticate(&self.gateway, &mut request).await {
            return refusal.into_response();
        }
        match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// Says which server answers.
pub(crate) fn identify(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(BUILD, HeaderValue::from_static("OSS"));
    headers.insert(VERSION, HeaderValue::from_static(crate::COMPATIBLE_VERSION));
}

fn panicked(path: &str, panic: &(dyn std::any::Any + Send)) -> Response {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(path, panic = text.unwrap_or("?"), "a handler panicked");
    ApiError::from(Error::internal(format!("a panic has occurred: {path}"))).into_response()
}
