//! What of a MySQL or a MariaDB stands in the way. In: settings and a program. Out: findings, those of the checks that a start
//! makes among them. It reads, and changes nothing. What hosted servers are told to do is taken from their documentation:
//! nobody has run this against them.

use super::MySql;
use super::address::Address;
use super::binlog::Flavour;
use super::connection::{ask, connect, literal};
use super::server::Server;
use super::tables::Tables;
use crate::Result;
use crate::doctor::{Finding, Hosting};
use mysql_async::Conn;
use pgsync_plan::{Program, Table};
use std::collections::BTreeMap;

/// Logs that are kept no longer than this may be gone after a night.
const SHORT: u64 = 24 * 3600;

/// Looks at everything. A look that fails is a finding itself.
pub(crate) async fn examine(source: &MySql) -> Vec<Finding> {
    let mut connection = match connect(&source.address, Vec::new()).await {
        Ok(connection) => connection,
        Err(error) => return vec![Finding::of_error("connection", &error)],
    };
    match look(&mut connection, source).await {
        Ok(findings) => findings,
        Err(error) => vec![Finding::of_error("server", &error)],
    }
}

async fn look(connection: &mut Conn, source: &MySql) -> Result<Vec<Finding>> {
    let (address, program) = (&source.address, &source.program);
    let server = Server::ask(connection, address).await?;
    let variables: Vec<(String, String)> =
        ask(connection, address, "reading the settings", "SHOW GLOBAL VARIABLES").await?;
    let variables: BTreeMap<String, String> = variables.into_iter().collect();
    let hosting = hosting(&variables);
    let mut findings = Vec::new();
    if let Some(name) = hosting.name() {
        let what = "what follows is what its documentation says; it was not tried there";
        findings.push(Finding::note("hosting", format!("the server is hosted: {name}"), what));
    }
    if server.flavour != source.flavour {
        let found = format!("the server is of version {}", server.version);
        findings.push(Finding::in_the_way(
            "server",
            found,
            format!("{}, which the schema was compiled for", program.dialect.name()),
        ));
    }
    findings.extend(server.wrong.iter().map(|wrong| {
        let finding = Finding::in_the_way(
            wrong.name,
            format!("{} is `{}`", wrong.name, wrong.found),
            "a log that holds every row as a whole, and numbered transactions",
        );
        let value = if wrong.name == "binlog_format" {
            "ROW"
        } else if wrong.name.starts_with("binlog_row") {
            "FULL"
        } else {
            "ON"
        };
        finding.mend(hosting.set(wrong.name, value, wrong.mend))
    }));
    findings.extend(kept(&variables, hosting));
    let grants: Vec<String> = ask(connection, address, "reading the grants", "SHOW GRANTS FOR CURRENT_USER()").await?;
    findings.extend(rights(&grants, server.flavour, &source.settings.user));
    match Tables::read(connection, address, program, &server).await {
        Err(error) => findings.push(Finding::of_error("tables", &error)),
        Ok(tables) => {
            if let Err(error) = tables.check(program, &server) {
                findings.push(Finding::of_error("tables", &error));
            }
            for key in &tables.unlogged.costly {
                let needed = "a key without ON DELETE: what it does is not in the log, no search in the index finds the documents, and after each delete all with rows of its table are read again";
                findings.push(Finding::risk("unlogged", key.clone(), needed));
            }
        }
    }
    findings.extend(indexes(connection, address, program).await?);
    let capture = findings.iter().all(|finding| finding.severity != crate::doctor::Severity::InTheWay);
    let found = if capture { "the binary log can be followed" } else { "the binary log cannot be followed yet" };
    findings.push(Finding::note("capture", found, "changes are followed by the binary log, as a replica reads it"));
    Ok(findings)
}

