//! From handlers by method and path to a router that answers for the whole contract.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter};
use weir_model::ErrorCode;

use super::contract::{CONTRACT, State};
use crate::error::ApiError;
use crate::state::Gateway;

/// The path of the contract that a request matched, left on the answer for logs and metrics.
#[derive(Debug, Clone)]
pub(crate) struct Matched(pub MatchedPath);

/// Handlers on their way into a router.
#[derive(Default)]
pub(crate) struct Routes {
    paths: BTreeMap<&'static str, MethodRouter<Gateway>>,
    served: Vec<(&'static str, Method)>,
}

macro_rules! method {
    ($name:ident, $method:ident) => {
        /// Serves this method of `path`.
        pub(crate) fn $name<H, T>(self, path: &'static str, handler: H) -> Self
        where
            H: Handler<T, Gateway>,
            T: 'static,
        {
            self.on(Method::$method, MethodFilter::$method, path, handler)
        }
    };
}

impl Routes {
    method!(get, GET);
    method!(post, POST);
    method!(put, PUT);
    method!(patch, PATCH);
    method!(delete, DELETE);

    fn on<H, T>(mut self, method: Method, filter: MethodFilter, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Gateway>,
        T: 'static,
    {
        let before = self.paths.remove(path).unwrap_or_default();
        self.paths.insert(path, before.on(filter, handler));
        self.served.push((path, method));
        self
    }

    /// Every method and path that has a handler.
    #[cfg(test)]
    pub(crate) fn served(&self) -> &[(&'static str, Method)] {
        &self.served
    }

    /// The router: handlers where there are some, 501 for the rest of the contract, 405 with the contract's methods,
    /// 404 for every other path.
    pub(crate) fn into_router(mut self, gateway: Gateway) -> Router {
        let mut router = Router::new();
        for row in CONTRACT {
            let mut methods = self.paths.remove(row.path).unwrap_or_default();
            if row.state == State::Later {
                for method in row.methods() {
                    if let Some(filter) = filter(method) {
                        methods = methods.on(filter, not_built);
                    }
                }
            }
            router = router.route(row.path, refuse_others(methods, row.methods()));
        }
        for (path, methods) in self.paths {
            router = router.route(path, methods);
        }
        router.fallback(async || ApiError::no_such_path()).layer(from_fn(remember_path)).with_state(gateway)
    }
}

fn filter(method: &str) -> Option<MethodFilter> {
    Some(match method {
        "GET" => MethodFilter::GET,
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        "PATCH" => MethodFilter::PATCH,
        "DELETE" => MethodFilter::DELETE,
        _ => return None,
    })
}

fn refuse_others(
    methods: MethodRouter<Gateway>,
    served: impl Iterator<Item = &'static str>,
) -> MethodRouter<Gateway, Infallible> {
    let mut all: Vec<_> = served.chain(["OPTIONS"]).collect();
    all.sort_unstable();
    let allow = all.join(", ");
    methods.fallback(async move || ApiError::method_not_allowed(&allow))
}

async fn not_built(path: MatchedPath) -> Response {
    let message = format!("{} is part of the API, but this server does not have it yet", path.as_str());
    ApiError::new(ErrorCode::NotImplemented, message).into_response()
}

async fn remember_path(request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(matched) = matched {
        response.extensions_mut().insert(Matched(matched));
    }
    response
}
