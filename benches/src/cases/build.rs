//! The compiler and what comes out. In: the library's schema. Out: how long `generate` takes, and how large the optimised
//! binary of the generated crate is.

use crate::Outcome;
use crate::dataset::Dataset;
use crate::figures::Figures;
use crate::null_engine::now;
use crate::ours;
use crate::process::Program;
use crate::site::Site;
use crate::target::Target;
use tokio::process::Command;

const CASE: &str = "build";

pub(super) async fn run(site: &Site, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    let copy = Dataset::Library(site.scaled(2_000)).fresh(site).await?;
    let log = site.folder.path().join("build.log");
    Program::finish(&mut ours::command(site, &copy, &null, &["catalog"]), &log).await?;
    let workspace = Site::home().parent().ok_or("no workspace")?;
    let made = site.folder.path().join("library-sync");
    let (to, runtime) = (made.display().to_string(), workspace.join("pgsync-runtime").display().to_string());
    for _ in 0..site.runs().max(5) {
        let _ = std::fs::remove_dir_all(&made);
        let began = now();
        let arguments = ["generate", "--crate", &to, "--runtime-path", &runtime];
        Program::finish(&mut ours::command(site, &copy, &null, &arguments), &log).await?;
        figures.add(CASE, "pgsync", "generate", "ms", (now() - began) as f64 / 1000.0);
    }
    // With this workspace's lock file and target folder nothing is fetched or built twice.
    std::fs::copy(workspace.join("Cargo.lock"), made.join("Cargo.lock"))?;
    let target = std::env::current_exe()?.ancestors().nth(2).ok_or("no target folder")?.to_owned();
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.args(["build", "--release", "--quiet"]).current_dir(&made).env("CARGO_TARGET_DIR", &target);
    Program::finish(&mut build, &log).await?;
    let size = std::fs::metadata(target.join("release/library-sync"))?.len();
    figures.add(CASE, "pgsync", "size of the binary", "MB", size as f64 / 1e6);
    copy.remove().await
}
