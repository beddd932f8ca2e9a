//! Makes sure that the user's commits do not wait for us. In: a session and the stream's process id. Out: nothing, or a
//! refusal.
//!
//! A stream whose `application_name` matches `synchronous_standby_names` is a synchronous standby: the user's commit
//! waits for our acknowledgement, which waits for the commit to be visible, for ever.

use crate::source::postgres::connection::{failure, value};
use crate::{Error, ErrorKind, Result};
use tokio_postgres::Client;

/// Refuses where the stream with this process id is, or will be after its first report, a synchronous standby. To be
/// called after the stream was started and again now and then: the server's setting can change while it runs.
pub async fn refuse_synchronous(client: &Client, pid: i32, application_name: &str) -> Result<()> {
    let row = client
        .query_one(
            "SELECT pg_catalog.current_setting('synchronous_standby_names'), w.sync_state, w.sync_priority \
             FROM (SELECT 1) AS one \
             LEFT JOIN pg_catalog.pg_stat_replication AS w ON w.pid OPERATOR(pg_catalog.=) $1::pg_catalog.int4",
            &[&pid],
        )
        .await
        .map_err(|error| failure("the synchronous standbys cannot be read", &error))?;
    // State and priority are NULL without pg_read_all_stats, and `async`, 0 until the first report of a flush: the
    // names decide as well.
    let (names, state, priority): (String, Option<String>, Option<i32>) =
        (value(&row, 0)?, value(&row, 1)?, value(&row, 2)?);
    let counted = state.is_some_and(|state| state != "async") || priority.is_some_and(|priority| priority > 0);
    if !counted && !matches(&names, application_name) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Refused,
        format!(
            "the replication stream `{application_name}` would be a synchronous standby \
             (synchronous_standby_names = '{names}'): every commit in the database would wait for it"
        ),
    )
    .help("set PG_APPLICATION_NAME to a name that is not in the list, and name the real standbys instead of `*`"))
}

/// Whether a value of `synchronous_standby_names` can match a name: `*`, or the name in any case. Syntax words and counts
/// are taken for names too, which can only refuse too much.
fn matches(names: &str, application_name: &str) -> bool {
    let mut rest = names;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')'));
        if rest.is_empty() {
            return false;
        }
        let name = if let Some(quoted) = rest.strip_prefix('"') {
            let mut name = String::new();
            let mut characters = quoted.char_indices().peekable();
            rest = "";
            while let Some((index, character)) = characters.next() {
                if character == '"' && characters.next_if(|(_, next)| *next == '"').is_none() {
                    rest = &quoted[index + 1..];
                    break;
                }
                name.push(character);
            }
            name
        } else {
            let end =
                rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '"')).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            rest = after;
            name.to_owned()
        };
        if name == "*" || name.eq_ignore_ascii_case(application_name) {
            return true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn names_that_match() {
        for names in ["*", "pgsync", "FIRST 1 (a, PGSync)", "ANY 2 (x,\"pgsync\")", "2 (*)", "a , pgsync", "\"*\""] {
            assert!(matches(names, "pgsync"), "{names}");
        }
        for names in ["", "standby1", "FIRST 1 (a, b)", "pgsync2", "\"pg\"\"sync\"", "\"pgsync"] {
            assert_eq!(matches(names, "pgsync"), names == "\"pgsync", "{names}");
        }
    }
}
