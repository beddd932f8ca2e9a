//! What an error of the driver, of the server or of the decoder means for the process. In: such an error. Out: the runtime's
//! own, with the next step.

use super::binlog::Refusal;
use crate::error::printable;
use crate::{Code, Error};

/// While something was done with the server at an address.
pub(super) fn of_server(what: &str, address: &str, error: mysql_async::Error) -> Error {
    failed(&format!("{what} at {address}"), error)
}

/// While rows of a table were read.
pub(super) fn of_reading(table: &str, address: &str, error: mysql_async::Error) -> Error {
    failed(&format!("reading table {table} at {address}"), error)
}

fn failed(doing: &str, error: mysql_async::Error) -> Error {
    let server = match error {
        mysql_async::Error::Server(server) => server,
        error @ (mysql_async::Error::Io(_) | mysql_async::Error::Driver(_)) => {
            return Error::coded(Code::Unreachable, doing).source(error);
        }
        error => return Error::coded(Code::Answer, doing).source(error),
    };
    let Meaning { code, help } = meaning(server.code, &server.message);
    let shown = if QUOTES_VALUES.iter().any(|(from, to)| (*from..=*to).contains(&server.code)) {
        format!("{doing}: error {} (the message may quote data)", server.code)
    } else {
        format!("{doing}: error {}: {}", server.code, printable(&server.message))
    };
    let error = Error::coded(code, shown);
    if help.is_empty() { error } else { error.help(help) }
}

/// Errors of values: their messages repeat them.
const QUOTES_VALUES: [(u16, u16); 8] =
    [(1062, 1062), (1264, 1265), (1292, 1292), (1366, 1367), (1411, 1411), (1586, 1586), (1690, 1690), (3140, 3160)];

/// What a server's error means.
struct Meaning {
    code: Code,
    help: &'static str,
}

const RECOMPILE: &str =
    "the tables changed since the schema was compiled: take a new catalogue snapshot and compile again";

/// The table of the server's errors.
fn meaning(number: u16, message: &str) -> Meaning {
    const STREAM: u16 = 1236;
    let says = |part: &str| message.to_ascii_lowercase().contains(part);
    let of = |code, help| Meaning { code, help };
    match number {
        1045 | 1698 => {
            of(Code::Login, "check PG_USER and PG_PASSWORD (or PG_URL), and from which hosts the user may log in")
        }
        1044 | 1142 | 1143 | 1227 | 1370 => of(
            Code::Rights,
            "the user needs SELECT, REPLICATION SLAVE and REPLICATION CLIENT (MariaDB: BINLOG MONITOR): GRANT what the message names",
        ),
        1049 => {
            of(Code::NoDatabase, "name an existing database in the schema's `database`, in PG_URL or in PG_DATABASE")
        }
        // MariaDB has a number of its own for it.
        _ if says("same server_uuid") || says("same server_id") => of(
            Code::StreamTaken,
            "another replica reads with this server id: give one of the two another name with PGSYNC_SLOT",
        ),
        STREAM if says("max_allowed_packet") => {
            of(Code::Limit, "raise max_allowed_packet of the server: an event of its log is larger")
        }
        // The log does not reach back, or it is the log of another server.
        STREAM
            if says("purged")
                || says("could not find")
                || says("not in the master")
                || says("more gtids than")
                || says("ahead of")
                || says("position > file size")
                || says("diverg") =>
        {
            of(
                Code::LogGone,
                "keep logs longer (binlog_expire_logs_seconds, on RDS `binlog retention hours`): everything is loaded again",
            )
        }
        STREAM => of(Code::SessionEnded, ""),
        // Too many connections, of the server or of the user.
        1040 | 1203 | 1226 => of(Code::Exhausted, "raise max_connections on the server, or end other sessions"),
        // A server that shuts down, a session that was ended.
        1053 | 1077 | 1927 | 3169 => of(Code::SessionEnded, ""),
        // Interrupted, a lock or a time that was waited for too long, a deadlock, a definition that changed within a snapshot.
        1205 | 1213 | 1317 | 1412 | 1615 | 1969 | 3024 | 3058 => of(Code::Interrupted, ""),
        1054 | 1146 | 1305 | 1356 => of(Code::OtherTables, RECOMPILE),
        _ => of(Code::Statement, ""),
    }
}

/// Where a stream could not be read on.
pub(super) fn of_stream(address: &str, refusal: &Refusal) -> Error {
    let (code, help) = match refusal {
        // What is damaged on the way may be whole the next time.
        Refusal::Length(_)
        | Refusal::Content(_)
        | Refusal::Checksum { .. }
        | Refusal::Order { .. }
        | Refusal::UnknownTable(_) => (Code::LogDamaged, "it is read again from the last complete transaction"),
        Refusal::Event { event: "an incident" | "a fragment of rows", .. }
        | Refusal::Statement { .. }
        | Refusal::Definition { .. }
        | Refusal::UnknownPrepared => (
            Code::LogIncomplete,
            "rows have changed that the log does not name: set binlog_format=ROW for every session",
        ),
        Refusal::Event { .. } => (Code::LogNotUnderstood, "set binlog_format=ROW on the server"),
        Refusal::UnknownEvent(_) => (Code::LogNotUnderstood, "the server is newer than this program: update it"),
        Refusal::NoNames { .. } => (Code::ServerSetting, "SET GLOBAL binlog_row_metadata = 'FULL'"),
        Refusal::NoIds => (Code::ServerSetting, "set gtid_mode=ON and enforce_gtid_consistency=ON on the server"),
        Refusal::Column { .. } | Refusal::Collation { .. } | Refusal::Text { .. } => {
            (Code::LogNotUnderstood, "it cannot be a key or lead from one table to another: use another column")
        }
    };
    Error::coded(code, format!("the log of {address}: {refusal}")).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn a_purged_log_is_loaded_again_and_a_taken_id_ends() {
        for (message, kind) in [
            ("Cannot replicate because the source purged required binary logs.", ErrorKind::Reload),
            ("Could not find first log file name in binary log index file", ErrorKind::Reload),
            ("Could not find GTID state requested by slave in any binlog files.", ErrorKind::Reload),
            (
                "Error: connecting slave requested to start from GTID 0-1-9, which is not in the master's binlog",
                ErrorKind::Reload,
            ),
            (
                "A replica with the same server_uuid/server_id as this replica has connected to the source",
                ErrorKind::Refused,
            ),
            ("log event entry exceeded max_allowed_packet; Increase max_allowed_packet on source", ErrorKind::Refused),
            ("something else", ErrorKind::Unavailable),
        ] {
            assert_eq!(meaning(1236, message).code.kind(), kind, "{message}");
        }
        assert_eq!(meaning(1045, "").code, Code::Login);
        let taken = "A slave with the same server_uuid/server_id is already connected";
        assert!(meaning(4052, taken).help.contains("server id"));
    }

    #[test]
    fn what_quotes_a_value_is_not_repeated() {
        let server = |code, message: &str| {
            let error = mysql_async::ServerError { code, message: message.to_owned(), state: "22007".to_owned() };
            of_reading("shop.item", "db:3306", error.into()).to_string()
        };
        assert!(!server(1292, "Incorrect datetime value: 'geheim'").contains("geheim"));
        assert!(server(1146, "Table 'shop.item' doesn't exist").contains("doesn't exist"));
    }
}
