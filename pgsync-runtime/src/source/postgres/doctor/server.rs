//! The server and the role. In: a session. Out: facts, and a judgement of them that needs no server. What hosted servers are
//! told to do is judged from facts written down by their documentation: nobody has run this against them.

use super::reading;
use crate::Result;
use crate::doctor::{Finding, Hosting};
use crate::source::postgres::connection::{quote_identifier, value};
use pgsync_plan::Program;
use std::collections::BTreeMap;
use tokio_postgres::Client;

/// What the server and the role are.
#[derive(Debug, Clone)]
pub(super) struct ServerFacts {
    version: i32,
    /// Those that matter, and every one of whoever hosts it.
    settings: BTreeMap<String, String>,
    aurora: bool,
    in_recovery: bool,
    slots: i64,
    senders: i64,
    /// Whether our slot is one of them, and whether a process streams from it.
    slot_exists: bool,
    slot_active: bool,
    role: Role,
}

/// The role that asks.
#[derive(Debug, Clone, Default)]
struct Role {
    name: String,
    superuser: bool,
    replication: bool,
    /// By way of the group that RDS has for that.
    replication_group: bool,
    reads_statistics: bool,
}

const SETTINGS: [&str; 5] =
    ["wal_level", "max_replication_slots", "max_wal_senders", "max_slot_wal_keep_size", "synchronous_standby_names"];

