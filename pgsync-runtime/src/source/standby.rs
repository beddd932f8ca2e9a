//! Our stream must never be a synchronous standby: commits would wait for our acknowledgement, and we wait for the
//! commits to become visible before we acknowledge. In: the pid of our walsender. Out: an error that says how to get out.

use crate::{Error, ErrorKind, Result};
use tokio_postgres::Client;

/// Reads how the server counts our stream.
///
/// # Errors
/// [`ErrorKind::Refused`] when it counts, or could count, as a synchronous standby.
pub async fn check_standby(client: &Client, pid: i32, application_name: &str) -> Result<()> {
    let row = client
        .query_opt(
            "SELECT sync_state, sync_priority, current_setting('synchronous_standby_names') FROM pg_stat_replication WHERE pid = $1",
            &[&pid],
        )
        .await
        .map_err(|error| Error::new(ErrorKind::Unavailable, "pg_stat_replication could not be read").source(error))?;
    let Some(row) = row else { return Ok(()) };
    let (state, priority): (Option<String>, Option<i32>) = (row.get(0), row.get(1));
    let names: String = row.get(2);
    let counted = match (state.as_deref(), priority) {
        (Some(state), Some(priority)) => state != "async" || priority != 0,
        // Without pg_read_all_stats the columns read as null: the setting has to tell.
        _ => could_match(&names, application_name),
    };
    if !counted {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Refused,
        format!(
            "synchronous_standby_names = '{names}' makes this stream (application_name `{application_name}`) a synchronous \
             standby: commits would wait for it, and it waits for commits"
        ),
    )
    .help(
        "name the real standbys in synchronous_standby_names instead of `*`, or set PGSYNC_APPLICATION_NAME to a name it does \
         not list; with pg_read_all_stats granted the role can tell for certain",
    ))
}

/// Whether a list of standbys could mean a session of this name.
fn could_match(names: &str, application_name: &str) -> bool {
    names
        .split([',', '(', ')', ' '])
        .map(|name| name.trim().trim_matches('"'))
        .any(|name| name == "*" || name.eq_ignore_ascii_case(application_name))
}

#[cfg(test)]
mod tests {
    use super::could_match;

    #[test]
    fn a_star_and_our_own_name_match() {
        assert!(could_match("*", "pgsync"));
        assert!(could_match("FIRST 1 (replica1, \"PgSync\")", "pgsync"));
        assert!(!could_match("ANY 2 (replica1, replica2)", "pgsync"));
        assert!(!could_match("", "pgsync"));
    }
}
