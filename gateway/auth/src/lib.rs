//! From what a request shows to who calls: tokens, sessions, passwords, and the v1 ways.
//!
//! Purpose: [`Authenticator`] turns the texts of the `Authorization` and `Cookie` headers (and v1's `u` and `p`) into
//! a [`weir_model::Caller`], signs users in and out, and knows what a password must be.
//!
//! Invariants: no secret is logged or kept (what is cached is keyed by hashes); a token that was revoked stops within
//! a second everywhere, because the cache's entries are valid for one version of the catalog only; whether a user
//! exists cannot be told from the time or the text of a refused sign-in; bcrypt never runs on an async thread.
//!
//! It deliberately does not know HTTP (texts in, errors out), nor what a caller may do: that is asked of the catalog.

mod authenticator;
mod credentials;
mod error;
mod logins;
mod passwords;
mod session;
mod tokens;
mod v1;

pub use authenticator::{Authenticator, Options};
pub use credentials::{SESSION_COOKIE, basic, bearer, session_key};
pub use error::AuthError;
pub use session::SignedIn;

#[cfg(test)]
mod tests;
