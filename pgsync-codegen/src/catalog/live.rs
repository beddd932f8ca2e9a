//! Reading the catalogue of a running server, PostgreSQL 11 to 18. In: a session. Out: a [`Catalog`]. It only reads.

use super::{Catalog, Column, Comparison, ForeignKey, Key, Kind, QualifiedName, ReadTable, Table, ViewDefinition};
use crate::types::Types;
use pgsync_plan::{Dialect, EnumType, Operators, ValueKind};
use std::collections::HashMap;
use tokio_postgres::{Client, Error, Row};

/// The schemas that are not the system's.
///
/// # Errors
/// Those of the session.
pub async fn schemas(client: &Client) -> Result<Vec<String>, Error> {
    let rows = client.query(SCHEMAS, &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Reads the tables of these schemas.
///
/// # Errors
/// Those of the session.
pub async fn read(client: &Client, schemas: &[String]) -> Result<Catalog, Error> {
    // With this search path every type of an extension or of the user's is spelled with its schema.
    client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = pg_catalog").await?;
    let catalog = tables(client, schemas).await;
    client.batch_execute("COMMIT").await?;
    catalog
}

async fn tables(client: &Client, schemas: &[String]) -> Result<Catalog, Error> {
    let rows = client.query(TABLES, &[&schemas]).await?;
    let mut oids = Vec::new();
    let mut tables = Vec::new();
    for row in rows {
        oids.push(row.get::<_, u32>(0));
        let (relkind, inherited): (&str, bool) = (row.get(3), row.get(4));
        let kind = match relkind {
            "p" => Kind::Partitioned,
            "v" => Kind::View,
            "m" => Kind::MaterializedView,
            "f" => Kind::Foreign,
            _ if inherited => Kind::Inherited,
            _ => Kind::Ordinary,
        };
        tables.push(Table {
            schema: row.get(1),
            name: row.get(2),
            kind,
            unlogged: row.get(5),
            comment: row.get(6),
            view: None,
            inherits: Vec::new(),
            columns: Vec::new(),
            primary_key: None,
            unique: Vec::new(),
            foreign_keys: Vec::new(),
            indexes: Vec::new(),
        });
    }
    let places: HashMap<u32, usize> = oids.iter().copied().zip(0..).collect();
    let at = |oid: u32| places.get(&oid).copied();
    let rows = client.query(COLUMNS, &[&oids]).await?;
    let mut types: Vec<u32> = rows.iter().map(value_type).collect();
    types.sort_unstable();
    types.dedup();
    let comparisons = client.query(COMPARISONS, &[&types]).await?;
    let comparisons: HashMap<u32, Comparison> = comparisons.iter().map(|row| (row.get(0), comparison(row))).collect();
    for row in &rows {
        if let Some(table) = at(row.get(0)) {
            tables[table].columns.push(column(row, &comparisons));
        }
    }
    for row in client.query(INDEXES, &[&oids]).await? {
        if let Some(table) = at(row.get(0)) {
            let table = &mut tables[table];
            let (primary, unique, whole): (bool, bool, bool) = (row.get(1), row.get(2), row.get(4));
            let mut columns: Vec<String> = row.get(5);
            if whole {
                table.indexes.push(columns.clone());
            }
            if primary {
                columns.sort();
                table.primary_key = Some(Key { columns, immediate: row.get(3) });
            } else if unique && whole {
                table.unique.push(columns);
            }
        }
    }
    // What the table itself declares comes first, and is not said twice.
    for statement in [FOREIGN_KEYS, FOREIGN_KEYS_OF_PARTITIONS] {
        for row in client.query(statement, &[&oids]).await? {
            let Some(table) = at(row.get(0)) else { continue };
            let key = foreign_key(&row);
            let known = &mut tables[table].foreign_keys;
            let same = |other: &ForeignKey| {
                (&other.columns, &other.target_schema, &other.target, &other.target_columns)
                    == (&key.columns, &key.target_schema, &key.target, &key.target_columns)
            };
            if statement == FOREIGN_KEYS || !known.iter().any(same) {
                known.push(key);
            }
        }
    }
    for row in client.query(INHERITED, &[&oids]).await? {
        if let Some(table) = at(row.get(0)) {
            tables[table].inherits.push(QualifiedName { schema: row.get(1), name: row.get(2) });
        }
    }
    // Constraints other than CHECK and NOT NULL are about the table's own rows (manual, section 5.11.1).
    for table in tables.iter_mut().filter(|table| table.kind == Kind::Inherited) {
        table.unique.clear();
        table.foreign_keys.iter_mut().for_each(|key| key.validated = false);
    }
    for row in client.query(VIEWS, &[&oids]).await? {
        let Some(table) = at(row.get(0)) else { continue };
        let query: String = row.get(1);
        let query = query.trim().trim_end_matches(';').to_owned();
        let view = tables[table].view.get_or_insert_with(|| ViewDefinition { query, reads: Vec::new() });
        if let Some(schema) = row.get(2) {
            view.reads.push(ReadTable { schema, name: row.get(3), columns: row.get(4) });
        }
    }
    let mut enums = Vec::new();
    for row in client.query(ENUMS, &[&types]).await? {
        enums.push(EnumType { schema: row.get(0), name: row.get(1), labels: row.get(2) });
    }
    Ok(Catalog::postgres(tables, enums))
}

fn foreign_key(row: &Row) -> ForeignKey {
    ForeignKey {
        name: row.get(1),
        columns: row.get(2),
        target_schema: row.get(3),
        target: row.get(4),
        target_columns: row.get(5),
        validated: row.get(6),
        // The log has what a foreign key does.
        on_delete: None,
        on_update: None,
    }
}

/// The type that a column's values are compared by: of the elements, for an array.
fn value_type(row: &Row) -> u32 {
    row.get(9)
}

fn column(row: &Row, comparisons: &HashMap<u32, Comparison>) -> Column {
    let (name, type_kind, array): (&str, &str, bool) = (row.get(4), row.get(5), row.get(6));
    let (schema, collation): (Option<String>, Option<String>) = (row.get(12), row.get(13));
    let elements = comparisons.get(&value_type(row)).cloned().unwrap_or(Comparison::None);
    Column {
        name: row.get(1),
        declared: row.get(2),
        cast: row.get(3),
        kind: if type_kind == "e" { ValueKind::Enum } else { Types::of(Dialect::Postgres).named(name) },
        array,
        comparison: match elements {
            // Arrays of whatever can be compared have operators of their own.
            Comparison::By(_) if array => Comparison::BuiltIn,
            elements => elements,
        },
        textual: row.get(10),
        collation: schema.zip(collation).map(|(schema, name)| QualifiedName { schema, name }),
        enumeration: (type_kind == "e").then(|| QualifiedName { schema: row.get(11), name: name.to_owned() }),
        nullable: row.get(7),
        generated: row.get(8),
        comment: row.get(14),
    }
}

fn comparison(row: &Row) -> Comparison {
    let (schema, names): (Option<String>, Option<Vec<String>>) = (row.get(1), row.get(2));
    let names = names.and_then(|names| <[String; 5]>::try_from(names).ok());
    match schema.zip(names) {
        None => Comparison::None,
        Some((schema, names)) if schema == "pg_catalog" && names == ["<", "<=", "=", ">=", ">"] => Comparison::BuiltIn,
        Some((schema, names)) => Comparison::By(Operators { schema, names }),
    }
}

/// Names with this prefix are reserved for the system (manual, section 5.10.4).
const SCHEMAS: &str = "
    SELECT nspname::text FROM pg_namespace
    WHERE left(nspname, 3) <> 'pg_' AND nspname <> 'information_schema'
    ORDER BY nspname::text COLLATE \"C\"";

/// Every relation that can be named, but for the leaves of partitioned tables.
const TABLES: &str = "
    SELECT c.oid, n.nspname::text, c.relname::text, c.relkind::text,
           EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid), c.relpersistence <> 'p',
           obj_description(c.oid, 'pg_class')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND coalesce(to_jsonb(c) ->> 'relispartition', 'false') = 'false'
    ORDER BY n.nspname::text COLLATE \"C\", c.relname::text COLLATE \"C\"";

/// Columns with their base types: domains are followed down, arrays to their elements and those down again.
const COLUMNS: &str = "
    WITH RECURSIVE base AS (
      SELECT t.oid AS top, t.oid, t.typtype, t.typbasetype FROM pg_type t
      UNION ALL
      SELECT b.top, t.oid, t.typtype, t.typbasetype FROM base b JOIN pg_type t ON t.oid = b.typbasetype
      WHERE b.typtype = 'd'
    )
    SELECT a.attrelid, a.attname::text, format_type(a.atttypid, a.atttypmod), format_type(t.oid, -1),
           v.typname::text, v.typtype::text, e.oid IS NOT NULL, NOT a.attnotnull,
           coalesce(to_jsonb(a) ->> 'attgenerated', '') <> '', v.oid, v.typsend = 0 OR v.typreceive = 0,
           n.nspname::text, ln.nspname::text, l.collname::text, col_description(a.attrelid, a.attnum)
    FROM pg_attribute a
    JOIN base b ON b.top = a.atttypid AND b.typtype <> 'd'
    JOIN pg_type t ON t.oid = b.oid
    LEFT JOIN base e ON e.top = t.typelem AND t.typcategory = 'A' AND e.typtype <> 'd'
    JOIN pg_type v ON v.oid = coalesce(e.oid, t.oid)
    JOIN pg_namespace n ON n.oid = v.typnamespace
    LEFT JOIN pg_collation l ON l.oid = a.attcollation AND l.collname <> 'default'
    LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
    WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum";

/// The operators of the default `btree` class of types: one of the type's own, else one that it fits without a
/// conversion, as the server itself looks for it. Rows of a composite type are not looked for.
const COMPARISONS: &str = "
    SELECT t.oid,
           (SELECT n.nspname::text FROM pg_amop p JOIN pg_operator o ON o.oid = p.amopopr
            JOIN pg_namespace n ON n.oid = o.oprnamespace
            WHERE p.amopfamily = c.opcfamily AND p.amoplefttype = c.opcintype AND p.amoprighttype = c.opcintype
              AND p.amopstrategy = 3),
           (SELECT array_agg(o.oprname::text ORDER BY p.amopstrategy) FROM pg_amop p JOIN pg_operator o ON o.oid = p.amopopr
            WHERE p.amopfamily = c.opcfamily AND p.amoplefttype = c.opcintype AND p.amoprighttype = c.opcintype
              AND p.amoppurpose = 's')
    FROM pg_type t
    LEFT JOIN LATERAL (
      SELECT c.opcfamily, c.opcintype
      FROM pg_opclass c JOIN pg_am m ON m.oid = c.opcmethod JOIN pg_type i ON i.oid = c.opcintype
      WHERE m.amname = 'btree' AND c.opcdefault AND (
        i.oid = t.oid
        OR i.typname = CASE t.typtype WHEN 'e' THEN 'anyenum' WHEN 'r' THEN 'anyrange' WHEN 'm' THEN 'anymultirange' END
        OR EXISTS (SELECT FROM pg_cast k WHERE k.castsource = t.oid AND k.casttarget = i.oid AND k.castmethod = 'b'
                   AND k.castcontext = 'i'))
      ORDER BY i.oid = t.oid DESC, i.typispreferred DESC, i.oid
      LIMIT 1
    ) c ON true
    WHERE t.oid = ANY ($1)";

/// What only newer servers have is read through JSON, so that one text serves all.
const INDEXES: &str = "
    SELECT x.indrelid, x.indisprimary, x.indisunique, x.indimmediate,
           x.indpred IS NULL AND x.indexprs IS NULL AND x.indisvalid AND m.amname = 'btree',
           ARRAY(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(n, o)
                 JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.n
                 WHERE k.o <= coalesce((to_jsonb(x) ->> 'indnkeyatts')::int, x.indnatts) ORDER BY k.o)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam
    WHERE x.indrelid = ANY ($1)
    ORDER BY x.indrelid, x.indisprimary DESC, i.relname::text COLLATE \"C\"";

const FOREIGN_KEYS: &str = "
    SELECT c.conrelid, c.conname::text,
           ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(n, o)
                 JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.o),
           n.nspname::text, t.relname::text,
           ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(n, o)
                 JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.o),
           c.convalidated
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.confrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE c.contype = 'f' AND c.conrelid = ANY ($1) AND coalesce(to_jsonb(c) ->> 'conparentid', '0') = '0' AND coalesce(to_jsonb(t) ->> 'relispartition', 'false') = 'false'
    ORDER BY c.conrelid, c.conname::text COLLATE \"C\"";

