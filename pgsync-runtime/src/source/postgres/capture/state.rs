//! The live catalogue as far as capture depends on it. In: a session and the program's tables. Out: for each table the
//! relations that hold its rows (itself, or its leaves), their identities and files, and the state of publication and
//! slot. Nothing is judged here.

use crate::source::postgres::Lsn;
use crate::source::postgres::connection::{failure, value};
use crate::source::postgres::log_functions::PGOUTPUT;
use crate::{Error, Result};
use pgsync_plan::Program;
use tokio_postgres::Client;

/// From this version on `TRUNCATE` is in the log and can be published.
pub(super) const TRUNCATES: i32 = 110_000;

/// Everything known about the live tables of a program.
#[derive(Debug)]
pub(crate) struct CaptureState {
    /// `server_version_num`.
    pub server_version: i32,
    /// `wal_level`.
    pub wal_level: String,
    /// Name of the database.
    pub database: String,
    /// Per table of the plan, by [`TableId`]: the relations that hold its rows.
    pub tables: Vec<Vec<Relation>>,
    /// Oids of the tables themselves; `None` where a table does not exist.
    pub roots: Vec<Option<u32>>,
    /// Whether the publication exists, and its comment.
    pub publication: Option<Publication>,
    /// The slot, where it exists.
    pub slot: Option<Slot>,
}

/// A publication as the catalogue has it.
#[derive(Debug)]
pub(crate) struct Publication {
    /// Oids of the tables added to it by name.
    pub members: Vec<u32>,
    /// Its comment.
    pub comment: Option<String>,
    /// Whether all four kinds of change are published.
    pub complete: bool,
    /// Whether stored generated columns are published, as they have to be from PostgreSQL 18 on.
    pub generated: bool,
    /// Tables that it publishes with a column list or a row filter: changes would be missing.
    pub limited: Vec<String>,
    /// Its oid and the transaction that altered it last.
    pub version: String,
}

/// A table that holds rows itself: an ordinary table or a leaf of a partitioned one.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    /// `pg_class.oid`.
    pub oid: u32,
    /// Schema.
    pub schema: String,
    /// Name.
    pub name: String,
    /// `relreplident`.
    pub identity: ReplicaIdentity,
    /// The index of [`ReplicaIdentity::Index`], quoted.
    pub identity_index: Option<String>,
    /// Whether it has a primary key that is immediate, which identity DEFAULT needs.
    pub keyed: bool,
    /// `pg_relation_filenode`: changes when the table is rewritten or truncated.
    pub filenode: u32,
    /// The row of `pg_publication_rel` that publishes it, also through an ancestor. Another one after it was taken out
    /// of the publication and put back.
    pub membership: Option<u32>,
    /// The transactions that wrote the rows of `pg_inherits` from it up to the table: other ones after it was detached
    /// and attached again. Empty for the table itself.
    pub joined: String,
    /// A publication with a column list or row filter on it, which REPLICA IDENTITY FULL would break.
    pub filtered_by: Option<String>,
    /// A virtual generated column. Publications refuse updates of a table with one under REPLICA IDENTITY FULL.
    pub virtual_column: Option<String>,
    /// Another publication of this table that leaves its stored generated columns out, which FULL would break too.
    pub omitted_by: Option<String>,
    /// `relpersistence` is permanent; nothing else can be published.
    pub permanent: bool,
}

/// `pg_class.relreplident`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReplicaIdentity {
    /// The primary key.
    Default,
    /// The whole row.
    Full,
    /// A chosen index.
    Index,
    /// Nothing.
    Nothing,
}

/// A replication slot.
#[derive(Debug)]
pub(crate) struct Slot {
    /// Output plugin; `None` for a physical slot.
    pub plugin: Option<String>,
    /// Its database.
    pub database: Option<String>,
    /// `confirmed_flush_lsn`.
    pub confirmed: Option<Lsn>,
    /// Process that streams from it.
    pub active_pid: Option<i32>,
    /// Whether the server has removed log it needs.
    pub lost: bool,
}

impl Slot {
    /// The other database that a slot of this name serves, if so: names of slots are the server's, not the database's.
    pub(crate) fn elsewhere(&self, here: &str) -> Option<&str> {
        self.database.as_deref().filter(|database| *database != here)
    }
}

impl CaptureState {
    /// Reads them.
    ///
    /// # Errors
    /// Those of the session.
    pub(crate) async fn read(client: &Client, program: &Program) -> Result<Self> {
        let mut facts = Self::of_tables(client, program).await?;
        let names = program.capture.logical_replication()?;
        let publication = if facts.has_publications() {
            publication(client, &names.publication, facts.server_version).await?
        } else {
            // Whatever is in the log is streamed.
            facts.tables.iter_mut().flatten().for_each(|relation| relation.membership = Some(relation.oid));
            None
        };
        let slot = slot(client, &names.slot, facts.server_version).await?;
        Ok(Self { publication, slot, ..facts })
    }

