//! Secrets that callers show: how they are made, and what is kept of them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use sha2::{Digest, Sha256};

use crate::Surroundings;

/// A fresh token: 64 random bytes in URL-safe base64, 88 characters.
pub fn generate_secret(surroundings: &dyn Surroundings) -> String {
    let mut bytes = [0; 64];
    surroundings.fill_random(&mut bytes);
    URL_SAFE.encode(bytes)
}

/// What is stored of a token or a session's key: `$influxdb2-sha256$` and the hash, the form that InfluxDB 2.9 stores.
///
/// A plain hash is enough because the secret itself is random and long.
pub fn hash_token(token: &str) -> String {
    format!("$influxdb2-sha256${}", URL_SAFE.encode(Sha256::digest(token.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::System;

    #[test]
    fn tokens_are_long_and_differ() {
        let (a, b) = (generate_secret(&System), generate_secret(&System));
        assert_eq!(a.len(), 88);
        assert!(a.ends_with("==") && a != b);
    }

    #[test]
    fn the_hash_is_the_references() {
        assert_eq!(hash_token("abc"), "$influxdb2-sha256$ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0=");
    }
}