impl ServerFacts {
    /// Reads them.
    pub(super) async fn read(client: &Client, program: &Program) -> Result<Self> {
        let rows = client
            .query(
                "SELECT name, setting FROM pg_settings
                 WHERE name = ANY ($1::text[]) OR split_part(name, '.', 1) IN ('rds', 'cloudsql', 'azure')",
                &[&SETTINGS.as_slice()],
            )
            .await
            .map_err(reading)?;
        let settings =
            rows.iter().map(|row| Ok((value(row, 0)?, value::<Option<String>>(row, 1)?.unwrap_or_default())));
        let settings = settings.collect::<Result<_>>()?;
        let row = client
            .query_one(
                "SELECT current_setting('server_version_num')::int, EXISTS (SELECT FROM pg_proc WHERE proname = 'aurora_version'),
                        pg_is_in_recovery(), (SELECT count(*) FROM pg_replication_slots),
                        (SELECT count(*) FROM pg_stat_get_wal_senders()),
                        EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1::text),
                        EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1::text AND active),
                        r.rolname::text, r.rolsuper, r.rolreplication,
                        EXISTS (SELECT FROM pg_roles g WHERE g.rolname = 'rds_replication'
                                AND pg_has_role(r.oid, g.oid, 'MEMBER')),
                        pg_has_role(r.oid, 'pg_read_all_stats', 'USAGE')
                 FROM pg_roles r WHERE r.rolname = current_user",
                &[&program.capture.logical_replication()?.slot],
            )
            .await
            .map_err(reading)?;
        Ok(Self {
            version: value(&row, 0)?,
            settings,
            aurora: value(&row, 1)?,
            in_recovery: value(&row, 2)?,
            slots: value(&row, 3)?,
            senders: value(&row, 4)?,
            slot_exists: value(&row, 5)?,
            slot_active: value(&row, 6)?,
            role: Role {
                name: value(&row, 7)?,
                superuser: value(&row, 8)?,
                replication: value(&row, 9)?,
                replication_group: value(&row, 10)?,
                reads_statistics: value(&row, 11)?,
            },
        })
    }

    fn setting(&self, name: &str) -> &str {
        self.settings.get(name).map_or("", String::as_str)
    }

    fn number(&self, name: &str) -> i64 {
        self.setting(name).parse().unwrap_or(0)
    }

    fn hosting(&self) -> Hosting {
        Hosting::of(self.settings.keys().map(String::as_str), self.aurora)
    }

    /// What of it matters.
    pub(super) fn judge(&self, application: &str, budget: u64) -> Vec<Finding> {
        let mut findings = Vec::new();
        let hosting = self.hosting();
        if let Some(name) = hosting.name() {
            let what = "what follows is what its documentation says; it was not tried there";
            findings.push(Finding::note("hosting", format!("the server is hosted: {name}"), what));
        }
        if self.in_recovery {
            let finding = Finding::in_the_way("primary", "the server is a standby", "the primary server");
            findings.push(finding.mend("name the primary server in PG_HOST or PG_URL"));
        }
        findings.extend(self.log_level(hosting));
        findings.extend(self.replication(hosting));
        findings.extend(self.room(hosting));
        findings.extend(self.limit(hosting, budget));
        findings.extend(self.synchronous(application, hosting));
        if !self.role.superuser && !self.role.reads_statistics {
            let role = quote_identifier(&self.role.name);
            let found = format!("role {role} does not see what other sessions do");
            let needed = "pg_read_all_stats, to name who holds something up";
            findings
                .push(Finding::risk("statistics", found, needed).mend(format!("GRANT pg_read_all_stats TO {role};")));
        }
        let capture = findings.iter().all(|finding| finding.severity != crate::doctor::Severity::InTheWay);
        let found = if capture { "logical replication can be used" } else { "logical replication cannot be used yet" };
        findings.push(Finding::note("capture", found, "changes are followed by logical replication (pgoutput)"));
        findings
    }

    fn log_level(&self, hosting: Hosting) -> Option<Finding> {
        let found = self.setting("wal_level");
        if found == "logical" {
            return None;
        }
        let finding = Finding::in_the_way("wal_level", format!("wal_level is `{found}`"), "wal_level = logical");
        let (setting, value) = match hosting {
            Hosting::Rds | Hosting::Aurora => ("rds.logical_replication", "1"),
            Hosting::CloudSql => ("cloudsql.logical_decoding", "on"),
            Hosting::Own | Hosting::Azure => ("wal_level", "logical"),
        };
        let statement = hosting.set(setting, value, "ALTER SYSTEM SET wal_level = logical;");
        Some(finding.mend(format!("{statement} -- then restart the server")))
    }

    fn replication(&self, hosting: Hosting) -> Option<Finding> {
        let Role { name, superuser, replication, replication_group, .. } = &self.role;
        if *superuser || *replication || *replication_group {
            return None;
        }
        let role = quote_identifier(name);
        let finding =
            Finding::in_the_way("replication", format!("role {role} may not replicate"), "the right to replicate");
        Some(finding.mend(match hosting {
            Hosting::Rds | Hosting::Aurora => format!("GRANT rds_replication TO {role};"),
            Hosting::CloudSql => format!("ALTER USER {role} WITH REPLICATION; -- as a member of cloudsqlsuperuser"),
            Hosting::Azure => format!("ALTER ROLE {role} WITH REPLICATION; -- as a member of azure_pg_admin"),
            Hosting::Own => format!("ALTER ROLE {role} WITH REPLICATION;"),
        }))
    }

    /// Slots and senders are the server's, for all databases and all uses.
    fn room(&self, hosting: Hosting) -> Vec<Finding> {
        let mut findings = Vec::new();
        let uses = [
            ("max_replication_slots", self.slots, self.slot_exists, "replication slots"),
            ("max_wal_senders", self.senders, self.slot_active, "processes that send the log"),
        ];
        for (setting, used, ours, what) in uses {
            let most = self.number(setting);
            if ours || used < most {
                continue;
            }
            let found = format!("{used} {what} are in use, and {setting} is {most}");
            let value = (most + 5).to_string();
            let own = format!("ALTER SYSTEM SET {setting} = {value};");
            let mend = format!("{} -- then restart the server", hosting.set(setting, &value, &own));
            findings.push(Finding::in_the_way(setting, found, "room for one more").mend(mend));
        }
        findings
    }

    /// A slot that nobody reads keeps the log for ever.
    fn limit(&self, hosting: Hosting, budget: u64) -> Option<Finding> {
        let about = "max_slot_wal_keep_size";
        if budget > 0 || !matches!(self.setting(about), "-1" | "") {
            return None;
        }
        let needed = "a limit, so that a slot nobody reads cannot fill the disk";
        if self.version < 130_000 {
            let found = "the server keeps log for a slot without limit, and has no setting for one before version 13";
            return Some(Finding::risk(about, found, needed).mend("set PGSYNC_SLOT_BUDGET, in bytes"));
        }
        let own = "ALTER SYSTEM SET max_slot_wal_keep_size = '50GB'; SELECT pg_reload_conf();";
        let mend = format!("{} -- or set PGSYNC_SLOT_BUDGET, in bytes", hosting.set(about, "51200", own));
        Some(
            Finding::risk(about, "max_slot_wal_keep_size is -1: log is kept for a slot without limit", needed)
                .mend(mend),
        )
    }

    /// Commits would wait for us.
    fn synchronous(&self, application: &str, hosting: Hosting) -> Option<Finding> {
        let found = self.setting("synchronous_standby_names");
        let names = found.split(|c: char| c == ',' || c == '(' || c == ')' || c.is_whitespace());
        let mut names = names.map(|name| name.trim_matches('"')).filter(|name| !name.is_empty());
        let names_us = names.any(|name| name == "*" || name.eq_ignore_ascii_case(application));
        if !names_us {
            return None;
        }
        let about = "synchronous_standby_names";
        let needed = format!(
            "the names of the real standbys, without `*` and `{application}`: commits would wait for this program"
        );
        let own = "ALTER SYSTEM SET synchronous_standby_names = 'the_real_standby'; SELECT pg_reload_conf();";
        let finding = Finding::in_the_way(about, format!("synchronous_standby_names is `{found}`"), needed);
        Some(finding.mend(format!(
            "{} -- or set PG_APPLICATION_NAME, where `*` does not stand there",
            hosting.set(about, "NAMES", own)
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server on which nothing is wrong.
    fn well() -> ServerFacts {
        let settings = [
            ("wal_level", "logical"),
            ("max_replication_slots", "10"),
            ("max_wal_senders", "10"),
            ("max_slot_wal_keep_size", "51200"),
            ("synchronous_standby_names", ""),
        ];
        ServerFacts {
            version: 160_004,
            settings: settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            aurora: false,
            in_recovery: false,
            slots: 1,
            senders: 1,
            slot_exists: false,
            slot_active: false,
            role: Role { name: "reader".to_owned(), replication: true, reads_statistics: true, ..Role::default() },
        }
    }

    /// As their documentation says, with a role that was just made.
    fn hosted(settings: &[(&str, &str)], aurora: bool) -> ServerFacts {
        let mut facts = well();
        facts.settings.insert("wal_level".to_owned(), "replica".to_owned());
        facts.settings.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        facts.aurora = aurora;
        facts.role.replication = false;
        facts
    }

    fn mend<'a>(findings: &'a [Finding], about: &str) -> &'a str {
        let finding = findings.iter().find(|finding| finding.about == about);
        finding.unwrap_or_else(|| panic!("{about}: {findings:#?}")).mend.as_deref().unwrap()
    }

    fn abouts(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|finding| finding.about).collect()
    }

    #[test]
    fn nothing_is_found_where_nothing_is_wrong() {
        assert_eq!(abouts(&well().judge("pgsync", 0)), ["capture"]);
    }

    #[test]
    fn each_host_has_its_own_cure() {
        for (facts, level, right) in [
            (hosted(&[], false), "ALTER SYSTEM SET wal_level = logical;", "ALTER ROLE \"reader\" WITH REPLICATION;"),
            (
                hosted(&[("rds.logical_replication", "off")], false),
                "in the instance's parameter group: rds.logical_replication = 1",
                "GRANT rds_replication TO \"reader\";",
            ),
            (
                hosted(&[("rds.logical_replication", "off")], true),
                "in the cluster's parameter group: rds.logical_replication = 1",
                "GRANT rds_replication TO \"reader\";",
            ),
            (
                hosted(&[("cloudsql.logical_decoding", "off")], false),
                "--database-flags=cloudsql.logical_decoding=on",
                "ALTER USER \"reader\" WITH REPLICATION; -- as a member of cloudsqlsuperuser",
            ),
            (
                hosted(&[("azure.extensions", "")], false),
                "--name wal_level --value logical",
                "ALTER ROLE \"reader\" WITH REPLICATION; -- as a member of azure_pg_admin",
            ),
        ] {
            let findings = facts.judge("pgsync", 0);
            assert!(mend(&findings, "wal_level").contains(level), "{findings:#?}");
            assert_eq!(mend(&findings, "replication"), right, "{findings:#?}");
        }
        let mut facts = hosted(&[("rds.logical_replication", "on"), ("wal_level", "logical")], false);
        facts.role.replication_group = true;
        assert_eq!(abouts(&facts.judge("pgsync", 0)), ["hosting", "capture"]);
    }

    #[test]
    fn room_is_counted_unless_it_is_ours_already() {
        let mut facts = well();
        (facts.slots, facts.senders) = (10, 10);
        let findings = facts.judge("pgsync", 0);
        assert_eq!(abouts(&findings), ["max_replication_slots", "max_wal_senders", "capture"]);
        assert!(
            mend(&findings, "max_wal_senders").starts_with("ALTER SYSTEM SET max_wal_senders = 15;"),
            "{findings:#?}"
        );
        (facts.slot_exists, facts.slot_active) = (true, true);
        assert_eq!(abouts(&facts.judge("pgsync", 0)), ["capture"]);
    }

    #[test]
    fn a_limit_on_what_is_kept_may_be_ours() {
        let mut facts = well();
        facts.settings.insert("max_slot_wal_keep_size".to_owned(), "-1".to_owned());
        assert_eq!(abouts(&facts.judge("pgsync", 0)), ["max_slot_wal_keep_size", "capture"]);
        assert_eq!(abouts(&facts.judge("pgsync", 1 << 30)), ["capture"]);
        facts.version = 120_000;
        facts.settings.remove("max_slot_wal_keep_size");
        assert_eq!(mend(&facts.judge("pgsync", 0), "max_slot_wal_keep_size"), "set PGSYNC_SLOT_BUDGET, in bytes");
    }

    #[test]
    fn a_standby_that_commits_wait_for_is_not_this_program() {
        let mut facts = well();
        for (names, in_the_way) in [
            ("*", true),
            ("ANY 1 (a, PGSync)", true),
            ("FIRST 2 (\"pgsync\", b)", true),
            ("pgsync_standby, b", false),
            ("", false),
        ] {
            facts.settings.insert("synchronous_standby_names".to_owned(), names.to_owned());
            let findings = facts.judge("pgsync", 0);
            assert_eq!(abouts(&findings).contains(&"synchronous_standby_names"), in_the_way, "{names}: {findings:?}");
        }
    }
}