    /// Reads what there is of the tables, and neither publication nor slot.
    ///
    /// # Errors
    /// Those of the session.
    pub(crate) async fn of_tables(client: &Client, program: &Program) -> Result<Self> {
        let server = client
            .query_one(
                "SELECT current_setting('server_version_num')::int, current_setting('wal_level'), current_database()::text",
                &[],
            )
            .await
            .map_err(reading)?;
        let server_version: i32 = value(&server, 0)?;
        let (roots, tables) = relations(client, program, server_version).await?;
        Ok(Self {
            server_version,
            wal_level: value(&server, 1)?,
            database: value(&server, 2)?,
            tables,
            roots,
            publication: None,
            slot: None,
        })
    }

    /// Whether the server has publications. Where it has none, the slot streams the changes of all tables.
    pub(crate) fn has_publications(&self) -> bool {
        self.server_version >= PGOUTPUT
    }

    /// The output plugin of a slot of ours.
    pub(super) fn plugin(&self) -> &'static str {
        plugin(self.server_version)
    }

    /// Whether a published partition lacks the replica identity that its table needs.
    pub(crate) fn has_partition_without_identity(&self, program: &Program) -> bool {
        program.plan.tables.iter().zip(&self.tables).zip(&self.roots).any(|((table, relations), root)| {
            relations.iter().any(|relation| relation.is_partition_without(table.identity, *root))
        })
    }
}

impl Relation {
    /// Whether it is a published partition of the table `root` whose identity is not enough. A partition has the identity
    /// that it was made with, not that of its table.
    pub(crate) fn is_partition_without(&self, wanted: pgsync_plan::Identity, root: Option<u32>) -> bool {
        root != Some(self.oid) && self.membership.is_some() && !self.suffices(wanted)
    }

    /// Whether its replica identity carries what an identity of this kind would.
    pub(crate) fn suffices(&self, wanted: pgsync_plan::Identity) -> bool {
        match self.identity {
            ReplicaIdentity::Full => true,
            ReplicaIdentity::Default => wanted == pgsync_plan::Identity::Default && self.keyed,
            ReplicaIdentity::Index | ReplicaIdentity::Nothing => false,
        }
    }
}

async fn publication(client: &Client, name: &str, version: i32) -> Result<Option<Publication>> {
    // Before 11 nothing of it is in the log: the file of the table tells.
    let truncate = if version >= TRUNCATES { "AND p.pubtruncate" } else { "" };
    let whole = if version >= 130_000 { "AND NOT p.pubviaroot" } else { "" };
    let generated = if version >= 180_000 { "p.pubgencols = 's'" } else { "true" };
    // Column lists and row filters came with PostgreSQL 15.
    let limited = if version >= 150_000 { "r.prattrs IS NOT NULL OR r.prqual IS NOT NULL" } else { "false" };
    let sql = format!(
        "SELECT p.pubinsert AND p.pubupdate AND p.pubdelete {truncate} AND NOT p.puballtables {whole},
                obj_description(p.oid, 'pg_publication'),
                ARRAY(SELECT r.prrelid FROM pg_publication_rel r WHERE r.prpubid = p.oid), {generated},
                ARRAY(SELECT r.prrelid::regclass::text FROM pg_publication_rel r
                      WHERE r.prpubid = p.oid AND ({limited}) ORDER BY 1),
                format('%s %s', p.oid, p.xmin)
         FROM pg_publication p WHERE p.pubname = $1::text",
    );
    let row = client.query_opt(&sql, &[&name]).await.map_err(reading)?;
    row.map(|row| {
        Ok(Publication {
            complete: value(&row, 0)?,
            comment: value(&row, 1)?,
            members: value(&row, 2)?,
            generated: value(&row, 3)?,
            limited: value(&row, 4)?,
            version: value(&row, 5)?,
        })
    })
    .transpose()
}

async fn slot(client: &Client, name: &str, version: i32) -> Result<Option<Slot>> {
    let status = if version >= 130_000 { "wal_status = 'lost'" } else { "false" };
    let sql = format!(
        "SELECT plugin::text, database::text, confirmed_flush_lsn::text, active_pid, coalesce({status}, false)
         FROM pg_replication_slots WHERE slot_name = $1::text"
    );
    let row = client.query_opt(&sql, &[&name]).await.map_err(reading)?;
    row.map(|row| {
        Ok(Slot {
            plugin: value(&row, 0)?,
            database: value(&row, 1)?,
            confirmed: value::<Option<String>>(&row, 2)?.and_then(|text| text.parse().ok()),
            active_pid: value(&row, 3)?,
            lost: value(&row, 4)?,
        })
    })
    .transpose()
}

