//! pgsync itself. In: a database copy and an engine. Out: the program, set up and running, with its default settings.

use crate::Outcome;
use crate::copies::Copy;
use crate::process::Program;
use crate::site::Site;
use crate::target::Target;
use tokio::process::Command;

/// A command of its own, with everything it needs to know.
pub(crate) fn command(site: &Site, copy: &Copy, target: &Target, arguments: &[&str]) -> Command {
    let mut command = Command::new(copy.binary.as_ref().unwrap_or(&site.program));
    match &copy.binary {
        Some(_) => command.args(arguments),
        None => command.arg("pgsync").args(arguments).arg("--config").arg(&copy.schema),
    };
    command
        .current_dir(site.folder.path())
        .env_remove("REDIS_URL")
        .env("PG_URL", &copy.url)
        // MySQL offers encryption as it comes; the peer does not ask for it, and no other server here has any.
        .env("PG_SSLMODE", "disable")
        .env("ELASTICSEARCH_URL", &target.url);
    command
}

/// Makes publication, slot and replica identities; on MySQL and MariaDB nothing has to be made.
pub(crate) async fn bootstrap(site: &Site, copy: &Copy, target: &Target) -> Outcome {
    let log = site.folder.path().join(format!("{}-bootstrap.log", copy.name));
    Program::finish(&mut command(site, copy, target, &["bootstrap"]), &log).await
}

/// Starts `run`: loads what is missing, then follows.
pub(crate) fn start(site: &Site, copy: &Copy, target: &Target) -> Outcome<Program> {
    let log = site.folder.path().join(format!("{}-run.log", copy.name));
    Program::start(&mut command(site, copy, target, &["run"]), &log)
}

/// Whether every index is loaded and everything in the log is written, as `status` says it.
pub(crate) async fn is_caught_up(site: &Site, copy: &Copy, target: &Target) -> Outcome<bool> {
    let output = command(site, copy, target, &["status", "--json"]).output().await?;
    if !output.status.success() {
        return Err(format!("status: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let said: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let mut indexes = said["indexes"].as_object().into_iter().flatten();
    let written = said["written"].is_string() && said["written"] == said["log_end"];
    Ok(written && indexes.all(|(_, index)| index["loaded"] == true))
}
