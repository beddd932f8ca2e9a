//! The tables of a program on a server. In: the plan, and what the server's catalogue says. Out: by which numbers the stream calls
//! them, which columns it has to carry, and what of them stands in the way of following them.

use super::address::Address;
use super::binlog::Wanted;
use super::connection::{ask, literal};
use super::server::Server;
use super::unlogged::{Unlogged, acting_keys};
use crate::source::{ColumnFingerprint, Fingerprints, RelationFingerprint, RelationId, TableFingerprint};
use crate::{Code, Error, ErrorKind, Result};
use mysql_async::Conn;
use pgsync_plan::{ActingKey, Program, Table, TableId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// By which number the stream calls a table: the same at every start, whatever else the program has.
pub(super) fn relation(table: &Table) -> RelationId {
    RelationId(crc32fast::hash(format!("{}\0{}", table.schema, table.name).as_bytes()))
}

/// The relations of a program's tables.
pub(super) fn relations(program: &Program) -> HashMap<RelationId, TableId> {
    let tables = program.plan.tables.iter().enumerate();
    tables.filter(|(_, table)| !table.kind.is_view()).map(|(at, table)| (relation(table), TableId(at))).collect()
}

/// What the stream has to carry of each table: the columns that lead to documents, and, as far as the log can say them, those
/// whose change matters.
pub(super) fn wanted(program: &Program) -> Wanted {
    let plan = &program.plan;
    let mut wanted = Wanted::default();
    for (at, table) in plan.tables.iter().enumerate().filter(|(_, table)| !table.kind.is_view()) {
        let routes = || plan.documents.iter().flat_map(|document| &document.routes).filter(|route| route.table.0 == at);
        let names = |columns: BTreeSet<usize>| -> Vec<&str> {
            columns
                .into_iter()
                .filter_map(|column| table.columns.get(column))
                .map(|column| column.name.as_str())
                .collect()
        };
        let leading = names(routes().flat_map(|route| &route.link).map(|column| column.0).collect());
        let watched = names(routes().flat_map(|route| &route.watch).map(|column| column.0).collect());
        wanted = wanted.with(relation(table), &table.schema, &table.name, &leading).watching(
            &table.schema,
            &table.name,
            &watched,
        );
    }
    wanted
}

/// The program's tables as the server has them.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    /// Per table of the program; none where there is no such table.
    found: Vec<Option<Found>>,
    /// Changes of them that the server does not log.
    pub(super) unlogged: Unlogged,
}

/// A table.
#[derive(Debug)]
struct Found {
    /// None for a view.
    engine: Option<String>,
    /// The query of a view, where the user may see it (SHOW VIEW).
    query: String,
    /// By name: everything that its values depend on.
    columns: BTreeMap<String, ColumnFingerprint>,
    /// Foreign keys of its own that change its rows when those of another table change.
    cascades: Vec<ActingKey>,
}

/// Name, type, character set and collation, the expression of a generated one.
type ColumnRow = (String, String, Option<String>, Option<String>, Option<String>);

impl Tables {
    /// Reads them.
    pub(super) async fn read(
        connection: &mut Conn,
        address: &Address,
        program: &Program,
        server: &Server,
    ) -> Result<Self> {
        let plan = &program.plan;
        let (mut all, mut unlogged) = (Vec::with_capacity(plan.tables.len()), Unlogged::default());
        for (at, table) in plan.tables.iter().enumerate() {
            let found = Found::read(connection, address, table).await?;
            let keys = found.iter().flat_map(|found| &found.cascades).filter(|_| !server.logs_cascades);
            for key in keys {
                unlogged.add(connection, address, plan, (TableId(at), key)).await?;
            }
            all.push(found);
        }
        Ok(Self { found: all, unlogged })
    }

    /// Whether all of them are there, with the columns that are used, and can be followed.
    pub(super) fn check(&self, program: &Program, server: &Server) -> Result<()> {
        let (mut missing, mut untransactional) = (Vec::new(), Vec::new());
        for (table, found) in program.plan.tables.iter().zip(&self.found) {
            let name = table.qualified();
            let Some(found) = found else {
                missing.push(format!("table {name} does not exist"));
                continue;
            };
            for column in table.columns.iter().filter(|column| !found.columns.contains_key(&column.name)) {
                missing.push(format!("table {name} has no column {}", column.name));
            }
            if let Some(engine) = found.engine.as_deref().filter(|engine| !engine.eq_ignore_ascii_case("InnoDB")) {
                untransactional.push(format!("{name} ({engine})"));
            }
        }
        if !missing.is_empty() {
            return Err(Error::coded(Code::OtherTables, missing.join("; ")).help(
                "run `cargo pgsync catalog` and `cargo pgsync check`, correct what it names, generate and build",
            ));
        }
        if !untransactional.is_empty() {
            return Err(Error::coded(
                Code::UntransactionalTable,
                format!(
                    "{}: rows of this storage engine are visible before the log has them",
                    untransactional.join(", ")
                ),
            ));
        }
        if !self.unlogged.unknown.is_empty() {
            let (server, keys) = (&server.version, self.unlogged.unknown.join("; "));
            return Err(Error::coded(
                Code::UnloggedChanges,
                format!("version {server} changes or deletes rows by a foreign key and does not log it: {keys}"),
            )
            .help("GRANT SELECT on the tables that the keys refer to; or give the keys ON DELETE RESTRICT and ON UPDATE RESTRICT"));
        }
        Ok(())
    }

