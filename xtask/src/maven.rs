//! Maven. In: coordinates. Out: artifacts on disk, fetched by Maven itself from where it is set up to look.

use crate::{Outcome, command, packages, places};
use std::path::Path;
use std::process::Command;

fn maven(directory: &Path, arguments: &[String]) -> Outcome {
    packages::need(&["mvn"])?;
    // Maven leaves markers where it runs.
    command::output(Command::new("mvn").current_dir(directory).args(["-B", "-q"]).args(arguments)).map(drop)
}

/// Copies one artifact into a directory.
pub(crate) fn copy(artifact: &str, into: &Path) -> Outcome {
    maven(
        into,
        &[
            "dependency:copy".into(),
            format!("-Dartifact={artifact}"),
            format!("-DoutputDirectory={}", into.display()),
            "-Dmdep.useBaseVersion=true".into(),
        ],
    )
}

/// Unpacks the matching part of one archive into a directory and drops the archive from Maven's own store: it is large
/// and never asked for again.
pub(crate) fn unpack(group: &str, artifact: &str, version: &str, includes: &str, into: &Path) -> Outcome {
    maven(
        into,
        &[
            "dependency:unpack".into(),
            format!("-Dartifact={group}:{artifact}:{version}:zip"),
            format!("-DoutputDirectory={}", into.display()),
            format!("-Dmdep.unpack.includes={includes}"),
        ],
    )?;
    if let Some(home) = std::env::var_os("HOME") {
        let group = group.replace('.', "/");
        places::remove(&Path::new(&home).join(".m2/repository").join(group).join(artifact).join(version))?;
    }
    Ok(())
}

/// One set of artifacts whose jars belong together, with all they need at run time.
pub(crate) struct Set {
    /// Name of the set.
    pub(crate) name: String,
    /// `group:artifact:version`.
    pub(crate) artifacts: Vec<String>,
}

/// Copies each set's jars into `work/NAME/target/dependency`, all in one run of Maven.
pub(crate) fn copy_sets(work: &Path, sets: &[Set]) -> Outcome {
    let mut modules = String::new();
    for set in sets {
        let directory = work.join(&set.name);
        places::create(&directory)?;
        let mut dependencies = String::new();
        for artifact in &set.artifacts {
            let mut parts = artifact.splitn(3, ':');
            let mut next = || parts.next().unwrap_or_default();
            let (group, artifact, version) = (next(), next(), next());
            dependencies.push_str(&format!(
                "<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version></dependency>\n"
            ));
        }
        places::write(
            &directory.join("pom.xml"),
            &pom(&set.name, &format!("<dependencies>{dependencies}</dependencies>")),
        )?;
        modules.push_str(&format!("<module>{}</module>", set.name));
    }
    places::write(&work.join("pom.xml"), &pom("all", &format!("<modules>{modules}</modules>")))?;
    maven(work, &["dependency:copy-dependencies".into(), "-DincludeScope=runtime".into()])
}

fn pom(name: &str, body: &str) -> String {
    format!(
        "<project><modelVersion>4.0.0</modelVersion><groupId>local</groupId><artifactId>{name}</artifactId>\
         <version>1</version><packaging>pom</packaging>{body}</project>\n"
    )
}
