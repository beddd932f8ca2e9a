//! What a failure of PostgreSQL means for the process. In: what was being done, and the driver's error or a SQLSTATE with
//! its message. Out: our error with its code, its kind and its next step.
//!
//! This is the only place that judges a SQLSTATE. Must not: pass on a server's DETAIL, or the message of a data error:
//! both quote row values.

use super::address;
use crate::error::printable;
use crate::settings::{Binding, DatabaseSettings};
use crate::{Code, Error, Result};
use tokio_postgres::Row as Answer;
use tokio_postgres::types::FromSql;

/// What was being done when PostgreSQL refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Opening a session.
    Connect,
    /// Asking the catalogue, the log, the sessions: everything that is not one of the others.
    Ask,
    /// Making or removing publication, slot and identities.
    SetUp,
    /// Reading rows for documents.
    Read,
    /// Streaming changes from a slot.
    Stream,
}

use Operation::{Connect, Read, SetUp, Stream};

/// One line of the table: operation (none: any other), the beginning of the SQLSTATE, code, next step.
type Row = (Option<Operation>, &'static str, Code, &'static str);

/// What each SQLSTATE means. The first line that fits counts.
const TABLE: &[Row] = &[
    // The slot or the publication does not exist; the slot was invalidated; its log is removed.
    (Some(Stream), "42704", Code::StreamGone, ""),
    (Some(Stream), "55000", Code::StreamGone, ""),
    (Some(Stream), "58P01", Code::StreamGone, ""),
    (
        Some(Stream),
        "55006",
        Code::SlotBusy,
        "another process reads this slot: stop it, or choose another name with PGSYNC_SLOT",
    ),
    (Some(Stream), "42501", Code::Rights, "ALTER ROLE .. REPLICATION for the role in PG_USER"),
    (
        Some(SetUp),
        "42501",
        Code::Rights,
        "bootstrap needs to own the tables, CREATE on the database, and REPLICATION (or the managed service's role for it); \
         print the statements with `bootstrap --dry-run` and have them run by someone who may",
    ),
    (
        Some(Read),
        "42501",
        Code::Rights,
        "grant the role SELECT on the table and USAGE on its schema; where row-level security applies to it, BYPASSRLS: \
         rows hidden by a policy would look deleted",
    ),
    (None, "42501", Code::Rights, "grant the role what the message names"),
    // A statement was planned for other columns: prepared again it will do, or say what has changed.
    (Some(Read), "0A000", Code::Interrupted, ""),
    // Undefined table, column, function, type or schema; mismatched types.
    (None, "42P01", Code::OtherTables, RECOMPILE),
    (None, "42703", Code::OtherTables, RECOMPILE),
    (Some(Read), "42883", Code::OtherTables, EXPRESSION),
    (None, "42883", Code::OtherTables, RECOMPILE),
    (Some(Read), "42804", Code::OtherTables, EXPRESSION),
    (None, "42804", Code::OtherTables, RECOMPILE),
    (None, "3F000", Code::OtherTables, RECOMPILE),
    (Some(Read), "42704", Code::OtherTables, RECOMPILE),
    // Protocol violation: poolers answer so. Before the rest of class 08, which passes.
    (Some(Connect), "08P01", Code::NotItself, POOLER),
    (None, "08P01", Code::NotItself, "connect to PostgreSQL itself, not through a pooler"),
    // A prepared statement that is gone: it was prepared in another session of the server's.
    (None, "26000", Code::NotItself, POOLER),
    (None, "08", Code::Unreachable, ""),
    (None, "57P04", Code::NoDatabase, ""),
    // Shut down, crashed, starting, ended by an administrator or for being idle.
    (None, "57P", Code::SessionEnded, ""),
    // Cancelled, serialisation, deadlock, lock not available, in use, failed or timed-out transaction.
    (None, "57014", Code::Interrupted, ""),
    (None, "40", Code::Interrupted, ""),
    (None, "55P03", Code::Interrupted, ""),
    (None, "55006", Code::Interrupted, ""),
    (None, "25P", Code::Interrupted, ""),
    (None, "53300", Code::Exhausted, "raise max_connections or max_wal_senders on the server, or end other sessions"),
    // A limit that is set too low does not pass, unlike the rest of class 53.
    (None, "53400", Code::Limit, "raise max_replication_slots, or drop a slot that is no longer used"),
    (None, "53", Code::Exhausted, ""),
    // Input and output; internal errors, which concurrent DDL causes. Damaged data (XX001, XX002) does not pass.
    (None, "58", Code::ServerTrouble, ""),
    (None, "XX000", Code::ServerTrouble, ""),
    (None, "25006", Code::ReadOnly, "name the primary server, not a standby, in PG_HOST or PG_URL"),
    (Some(Connect), "28P01", Code::Login, "check PG_USER and PG_PASSWORD (or PG_URL)"),
    (None, "28", Code::Login, ""),
    (
        None,
        "3D000",
        Code::NoDatabase,
        "name an existing database in the schema's `database`, in PG_URL or in PG_DATABASE",
    ),
    // A row for which an expression has no value, or a constant that is none of its type.
    (
        Some(Read),
        "22",
        Code::Statement,
        "where the schema has `where` or `computed` for this table, they have to have a value for every row: a division by zero or \
         a text that is no number has none; CASE keeps it from being computed; where it has `aggregate`, a sum or mean has to \
         stay within its type",
    ),
    (None, "", Code::Statement, ""),
];

