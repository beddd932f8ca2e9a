//! Errors of the database. In: what the driver says and what was being read. Out: the runtime's error.
//!
//! The server's detail and hint lines may show values and are left out; so is the message where it quotes input.

use crate::{Error, ErrorKind};

/// What an error means; `reading` completes "while reading".
pub(crate) fn classify(error: &tokio_postgres::Error, reading: &str) -> Error {
    let Some(db) = error.as_db_error() else {
        return Error::new(
            ErrorKind::Unavailable,
            format!("the connection to the database broke while reading {reading}: {error}"),
        );
    };
    let code = db.code().code();
    let said = if code.starts_with("22") {
        format!("the database refused a value while reading {reading} (SQLSTATE {code})")
    } else {
        format!("the database said while reading {reading}: {} (SQLSTATE {code})", db.message())
    };
    match code {
        // Undefined table, column, function, type or schema; another row type than the one prepared for is found out
        // when the statement is prepared again.
        "42P01" | "42703" | "42883" | "42704" | "42804" | "3F000" => Error::new(ErrorKind::Drift, said)
            .help("the tables changed since the schema was compiled: take a new catalogue snapshot and compile again"),
        "42501" if db.message().contains("row-level security") => Error::new(ErrorKind::Refused, said)
            .help("rows hidden by a policy would look deleted: give the role BYPASSRLS, or drop the policy for it"),
        "42501" => {
            Error::new(ErrorKind::Refused, said).help("grant the role SELECT on the table and USAGE on its schema")
        }
        "0A000" | "55P03" | "55000" | "25P02" => Error::new(ErrorKind::Unavailable, said),
        _ if ["08", "40", "53", "57", "58"].contains(&&code[..2.min(code.len())]) => {
            Error::new(ErrorKind::Unavailable, said)
        }
        _ => Error::new(ErrorKind::Refused, said),
    }
}
