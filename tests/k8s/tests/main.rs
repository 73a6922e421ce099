//! The operator against a real API server and a real Weir. Run by `tests/k8s/run`.

mod kinds;
mod leadership;
mod lifecycle;
mod load;
mod outage;
mod refusals;
mod tokens;
