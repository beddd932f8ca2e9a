//! Which server of several, and whether over TLS. In: settings with one host or more, and how an attempt went. Out: the
//! settings of the next attempt, until one session is open with a server that may write: only there a slot is read.

use crate::settings::{DatabaseSettings, SslMode};
use crate::{Code, Error, ErrorKind, Result};

/// Attempts to open a session, one after the other.
pub(crate) struct Attempts {
    current: DatabaseSettings,
    further: std::vec::IntoIter<(String, u16)>,
    ssl_mode: SslMode,
    /// Why the login was refused over TLS, while it is tried without.
    over_tls: Option<Error>,
}

impl Attempts {
    pub(crate) fn new(settings: &DatabaseSettings) -> Self {
        let further = settings.further_hosts.clone().into_iter();
        Self { current: settings.clone(), further, ssl_mode: settings.ssl_mode, over_tls: None }
    }

    /// What to try now.
    pub(crate) fn current(&self) -> &DatabaseSettings {
        &self.current
    }

    /// The outcome of all attempts; none while another one is to be made.
    pub(crate) fn outcome<T>(&mut self, result: Result<T>) -> Option<Result<T>> {
        let error = match (result, self.over_tls.take()) {
            (Ok(session), _) => return Some(Ok(session)),
            (Err(_), Some(over_tls)) => over_tls,
            // As libpq's `prefer`: where the server refuses the login over TLS, without it.
            (Err(error), None) if error.code() == Some(Code::Login) && self.current.ssl_mode == SslMode::Prefer => {
                self.current.ssl_mode = SslMode::Disable;
                self.over_tls = Some(error);
                return None;
            }
            (Err(error), None) => error,
        };
        match self.further.next().filter(|_| error.kind() == ErrorKind::Unavailable) {
            Some((host, port)) => {
                tracing::debug!(%error, "trying the next host");
                self.current.ssl_mode = self.ssl_mode;
                (self.current.host, self.current.port) = (host, port);
                None
            }
            None => Some(Err(error)),
        }
    }
}
