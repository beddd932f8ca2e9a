//! What depends on the release of a server. In: what it calls itself. Out: whether it can be followed, and what it has.

use super::binlog::Flavour;
use crate::{Code, Error, Result};

/// `9.7.4-log`, `10.11.19-MariaDB-log`: the first three numbers.
fn numbers(version: &str) -> (u32, u32, u32) {
    let mut numbers = version.split(['.', '-']).map(|part| part.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next())
}

/// Refuses a server that is too old.
///
/// # Errors
/// [`Code::ServerSetting`], with what it lacks and the first release that has it.
pub(super) fn followed(flavour: Flavour, version: &str, address: &str) -> Result<()> {
    const NAMES: &str = "its log does not name the columns of a table (binlog_row_metadata)";
    const KEYS: &str = "by its JSON_TABLE keys cannot reach a statement";
    let (name, lacks, first) = match (flavour, numbers(version)) {
        (Flavour::MySql, found) if found < (8, 0, 1) => ("MySQL", NAMES, "8.0.14"),
        (Flavour::MySql, found) if found < (8, 0, 14) => ("MySQL", KEYS, "8.0.14"),
        (Flavour::MariaDb, found) if found < (10, 5, 0) => ("MariaDB", NAMES, "10.5"),
        _ => return Ok(()),
    };
    let message = format!("{name} {version} at {address} cannot be followed: {lacks}");
    Err(Error::coded(Code::ServerSetting, message).help(format!("update the server: {name} {first} is the oldest")))
}

/// Whether a server makes a table of a JSON text.
pub(super) fn has_json_table(flavour: Flavour, version: &str) -> bool {
    flavour == Flavour::MySql || numbers(version) >= (10, 6, 0)
}

/// Whether its log names the rows that a foreign key changes or deletes: MySQL's from 9.6 on, unless it is told to go back.
pub(super) fn logs_cascades(flavour: Flavour, version: &str, native: bool) -> bool {
    flavour == Flavour::MySql && numbers(version) >= (9, 6, 0) && !native
}

#[cfg(test)]
mod tests {
    use super::*;
    use Flavour::{MariaDb, MySql};

    #[test]
    fn what_is_too_old_is_refused_with_what_it_lacks() {
        for (flavour, version, lacks) in [
            (MySql, "5.6.24-log", "binlog_row_metadata"),
            (MySql, "5.7.44", "binlog_row_metadata"),
            (MySql, "8.0.13", "JSON_TABLE"),
            (MariaDb, "10.4.34-MariaDB", "binlog_row_metadata"),
        ] {
            let error = followed(flavour, version, "db:3306").unwrap_err();
            assert_eq!(error.code(), Some(Code::ServerSetting));
            assert!(error.to_string().contains(lacks) && error.to_string().contains(version), "{error}");
        }
        for (flavour, version) in
            [(MySql, "8.0.14"), (MySql, "9.7.4"), (MariaDb, "10.5.1-MariaDB"), (MariaDb, "11.4.5-MariaDB-log")]
        {
            followed(flavour, version, "db:3306").unwrap();
        }
    }

    #[test]
    fn what_foreign_keys_change_is_logged_by_mysql_from_9_6_on() {
        for (flavour, version, native, logs) in [
            (MySql, "9.6.0", false, true),
            (MySql, "9.7.4", true, false),
            (MySql, "9.5.0", false, false),
            (MySql, "8.4.10", false, false),
            (MariaDb, "10.11.19-MariaDB", false, false),
            (MariaDb, "12.3.1-MariaDB", false, false),
        ] {
            assert_eq!(logs_cascades(flavour, version, native), logs, "{version}");
        }
        assert!(!has_json_table(MariaDb, "10.5.29-MariaDB") && has_json_table(MariaDb, "10.6.0-MariaDB"));
    }
}