const POOLER: &str = "let the pooler hand out whole sessions and pass over settings that come with a connection (PgBouncer: pool_mode = session, \
     ignore_startup_parameters = options), or connect to PostgreSQL itself";

const RECOMPILE: &str =
    "the tables changed since the schema was compiled: take a new catalogue snapshot and compile again";

const EXPRESSION: &str = "where the schema has `where` or `computed` for this table, their operators have to fit the types of its columns; otherwise the \
     tables changed since it was compiled: take a new catalogue snapshot and compile again";

/// The code and the next step of a SQLSTATE.
fn judge(operation: Operation, state: &str) -> (Code, &'static str) {
    TABLE
        .iter()
        .find(|(of, beginning, ..)| of.is_none_or(|of| of == operation) && state.starts_with(beginning))
        .map_or((Code::Statement, ""), |(_, _, code, help)| (*code, *help))
}

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
        let code = printable(&self.code);
        match self.code.get(..2) {
            Some("22" | "23") => format!("PostgreSQL says SQLSTATE {code} (the message may quote data)"),
            _ => format!("PostgreSQL says: {} (SQLSTATE {code})", printable(&self.message)),
        }
    }

    /// Our error. `what` names the thing that failed.
    pub(crate) fn error(&self, operation: Operation, what: &str) -> Error {
        let (code, help) = judge(operation, &self.code);
        let error = Error::coded(code, format!("{what}: {}", self.shown()));
        if help.is_empty() { error } else { error.help(help) }
    }
}

/// Turns the driver's error into ours, of everything but set-up, reading and streaming. `what` names the thing that
/// failed; values never belong in it.
pub fn failure(what: &str, error: &tokio_postgres::Error) -> Error {
    failure_of(Operation::Ask, what, error)
}

/// Turns the driver's error into ours. `what` names the thing that failed; values never belong in it.
pub fn failure_of(operation: Operation, what: &str, error: &tokio_postgres::Error) -> Error {
    if let Some(server) = server_failure(error) {
        return server.error(operation, what);
    }
    match io_cause(error) {
        Some(cause) if cause.kind() == std::io::ErrorKind::TimedOut => {
            Error::coded(Code::Silent, format!("{what}: {}", printable(&cause.to_string())))
        }
        Some(cause) => Error::coded(
            Code::Unreachable,
            format!("{what}: the connection to PostgreSQL failed: {}", printable(&cause.to_string())),
        ),
        None if error.is_closed() => {
            Error::coded(Code::Unreachable, format!("{what}: the connection to PostgreSQL is closed"))
        }
        // What is left is a parameter or a column of an unexpected type; the text names types, not values.
        None => Error::coded(Code::Answer, format!("{what}: {}", printable(&error.to_string()))),
    }
}

