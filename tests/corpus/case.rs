//! A case as it stands in its folder. In: `tests/cases/<name>/`. Out: its texts, what it is for and which servers it needs;
//! a folder that is not a case fails the test that reads it. Nothing is compiled here.

use super::index::index_on;
use pgsync_codegen::Source;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One folder of the corpus.
pub(super) struct Case {
    /// Name of the folder.
    pub(super) name: String,
    pub(super) directory: PathBuf,
    /// The first lines of `tables.sql`: what it is for.
    pub(super) purpose: String,
    /// Numbers of the features it stands for, as the README lists them.
    pub(super) features: BTreeSet<u32>,
    /// The least version of the server.
    pub(super) least: i32,
    /// What a server has to have beyond its version.
    pub(super) needs: Option<String>,
    /// The modules that an engine has to have; the full distributions have them.
    pub(super) modules: Vec<String>,
    pub(super) tables: String,
    pub(super) rows: String,
    pub(super) schema: String,
    /// Ingest pipelines that the engine has to have, by name.
    pub(super) pipelines: serde_json::Map<String, serde_json::Value>,
    /// Index and query, one for each document of the schema.
    pub(super) oracles: Oracles,
    /// The tables and rows for MySQL and MariaDB, where they can have the case.
    pub(super) mysql: Option<String>,
    /// The queries for rows of MySQL and MariaDB, where they are others.
    pub(super) mysql_oracles: Option<Oracles>,
}

/// Index and query.
pub(super) type Oracles = Vec<(String, String)>;

/// The folder of all cases.
pub(super) fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

/// Every case, by name; those that `PGSYNC_TEST_CASE` names where it is set.
pub(super) fn all() -> Vec<Case> {
    let chosen: Option<BTreeSet<String>> =
        std::env::var("PGSYNC_TEST_CASE").ok().map(|names| names.split(',').map(str::to_owned).collect());
    let mut directories: Vec<PathBuf> = std::fs::read_dir(home())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .filter(|path| chosen.as_ref().is_none_or(|chosen| chosen.contains(&name(path))))
        .collect();
    directories.sort();
    directories.into_iter().map(Case::read).collect()
}

fn name(directory: &Path) -> String {
    directory.file_name().unwrap().to_string_lossy().into_owned()
}

impl Case {
    fn read(directory: PathBuf) -> Self {
        let read = |file: &str| {
            let path = directory.join(file);
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let tables = read("tables.sql");
        let name = name(&directory);
        // A sentence may take several lines.
        let lines = tables.lines().take_while(|line| !line.starts_with("-- features: "));
        let purpose: Option<Vec<&str>> = lines.map(|line| line.strip_prefix("-- ")).collect();
        let purpose = purpose.filter(|lines| !lines.is_empty()).map(|lines| lines.join(" "));
        let purpose =
            purpose.unwrap_or_else(|| panic!("{name}: tables.sql begins with `-- ` and what the case is for"));
        let head = |key: &str| {
            let prefix = format!("-- {key}: ");
            tables.lines().find_map(|line| line.strip_prefix(&prefix).map(str::to_owned))
        };
        let features = head("features").unwrap_or_else(|| panic!("{name}: tables.sql has no line `-- features: `"));
        let features = features.split(", ").map(|number| number.parse().unwrap()).collect();
        let needs = head("needs");
        let modules = head("modules").iter().flat_map(|names| names.split(", ")).map(str::to_owned).collect();
        let least = head("least").map_or(9, |version| version.parse().unwrap());
        // Cases run at the same time, and an engine has one index of a name.
        let own = |(index, _): &(String, String)| index.starts_with(&name.replace('-', "_"));
        let oracles_in = |file: &str| {
            let oracles = oracles(&read(file));
            assert!(!oracles.is_empty(), "{name}: {file} has no line `-- index: `");
            assert!(oracles.iter().all(own), "{name}: its indexes do not begin with its name");
            oracles
        };
        let optional = |file: &str| directory.join(file).exists().then(|| read(file));
        let pipelines = optional("pipelines.json").map(|text| serde_json::from_str(&text).unwrap()).unwrap_or_default();
        let (oracles, mysql) = (oracles_in("oracle.sql"), optional("mysql.sql"));
        let mysql_oracles = optional("mysql_oracle.sql").map(|_| oracles_in("mysql_oracle.sql"));
        let (rows, schema) = (read("rows.sql"), read("schema.json"));
        Self {
            name,
            directory,
            purpose,
            features,
            least,
            needs,
            modules,
            tables,
            rows,
            schema,
            pipelines,
            oracles,
            mysql,
            mysql_oracles,
        }
    }

    /// A number of its own, for random numbers that are the same at every run.
    pub(super) fn number(&self, tag: &str) -> u64 {
        let name = self.name.bytes().chain(tag.bytes());
        name.fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
    }

    /// The schema as the compiler takes it.
    pub(super) fn source(&self) -> Source {
        Source { directory: Some(self.name.clone()), ..Source::new("schema.json", self.schema.clone()) }
    }

    /// The same for MySQL and MariaDB: an expression is in the language of its database.
    pub(super) fn mysql_source(&self) -> Source {
        match std::fs::read_to_string(self.directory.join("mysql.schema.json")) {
            Ok(own) => Source { directory: Some(self.name.clone()), ..Source::new("mysql.schema.json", own) },
            Err(_) => self.source(),
        }
    }

    /// Why MySQL and MariaDB cannot have the case, where they cannot.
    pub(super) fn not_on_mysql(&self) -> Option<&str> {
        self.tables.lines().find_map(|line| line.strip_prefix("-- mysql: no, "))
    }

    /// The database schemas that the file names, `public` among them; all of the case where it has patterns.
    pub(super) fn schemas(&self) -> Vec<String> {
        let mut found = BTreeSet::from(["public".to_owned()]);
        let schema: serde_json::Value = serde_json::from_str(&self.schema).unwrap();
        named(&schema, &mut found);
        if schema[0]["schemas"].is_array() {
            let made = self.tables.lines().filter_map(|line| line.strip_prefix("CREATE SCHEMA "));
            found.extend(made.map(|name| name.trim_end_matches(';').to_owned()));
        }
        found.into_iter().collect()
    }
}

/// A schema with the names that its indexes have on an engine: runs on several databases must not meet.
pub(super) fn schema_on(tag: &str, schema: &str) -> String {
    let named = |index: &str| format!("\"index\": \"{index}");
    schema.replace(&named(""), &named(&index_on(tag, "")))
}

fn named(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    if let Some(schema) = value["schema"].as_str() {
        found.insert(schema.to_owned());
    }
    for through in value["through_tables"].as_array().into_iter().flatten() {
        if let Some((schema, _)) = through.as_str().and_then(|name| name.split_once('.')) {
            found.insert(schema.to_owned());
        }
    }
    match value {
        serde_json::Value::Array(list) => list.iter().for_each(|value| named(value, found)),
        serde_json::Value::Object(members) => members.values().for_each(|value| named(value, found)),
        _ => {}
    }
}

/// Queries behind lines `-- index: NAME`.
fn oracles(text: &str) -> Oracles {
    let mut found = Oracles::new();
    for line in text.lines() {
        if let Some(index) = line.strip_prefix("-- index: ") {
            found.push((index.to_owned(), String::new()));
        } else if let Some((_, query)) = found.last_mut() {
            query.push_str(line);
            query.push('\n');
        }
    }
    found
}
