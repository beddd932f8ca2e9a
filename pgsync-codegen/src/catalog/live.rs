//! Reading the catalogue of a running server, PostgreSQL 11 to 18. In: a session. Out: a [`Catalog`]. It only reads.

use super::{Catalog, Column, ForeignKey, Key, Kind, Table};
use pgsync_plan::{EnumType, ValueKind};
use tokio_postgres::{Client, Error};

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
        let (relkind, inherits): (&str, bool) = (row.get(3), row.get(4));
        let kind = match relkind {
            "p" => Kind::Partitioned,
            "v" => Kind::View,
            "m" => Kind::MaterializedView,
            "f" => Kind::Foreign,
            _ if inherits => Kind::Inherited,
            _ => Kind::Ordinary,
        };
        tables.push(Table {
            schema: row.get(1),
            name: row.get(2),
            kind,
            unlogged: row.get(5),
            comment: row.get(6),
            columns: Vec::new(),
            primary_key: None,
            unique: Vec::new(),
            foreign_keys: Vec::new(),
            indexes: Vec::new(),
        });
    }
    let at = |oid: u32| oids.iter().position(|known| *known == oid);
    for row in client.query(COLUMNS, &[&oids]).await? {
        if let Some(table) = at(row.get(0)) {
            let (name, type_kind): (&str, &str) = (row.get(4), row.get(5));
            let kind = if type_kind == "e" { ValueKind::Enum } else { value_kind(name) };
            let deterministic: bool = row.get(10);
            tables[table].columns.push(Column {
                name: row.get(1),
                declared: row.get(2),
                cast: row.get(3),
                kind,
                array: row.get(6),
                composite: type_kind == "c" && !row.get::<_, bool>(6),
                bytewise: !row.get::<_, bool>(6) && bytewise(kind, name) && deterministic,
                nullable: row.get(7),
                generated: row.get(8),
                comment: row.get(9),
            });
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
    for row in client.query(FOREIGN_KEYS, &[&oids]).await? {
        if let Some(table) = at(row.get(0)) {
            tables[table].foreign_keys.push(ForeignKey {
                name: row.get(1),
                columns: row.get(2),
                target_schema: row.get(3),
                target: row.get(4),
                target_columns: row.get(5),
                validated: row.get(6),
            });
        }
    }
    let mut enums = Vec::new();
    for row in client.query(ENUMS, &[&oids]).await? {
        enums.push(EnumType { schema: row.get(0), name: row.get(1), labels: row.get(2) });
    }
    Ok(Catalog { format: Catalog::FORMAT, tables, enums })
}

/// Names with this prefix are reserved for the system (manual, section 5.10.4).
const SCHEMAS: &str = "
    SELECT nspname::text FROM pg_namespace
    WHERE NOT starts_with(nspname, 'pg_') AND nspname <> 'information_schema'
    ORDER BY nspname::text COLLATE \"C\"";

/// Every relation that can be named, but for the leaves of partitioned tables.
const TABLES: &str = "
    SELECT c.oid, n.nspname::text, c.relname::text, c.relkind::text,
           EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)), c.relpersistence <> 'p',
           obj_description(c.oid, 'pg_class')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    ORDER BY n.nspname::text COLLATE \"C\", c.relname::text COLLATE \"C\"";

/// Columns with their base types: domains are followed down, arrays to their elements.
const COLUMNS: &str = "
    WITH RECURSIVE base AS (
      SELECT t.oid AS top, t.oid, t.typtype, t.typbasetype FROM pg_type t
      UNION ALL
      SELECT b.top, t.oid, t.typtype, t.typbasetype FROM base b JOIN pg_type t ON t.oid = b.typbasetype
      WHERE b.typtype = 'd'
    )
    SELECT a.attrelid, a.attname::text, format_type(a.atttypid, a.atttypmod), format_type(t.oid, -1),
           coalesce(e.typname, t.typname)::text, coalesce(e.typtype, t.typtype)::text, e.oid IS NOT NULL,
           NOT a.attnotnull,
           coalesce(to_jsonb(a) ->> 'attgenerated', '') <> '', col_description(a.attrelid, a.attnum),
           coalesce((SELECT coalesce((to_jsonb(l) ->> 'collisdeterministic')::boolean, true)
                     FROM pg_collation l WHERE l.oid = a.attcollation), true)
    FROM pg_attribute a
    JOIN base b ON b.top = a.atttypid AND b.typtype <> 'd'
    JOIN pg_type t ON t.oid = b.oid
    LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
    WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum";

const INDEXES: &str = "
    SELECT x.indrelid, x.indisprimary, x.indisunique, x.indimmediate,
           x.indpred IS NULL AND x.indexprs IS NULL AND x.indisvalid AND m.amname = 'btree',
           ARRAY(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(n, o)
                 JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.n
                 WHERE k.o <= x.indnkeyatts ORDER BY k.o)
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
    WHERE c.contype = 'f' AND c.conrelid = ANY ($1) AND c.conparentid = 0 AND NOT t.relispartition
    ORDER BY c.conrelid, c.conname::text COLLATE \"C\"";

const ENUMS: &str = "
    SELECT n.nspname::text, t.typname::text,
           ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND EXISTS (
      SELECT FROM pg_attribute a JOIN pg_type c ON c.oid = a.atttypid
      WHERE a.attrelid = ANY ($1) AND NOT a.attisdropped AND t.oid IN (c.oid, c.typelem, c.typbasetype))
    ORDER BY n.nspname::text COLLATE \"C\", t.typname::text COLLATE \"C\"";

fn value_kind(name: &str) -> ValueKind {
    match name {
        "bool" => ValueKind::Bool,
        "int2" => ValueKind::Int2,
        "int4" => ValueKind::Int4,
        "int8" => ValueKind::Int8,
        "oid" => ValueKind::Oid,
        "float4" => ValueKind::Float4,
        "float8" => ValueKind::Float8,
        "numeric" => ValueKind::Numeric,
        "text" | "varchar" | "name" | "citext" => ValueKind::Text,
        "bpchar" => ValueKind::Char,
        "uuid" => ValueKind::Uuid,
        "date" => ValueKind::Date,
        "time" => ValueKind::Time,
        "timetz" => ValueKind::TimeTz,
        "timestamp" => ValueKind::Timestamp,
        "timestamptz" => ValueKind::TimestampTz,
        "interval" => ValueKind::Interval,
        "bytea" => ValueKind::Bytea,
        "json" => ValueKind::Json,
        "jsonb" => ValueKind::Jsonb,
        "inet" | "cidr" => ValueKind::Inet,
        "hstore" => ValueKind::Hstore,
        _ => ValueKind::Other,
    }
}

/// Types whose equality is equality of bytes, given a deterministic collation.
fn bytewise(kind: ValueKind, name: &str) -> bool {
    match kind {
        ValueKind::Text => matches!(name, "text" | "varchar" | "name"),
        ValueKind::Bool
        | ValueKind::Int2
        | ValueKind::Int4
        | ValueKind::Int8
        | ValueKind::Oid
        | ValueKind::Uuid
        | ValueKind::Bytea
        | ValueKind::Date
        | ValueKind::Timestamp
        | ValueKind::TimestampTz
        | ValueKind::Enum => true,
        _ => false,
    }
}