/// Who hosts the server, as far as its settings show.
fn hosting(variables: &BTreeMap<String, String>) -> Hosting {
    let rds = variables.get("basedir").is_some_and(|directory| directory.contains("rdsdbbin"));
    let names = variables.keys().map(String::as_str).chain(rds.then_some("rds_"));
    Hosting::of(names, variables.contains_key("aurora_version"))
}

/// How long logs are kept, and whether they survive a crash.
fn kept(variables: &BTreeMap<String, String>, hosting: Hosting) -> Vec<Finding> {
    let mut findings = Vec::new();
    let number = |name: &str| variables.get(name).and_then(|value| value.parse::<f64>().ok());
    let seconds = number("binlog_expire_logs_seconds").filter(|seconds| *seconds > 0.0);
    let seconds = seconds.or_else(|| number("expire_logs_days").map(|days| days * 86_400.0));
    if let Some(seconds) = seconds.filter(|seconds| *seconds > 0.0 && *seconds < SHORT as f64) {
        let found = format!("logs are kept for {seconds} seconds");
        let needed = "a day or more: a program that was away for longer loads everything again";
        let own = "SET GLOBAL binlog_expire_logs_seconds = 259200;";
        let mend = match hosting {
            Hosting::Rds | Hosting::Aurora => {
                "CALL mysql.rds_set_configuration('binlog retention hours', 72);".to_owned()
            }
            _ => hosting.set("binlog_expire_logs_seconds", "259200", own),
        };
        findings.push(Finding::risk("expiry", found, needed).mend(mend));
    }
    if let Some(value) = variables.get("sync_binlog").filter(|value| *value != "1") {
        let found = format!("sync_binlog is `{value}`");
        let needed = "sync_binlog = 1: after a crash of the machine the log may lack commits that were followed, or have others under their numbers";
        findings.push(Finding::risk("sync_binlog", found, needed).mend(hosting.set(
            "sync_binlog",
            "1",
            "SET GLOBAL sync_binlog = 1;",
        )));
    }
    findings
}

/// What a replica has to be granted.
fn rights(grants: &[String], flavour: Flavour, user: &str) -> Vec<Finding> {
    let has = |names: &[&str]| {
        let listed = |grant: &String| {
            let grant = grant.to_ascii_uppercase();
            let global = grant.contains(" ON *.* ");
            let list =
                grant.strip_prefix("GRANT ").and_then(|rest| rest.split(" ON ").next()).unwrap_or_default().to_owned();
            global && list.split(", ").any(|right| right == "ALL PRIVILEGES" || names.contains(&right))
        };
        grants.iter().any(listed)
    };
    let position: (&[&str], &str) = match flavour {
        Flavour::MySql => (&["REPLICATION CLIENT", "SUPER"], "REPLICATION CLIENT"),
        Flavour::MariaDb => (&["BINLOG MONITOR", "REPLICATION CLIENT", "SUPER"], "BINLOG MONITOR"),
    };
    let stream: (&[&str], &str) = (&["REPLICATION SLAVE", "REPLICATION REPLICA"], "REPLICATION SLAVE");
    [stream, position]
        .into_iter()
        .filter(|(names, _)| !has(names))
        .map(|(_, right)| {
            let finding =
                Finding::in_the_way("rights", format!("user `{user}` lacks {right}"), "the rights of a replica");
            finding.mend(format!("GRANT {right} ON *.* TO {};", literal(user)))
        })
        .collect()
}