    /// What documents are made from.
    pub(super) fn fingerprints(&self, program: &Program) -> Fingerprints {
        let tables = program.plan.tables.iter().zip(&self.found);
        tables
            .map(|(table, found)| {
                let mut columns = found.as_ref().map(|found| found.columns.clone()).unwrap_or_default();
                columns.retain(|name, _| table.columns.iter().any(|column| column.name == *name));
                let relation_of = |_: &Found| {
                    let known = RelationFingerprint {
                        name: table.qualified(),
                        // That a table was rewritten or emptied stands in the log.
                        filenode: 0,
                        suffices: true,
                        membership: Some(0),
                        joined: String::new(),
                    };
                    (relation(table), known)
                };
                let relations = found.iter().filter(|_| !table.kind.is_view()).map(relation_of).collect();
                let query = found.as_ref().map(|found| found.query.clone()).unwrap_or_default();
                (table.qualified(), TableFingerprint { query, columns, relations, ..TableFingerprint::default() })
            })
            .collect()
    }
}

impl Found {
    async fn read(connection: &mut Conn, address: &Address, table: &Table) -> Result<Option<Self>> {
        let what = format!("reading the definition of {}", table.qualified());
        let of = format!("TABLE_SCHEMA = {} AND TABLE_NAME = {}", literal(&table.schema), literal(&table.name));
        let kinds: Vec<(Option<String>,)> =
            ask(connection, address, &what, &format!("SELECT ENGINE FROM information_schema.TABLES WHERE {of}"))
                .await?;
        let Some((engine,)) = kinds.into_iter().next() else {
            not_passed_over(connection, address, &what).await?;
            return Ok(None);
        };
        let columns: Vec<ColumnRow> = ask(
            connection,
            address,
            &what,
            &format!(
                "SELECT COLUMN_NAME, CAST(COLUMN_TYPE AS CHAR), CHARACTER_SET_NAME, COLLATION_NAME, CAST(GENERATION_EXPRESSION AS CHAR) \
                 FROM information_schema.COLUMNS WHERE {of}"
            ),
        )
        .await?;
        if columns.is_empty() {
            not_passed_over(connection, address, &what).await?;
        }
        let columns = columns.into_iter().map(fingerprint).collect();
        let (mut cascades, mut query) = (Vec::new(), String::new());
        if engine.is_none() {
            let question = format!("SELECT CAST(VIEW_DEFINITION AS CHAR) FROM information_schema.VIEWS WHERE {of}");
            let shown: Vec<(Option<String>,)> = ask(connection, address, &what, &question).await?;
            if shown.is_empty() {
                not_passed_over(connection, address, &what).await?;
            }
            query = shown.into_iter().next().and_then(|(query,)| query).unwrap_or_default();
        } else {
            cascades = acting_keys(connection, address, (&table.schema, &table.name)).await?;
        }
        Ok(Some(Self { engine, query, columns, cascades }))
    }
}

/// The warning that a table was passed over, because its definition was being changed (ER_WARN_I_S_SKIPPED_TABLE).
const PASSED_OVER: u32 = 1684;

/// Whether no answer means that there is nothing. A session that holds a lock, as the lease's does, does not wait for a table whose
/// definition is being changed: MariaDB leaves it out, and says so in a warning. It is asked again later then.
async fn not_passed_over(connection: &mut Conn, address: &Address, what: &str) -> Result<()> {
    let warnings: Vec<(String, u32, String)> = ask(connection, address, what, "SHOW WARNINGS").await?;
    if warnings.iter().any(|(_, code, _)| *code == PASSED_OVER) {
        return Err(Error::new(ErrorKind::Unavailable, format!("{what}: it is being changed at this moment")));
    }
    Ok(())
}

/// Labels of an ENUM or a SET that are added at the end change no value that is there.
fn fingerprint((name, ty, charset, collation, generated): ColumnRow) -> (String, ColumnFingerprint) {
    let labelled = ["enum(", "set("].iter().find(|kind| ty.starts_with(*kind));
    let (kind, labels) = match labelled {
        Some(kind) => (kind.trim_end_matches('('), labels(ty.get(kind.len()..).unwrap_or_default())),
        None => (ty.as_str(), BTreeSet::new()),
    };
    let part = |part: Option<String>| part.unwrap_or_default();
    let definition = format!("{kind} {} {} {}", part(charset), part(collation), part(generated));
    (name, ColumnFingerprint { definition: definition.trim_end().to_owned(), parts: BTreeSet::new(), labels })
}

/// `'a','b''c')`: each label with its number.
fn labels(text: &str) -> BTreeSet<String> {
    let mut labels = BTreeSet::new();
    let mut rest = text;
    while let Some(quoted) = rest.trim_start_matches(',').strip_prefix('\'') {
        let mut end = 0;
        loop {
            match quoted.get(end..).and_then(|tail| tail.find('\'')) {
                Some(at) if quoted[end + at + 1..].starts_with('\'') => end += at + 2,
                Some(at) => {
                    end += at;
                    break;
                }
                None => return labels,
            }
        }
        labels.insert(format!("{} {}", labels.len() + 1, &quoted[..end]));
        rest = &quoted[end + 1..];
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_at_the_end_is_no_change_and_one_in_between_is() {
        let column = |ty: &str| fingerprint(("c".into(), ty.into(), Some("utf8mb4".into()), None, None)).1;
        let table = |ty: &str| TableFingerprint {
            columns: BTreeMap::from([("c".to_owned(), column(ty))]),
            ..TableFingerprint::default()
        };
        let changed = |from: &str, to: &str| !table(from).differences(&table(to)).changed.is_empty();
        assert!(!changed("enum('a','b')", "enum('a','b','it''s')"));
        assert!(changed("enum('a','b')", "enum('b','a')"));
        assert!(changed("enum('a','b')", "set('a','b')"));
        assert!(changed("int(11)", "bigint(20)"));
        assert_eq!(column("enum('a','it''s',',')").labels, ["1 a", "2 it''s", "3 ,"].map(str::to_owned).into());
    }
}
