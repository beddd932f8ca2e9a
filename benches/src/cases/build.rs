//! The compiler and what comes out. In: the library's schema. Out: how long `generate` takes, and how large the optimised
//! binary of the generated crate is.

use crate::Outcome;
use crate::copies::Copy;
use crate::dataset::Dataset;
use crate::figures::Figures;
use crate::null_engine::now;
use crate::ours;
use crate::process::Program;
use crate::site::Site;
use crate::target::Target;
use std::path::{Path, PathBuf};
use tokio::process::Command;

const CASE: &str = "build";

pub(super) async fn run(site: &Site, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    let copy = Dataset::Library(site.scaled(2_000)).fresh(site).await?;
    Program::finish(&mut ours::command(site, &copy, &null, &["catalog"]), &log(site)).await?;
    let mut made = site.folder.path().to_owned();
    for _ in 0..site.runs().max(5) {
        let began = now();
        made = generate(site, &copy, &null, "library-sync").await?;
        figures.add(CASE, "pgsync", "generate", "ms", (now() - began) as f64 / 1000.0);
    }
    let size = std::fs::metadata(compile(site, &made).await?)?.len();
    figures.add(CASE, "pgsync", "size of the binary", "MB", size as f64 / 1e6);
    copy.remove().await
}

/// The generated crate of a schema file whose catalogue is at hand: the folder, named as the crate.
pub(super) async fn generate(site: &Site, copy: &Copy, target: &Target, name: &str) -> Outcome<PathBuf> {
    let made = site.folder.path().join(name);
    let _ = std::fs::remove_dir_all(&made);
    let (to, runtime) = (made.display().to_string(), workspace()?.join("pgsync-runtime").display().to_string());
    let arguments = ["generate", "--crate", &to, "--runtime-path", &runtime];
    Program::finish(&mut ours::command(site, copy, target, &arguments), &log(site)).await?;
    Ok(made)
}

/// The optimised binary of a generated crate.
pub(super) async fn compile(site: &Site, made: &Path) -> Outcome<PathBuf> {
    // With this workspace's lock file and target folder nothing is fetched or built twice.
    std::fs::copy(workspace()?.join("Cargo.lock"), made.join("Cargo.lock"))?;
    let target = std::env::current_exe()?.ancestors().nth(2).ok_or("no target folder")?.to_owned();
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.args(["build", "--release", "--quiet"]).current_dir(made).env("CARGO_TARGET_DIR", &target);
    Program::finish(&mut build, &log(site)).await?;
    Ok(target.join("release").join(made.file_name().ok_or("a crate without a name")?))
}

fn workspace() -> Outcome<&'static Path> {
    Ok(Site::home().parent().ok_or("no workspace")?)
}

fn log(site: &Site) -> PathBuf {
    site.folder.path().join("build.log")
}