/// Look-ups that no index serves.
async fn indexes(connection: &mut Conn, address: &Address, program: &Program) -> Result<Vec<Finding>> {
    let mut known: BTreeMap<(String, String), Vec<Vec<String>>> = BTreeMap::new();
    for table in &program.plan.tables {
        let question = format!(
            "SELECT INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS
             WHERE TABLE_SCHEMA = {} AND TABLE_NAME = {} AND COLUMN_NAME IS NOT NULL ORDER BY INDEX_NAME, SEQ_IN_INDEX",
            literal(&table.schema),
            literal(&table.name)
        );
        let rows: Vec<(String, String)> = ask(connection, address, "reading the indexes", &question).await?;
        let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (index, column) in rows {
            by_name.entry(index).or_default().push(column);
        }
        known.insert((table.schema.clone(), table.name.clone()), by_name.into_values().collect());
    }
    let of = |table: &Table| known.get(&(table.schema.clone(), table.name.clone())).cloned().unwrap_or_default();
    let found = "rows are looked up by columns that no index begins with: the table is read as a whole each time";
    let missing = program.plan.missing_indexes(program.dialect, of);
    Ok(missing.into_iter().map(|statement| Finding::risk("index", found, "an index").mend(statement)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(of: &[(&str, &str)]) -> BTreeMap<String, String> {
        of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn grants_are_read_as_servers_print_them() {
        let lacks = |grants: &[&str], flavour| {
            let grants: Vec<String> = grants.iter().map(|grant| (*grant).to_owned()).collect();
            rights(&grants, flavour, "repl").into_iter().filter_map(|finding| finding.mend).collect::<Vec<_>>()
        };
        let all = "GRANT ALL PRIVILEGES ON *.* TO `root`@`%` WITH GRANT OPTION";
        assert!(lacks(&[all], Flavour::MySql).is_empty() && lacks(&[all], Flavour::MariaDb).is_empty());
        let replica = "GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT, SHOW VIEW ON *.* TO `repl`@`%`";
        assert!(lacks(&[replica], Flavour::MySql).is_empty());
        let replica =
            "GRANT SELECT, REPLICATION SLAVE, BINLOG MONITOR ON *.* TO `repl`@`%` IDENTIFIED BY PASSWORD '*X'";
        assert!(lacks(&[replica], Flavour::MariaDb).is_empty());
        let reader = ["GRANT USAGE ON *.* TO `repl`@`%`", "GRANT SELECT ON `shop`.* TO `repl`@`%`"];
        assert_eq!(
            lacks(&reader, Flavour::MariaDb),
            ["GRANT REPLICATION SLAVE ON *.* TO 'repl';", "GRANT BINLOG MONITOR ON *.* TO 'repl';"]
        );
        assert_eq!(lacks(&["GRANT ALL PRIVILEGES ON `shop`.* TO `repl`@`%`"], Flavour::MySql).len(), 2);
    }

    #[test]
    fn logs_that_go_soon_or_with_a_crash_are_a_risk() {
        let abouts = |of: &[(&str, &str)], hosting| {
            kept(&variables(of), hosting)
                .into_iter()
                .map(|finding| (finding.about, finding.mend.unwrap()))
                .collect::<Vec<_>>()
        };
        assert!(abouts(&[("binlog_expire_logs_seconds", "2592000"), ("sync_binlog", "1")], Hosting::Own).is_empty());
        assert!(abouts(&[("binlog_expire_logs_seconds", "0"), ("expire_logs_days", "0")], Hosting::Own).is_empty());
        let found = abouts(&[("expire_logs_days", "0.5"), ("sync_binlog", "0")], Hosting::Own);
        assert_eq!(found.iter().map(|(about, _)| *about).collect::<Vec<_>>(), ["expiry", "sync_binlog"]);
        let found = abouts(&[("binlog_expire_logs_seconds", "3600")], Hosting::Rds);
        assert_eq!(found[0].1, "CALL mysql.rds_set_configuration('binlog retention hours', 72);");
    }

    #[test]
    fn hosts_are_known_by_their_settings() {
        for (of, host) in [
            (&[("basedir", "/usr/")][..], Hosting::Own),
            (&[("basedir", "/rdsdbbin/mysql-8.0.35.R2/")], Hosting::Rds),
            (&[("basedir", "/rdsdbbin/oscar/"), ("aurora_version", "3.05")], Hosting::Aurora),
            (&[("cloudsql_iam_authentication", "ON")], Hosting::CloudSql),
        ] {
            assert_eq!(hosting(&variables(of)), host, "{of:?}");
        }
    }
}
