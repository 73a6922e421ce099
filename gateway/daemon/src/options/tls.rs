//! Flags of what is encrypted: the API, the way to the catalog's database, and what processes of a cluster say to each
//! other.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use weir_database::TlsMode;
use weir_model::{Error, Result};
use weir_proto::grpc::{ClusterTls, ClusterTlsFiles};

#[derive(Debug, Clone, Args)]
pub(crate) struct Tls {
    /// The certificate of the HTTP API, with those between it and its authority, as PEM. With it and --tls-key the API
    /// is served by HTTPS. Files that are replaced are read again, within ten seconds and without a restart.
    #[arg(long, global = true, env = "WEIR_TLS_CERT", value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// The private key of that certificate, as PEM.
    #[arg(long, global = true, env = "WEIR_TLS_KEY", value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,

    /// The oldest version of TLS that clients may speak.
    #[arg(long, global = true, env = "WEIR_TLS_MIN_VERSION", value_enum, default_value_t = Version::V1_2)]
    pub(crate) tls_min_version: Version,

    /// With TLS 1.2, take AES with 256 bits in GCM only.
    #[arg(long, global = true, env = "WEIR_TLS_STRICT_CIPHERS", default_value_t = false, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    pub(crate) tls_strict_ciphers: bool,

    /// How much encryption is demanded of the catalog's PostgreSQL; what its URL says (`sslmode=`) when left out, and
    /// when that says nothing either, encryption if the server offers it, whoever it is.
    #[arg(long, global = true, env = "WEIR_CATALOG_TLS_MODE", value_enum)]
    pub(crate) catalog_tls_mode: Option<Demand>,

    /// The authorities that PostgreSQL's certificate may come from, as PEM, beside the system's.
    #[arg(long, global = true, env = "WEIR_CATALOG_TLS_CA", value_name = "FILE")]
    pub(crate) catalog_tls_ca: Option<PathBuf>,

    /// A certificate to show to PostgreSQL, as PEM.
    #[arg(long, global = true, env = "WEIR_CATALOG_TLS_CERT", value_name = "FILE")]
    pub(crate) catalog_tls_cert: Option<PathBuf>,

    /// The private key of that certificate, as PEM.
    #[arg(long, global = true, env = "WEIR_CATALOG_TLS_KEY", value_name = "FILE")]
    pub(crate) catalog_tls_key: Option<PathBuf>,

    /// The certificate that this process shows to others of its cluster, as PEM. With it, --cluster-tls-key and
    /// --cluster-tls-ca, processes encrypt what they say to each other, and talk to holders of a certificate of that
    /// authority only. All processes of a cluster, or none.
    #[arg(long, global = true, env = "WEIR_CLUSTER_TLS_CERT", value_name = "FILE")]
    pub(crate) cluster_tls_cert: Option<PathBuf>,

    /// The private key of that certificate, as PEM.
    #[arg(long, global = true, env = "WEIR_CLUSTER_TLS_KEY", value_name = "FILE")]
    pub(crate) cluster_tls_key: Option<PathBuf>,

    /// The authority of the cluster's certificates, as PEM.
    #[arg(long, global = true, env = "WEIR_CLUSTER_TLS_CA", value_name = "FILE")]
    pub(crate) cluster_tls_ca: Option<PathBuf>,

    /// The DNS name that all certificates of the cluster have.
    #[arg(long, global = true, env = "WEIR_CLUSTER_TLS_NAME", default_value = "weir", value_name = "NAME")]
    pub(crate) cluster_tls_name: String,
}

/// Versions of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Version {
    /// TLS 1.2 and 1.3.
    #[value(name = "1.2")]
    V1_2,
    /// TLS 1.3 only.
    #[value(name = "1.3")]
    V1_3,
}

impl Version {
    /// As in the flag.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
        }
    }
}

/// How much encryption is demanded, in PostgreSQL's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Demand {
    /// None is used.
    Disable,
    /// If the server offers it.
    Prefer,
    /// Always, whoever the server is.
    Require,
    /// With a certificate of a known authority.
    VerifyCa,
    /// With a certificate of a known authority and of the host's name.
    VerifyFull,
}

