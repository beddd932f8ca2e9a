//! What every session of ours has fixed, replication included. In: nothing. Out: startup parameters, and the check that
//! the server took them.
//!
//! The text of keys, timestamps and floats depends on these settings. `ALTER DATABASE .. SET` and `ALTER ROLE .. SET`
//! change their defaults, so they travel in the startup packet, which wins; a pooler may drop them, so they are read back, and
//! set by statements where they are not there.

use crate::settings::DatabaseSettings;
use crate::{Code, Error, Result};

/// Name and value of each pinned setting.
const PINNED: &[(&str, &str)] = &[
    ("client_encoding", "UTF8"),
    ("DateStyle", "ISO"),
    ("TimeZone", "UTC"),
    ("IntervalStyle", "postgres"),
    ("bytea_output", "hex"),
    ("extra_float_digits", "3"),
    ("standard_conforming_strings", "on"),
    // A row that a policy hides would read as deleted: an error is better.
    ("row_security", "off"),
    // A missing publication may be a warning only.
    ("client_min_messages", "warning"),
    // Our own statements must not wait for a synchronous standby; no time-out would end that wait.
    ("synchronous_commit", "local"),
    // Only qualified names work, so no schema can put itself before another.
    ("search_path", "pg_catalog"),
    ("statement_timeout", "0"),
    ("lock_timeout", "0"),
    ("idle_in_transaction_session_timeout", "0"),
];

/// Settings that not every platform takes and no value depends on: a session whose peer has vanished is ended by the
/// server within two minutes, and with it the lock that keeps a second process out.
const UNCHECKED: &[(&str, &str)] =
    &[("tcp_keepalives_idle", "60"), ("tcp_keepalives_interval", "15"), ("tcp_keepalives_count", "4")];

/// Encodings whose bytes the server hands out as they are.
const NOT_CONVERTED: &[&str] = &["SQL_ASCII", "MULE_INTERNAL"];

/// Lifts the limits that only newer servers have and that would refuse the startup packet of older ones.
pub(crate) const LIMITS_OFF: &str = "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings \
     WHERE name IN ('transaction_timeout', 'idle_session_timeout') AND setting <> '0'";

/// The `options` startup parameter: what the settings add, then what is pinned, which wins.
pub(crate) fn options(settings: &DatabaseSettings) -> String {
    let fixed = UNCHECKED.iter().chain(PINNED).map(|(name, value)| format!("-c {name}={value}"));
    settings.options.iter().cloned().chain(fixed).collect::<Vec<_>>().join(" ")
}

/// The same as statements, for what has dropped them from the startup packet: some poolers do.
pub(crate) fn pinning() -> String {
    PINNED.iter().map(|(name, wanted)| format!("SET {name} = '{wanted}';")).collect()
}

/// The startup parameters of a replication connection.
pub(crate) fn parameters(settings: &DatabaseSettings) -> Vec<(&'static str, String)> {
    vec![
        ("user", settings.user.clone()),
        ("database", settings.database.clone()),
        ("replication", "database".into()),
        ("application_name", settings.application_name.clone()),
        ("client_encoding", "UTF8".into()),
        ("options", options(settings)),
    ]
}

/// The query that reads the pinned settings back, one column each, in order; then what [`check`] asks besides.
pub(crate) fn pinned_query() -> String {
    let columns: String = PINNED.iter().map(|(name, _)| format!("pg_catalog.current_setting('{name}'), ")).collect();
    format!(
        "SELECT {columns}pg_catalog.current_setting('server_encoding'), pg_catalog.pg_is_in_recovery()::pg_catalog.text, \
         pg_catalog.pg_backend_pid()"
    )
}

/// Whether each setting is what it was asked to be.
pub(crate) fn as_asked(found: &[Option<String>]) -> bool {
    pinned(found).is_ok()
}

/// The server's process, of the answer to [`pinned_query`]: what a pooler says when a session begins is made up.
pub(crate) fn process(found: &[Option<String>]) -> Option<i32> {
    found.get(PINNED.len() + 2)?.as_deref()?.parse().ok()
}

/// Compares what the server says with what was asked for, and refuses a database whose texts cannot be had as UTF-8.
pub(crate) fn check(settings: &DatabaseSettings, found: &[Option<String>]) -> Result<()> {
    pinned(found)?;
    let besides = |index: usize| found.get(PINNED.len() + index).and_then(Option::as_deref).unwrap_or_default();
    if NOT_CONVERTED.contains(&besides(0)) {
        return Err(Error::coded(
            Code::Encoding,
            format!(
                "database `{}` has the encoding {}, whose bytes can be of any encoding: they cannot be converted to UTF-8",
                settings.database,
                besides(0)
            ),
        )
        .help("dump it and restore it into a database made with ENCODING 'UTF8' TEMPLATE template0"));
    }
    if besides(1) == "true" && !settings.further_hosts.is_empty() {
        return Err(super::standby(settings));
    }
    Ok(())
}

fn pinned(found: &[Option<String>]) -> Result<()> {
    let mut wrong = Vec::new();
    for (index, (name, wanted)) in PINNED.iter().enumerate() {
        let value = found.get(index).and_then(Option::as_deref).unwrap_or("");
        // DateStyle also says the order of day and month, which ISO output does not use.
        let same = if *name == "DateStyle" {
            value.split(',').next().is_some_and(|style| style.eq_ignore_ascii_case(wanted))
        } else {
            value.eq_ignore_ascii_case(wanted)
        };
        if !same {
            wrong.push(format!("{name} is `{value}`, needed is `{wanted}`"));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Error::coded(
        Code::NotItself,
        format!("the database session does not have the settings it was opened with: {}", wrong.join("; ")),
    )
    .help("connect to PostgreSQL itself, not through a pooler that changes settings"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_asked() -> Vec<Option<String>> {
        PINNED.iter().map(|(_, value)| Some((*value).to_owned())).collect()
    }

    #[test]
    fn a_dropped_setting_is_named() {
        assert!(pinned(&as_asked()).is_ok());
        let mut found = as_asked();
        found[1] = Some("ISO, DMY".into());
        assert!(pinned(&found).is_ok());
        found[2] = Some("Asia/Tokyo".into());
        found[4] = Some("escape".into());
        let error = pinned(&found).unwrap_err();
        assert_eq!(error.code(), Some(Code::NotItself));
        assert!(error.to_string().contains("TimeZone is `Asia/Tokyo`, needed is `UTC`"), "{error}");
        assert!(error.to_string().contains("bytea_output is `escape`"), "{error}");
        assert!(pinned(&[]).is_err());
    }
}