/// Foreign keys that stand on every partition at the end of a tree, under whatever names. A partition that comes later need
/// not have them, so nothing relies on them as on those that were checked for every row.
const FOREIGN_KEYS_OF_PARTITIONS: &str = "
    WITH RECURSIVE part AS (
      SELECT c.oid AS top, c.oid, c.relkind FROM pg_class c WHERE c.oid = ANY ($1) AND c.relkind = 'p'
      UNION ALL
      SELECT p.top, c.oid, c.relkind
      FROM part p JOIN pg_inherits i ON i.inhparent = p.oid JOIN pg_class c ON c.oid = i.inhrelid
    ), leaf AS (SELECT top, oid, count(*) OVER (PARTITION BY top) AS among FROM part WHERE relkind <> 'p'),
    found AS (
      SELECT l.top, l.oid, l.among, c.conname::text AS name, n.nspname::text AS schema, t.relname::text AS target,
             ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(n, o)
                   JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.o) AS columns,
             ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(n, o)
                   JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.o) AS targets
      FROM leaf l JOIN pg_constraint c ON c.conrelid = l.oid AND c.contype = 'f'
      JOIN pg_class t ON t.oid = c.confrelid JOIN pg_namespace n ON n.oid = t.relnamespace
      WHERE coalesce(to_jsonb(t) ->> 'relispartition', 'false') = 'false'
    )
    SELECT top, min(name COLLATE \"C\"), columns, schema, target, targets, false
    FROM found GROUP BY top, among, columns, schema, target, targets
    HAVING count(DISTINCT oid) = among
    ORDER BY top, 2, columns";

const INHERITED: &str = "
    SELECT i.inhrelid, n.nspname::text, c.relname::text
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE i.inhrelid = ANY ($1)
    ORDER BY i.inhrelid, i.inhseqno";

/// What views are made of. A view depends on what its rule names: on columns, and on a table as a whole where it names none
/// of them.
const VIEWS: &str = "
    SELECT c.oid, pg_get_viewdef(c.oid), n.nspname::text, t.relname::text,
           ARRAY(SELECT a.attname::text FROM pg_depend d JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
                 WHERE d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
                   AND d.refobjid = t.oid AND d.refobjsubid <> 0 ORDER BY a.attname::text COLLATE \"C\")
    FROM pg_class c JOIN pg_rewrite r ON r.ev_class = c.oid AND r.ev_type = '1'
    LEFT JOIN (
      SELECT DISTINCT d.objid, d.refobjid FROM pg_depend d
      WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
    ) d ON d.objid = r.oid AND d.refobjid <> c.oid
    LEFT JOIN pg_class t ON t.oid = d.refobjid AND t.relkind IN ('r', 'p', 'v', 'm', 'f')
    LEFT JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE c.oid = ANY ($1) AND c.relkind IN ('v', 'm')
    ORDER BY c.oid, n.nspname::text COLLATE \"C\", t.relname::text COLLATE \"C\"";

const ENUMS: &str = "
    SELECT n.nspname::text, t.typname::text,
           ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND t.oid = ANY ($1)
    ORDER BY n.nspname::text COLLATE \"C\", t.typname::text COLLATE \"C\"";
