use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, ProtocolVersion, ServerConfig, ServerConnection};

use super::*;

/// An authority that writes certificates into a folder.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(folder: &Path, file: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        fs::write(folder.join(file), issuer.pem()).unwrap();
        Self(issuer)
    }

    /// `NAME.crt` and `NAME.key`.
    fn issue(&self, folder: &Path, name: &str) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["weir.test".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        fs::write(folder.join(format!("{name}.crt")), certificate.pem()).unwrap();
        fs::write(folder.join(format!("{name}.key")), key.serialize_pem()).unwrap();
    }
}

fn server(folder: &Path, change: impl FnOnce(&mut ServerSettings)) -> Server {
    let mut settings = ServerSettings {
        certificate: folder.join("server.crt"),
        key: folder.join("server.key"),
        ..ServerSettings::default()
    };
    change(&mut settings);
    Server::open(settings).unwrap()
}

fn client(folder: &Path, authorities: &str, identity: Option<&str>) -> Client {
    let identity =
        identity.map(|name| (folder.join(format!("{name}.crt")), folder.join(format!("{name}.key"))));
    Client::open(ClientSettings {
        authorities: folder.join(authorities),
        identity,
        ..ClientSettings::default()
    })
    .unwrap()
}

/// Shakes hands in memory and says something.
fn talk(client: Arc<ClientConfig>, server: Arc<ServerConfig>) -> Result<ClientConnection, rustls::Error> {
    let mut client = ClientConnection::new(client, ServerName::try_from("weir.test").unwrap()).unwrap();
    let mut server = ServerConnection::new(server).unwrap();
    client.writer().write_all(b"hello").unwrap();
    for _ in 0..10 {
        let (mut there, mut back) = (Vec::new(), Vec::new());
        while client.wants_write() {
            client.write_tls(&mut there).unwrap();
        }
        server.read_tls(&mut there.as_slice()).unwrap();
        let heard = server.process_new_packets();
        while server.wants_write() {
            server.write_tls(&mut back).unwrap();
        }
        heard?;
        client.read_tls(&mut back.as_slice()).unwrap();
        client.process_new_packets()?;
        let mut word = [0; 5];
        if server.reader().read_exact(&mut word).is_ok() {
            assert_eq!(&word, b"hello");
            return Ok(client);
        }
    }
    panic!("the two do not come to an end");
}

#[test]
fn whom_to_trust_and_which_ciphers() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let ours = Authority::new(folder, "ca.crt");
    let theirs = Authority::new(folder, "other.crt");
    ours.issue(folder, "server");
    ours.issue(folder, "friend");
    theirs.issue(folder, "stranger");

    let plain = server(folder, |_| {});
    let spoken = talk(client(folder, "ca.crt", None).current(), plain.current()).unwrap();
    assert_eq!(spoken.protocol_version(), Some(ProtocolVersion::TLSv1_3));
    assert!(talk(client(folder, "other.crt", None).current(), plain.current()).is_err());

    let strict = server(folder, |settings| settings.strict = true);
    let mut old = (*client(folder, "ca.crt", None).current()).clone();
    old = ClientConfig::builder_with_provider(old.crypto_provider().clone())
        .with_protocol_versions(&[&rustls::version::TLS12])
        .unwrap()
        .with_root_certificates(
            files::authorities(Path::new("ca.crt"), &fs::read(folder.join("ca.crt")).unwrap()).unwrap(),
        )
        .with_no_client_auth();
    let old = Arc::new(old);
    let spoken = talk(old.clone(), strict.current()).unwrap();
    let suite = format!("{:?}", spoken.negotiated_cipher_suite().unwrap().suite());
    assert!(suite.contains("AES_256_GCM"), "{suite}");
    let newest = server(folder, |settings| settings.oldest = Version::V1_3);
    assert!(talk(old, newest.current()).is_err());

    let mutual = server(folder, |settings| settings.clients = Some(folder.join("ca.crt")));
    for (identity, right) in [(Some("friend"), true), (Some("stranger"), false), (None, false)] {
        let result = talk(client(folder, "ca.crt", identity).current(), mutual.current());
        assert_eq!(result.is_ok(), right, "{identity:?}");
    }
}

#[test]
fn what_is_renewed_is_used_and_what_is_broken_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let first = Authority::new(folder, "ca.crt");
    first.issue(folder, "server");
    let server = server(folder, |_| {});
    let client = client(folder, "ca.crt", None);
    assert!(!server.look().unwrap() && !client.look().unwrap());

    let second = Authority::new(folder, "ca.crt");
    second.issue(folder, "server");
    assert!(talk(client.current(), server.current()).is_ok(), "both still use the first");
    assert!(server.look().unwrap());
    assert!(talk(client.current(), server.current()).is_err(), "the client does not know the second yet");
    assert!(client.look().unwrap());
    assert!(talk(client.current(), server.current()).is_ok());

    fs::write(folder.join("server.key"), "-----BEGIN nonsense").unwrap();
    let error = server.look().unwrap_err().to_string();
    assert!(error.contains("server.key") && !error.contains("nonsense"), "{error}");
    assert!(talk(client.current(), server.current()).is_ok(), "the one before stays");
}

#[test]
fn wrong_files_are_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let authority = Authority::new(folder, "ca.crt");
    authority.issue(folder, "server");
    authority.issue(folder, "other");
    fs::write(folder.join("empty"), "").unwrap();
    let settings = |certificate: &str, key: &str| ServerSettings {
        certificate: folder.join(certificate),
        key: folder.join(key),
        ..ServerSettings::default()
    };
    for (certificate, key, words) in [
        ("missing", "server.key", "missing: No such file"),
        ("empty", "server.key", "there is no certificate in it"),
        ("server.crt", "empty", "there is no private key in it"),
        ("server.crt", "other.key", "server.crt and "),
    ] {
        let error = Server::open(settings(certificate, key)).unwrap_err().to_string();
        assert!(error.contains(words), "{certificate} {key}: {error}");
    }
}