/// A value of a row. What another version of a server or somebody's object of that name makes of a column is an error, not
/// a panic.
pub(crate) fn value<'a, T: FromSql<'a>>(row: &'a Answer, column: usize) -> Result<T> {
    row.try_get(column).map_err(|error| failure("an answer of PostgreSQL cannot be read", &error))
}

/// Turns an error of a statement that reads rows into ours; `reading` completes "while reading".
pub(crate) fn unread(error: &tokio_postgres::Error, reading: &str) -> Error {
    failure_of(Read, &format!("while reading {reading}"), error)
}

/// An error while a session is opened.
pub(super) fn at_start(settings: &DatabaseSettings, error: &tokio_postgres::Error) -> Error {
    match server_failure(error) {
        Some(server) => refused_at_start(settings, &server),
        None => {
            let message = format!("no session with PostgreSQL at {}", address(settings));
            if io_cause(error).is_some() || error.is_closed() {
                return failure_of(Connect, &message, error);
            }
            // A missing password, an unknown authentication method, a wrong server signature.
            let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
            if settings.channel_binding == Binding::Require && cause.contains("channel binding") {
                return Error::coded(Code::ChannelBinding, format!("{message}: {}", printable(&cause))).help(
                    "channel_binding=require needs TLS and scram-sha-256 in pg_hba.conf; leave it out, or set it to prefer",
                );
            }
            if std::error::Error::source(error).is_some_and(refused_by_tls) {
                return Error::coded(Code::Certificate, format!("{message}: {}", printable(&cause))).help(
                    "the server asks for a client certificate of an authority that it knows: PG_SSLCERT and PG_SSLKEY",
                );
            }
            Error::coded(Code::Login, format!("{message}: {}", printable(&cause)))
                .help("check PG_USER and PG_PASSWORD (or PG_URL)")
        }
    }
}

/// The server's answer to a startup packet that it does not take.
pub(crate) fn refused_at_start(settings: &DatabaseSettings, server: &ServerFailure) -> Error {
    let (user, database) = (&settings.user, &settings.database);
    let what = format!("no session with PostgreSQL at {} as `{user}` in `{database}`", address(settings));
    let error = server.error(Connect, &what);
    match server.code.as_str() {
        "28000" => error.help(format!(
            "let the role log in, and let pg_hba.conf on the server accept `{user}` in `{database}` from this machine \
             (over TLS if it asks for `hostssl`: PG_SSLMODE=require)"
        )),
        "42501" => error
            .help(format!("ALTER ROLE \"{user}\" REPLICATION; GRANT CONNECT ON DATABASE \"{database}\" TO \"{user}\"")),
        _ => error,
    }
}

fn server_failure(error: &tokio_postgres::Error) -> Option<ServerFailure> {
    error
        .as_db_error()
        .map(|server| ServerFailure { code: server.code().code().to_owned(), message: server.message().to_owned() })
}

