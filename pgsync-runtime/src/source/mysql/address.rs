//! Where a server is and how it is spoken to. In: host, user, secrets, the kind of encryption. Out: the driver's options.

use crate::settings::{DatabaseSettings, SslMode};
use crate::{Error, ErrorKind, Result};
use mysql_async::{ClientIdentity, Opts, OptsBuilder, SslOpts};
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A server, and who asks.
#[derive(Debug, Clone)]
pub struct Address {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Other hosts, with their ports, that are tried where one does not answer.
    pub further_hosts: Vec<(String, u16)>,
    /// Which of all hosts is spoken to.
    pub reached: Reached,
    /// Who asks.
    pub user: String,
    /// With which password.
    pub password: Option<SecretString>,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// Files with the certificate that the user shows, and its key.
    pub client: Option<(PathBuf, PathBuf)>,
    /// How long a server may be silent that was asked something.
    pub patience: Duration,
}

/// Which of the hosts of an address is spoken to, counted from 0: the one that the last search has found. All sessions of a
/// program have to be with the same server, so copies of an address share it.
#[derive(Debug, Clone, Default)]
pub struct Reached(Arc<AtomicUsize>);

/// How a connection is encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Encryption {
    /// Not at all.
    None,
    /// With whoever answers, where the server offers it.
    Preferred,
    /// With whoever answers.
    Unverified,
    /// With a server whose certificate is for this host, and was signed by an authority of this file; without a file, by one
    /// that browsers trust.
    Verified(Option<PathBuf>),
    /// The same, whatever host the certificate is for. The driver asks for the host all the same: it looks for other words in
    /// the error than TLS says.
    Authority(Option<PathBuf>),
}

/// The largest packet of the protocol: an event holds a row before and after a change, or a compressed transaction, and may
/// be larger than what the server takes from clients.
const LARGEST_PACKET: usize = 1 << 30;

impl Address {
    /// That of the settings.
    pub(crate) fn of(settings: &DatabaseSettings) -> Self {
        let root = settings.ssl_root_cert.clone();
        let encryption = match settings.ssl_mode {
            SslMode::Disable => Encryption::None,
            SslMode::Prefer => Encryption::Preferred,
            // As libpq does: an authority that is named is asked for.
            SslMode::Require if root.is_none() => Encryption::Unverified,
            SslMode::Require | SslMode::VerifyCa => Encryption::Authority(root),
            SslMode::VerifyFull => Encryption::Verified(root),
        };
        Self {
            host: settings.host.clone(),
            port: settings.port,
            further_hosts: settings.further_hosts.clone(),
            reached: Reached::default(),
            user: settings.user.clone(),
            password: settings.password.clone(),
            encryption,
            client: settings.ssl_client.clone(),
            patience: settings.patience,
        }
    }

    /// The same, spoken to in the clear.
    pub(super) fn without_encryption(&self) -> Self {
        Self { encryption: Encryption::None, ..self.clone() }
    }

    /// For messages: nothing secret.
    pub fn shown(&self) -> String {
        let (host, port) = self.place();
        format!("{host}:{port}")
    }

    /// The host that is spoken to, and its port.
    fn place(&self) -> (&str, u16) {
        let further = self.reached.0.load(Ordering::Relaxed).checked_sub(1);
        let further = further.and_then(|number| self.further_hosts.get(number));
        further.map_or((self.host.as_str(), self.port), |(host, port)| (host, *port))
    }

    /// Each host in turn becomes the one that is spoken to.
    pub(super) fn each_host(&self) -> impl Iterator<Item = ()> {
        (0..=self.further_hosts.len()).map(|number| self.reached.0.store(number, Ordering::Relaxed))
    }

    fn identity(&self) -> Option<ClientIdentity> {
        self.client.clone().map(|(certificate, key)| ClientIdentity::new(certificate.into(), key.into()))
    }

    /// The driver's options, with statements to run first.
    pub(super) fn options(&self, first: Vec<String>) -> Result<Opts> {
        let (host, port) = self.place();
        if host.is_empty() || self.user.is_empty() {
            return Err(Error::new(ErrorKind::Usage, "a host and a user are needed to reach the database"));
        }
        let options = OptsBuilder::default()
            .ip_or_hostname(host)
            .tcp_port(port)
            .user(Some(self.user.clone()))
            .pass(self.password.as_ref().map(|password| password.expose_secret().to_owned()))
            // A socket that the server names may be another machine's.
            .prefer_socket(false)
            .tcp_nodelay(true)
            .tcp_keepalive(Some(self.patience))
            .max_allowed_packet(Some(LARGEST_PACKET))
            // Statements are kept by whoever prepares them.
            .stmt_cache_size(Some(0))
            .ssl_opts(self.encryption.options().map(|options| options.with_client_identity(self.identity())))
            .setup(first.into_iter().rev().collect());
        Ok(options.into())
    }
}

impl Encryption {
    /// Whether a server without it will do.
    pub(super) fn is_preference(&self) -> bool {
        *self == Self::Preferred
    }

    fn options(&self) -> Option<SslOpts> {
        let trusting = |file: &Option<PathBuf>| match file {
            Some(file) => {
                SslOpts::default().with_root_certs(vec![file.clone().into()]).with_disable_built_in_roots(true)
            }
            None => SslOpts::default(),
        };
        match self {
            Self::None => None,
            Self::Preferred | Self::Unverified => Some(SslOpts::default().with_danger_accept_invalid_certs(true)),
            Self::Verified(file) => Some(trusting(file)),
            Self::Authority(file) => Some(trusting(file).with_danger_skip_domain_validation(true)),
        }
    }
}
