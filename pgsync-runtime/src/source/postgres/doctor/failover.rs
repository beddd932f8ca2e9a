//! What becomes of the slot when a standby takes the place of the server. In: a session. Out: a slot that no standby takes over,
//! and standbys that the stream waits for although they are not there. PostgreSQL 17 and later.

use super::reading;
use crate::Result;
use crate::doctor::Finding;
use crate::source::postgres::connection::{quote_identifier, value};
use tokio_postgres::Client;

/// What the server says of its standbys and of our slot.
#[derive(Debug, Default)]
struct FailoverFacts {
    version: i32,
    database: String,
    slot: String,
    /// Whether a standby may take our slot over; none where it does not exist.
    failover: Option<bool>,
    /// Whether a standby has a slot here, or streams.
    has_standby: bool,
    /// Of the slots that the stream waits for: those that are not there, or that nobody streams from.
    absent: Vec<String>,
}

/// Looks at it.
pub(super) async fn examine(client: &Client, slot: &str) -> Result<Vec<Finding>> {
    let row = client
        .query_one("SELECT current_setting('server_version_num')::int, current_database()::text", &[])
        .await
        .map_err(reading)?;
    let mut facts = FailoverFacts {
        version: value(&row, 0)?,
        database: value(&row, 1)?,
        slot: slot.to_owned(),
        ..FailoverFacts::default()
    };
    if facts.version < 170_000 {
        return Ok(Vec::new());
    }
    let row = client
        .query_one(
            "SELECT (SELECT failover FROM pg_replication_slots WHERE slot_name = $1::text),
                    EXISTS (SELECT FROM pg_replication_slots WHERE slot_type = 'physical'),
                    ARRAY(SELECT trim(w.name, ' \"') FROM string_to_table(current_setting('synchronized_standby_slots'), ',') w(name)
                          WHERE trim(w.name) <> '' AND NOT EXISTS (
                            SELECT FROM pg_replication_slots s WHERE s.slot_name = trim(w.name, ' \"') AND s.active))",
            &[&slot],
        )
        .await
        .map_err(reading)?;
    (facts.failover, facts.has_standby, facts.absent) = (value(&row, 0)?, value(&row, 1)?, value(&row, 2)?);
    Ok(facts.judge())
}

impl FailoverFacts {
    fn judge(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.failover == Some(false) {
            let found = format!("slot `{}` is not one that a standby takes over (failover is off)", self.slot);
            let needed = "failover on: else everything is loaded again once a standby is promoted";
            // Without a standby nothing is at stake yet.
            let finding = if self.has_standby {
                Finding::risk("failover", found, needed)
            } else {
                Finding::note("failover", found, needed)
            };
            findings.push(finding.mend(format!(
                "stop this program, run as a role that may replicate: psql 'dbname={} replication=database' -c \
                 'ALTER_REPLICATION_SLOT {} (FAILOVER true);' -- then start it again",
                self.database,
                quote_identifier(&self.slot)
            )));
        }
        if self.failover == Some(true) && !self.absent.is_empty() {
            let found = format!(
                "synchronized_standby_slots names {}, from which no standby streams: no change is sent before one has it",
                self.absent.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            );
            let needed = "names of physical slots whose standbys are there";
            let mend =
                "start the standby, or: ALTER SYSTEM SET synchronized_standby_slots = '..'; SELECT pg_reload_conf();";
            findings.push(Finding::risk("synchronized_standby_slots", found, needed).mend(mend));
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Severity;

    #[test]
    fn a_slot_that_no_standby_takes_over_is_a_risk_where_there_is_one() {
        let mut facts = FailoverFacts { failover: Some(false), ..FailoverFacts::default() };
        (facts.database, facts.slot) = ("shop".to_owned(), "pgsync_shop".to_owned());
        assert_eq!(facts.judge()[0].severity, Severity::Note);
        facts.has_standby = true;
        let findings = facts.judge();
        assert_eq!(findings[0].severity, Severity::Risk);
        let mend = findings[0].mend.as_deref().unwrap();
        assert!(mend.contains("ALTER_REPLICATION_SLOT \"pgsync_shop\" (FAILOVER true);"), "{mend}");
        facts.failover = None;
        assert!(facts.judge().is_empty(), "there is no slot yet");
    }

    #[test]
    fn a_standby_that_is_waited_for_in_vain_is_named() {
        let mut facts = FailoverFacts { failover: Some(true), has_standby: true, ..FailoverFacts::default() };
        assert!(facts.judge().is_empty());
        facts.absent = vec!["a".to_owned(), "b".to_owned()];
        let findings = facts.judge();
        assert!(findings[0].found.contains("`a`, `b`"), "{findings:?}");
    }
}
