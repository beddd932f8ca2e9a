//! OpenSearch, put together from the jars its makers publish on Maven Central, with the modules of the minimal
//! distribution and without security. In: a home and a port. Out: a single node.

use super::engine::{self, Kind};
use crate::daemon::{Daemon, owned};
use crate::maven::{self, Set};
use crate::{Outcome, java, packages, places};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Releases whose server and modules are both published.
const VERSIONS: [(u32, &str); 2] = [(2, "2.19.6"), (3, "3.8.0")];
const LOG4J: &str = "2.25.4";

const MODULES: [&str; 15] = [
    "org.opensearch.plugin:transport-netty4-client",
    "org.opensearch.plugin:lang-painless",
    "org.opensearch.plugin:analysis-common",
    "org.opensearch.plugin:lang-mustache-client",
    "org.opensearch.plugin:lang-expression",
    "org.opensearch.plugin:ingest-common",
    "org.opensearch.plugin:mapper-extras-client",
    "org.opensearch.plugin:reindex-client",
    "org.opensearch.plugin:parent-join-client",
    "org.opensearch.plugin:percolator-client",
    "org.opensearch.plugin:aggs-matrix-stats-client",
    "org.opensearch.plugin:rank-eval-client",
    "org.opensearch.plugin:repository-url",
    "org.opensearch.plugin:geo",
    "org.opensearch.plugin:search-pipeline-common",
];

fn version(major: u32) -> Outcome<&'static str> {
    VERSIONS
        .iter()
        .find(|(known, _)| *known == major)
        .map(|(_, version)| *version)
        .ok_or_else(|| format!("OpenSearch {major} cannot be fetched: 2 and 3 can"))
}

pub(super) fn home(major: u32) -> Outcome<PathBuf> {
    Ok(places::cache()?.join(format!("opensearch-{}", version(major)?)))
}

pub(super) fn fetch(major: u32, home: &Path) -> Outcome {
    let version = version(major)?;
    places::once(home, |part| {
        packages::need(&["mvn", "unzip"])?;
        for directory in ["bin", "modules", "plugins", "extensions"] {
            places::create(&part.join(directory))?;
        }
        let mut artifacts = vec![
            format!("org.opensearch:opensearch:{version}"),
            format!("org.opensearch:opensearch-plugin-classloader:{version}"),
            // Both are optional to the server, and shapes need them.
            "org.locationtech.spatial4j:spatial4j:0.7".to_owned(),
            "org.locationtech.jts:jts-core:1.15.0".to_owned(),
        ];
        if major >= 3 {
            artifacts.push(format!("org.opensearch:opensearch-agent-bootstrap:{version}"));
        }
        artifacts.extend(["api", "core", "jul"].map(|name| format!("org.apache.logging.log4j:log4j-{name}:{LOG4J}")));
        let work = part.join("work");
        places::create(&work)?;
        maven::copy_sets(&work, &[Set { name: "server".into(), artifacts }])?;
        std::fs::rename(work.join("server/target/dependency"), part.join("lib"))
            .map_err(|error| format!("{}: {error}", work.display()))?;
        places::remove(&work)?;
        engine::add_modules(part, Kind::OpenSearch, version, &MODULES)
    })
}

pub(super) fn start(daemon: &Daemon, major: u32, home: &Path, port: u16) -> Outcome {
    let java = java::home(&if major < 3 { 11..=21 } else { 21..=99 })?;
    let data = daemon.data();
    let (configuration, temporary) = (data.join("config"), data.join("tmp"));
    owned(&configuration)?;
    owned(&temporary)?;
    places::write(&configuration.join("opensearch.yml"), &engine::settings(&data, port))?;
    places::write(&configuration.join("log4j2.properties"), engine::LOGGING)?;
    let mut server = Command::new(java.join("bin/java"));
    server.args(engine::HEAP).arg("-XX:+UseG1GC").arg(format!("-Djava.io.tmpdir={}", temporary.display()));
    if major < 3 {
        server.args(["-Djava.security.manager=allow", "-Djava.locale.providers=SPI,COMPAT"]);
    }
    server
        .args(["-Dfile.encoding=UTF-8", "-Djna.nosys=true", "-Dio.netty.noUnsafe=true", "-Dlog4j2.disable.jmx=true"])
        .args([
            "-Dlog4j.shutdownHookEnabled=false",
            "-Dopensearch.distribution.type=tar",
            "-Dopensearch.bundled_jdk=false",
        ])
        .arg(format!("-Djna.tmpdir={}", temporary.display()))
        .arg(format!("-Dopensearch.path.home={}", home.display()))
        .arg(format!("-Dopensearch.path.conf={}", configuration.display()))
        .arg("-cp")
        .arg(format!("{}/lib/*", home.display()))
        .arg("org.opensearch.bootstrap.OpenSearch");
    daemon.start(&server, &data, port)?;
    daemon.wait(Duration::from_secs(180), || engine::answers(port))
}
