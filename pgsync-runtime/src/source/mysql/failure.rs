//! What an error of the driver, of the server or of the decoder means for the process. In: such an error. Out: the runtime's
//! own, with the next step.

use super::binlog::Refusal;
use crate::{Error, ErrorKind};

/// While something was done with the server at an address.
pub(super) fn of_server(what: &str, address: &str, error: mysql_async::Error) -> Error {
    let doing = format!("{what} at {address}");
    let mysql_async::Error::Server(server) = &error else {
        let kind = match &error {
            mysql_async::Error::Io(_) | mysql_async::Error::Driver(_) => ErrorKind::Unavailable,
            _ => ErrorKind::Refused,
        };
        return Error::new(kind, doing).source(error);
    };
    let (kind, help) = meaning(server.code, &server.message);
    let error = Error::new(kind, format!("{doing}: error {}: {}", server.code, server.message));
    if help.is_empty() { error } else { error.help(help) }
}

/// The table of the server's errors.
fn meaning(code: u16, message: &str) -> (ErrorKind, &'static str) {
    const DENIED: [u16; 5] = [1044, 1045, 1142, 1227, 1698];
    const STREAM: u16 = 1236;
    let says = |part: &str| message.to_ascii_lowercase().contains(part);
    match code {
        _ if DENIED.contains(&code) => (
            ErrorKind::Refused,
            "check user and password, and that the user has SELECT, REPLICATION SLAVE and REPLICATION CLIENT (MariaDB: BINLOG MONITOR)",
        ),
        // MariaDB has a number of its own for it.
        _ if says("same server_uuid") || says("same server_id") => {
            (ErrorKind::Refused, "another replica reads with this server id: give one of them an id of its own")
        }
        STREAM if says("max_allowed_packet") => {
            (ErrorKind::Refused, "raise max_allowed_packet of the server: an event of its log is larger")
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
            (
                ErrorKind::Reload,
                "keep logs longer (binlog_expire_logs_seconds, on RDS `binlog retention hours`): everything is loaded again",
            )
        }
        // Too many connections, a server that shuts down, a session that was ended.
        1040 | 1053 | 1077 | 1927 | 3169 => (ErrorKind::Unavailable, ""),
        STREAM => (ErrorKind::Unavailable, ""),
        _ => (ErrorKind::Refused, ""),
    }
}

/// Where a stream could not be read on.
pub(super) fn of_stream(address: &str, refusal: &Refusal) -> Error {
    let (kind, help) = match refusal {
        // What is damaged on the way may be whole the next time.
        Refusal::Length(_)
        | Refusal::Content(_)
        | Refusal::Checksum { .. }
        | Refusal::Order { .. }
        | Refusal::UnknownTable(_) => (ErrorKind::Unavailable, "it is read again from the last complete transaction"),
        Refusal::Event { event: "an incident" | "a fragment of rows", .. }
        | Refusal::Statement { .. }
        | Refusal::Definition { .. }
        | Refusal::UnknownPrepared => {
            (ErrorKind::Reload, "rows have changed that the log does not name: set binlog_format=ROW for every session")
        }
        Refusal::Event { .. } => (ErrorKind::Refused, "set binlog_format=ROW on the server"),
        Refusal::UnknownEvent(_) => (ErrorKind::Refused, "the server is newer than this program: update it"),
        Refusal::NoNames { .. } => (ErrorKind::Refused, "SET GLOBAL binlog_row_metadata = 'FULL'"),
        Refusal::NoIds => (ErrorKind::Refused, "set gtid_mode=ON and enforce_gtid_consistency=ON on the server"),
        Refusal::Column { .. } | Refusal::Collation { .. } | Refusal::Text { .. } => {
            (ErrorKind::Refused, "it cannot be a key or lead from one table to another: use another column")
        }
    };
    Error::new(kind, format!("the log of {address}: {refusal}")).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(meaning(1236, message).0, kind, "{message}");
        }
        assert_eq!(meaning(1045, "").0, ErrorKind::Refused);
        let taken = "A slave with the same server_uuid/server_id is already connected";
        assert!(meaning(4052, taken).1.contains("server id"));
    }
}