/// Whether the server has ended the connection by TLS: it does so after the handshake where it dislikes our certificate.
fn refused_by_tls(cause: &(dyn std::error::Error + 'static)) -> bool {
    let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    inner.is_some_and(|inner| matches!(inner.downcast_ref(), Some(rustls::Error::AlertReceived(_))))
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
    use crate::ErrorKind::{Drift, Refused, Reload, Unavailable};
    use Operation::Ask;

    /// One line per SQLSTATE and operation that matters; every row of the table is met by one of them.
    #[test]
    fn what_each_sqlstate_means() {
        let cases = [
            (Stream, "42704", "P0401", Reload),
            (Stream, "55000", "P0401", Reload),
            (Stream, "58P01", "P0401", Reload),
            (Stream, "55006", "P0402", Unavailable),
            (Stream, "42501", "P0302", Refused),
            (SetUp, "42501", "P0302", Refused),
            (Read, "42501", "P0302", Refused),
            (Ask, "42501", "P0302", Refused),
            (Connect, "42501", "P0302", Refused),
            (Read, "0A000", "P0204", Unavailable),
            (Ask, "0A000", "P0303", Refused),
            (Read, "42P01", "P0501", Drift),
            (Ask, "42P01", "P0501", Drift),
            (Read, "42703", "P0501", Drift),
            (Read, "42883", "P0501", Drift),
            (Read, "42804", "P0501", Drift),
            (Ask, "42883", "P0501", Drift),
            (Ask, "42804", "P0501", Drift),
            (Read, "3F000", "P0501", Drift),
            (Read, "42704", "P0501", Drift),
            (SetUp, "42704", "P0303", Refused),
            (Connect, "08P01", "P0208", Refused),
            (Stream, "08P01", "P0208", Refused),
            (Read, "26000", "P0208", Refused),
            (Ask, "08006", "P0201", Unavailable),
            (Ask, "57P04", "P0207", Refused),
            (Ask, "57P01", "P0202", Unavailable),
            (SetUp, "57P01", "P0202", Unavailable),
            (Stream, "57P01", "P0202", Unavailable),
            (Read, "57P02", "P0202", Unavailable),
            (Connect, "57P03", "P0202", Unavailable),
            (Ask, "57P05", "P0202", Unavailable),
            (Ask, "57014", "P0204", Unavailable),
            (Ask, "40001", "P0204", Unavailable),
            (Read, "40P01", "P0204", Unavailable),
            (SetUp, "55P03", "P0204", Unavailable),
            (SetUp, "55006", "P0204", Unavailable),
            (Ask, "25P02", "P0204", Unavailable),
            (Ask, "25P04", "P0204", Unavailable),
            (Ask, "53300", "P0203", Unavailable),
            (SetUp, "53400", "P0205", Refused),
            (Read, "53200", "P0203", Unavailable),
            (Read, "58030", "P0209", Unavailable),
            (Ask, "XX000", "P0209", Unavailable),
            (Read, "XX001", "P0303", Refused),
            (Ask, "25006", "P0210", Refused),
            (Connect, "28P01", "P0206", Refused),
            (Connect, "28000", "P0206", Refused),
            (Connect, "3D000", "P0207", Refused),
            (Read, "22P02", "P0303", Refused),
            (SetUp, "55000", "P0303", Refused),
            (Ask, "", "P0303", Refused),
        ];
        for (operation, state, id, kind) in cases {
            let (code, _) = judge(operation, state);
            assert_eq!((code.id(), code.kind()), (id, kind), "{operation:?} {state}");
        }
        let met: Vec<usize> = cases
            .iter()
            .filter_map(|(operation, state, ..)| {
                TABLE.iter().position(|(of, beginning, ..)| {
                    of.is_none_or(|of| of == *operation) && state.starts_with(beginning)
                })
            })
            .collect();
        for (position, row) in TABLE.iter().enumerate() {
            assert!(met.contains(&position), "no case meets the row {row:?}");
        }
    }

    #[test]
    fn a_refusal_for_a_missing_right_has_a_next_step() {
        let server = ServerFailure { code: "42501".into(), message: "permission denied for table t".into() };
        for operation in [Connect, Ask, SetUp, Read, Stream] {
            assert!(server.error(operation, "reading").next_step().is_some(), "{operation:?}");
        }
    }

    #[test]
    fn data_errors_do_not_quote_values() {
        let server = ServerFailure { code: "22P02".into(), message: "invalid input: \"4111 1111\"".into() };
        assert!(!server.shown().contains("4111"));
        let server = ServerFailure { code: "3D000".into(), message: "database \"x\" does not exist".into() };
        assert!(server.shown().contains("database \"x\" does not exist"));
    }

    #[test]
    fn what_the_server_says_cannot_act_on_a_terminal() {
        let server =
            ServerFailure { code: "42P01".into(), message: "relation \"\u{1b}]0;x\u{7}\" is not there".into() };
        let shown = server.error(Ask, "the catalogue").to_string();
        assert!(!shown.chars().any(char::is_control), "{shown:?}");
    }
}
