//! `doctor`: what stands in the way, and the statement that mends it. In: settings and a program. Out: findings on stdout, the
//! worst first; exit code 1 where something is in the way. It reads, and changes nothing.

use super::Log;
use super::ready::{Access, Ready};
use crate::doctor::{Finding, Severity};
use crate::error::printable;
use crate::sink::examine;
use crate::source::postgres;
use crate::{Code, Error, Result};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Looks at both sides of each program.
pub(super) async fn doctor(log: Log, all: &[Ready]) -> Result<()> {
    let (mut out, mut objects, mut in_the_way) = (String::new(), Vec::new(), 0);
    for ready in all {
        let mut findings = match ready.access()? {
            Access::SetUp => postgres::doctor::examine(&ready.settings, &ready.program).await,
            Access::Triggers(source) => {
                postgres::doctor::examine_triggers(&source, &ready.settings, &ready.program).await
            }
            #[cfg(feature = "mysql")]
            Access::Log(source) => crate::source::mysql::doctor::examine(&source).await,
        };
        findings.extend(examine(&ready.settings.engine, &ready.program).await);
        findings.sort_by_key(|finding| finding.severity);
        in_the_way += findings.iter().filter(|finding| finding.severity == Severity::InTheWay).count();
        if let Some(name) = ready.label().filter(|_| !log.json) {
            let _ = writeln!(out, "database {}", printable(name));
        }
        objects.extend(findings.iter().map(|finding| object(ready, finding)));
        findings.iter().for_each(|finding| lines(&mut out, finding));
    }
    if log.json {
        out = format!("{}\n", json!({ "findings": objects, "in_the_way": in_the_way }));
    }
    super::print(&out)?;
    match in_the_way {
        0 => Ok(()),
        _ => Err(Error::coded(Code::InTheWay, format!("{in_the_way} of these findings are in the way"))
            .help("mend them from the top, then run `doctor` again")),
    }
}

fn object(ready: &Ready, finding: &Finding) -> Value {
    let mut object = json!(finding);
    if let Some(database) = ready.label() {
        object["database"] = database.into();
    }
    object
}

/// As a person reads it.
fn lines(out: &mut String, finding: &Finding) {
    let Finding { severity, about, found, needed, mend } = finding;
    let _ = writeln!(out, "{} [{about}] {found}", severity.words());
    let _ = writeln!(out, "    needed: {needed}");
    for (number, line) in mend.iter().flat_map(|mend| mend.lines()).enumerate() {
        let _ = writeln!(out, "    {} {line}", if number == 0 { "do:" } else { "   " });
    }
}