async fn relations(client: &Client, program: &Program, version: i32) -> Result<(Vec<Option<u32>>, Vec<Vec<Relation>>)> {
    let tables = &program.plan.tables;
    let schemas: Vec<&str> = tables.iter().map(|table| table.schema.as_str()).collect();
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    // Column lists and row filters came with PostgreSQL 15.
    let filtered = if version >= 150_000 {
        "(SELECT min(p.pubname)::text FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
          WHERE (r.prrelid = c.oid
                 OR p.pubviaroot AND r.prrelid IN (SELECT a.relid FROM pg_partition_ancestors(c.oid) a(relid)))
            AND p.pubname <> $3::text AND (r.prattrs IS NOT NULL OR r.prqual IS NOT NULL))"
    } else {
        "NULL::text"
    };
    // From PostgreSQL 18 on, an update fails when a full identity has generated columns that are not published.
    let (virtual_column, omitted) = if version >= 180_000 {
        (
            "(SELECT min(a.attname)::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attgenerated = 'v')",
            "(SELECT min(p.pubname)::text FROM pg_publication p
              WHERE p.pubname <> $3::text AND p.pubgencols <> 's'
                AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attgenerated = 's')
                AND (p.puballtables OR EXISTS (
                  SELECT FROM (SELECT c.oid UNION SELECT a.relid FROM pg_partition_ancestors(c.oid) a(relid)) f(oid)
                  JOIN pg_class l ON l.oid = f.oid
                  WHERE l.oid IN (SELECT r.prrelid FROM pg_publication_rel r WHERE r.prpubid = p.oid)
                     OR l.relnamespace IN (SELECT s.pnnspid FROM pg_publication_namespace s WHERE s.pnpubid = p.oid))))",
        )
    } else {
        ("NULL::text", "NULL::text")
    };
    // Nothing is published before 10, where only triggers can capture.
    let published = if version >= 100_000 {
        "SELECT r.prrelid AS oid, r.oid AS membership FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
           WHERE p.pubname = $3::text"
    } else {
        "SELECT c.oid, c.oid AS membership FROM pg_class c WHERE $3::text IS NULL"
    };
    let sql = format!(
        "WITH RECURSIVE wanted AS (
           SELECT w.o::int AS o, c.oid AS root, c.oid AS oid
           FROM unnest($1::text[], $2::text[]) WITH ORDINALITY w(s, n, o)
           JOIN pg_namespace n ON n.nspname = w.s JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.n
         ), tree AS (
           SELECT o, root, oid, ''::text AS joined FROM wanted
           UNION ALL SELECT t.o, t.root, i.inhrelid, format('%s %s', t.joined, i.xmin)
           FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid
         ), published AS (
           {published}
         ), covered AS (
           SELECT oid, membership FROM published
           UNION SELECT i.inhrelid, c.membership FROM covered c JOIN pg_inherits i ON i.inhparent = c.oid
         )
         SELECT t.o, t.root, c.oid, n.nspname::text, c.relname::text, c.relkind::text, c.relreplident::text,
                EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary AND x.indimmediate AND x.indisvalid),
                coalesce(pg_relation_filenode(c.oid), 0::oid), (SELECT min(v.membership) FROM covered v WHERE v.oid = c.oid),
                {filtered}, c.relpersistence = 'p',
                (SELECT quote_ident(i.relname) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
                 WHERE x.indrelid = c.oid AND x.indisreplident),
                {virtual_column}, {omitted}, t.joined
         FROM tree t JOIN pg_class c ON c.oid = t.oid JOIN pg_namespace n ON n.oid = c.relnamespace
         ORDER BY t.o, n.nspname, c.relname"
    );
    let rows = client
        .query(&sql, &[&schemas, &names, &program.capture.logical_replication()?.publication])
        .await
        .map_err(reading)?;
    let mut roots = vec![None; tables.len()];
    let mut relations = vec![Vec::new(); tables.len()];
    for row in rows {
        let table = value::<i32>(&row, 0)? as usize - 1;
        roots[table] = Some(value(&row, 1)?);
        if value::<&str>(&row, 5)? != "r" {
            continue;
        }
        relations[table].push(Relation {
            oid: value(&row, 2)?,
            schema: value(&row, 3)?,
            name: value(&row, 4)?,
            identity: match value::<&str>(&row, 6)? {
                "f" => ReplicaIdentity::Full,
                "i" => ReplicaIdentity::Index,
                "n" => ReplicaIdentity::Nothing,
                _ => ReplicaIdentity::Default,
            },
            keyed: value(&row, 7)?,
            filenode: value(&row, 8)?,
            membership: value(&row, 9)?,
            filtered_by: value(&row, 10)?,
            permanent: value(&row, 11)?,
            identity_index: value(&row, 12)?,
            virtual_column: value(&row, 13)?,
            omitted_by: value(&row, 14)?,
            joined: value(&row, 15)?,
        });
    }
    Ok((roots, relations))
}

/// The output plugin of a slot of ours, on a server of this version.
pub(crate) fn plugin(server_version: i32) -> &'static str {
    if server_version >= PGOUTPUT { "pgoutput" } else { "test_decoding" }
}

/// An error of a catalogue query.
pub(crate) fn reading(error: tokio_postgres::Error) -> Error {
    failure("the catalogue cannot be read", &error)
}
