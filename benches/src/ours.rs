//! pgsync itself. In: a database copy and an engine. Out: the program, set up and running, with its default settings.

use crate::Outcome;
use crate::dataset::Copy;
use crate::process::Program;
use crate::site::Site;
use crate::target::Target;
use tokio::process::Command;

/// A command of its own, with everything it needs to know.
pub(crate) fn command(site: &Site, copy: &Copy, target: &Target, arguments: &[&str]) -> Command {
    let mut command = Command::new(&site.program);
    command
        .arg("pgsync")
        .args(arguments)
        .arg("--config")
        .arg(&copy.schema)
        .current_dir(site.folder.path())
        .env_remove("REDIS_URL")
        .env("PG_URL", &copy.url)
        .env("ELASTICSEARCH_URL", &target.url);
    command
}

/// Makes publication, slot and replica identities.
pub(crate) async fn bootstrap(site: &Site, copy: &Copy, target: &Target) -> Outcome {
    let log = site.folder.path().join(format!("{}-bootstrap.log", copy.name));
    Program::finish(&mut command(site, copy, target, &["bootstrap"]), &log).await
}

/// Starts `run`: loads what is missing, then follows.
pub(crate) fn start(site: &Site, copy: &Copy, target: &Target) -> Outcome<Program> {
    let log = site.folder.path().join(format!("{}-run.log", copy.name));
    Program::start(&mut command(site, copy, target, &["run"]), &log)
}
