//! Programs written by hand, so that reading is tested without the compiler. In: tables, nodes, SQL. Out: a program.

use pgsync_plan::*;
use std::sync::Arc;

/// A table with columns of these names, types and kinds.
pub fn table(name: &str, columns: &[(&str, &str, ValueKind)]) -> Table {
    let columns = columns
        .iter()
        .map(|(name, cast, kind)| Column {
            name: (*name).to_owned(),
            ty: ColumnType {
                declared: (*cast).to_owned(),
                cast: (*cast).to_owned(),
                kind: *kind,
                array: false,
                operators: None,
                textual: false,
                enumeration: None,
            },
            nullable: true,
            comment: None,
        })
        .collect();
    Table {
        schema: "public".to_owned(),
        name: name.to_owned(),
        kind: TableKind::Ordinary,
        columns,
        key: vec![ColumnId(0)],
        old: Vec::new(),
        identity: Identity::Default,
        comment: None,
        query: None,
    }
}

/// A node that selects the columns at these positions and shows these fields.
pub fn node(
    parent: Option<(usize, &[usize])>,
    table: usize,
    shape: Shape,
    select: &[usize],
    fields: &[(&str, FieldValue)],
) -> Node {
    Node {
        label: String::new(),
        parent: parent.map(|(parent, _)| NodeId(parent)),
        table: TableId(table),
        shape,
        optional: true,
        empty_array: false,
        looked_up: false,
        order_by: Vec::new(),
        limit: None,
        distinct: false,
        order: vec![ColumnId(0)],
        filter: None,
        on_change: OnChange::Follow,
        select: select
            .iter()
            .map(|column| Select {
                column: ColumnId(*column),
                computed: None,
                aggregate: None,
                path: Vec::new(),
                text: false,
                form: Form::Raw,
                // Filled by [`program`], which knows the tables.
                codec: Codec::Opaque,
            })
            .collect(),
        fields: fields
            .iter()
            .map(|(name, value)| Field {
                name: (*name).to_owned(),
                value: *value,
                rewrite: None,
                mapping: None,
                hidden: false,
            })
            .collect(),
        concats: Vec::new(),
        declared: serde_json::Map::new(),
        link: parent.map(|(_, positions)| Link {
            parent: Vec::new(),
            parent_select: positions.to_vec(),
            child: Vec::new(),
            through: None,
            reading: Reading::default(),
        }),
    }
}

/// In which bytes values of a kind come.
pub fn codec(kind: ValueKind) -> Codec {
    match kind {
        ValueKind::Char | ValueKind::Enum => Codec::Text,
        ValueKind::Bytea => Codec::Bytes,
        ValueKind::Inet | ValueKind::Hstore | ValueKind::Other => Codec::Opaque,
        // The others are called alike.
        kind => serde_json::from_value(serde_json::to_value(kind).unwrap()).unwrap(),
    }
}

/// A field that shows a column.
pub fn column(position: usize) -> FieldValue {
    FieldValue::Select(position)
}

/// A field that shows a child node.
pub fn child(node: usize) -> FieldValue {
    FieldValue::Child(NodeId(node))
}

/// A statement.
pub fn statement(sql: &str) -> Statement {
    Statement { sql: sql.to_owned() }
}

/// A level whose rows come in order.
fn level(sql: &str) -> LevelStatements {
    LevelStatements { rows: statement(sql), join: None, range: None, prefetch: None }
}

/// The statements of a root, from its table, its key (name and type) and what it selects.
pub fn statements(
    table: &str,
    key: &[(&str, &str)],
    select: &str,
    levels: &[&str],
    routes: &[&str],
) -> DocumentStatements {
    let names = key.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let arrays = (1..).zip(key).map(|(n, (_, ty))| format!("${n}::{ty}[]")).collect::<Vec<_>>().join(", ");
    let on = key.iter().map(|(name, _)| format!("t.{name} = k.{name}")).collect::<Vec<_>>().join(" AND ");
    let asked = key.iter().map(|(name, _)| format!("k.{name}")).collect::<Vec<_>>().join(", ");
    let bound =
        |from: usize| (from..).zip(key).map(|(n, (_, ty))| format!("${n}::{ty}")).collect::<Vec<_>>().join(", ");
    let n = key.len();
    let range = |filter: String| statement(&format!("SELECT {select} FROM {table} t {filter} ORDER BY {names}"));
    DocumentStatements {
        roots_by_key: statement(&format!(
            "SELECT k.o, {asked}, t.ctid IS NOT NULL, {select} FROM unnest({arrays}) WITH ORDINALITY AS k({names}, o)
             LEFT JOIN {table} t ON {on} ORDER BY k.o"
        )),
        roots_by_range: RangeStatements {
            cut_first: statement(&format!("SELECT {names} FROM {table} ORDER BY {names} OFFSET $1::bigint LIMIT 1")),
            cut_next: statement(&format!(
                "SELECT {names} FROM {table} WHERE ({names}) > ({}) ORDER BY {names} OFFSET ${}::bigint LIMIT 1",
                bound(1),
                n + 1
            )),
            rows: BoundedStatements {
                all: range(String::new()),
                until: range(format!("WHERE ({names}) <= ({})", bound(1))),
                after: range(format!("WHERE ({names}) > ({})", bound(1))),
                between: range(format!("WHERE ({names}) > ({}) AND ({names}) <= ({})", bound(1), bound(n + 1))),
            },
            estimate: statement(&format!("SELECT reltuples::bigint FROM pg_class WHERE oid = '{table}'::regclass")),
        },
        levels: std::iter::once(None).chain(levels.iter().map(|sql| Some(level(sql)))).collect(),
        routes: routes.iter().map(|sql| (!sql.is_empty()).then(|| statement(sql))).collect(),
    }
}

/// A program of one document.
pub fn program(tables: Vec<Table>, mut nodes: Vec<Node>, id: &[usize], statements: DocumentStatements) -> Arc<Program> {
    for node in &mut nodes {
        let table = &tables[node.table.0];
        node.select.iter_mut().for_each(|select| select.codec = codec(table.column(select.column).ty.kind));
    }
    let key = id.iter().map(|position| nodes[0].select[*position].column).collect();
    let document = Document {
        index: "book".to_owned(),
        nodes,
        routes: Vec::new(),
        key,
        id: id.to_vec(),
        routing: None,
        meta: Vec::new(),
        index_routes: Vec::new(),
        pipeline: None,
        setting: None,
        mapping: None,
        plugins: Vec::new(),
        mappings: None,
    };
    Arc::new(Program {
        format: Program::FORMAT,
        dialect: Dialect::Postgres,
        database: None,
        plan: Plan { tables, enums: Vec::new(), documents: vec![document] },
        statements: vec![statements],
        indexes: Vec::new(),
        capture: Capture::LogicalReplication(LogicalReplication {
            file: String::new(),
            publication: String::new(),
            slot: String::new(),
        }),
    })
}
