//! Where a server is and how it is spoken to. In: host, user, secrets, the kind of encryption. Out: the driver's options.

use crate::{Error, ErrorKind, Result};
use mysql_async::{Opts, OptsBuilder, SslOpts};
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;
use std::time::Duration;

/// A server, and who asks.
#[derive(Debug, Clone)]
pub struct Address {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Who asks.
    pub user: String,
    /// With which password.
    pub password: Option<SecretString>,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// How long a server may be silent that was asked something.
    pub patience: Duration,
}

/// How a connection is encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Encryption {
    /// Not at all.
    None,
    /// With whoever answers.
    Unverified,
    /// With a server whose certificate is for this host, and was signed by an authority of this file; without a file, by one
    /// that browsers trust.
    Verified(Option<PathBuf>),
}

/// The largest packet of the protocol: an event holds a row before and after a change, or a compressed transaction, and may
/// be larger than what the server takes from clients.
const LARGEST_PACKET: usize = 1 << 30;

impl Address {
    /// For messages: nothing secret.
    pub fn shown(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The driver's options, with statements to run first.
    pub(super) fn options(&self, first: Vec<String>) -> Result<Opts> {
        if self.host.is_empty() || self.user.is_empty() {
            return Err(Error::new(ErrorKind::Usage, "a host and a user are needed to reach the database"));
        }
        let options = OptsBuilder::default()
            .ip_or_hostname(self.host.clone())
            .tcp_port(self.port)
            .user(Some(self.user.clone()))
            .pass(self.password.as_ref().map(|password| password.expose_secret().to_owned()))
            // A socket that the server names may be another machine's.
            .prefer_socket(false)
            .tcp_nodelay(true)
            .tcp_keepalive(Some(self.patience))
            .max_allowed_packet(Some(LARGEST_PACKET))
            .ssl_opts(self.encryption.options())
            .setup(first.into_iter().rev().collect());
        Ok(options.into())
    }
}

impl Encryption {
    fn options(&self) -> Option<SslOpts> {
        match self {
            Self::None => None,
            Self::Unverified => Some(SslOpts::default().with_danger_accept_invalid_certs(true)),
            Self::Verified(Some(file)) => {
                let roots = vec![file.clone().into()];
                Some(SslOpts::default().with_root_certs(roots).with_disable_built_in_roots(true))
            }
            Self::Verified(None) => Some(SslOpts::default()),
        }
    }
}