impl Tls {
    /// The HTTP listener's, where there is one.
    ///
    /// # Errors
    /// Only one of two files is named, or they are not what they should be.
    pub(crate) fn http(&self) -> Result<Option<weir_tls::Server>> {
        let files = (&self.tls_cert, &self.tls_key);
        let Some((certificate, key)) = both(files, "--tls-cert and --tls-key")? else { return Ok(None) };
        let settings = weir_tls::ServerSettings {
            certificate,
            key,
            oldest: match self.tls_min_version {
                Version::V1_2 => weir_tls::Version::V1_2,
                Version::V1_3 => weir_tls::Version::V1_3,
            },
            strict: self.tls_strict_ciphers,
            clients: None,
            protocols: vec![b"http/1.1".to_vec()],
        };
        let opened = weir_tls::Server::open(settings);
        Ok(Some(opened.map_err(|error| Error::invalid(format!("TLS of the HTTP API: {error}")))?))
    }

    /// What is demanded of PostgreSQL.
    pub(crate) fn catalog(&self) -> weir_database::Tls {
        weir_database::Tls {
            mode: self.catalog_tls_mode.map(|mode| match mode {
                Demand::Disable => TlsMode::Disable,
                Demand::Prefer => TlsMode::Prefer,
                Demand::Require => TlsMode::Require,
                Demand::VerifyCa => TlsMode::VerifyCa,
                Demand::VerifyFull => TlsMode::VerifyFull,
            }),
            authorities: self.catalog_tls_ca.clone(),
            identity: self.catalog_tls_cert.clone().zip(self.catalog_tls_key.clone()),
        }
    }

    /// What processes of the cluster show each other, if they do.
    ///
    /// # Errors
    /// Not all files are named, or they are not what they should be.
    pub(crate) fn cluster(&self) -> Result<Option<ClusterTls>> {
        let what = "--cluster-tls-cert and --cluster-tls-key";
        let identity = both((&self.cluster_tls_cert, &self.cluster_tls_key), what)?;
        let what = "--cluster-tls-cert and --cluster-tls-ca";
        let authority = both((&self.cluster_tls_cert, &self.cluster_tls_ca), what)?;
        let (Some((certificate, key)), Some((_, authorities))) = (identity, authority) else {
            return Ok(None);
        };
        let name = self.cluster_tls_name.clone();
        ClusterTls::open(ClusterTlsFiles { certificate, key, authorities, name }).map(Some)
    }

    /// Of addresses by which others reach this process.
    pub(super) fn cluster_scheme(&self) -> &'static str {
        if self.cluster_tls_cert.is_some() { "https" } else { "http" }
    }
}

/// Both files, or none.
fn both(files: (&Option<PathBuf>, &Option<PathBuf>), what: &str) -> Result<Option<(PathBuf, PathBuf)>> {
    match files {
        (Some(one), Some(two)) => Ok(Some((one.clone(), two.clone()))),
        (None, None) => Ok(None),
        _ => Err(Error::invalid(format!("{what} go together: only one of them is given"))),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        tls: Tls,
    }

    fn parse(flags: &[&str]) -> Tls {
        Only::try_parse_from(std::iter::once(&"weir").chain(flags)).unwrap().tls
    }

    #[test]
    fn half_of_what_belongs_together_is_refused() {
        for (flags, words) in [
            (&["--tls-cert", "/x"][..], "--tls-cert and --tls-key go together"),
            (&["--tls-cert", "/nowhere/x", "--tls-key", "/nowhere/y"], "TLS of the HTTP API: /nowhere/x"),
        ] {
            assert!(parse(flags).http().unwrap_err().message.contains(words), "{flags:?}");
        }
        for flags in
            [&["--cluster-tls-cert", "/x"][..], &["--cluster-tls-cert", "/x", "--cluster-tls-key", "/y"]]
        {
            assert!(parse(flags).cluster().unwrap_err().message.contains("go together"), "{flags:?}");
        }
        assert!(parse(&[]).http().unwrap().is_none() && parse(&[]).cluster().unwrap().is_none());
    }

    #[test]
    fn versions_that_are_broken_are_not_spoken() {
        assert!(Only::try_parse_from(["weir", "--tls-min-version", "1.1"]).is_err());
        assert_eq!(parse(&["--tls-min-version", "1.3"]).tls_min_version, Version::V1_3);
        assert!(parse(&["--tls-strict-ciphers"]).tls_strict_ciphers);
    }
}
