//! What both kinds of search engine share: modules put together from published jars, settings, a request that tells
//! whether the server answers.

use crate::maven::{self, Set};
use crate::{Outcome, command, places};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Memory of one engine.
pub(super) const HEAP: [&str; 2] = ["-Xms512m", "-Xmx1536m"];

/// Settings of a single node without security, for `opensearch.yml` and `elasticsearch.yml` alike.
pub(super) fn settings(data: &Path, port: u16) -> String {
    format!(
        "cluster.name: pgsync-{port}\nnode.name: node-{port}\npath.data: {data}/data\npath.logs: {data}/logs\n\
         network.host: 127.0.0.1\nhttp.port: {port}\ndiscovery.type: single-node\n\
         cluster.routing.allocation.disk.threshold_enabled: false\n",
        data = data.display()
    )
}

/// A log4j2 configuration that writes to standard output.
pub(super) const LOGGING: &str = "appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=[%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level=info
rootLogger.appenderRef.c.ref=console
";

/// Whether the engine answers and its cluster is at least yellow.
pub(super) fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(
            b"GET /_cluster/health?wait_for_status=yellow&timeout=1s HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        Ok(text)
    };
    ask().is_ok_and(|text| text.lines().next().is_some_and(|line| line.contains(" 200 ")))
}

/// Which server a module is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    OpenSearch,
    Elasticsearch,
}

/// Puts published modules below `home/modules`. `coordinates` are `group:artifact`, of the server's own version.
pub(super) fn add_modules(home: &Path, kind: Kind, version: &str, coordinates: &[&str]) -> Outcome {
    let work = home.join("work");
    let artifact_of = |coordinate: &str| coordinate.rsplit(':').next().unwrap_or_default().to_owned();
    let sets: Vec<Set> = coordinates
        .iter()
        .map(|coordinate| Set { name: artifact_of(coordinate), artifacts: vec![format!("{coordinate}:{version}")] })
        .collect();
    places::create(&work)?;
    maven::copy_sets(&work, &sets)?;
    for set in &sets {
        add_module(&work.join(&set.name).join("target/dependency"), home, kind, &set.name, version)?;
    }
    places::remove(&work)
}

fn add_module(jars: &Path, home: &Path, kind: Kind, artifact: &str, version: &str) -> Outcome {
    let name = artifact.strip_suffix("-client").unwrap_or(artifact);
    let module = home.join("modules").join(name);
    let listed = command::output(Command::new("unzip").arg("-Z1").arg(jars.join(format!("{artifact}-{version}.jar"))))?;
    let class = listed
        .lines()
        .filter_map(|line| line.strip_suffix(".class"))
        .find(|class| class.ends_with("Plugin") && !class.contains('$'))
        .ok_or_else(|| format!("{artifact} {version} holds no plugin class"))?
        .replace('/', ".");
    let painless =
        listed.lines().any(|line| line.starts_with("META-INF/services/") && line.contains("PainlessExtension"));
    let extended = if painless { "lang-painless" } else { "" };
    places::create(&module)?;
    for jar in std::fs::read_dir(jars).map_err(|error| format!("{}: {error}", jars.display()))?.flatten() {
        // The server refuses a class it finds twice: what it, or the module this one extends, has is left out.
        let file = jar.file_name();
        if home.join("lib").join(&file).exists()
            || (painless && home.join("modules/lang-painless").join(&file).exists())
        {
            continue;
        }
        std::fs::rename(jar.path(), module.join(&file))
            .map_err(|error| format!("{}: {error}", jar.path().display()))?;
    }
    let engine = if kind == Kind::OpenSearch { "opensearch" } else { "elasticsearch" };
    places::write(
        &module.join("plugin-descriptor.properties"),
        &format!(
            "name={name}\ndescription={name}\nversion={version}\n{engine}.version={version}\njava.version=11\n\
             classname={class}\nextended.plugins={extended}\nhas.native.controller=false\n"
        ),
    )?;
    let grants = match (kind, name) {
        (Kind::OpenSearch, _) => "permission java.security.AllPermission;",
        // It reflects over its template classes.
        (Kind::Elasticsearch, "lang-mustache") => {
            "permission java.lang.reflect.ReflectPermission \"suppressAccessChecks\"; \
             permission java.lang.RuntimePermission \"accessDeclaredMembers\";"
        }
        _ => return Ok(()),
    };
    places::write(&module.join("plugin-security.policy"), &format!("grant {{ {grants} }};\n"))
}
