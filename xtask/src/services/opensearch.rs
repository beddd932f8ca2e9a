//! OpenSearch, put together from the jars its makers publish on Maven Central, with the modules of the minimal
//! distribution and without security. In: a home and a port. Out: a single node.

use super::engine::{self, Kind};
use crate::daemon::{Daemon, owned};
use crate::maven::{self, Set};
use crate::{Outcome, java, packages, places};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Releases whose server and modules are both published; of version 1 not all modules are.
const VERSIONS: [(u32, &str); 3] = [(1, "1.3.20"), (2, "2.19.6"), (3, "3.8.0")];
const LOG4J: &str = "2.25.4";

/// All that is published of version 1.
const MODULES: [&str; 8] = [
    "org.opensearch.plugin:transport-netty4-client",
    "org.opensearch.plugin:lang-mustache-client",
    "org.opensearch.plugin:mapper-extras-client",
    "org.opensearch.plugin:reindex-client",
    "org.opensearch.plugin:parent-join-client",
    "org.opensearch.plugin:percolator-client",
    "org.opensearch.plugin:aggs-matrix-stats-client",
    "org.opensearch.plugin:rank-eval-client",
];
const MODULES_FROM_2: [&str; 7] = [
    "org.opensearch.plugin:lang-painless",
    "org.opensearch.plugin:analysis-common",
    "org.opensearch.plugin:lang-expression",
    "org.opensearch.plugin:ingest-common",
    "org.opensearch.plugin:repository-url",
    "org.opensearch.plugin:geo",
    "org.opensearch.plugin:search-pipeline-common",
];

fn version(major: u32) -> Outcome<&'static str> {
    VERSIONS
        .iter()
        .find(|(known, _)| *known == major)
        .map(|(_, version)| *version)
        .ok_or_else(|| format!("OpenSearch {major} cannot be fetched: 1, 2 and 3 can"))
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
            // Of version 1 it is not published, and that of 2 serves.
            format!("org.opensearch:opensearch-plugin-classloader:{}", self::version(major.max(2))?),
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
        let later: &[&str] = if major >= 2 { &MODULES_FROM_2 } else { &[] };
        engine::add_modules(part, Kind::OpenSearch, version, &[&MODULES, later].concat())
    })
}

pub(super) fn start(daemon: &Daemon, major: u32, home: &Path, port: u16) -> Outcome {
    let data = daemon.data();
    let (configuration, temporary) = (data.join("config"), data.join("tmp"));
    owned(&configuration)?;
    owned(&temporary)?;
    places::write(&configuration.join("opensearch.yml"), &engine::settings(&data, port))?;
    places::write(&configuration.join("log4j2.properties"), engine::LOGGING)?;
    let mut server = Command::new(java(major)?);
    server.args(arguments(major, home, &data));
    daemon.start(&server, &data, port)?;
    daemon.wait(Duration::from_secs(180), || engine::answers(port))
}

/// A file that starts one of a test's own: it is given a directory and a port.
pub(super) fn script(major: u32, home: &Path) -> Outcome<PathBuf> {
    let file = places::running()?.join(format!("start-opensearch-{major}"));
    let (directory, port) = (Path::new("$directory"), 9200);
    let settings = engine::settings(directory, port).replace(&port.to_string(), "$port");
    let words: Vec<String> = arguments(major, home, directory).iter().map(|word| format!("\"{word}\"")).collect();
    let text = format!(
        "#!/bin/sh\nset -eu\ndirectory=$1 port=$2\nmkdir -p \"$directory/config\" \"$directory/tmp\"\n\
         cat > \"$directory/config/opensearch.yml\" <<END\n{settings}END\n\
         cat > \"$directory/config/log4j2.properties\" <<'END'\n{}END\n\
         cd \"$directory\"\nexec \"{}\" {}\n",
        engine::LOGGING,
        java(major)?.display(),
        words.join(" ")
    );
    places::write(&file, &text)?;
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&file, mode).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(file)
}

fn java(major: u32) -> Outcome<PathBuf> {
    let home = java::home(&if major < 3 { 11..=21 } else { 21..=99 })?;
    Ok(home.join("bin/java"))
}

/// What the Java machine is given, for a node that has everything in one directory.
fn arguments(major: u32, home: &Path, data: &Path) -> Vec<String> {
    let temporary = data.join("tmp");
    let mut arguments: Vec<String> = engine::HEAP.map(str::to_owned).into();
    arguments.extend(["-XX:+UseG1GC".to_owned(), format!("-Djava.io.tmpdir={}", temporary.display())]);
    if major < 3 {
        arguments.extend(["-Djava.security.manager=allow", "-Djava.locale.providers=SPI,COMPAT"].map(str::to_owned));
    }
    arguments.extend(
        [
            "-Dfile.encoding=UTF-8",
            "-Djna.nosys=true",
            "-Dio.netty.noUnsafe=true",
            "-Dlog4j2.disable.jmx=true",
            "-Dlog4j.shutdownHookEnabled=false",
            "-Dopensearch.distribution.type=tar",
            "-Dopensearch.bundled_jdk=false",
        ]
        .map(str::to_owned),
    );
    arguments.extend([
        format!("-Djna.tmpdir={}", temporary.display()),
        format!("-Dopensearch.path.home={}", home.display()),
        format!("-Dopensearch.path.conf={}", data.join("config").display()),
        "-cp".to_owned(),
        format!("{}/lib/*", home.display()),
        "org.opensearch.bootstrap.OpenSearch".to_owned(),
    ]);
    arguments
}
