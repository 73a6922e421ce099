//! The keys that secrets are encrypted with.
//!
//! AES-256-GCM with a random nonce; organization and name of a secret are authenticated with it, so that one value
//! cannot be put in another's place. A key file has one key a line, 32 bytes in base64 or hex: the first one encrypts,
//! all of them decrypt. To rotate, put a new key after the old ones in the files of all processes
//! and restart them, so that all can read what it encrypts; then put it first and restart them again. What an older key
//! encrypted is encrypted anew then ([`crate::Catalog::rotate_secrets`]), and the old keys may go.

use std::path::Path;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use weir_model::Id;

use crate::Surroundings;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// What is wrong with keys.
#[derive(Debug, thiserror::Error)]
pub enum SecretKeyError {
    /// A line is no key.
    #[error("line {0} is no key: 32 bytes in base64 or hex are expected")]
    Line(usize),
    /// There are none.
    #[error("there is no key in it")]
    Empty,
    /// The file cannot be read or made.
    #[error(transparent)]
    File(#[from] std::io::Error),
}

/// Keys, of which the first encrypts.
#[derive(Clone)]
pub struct SecretKeys(Vec<Key>);

#[derive(Clone)]
struct Key {
    /// A few bytes of the key's hash, by which a value names the key it needs.
    name: String,
    cipher: Aes256Gcm,
}

impl SecretKeys {
    /// Reads keys, one a line; empty lines and lines that begin with `#` are left out.
    ///
    /// # Errors
    /// A line that is no key, or none at all.
    pub fn parse(text: &str) -> Result<Self, SecretKeyError> {
        let mut keys = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bytes = unhex(line).or_else(|| STANDARD.decode(line).ok()).unwrap_or_default();
            let cipher = Aes256Gcm::new_from_slice(&bytes).map_err(|_| SecretKeyError::Line(number + 1))?;
            let name = Sha256::digest(&bytes).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            keys.push(Key { name, cipher });
        }
        if keys.is_empty() { Err(SecretKeyError::Empty) } else { Ok(Self(keys)) }
    }

    /// Reads the keys in a file.
    ///
    /// # Errors
    /// The file cannot be read, or as [`SecretKeys::parse`].
    pub fn read(file: &Path) -> Result<Self, SecretKeyError> {
        Self::parse(&std::fs::read_to_string(file)?)
    }

    /// Reads the keys in a file, which is made with one new key, readable by its owner only, if it is not there.
    ///
    /// # Errors
    /// The file cannot be made, or as [`SecretKeys::read`].
    pub fn read_or_create(file: &Path, surroundings: &dyn Surroundings) -> Result<Self, SecretKeyError> {
        match Self::read(file) {
            Err(SecretKeyError::File(error)) if error.kind() == std::io::ErrorKind::NotFound => {}
            other => return other,
        }
        let mut unique = [0; 8];
        surroundings.fill_random(&mut unique);
        let draft = file.with_extension(format!("{:016x}", u64::from_le_bytes(unique)));
        let made = write_private(&draft, &format!("{}\n", Self::generate(surroundings)));
        // A link appears whole and only where nothing is: of processes that start together, one makes the key.
        let linked = made.and_then(|()| std::fs::hard_link(&draft, file));
        let _ = std::fs::remove_file(&draft);
        match linked {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
            _ => Self::read(file),
        }
    }

    /// A new key as a line of a key file.
    pub fn generate(surroundings: &dyn Surroundings) -> String {
        let mut bytes = [0; KEY_BYTES];
        surroundings.fill_random(&mut bytes);
        STANDARD.encode(bytes)
    }

    /// What a value begins with that the first key encrypted.
    pub(crate) fn mark(&self) -> &str {
        self.0.first().map_or("", |key| &key.name)
    }

    pub(crate) fn seal(
        &self,
        org: Id,
        name: &str,
        value: &str,
        surroundings: &dyn Surroundings,
    ) -> Option<String> {
        let mut nonce = [0; NONCE_BYTES];
        surroundings.fill_random(&mut nonce);
        let key = self.0.first()?;
        let place = place(org, name);
        let payload = Payload { msg: value.as_bytes(), aad: place.as_bytes() };
        let sealed = key.cipher.encrypt(&Nonce::from(nonce), payload).ok()?;
        Some(format!("{}:{}", key.name, STANDARD.encode([nonce.as_slice(), &sealed].concat())))
    }

    pub(crate) fn open(&self, org: Id, name: &str, sealed: &str) -> Option<String> {
        let (key, text) = sealed.split_once(':')?;
        let bytes = STANDARD.decode(text).ok()?;
        let (nonce, message) = bytes.split_first_chunk::<NONCE_BYTES>()?;
        let place = place(org, name);
        let mut fitting = self.0.iter().filter(|known| known.name == key);
        let opened = fitting.find_map(|known| {
            let payload = Payload { msg: message, aad: place.as_bytes() };
            known.cipher.decrypt(&Nonce::from(*nonce), payload).ok()
        })?;
        String::from_utf8(opened).ok()
    }
}

impl std::fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|key| key.name.as_str()).collect();
        write!(f, "SecretKeys({})", names.join(", "))
    }
}

fn place(org: Id, name: &str) -> String {
    format!("{org}/{name}")
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 2 * KEY_BYTES || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..KEY_BYTES).map(|at| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()).collect()
}

fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = options.open(file)?;
    open.write_all(text.as_bytes())?;
    open.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::System;

    fn id(number: u64) -> Id {
        Id::new(number).unwrap()
    }

    #[test]
    fn values_open_in_their_place_only_and_with_old_keys() {
        let old = SecretKeys::generate(&System);
        let keys = SecretKeys::parse(&old).unwrap();
        let sealed = keys.seal(id(1), "k", "sesame", &System).unwrap();
        assert_ne!(sealed, keys.seal(id(1), "k", "sesame", &System).unwrap());
        assert_eq!(keys.open(id(1), "k", &sealed).as_deref(), Some("sesame"));
        assert_eq!(keys.open(id(2), "k", &sealed), None);
        assert_eq!(keys.open(id(1), "l", &sealed), None);
        let rotated = SecretKeys::parse(&format!("# new\n{}\n\n{old}", "ab".repeat(32))).unwrap();
        assert_eq!(rotated.open(id(1), "k", &sealed).as_deref(), Some("sesame"));
        let newer = rotated.seal(id(1), "k", "x", &System).unwrap();
        assert_eq!(keys.open(id(1), "k", &newer), None);
        assert!(SecretKeys::parse("c2hvcnQ=").is_err() && SecretKeys::parse("\n").is_err());
    }

    #[test]
    fn a_key_file_is_made_once_for_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("secret.key");
        let keys = SecretKeys::read_or_create(&file, &System).unwrap();
        assert_eq!(format!("{keys:?}"), format!("{:?}", SecretKeys::read_or_create(&file, &System).unwrap()));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
