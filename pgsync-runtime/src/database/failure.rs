//! What a failure of PostgreSQL means for the process. In: the driver's error or a SQLSTATE with its message. Out: our
//! error with its kind and next step.
//!
//! Must not: pass on a server's DETAIL, or the message of a data error: both quote row values.

use super::address;
use crate::settings::DatabaseSettings;
use crate::{Error, ErrorKind};

/// An error response of the server, as far as it may be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ServerFailure {
    /// SQLSTATE, five characters.
    pub(crate) code: String,
    /// The primary message.
    pub(crate) message: String,
}

impl ServerFailure {
    /// Message and SQLSTATE; of a data error (classes 22 and 23) the SQLSTATE alone, as the message quotes values.
    pub(crate) fn shown(&self) -> String {
        match self.code.get(..2) {
            Some("22" | "23") => format!("PostgreSQL says SQLSTATE {} (the message may quote data)", self.code),
            _ => format!("PostgreSQL says: {} (SQLSTATE {})", self.message, self.code),
        }
    }
}

/// What a SQLSTATE means: whether the same attempt can succeed later, whether the catalogue is another than expected, or
/// neither.
pub fn kind_of(code: &str) -> ErrorKind {
    match code {
        // Undefined table, column, function, schema; mismatched types.
        "42P01" | "42703" | "42883" | "3F000" | "42804" => ErrorKind::Drift,
        // In use, lock not available, serialisation failure, deadlock, cancelled, cannot connect now, shutting down.
        "55006" | "55P03" | "40001" | "40P01" | "57014" | "57P01" | "57P02" | "57P03" | "57P05" | "25P02" => {
            ErrorKind::Unavailable
        }
        // A protocol violation and a limit that is set too low do not pass.
        "08P01" | "53400" => ErrorKind::Refused,
        // Connection exceptions; insufficient resources (too many connections, memory, disk); input and output.
        _ if code.starts_with("08") || code.starts_with("53") || code == "58030" => ErrorKind::Unavailable,
        _ => ErrorKind::Refused,
    }
}

/// Turns the driver's error into ours. `what` names the thing that failed; values never belong in it.
pub fn failure(what: &str, error: &tokio_postgres::Error) -> Error {
    match server_failure(error) {
        Some(server) => Error::new(kind_of(&server.code), format!("{what}: {}", server.shown())),
        None if error.is_closed() || io_cause(error).is_some() => {
            let why = io_cause(error).map_or_else(|| "the connection is closed".to_owned(), ToString::to_string);
            Error::new(ErrorKind::Unavailable, format!("{what}: the connection to PostgreSQL failed: {why}"))
        }
        // What is left is a parameter or a column of an unexpected type; the text names types, not values.
        None => Error::new(ErrorKind::Refused, format!("{what}: {error}")),
    }
}

/// An error while a session is opened.
pub(super) fn at_start(settings: &DatabaseSettings, error: &tokio_postgres::Error) -> Error {
    match server_failure(error) {
        Some(server) => refused_at_start(settings, &server),
        None => {
            let message = format!("no session with PostgreSQL at {}", address(settings));
            if io_cause(error).is_some() || error.is_closed() {
                return failure(&message, error);
            }
            // A missing password, an unknown authentication method, a wrong server signature.
            let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
            Error::new(ErrorKind::Refused, format!("{message}: {cause}"))
                .help("check PG_USER and PG_PASSWORD (or PG_URL)")
        }
    }
}

/// The server's answer to a startup packet that it does not take.
pub(crate) fn refused_at_start(settings: &DatabaseSettings, server: &ServerFailure) -> Error {
    let (user, database) = (&settings.user, &settings.database);
    let error = Error::new(
        kind_of(&server.code),
        format!("no session with PostgreSQL at {} as `{user}` in `{database}`: {}", address(settings), server.shown()),
    );
    match server.code.as_str() {
        "28P01" => error.help("check PG_USER and PG_PASSWORD (or PG_URL)"),
        "28000" => error.help(format!(
            "let the role log in, and let pg_hba.conf on the server accept `{user}` in `{database}` from this machine \
             (over TLS if it asks for `hostssl`: PG_SSLMODE=require)"
        )),
        "3D000" => error.help("name an existing database in the schema's `database`, in PG_URL or in PG_DATABASE"),
        "42501" => error
            .help(format!("ALTER ROLE \"{user}\" REPLICATION; GRANT CONNECT ON DATABASE \"{database}\" TO \"{user}\"")),
        "53300" => error.help("raise max_connections or max_wal_senders on the server, or end other sessions"),
        "08P01" => error.help("connect to PostgreSQL itself, not through a pooler"),
        _ => error,
    }
}

fn server_failure(error: &tokio_postgres::Error) -> Option<ServerFailure> {
    error
        .as_db_error()
        .map(|server| ServerFailure { code: server.code().code().to_owned(), message: server.message().to_owned() })
}

fn io_cause(error: &tokio_postgres::Error) -> Option<&std::io::Error> {
    std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<std::io::Error>()).filter(|cause| {
        // The driver wraps authentication failures of SCRAM as input errors.
        !matches!(cause.kind(), std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        for (code, kind) in [
            ("57P03", ErrorKind::Unavailable),
            ("53300", ErrorKind::Unavailable),
            ("08006", ErrorKind::Unavailable),
            ("28P01", ErrorKind::Refused),
            ("3D000", ErrorKind::Refused),
            ("42501", ErrorKind::Refused),
            ("42P01", ErrorKind::Drift),
            ("", ErrorKind::Refused),
        ] {
            assert_eq!(kind_of(code), kind, "{code}");
        }
    }

    #[test]
    fn data_errors_do_not_quote_values() {
        let server = ServerFailure { code: "22P02".into(), message: "invalid input: \"4111 1111\"".into() };
        assert!(!server.shown().contains("4111"));
        let server = ServerFailure { code: "3D000".into(), message: "database \"x\" does not exist".into() };
        assert!(server.shown().contains("database \"x\" does not exist"));
    }
}
