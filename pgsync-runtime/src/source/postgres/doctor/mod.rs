//! What of a PostgreSQL stands in the way. In: settings and a program. Out: findings, those of the checks that a start makes
//! among them. It reads, and changes nothing.
//!
//! `failover` looks at what becomes of the slot when a standby is promoted, `server` says what the server and the role are and judges that, `tables` looks at the tables of the program.

mod failover;
mod server;
mod tables;

use super::capture::{self, CaptureState, Setup};
use super::{Triggers, connection};
use crate::doctor::Finding;
use crate::settings::Settings;
use crate::source::{Lease as _, Source as _};
use crate::{Error, Result};
use pgsync_plan::Program;
use server::ServerFacts;
use tokio_postgres::Client;

/// Looks at everything. A look that fails is a finding itself.
pub(crate) async fn examine(settings: &Settings, program: &Program) -> Vec<Finding> {
    let client = match connection::connect(&settings.database).await {
        Ok(client) => client,
        Err(error) => return vec![Finding::of_error("connection", &error)],
    };
    let mut findings = Vec::new();
    match ServerFacts::read(&client, program).await {
        Ok(facts) => findings.extend(facts.judge(&settings.database.application_name, settings.run.slot_budget)),
        Err(error) => findings.push(Finding::of_error("server", &error)),
    }
    match examine_capture(&client, program).await {
        Ok(found) => findings.extend(found),
        Err(error) => findings.push(Finding::of_error("catalogue", &error)),
    }
    let slot = program.capture.name();
    match failover::examine(&client, slot).await {
        Ok(found) => findings.extend(found),
        Err(error) => findings.push(Finding::of_error("failover", &error)),
    }
    match tables::examine(&client, program).await {
        Ok(found) => findings.extend(found),
        Err(error) => findings.push(Finding::of_error("tables", &error)),
    }
    findings
}

/// Looks at what capture by triggers needs: nothing of the server's settings, the tables and what is made for them.
pub(crate) async fn examine_triggers(source: &Triggers, settings: &Settings, program: &Program) -> Vec<Finding> {
    let client = match connection::connect(&settings.database).await {
        Ok(client) => client,
        Err(error) => return vec![Finding::of_error("connection", &error)],
    };
    let mut findings = Vec::new();
    let checked = async {
        let lease = source.lease().await?;
        lease.check(&lease.catalogue().await?, false).await
    };
    if let Err(error) = checked.await {
        findings.push(Finding::of_error("set_up", &error));
    }
    match tables::examine(&client, program).await {
        Ok(found) => findings.extend(found),
        Err(error) => findings.push(Finding::of_error("tables", &error)),
    }
    findings
}

/// The checks of a start, and what `bootstrap` would do about what they find.
async fn examine_capture(client: &Client, program: &Program) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let facts = CaptureState::read(client, program).await?;
    if let Err(error) = capture::fits(client, &facts, program).await {
        findings.push(Finding::of_error("tables", &error));
    }
    let Err(error) = capture::check(client, &facts, program).await else { return Ok(findings) };
    let finding = Finding::of_error("set_up", &error);
    findings.push(match Setup::plan(client, &facts, program).await {
        Ok(setup) if !setup.is_empty() => finding.mend(format!(
            "the `bootstrap` command, run by whoever owns the tables, executes:\n{}",
            setup.script().trim_end()
        )),
        Ok(_) => finding,
        Err(obstacle) => finding.mend(obstacle.to_string()),
    });
    Ok(findings)
}

/// An error of these questions.
fn reading(error: tokio_postgres::Error) -> Error {
    connection::failure("what the server is cannot be read", &error)
}
