//! A hand-made plan for unit tests: books with a publisher (to-one), authors through a join table, reviews below the
//! authors by citext, every statement shape once.

use crate::plan::reading::{self, Facts};
use crate::types::Types;
use pgsync_plan::*;

pub(crate) fn text() -> ColumnType {
    ty("text", ValueKind::Text)
}

pub(crate) fn ty(cast: &str, kind: ValueKind) -> ColumnType {
    ColumnType {
        declared: cast.to_owned(),
        cast: cast.to_owned(),
        kind,
        array: cast.ends_with("[]"),
        operators: cast
            .starts_with("public.citext")
            .then(|| Operators { schema: "public".to_owned(), names: ["<", "<=", "=", ">=", ">"].map(str::to_owned) }),
        textual: false,
        enumeration: (kind == ValueKind::Enum).then_some(0),
    }
}

pub(crate) fn column(name: &str, ty: ColumnType, nullable: bool) -> Column {
    Column { name: name.to_owned(), ty, nullable, comment: None }
}

fn table(name: &str, columns: Vec<Column>) -> Table {
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

fn raw(column: usize, codec: Codec) -> Select {
    Select {
        column: ColumnId(column),
        computed: None,
        aggregate: None,
        path: Vec::new(),
        text: false,
        form: Form::Raw,
        codec,
    }
}

/// Decides how rows are read once more, after the plan was changed. `enforced`: whether every link is a foreign key.
pub(crate) fn decide(plan: &mut Plan, enforced: bool) {
    let facts = Facts {
        tables: &plan.tables,
        types: Types::of(Dialect::Postgres),
        meta: false,
        gathered: reading::Gathered::default(),
        refers: Box::new(move |_, _| enforced),
    };
    for document in &mut plan.documents {
        reading::decide(&facts, &mut document.nodes, &document.key);
    }
}

fn shown(name: &str, value: FieldValue) -> Field {
    Field { name: name.to_owned(), value, rewrite: None, mapping: None, hidden: false }
}

fn ids(columns: &[usize]) -> Vec<ColumnId> {
    columns.iter().map(|id| ColumnId(*id)).collect()
}

pub(crate) fn library() -> Plan {
    let int4 = || ty("integer", ValueKind::Int4);
    let citext = || ty("public.citext", ValueKind::Text);
    let tables = vec![
        table(
            "book",
            vec![
                column("isbn", text(), false),
                column("title", text(), true),
                column("publisher_id", int4(), true),
                column("data", ty("jsonb", ValueKind::Jsonb), true),
                column("price", ty("numeric", ValueKind::Numeric), true),
                column("tags", ty("text[]", ValueKind::Text), true),
                column("type", ty("public.kind", ValueKind::Enum), false),
            ],
        ),
        table("publisher", vec![column("id", int4(), false), column("name", text(), false)]),
        table(
            "author",
            vec![column("id", int4(), false), column("name", text(), false), column("handle", citext(), true)],
        ),
        table(
            "book_author",
            vec![column("id", int4(), false), column("book_isbn", text(), false), column("author_id", int4(), false)],
        ),
        table("post", vec![column("id", int4(), false), column("author_handle", citext(), true)]),
    ];
    let nodes = vec![
        Node {
            label: "book".to_owned(),
            parent: None,
            table: TableId(0),
            shape: Shape::Object,
            optional: false,
            empty_array: false,
            looked_up: false,
            order_by: Vec::new(),
            limit: None,
            distinct: false,
            order: Vec::new(),
            filter: None,
            on_change: OnChange::Follow,
            select: vec![
                raw(0, Codec::Text),
                raw(1, Codec::Text),
                raw(2, Codec::Int4),
                Select {
                    column: ColumnId(3),
                    computed: None,
                    aggregate: None,
                    path: vec![
                        PathStep::Key("it's".to_owned()),
                        PathStep::Index(0),
                        PathStep::Path("{a,b}".to_owned()),
                    ],
                    text: false,
                    form: Form::Raw,
                    codec: Codec::Jsonb,
                },
                raw(4, Codec::Numeric),
                Select {
                    column: ColumnId(5),
                    computed: None,
                    aggregate: None,
                    path: Vec::new(),
                    text: false,
                    form: Form::Json,
                    codec: Codec::Json,
                },
                raw(6, Codec::Text),
            ],
            fields: vec![
                shown("isbn", FieldValue::Select(0)),
                shown("title", FieldValue::Select(1)),
                shown("data_it's", FieldValue::Select(3)),
                shown("price", FieldValue::Select(4)),
                shown("tags", FieldValue::Select(5)),
                shown("type", FieldValue::Select(6)),
                shown("publisher", FieldValue::Child(NodeId(1))),
                shown("authors", FieldValue::Child(NodeId(2))),
            ],
            concats: Vec::new(),
            declared: serde_json::Map::new(),
            link: None,
        },
        Node {
            label: "publisher".to_owned(),
            parent: Some(NodeId(0)),
            table: TableId(1),
            shape: Shape::Object,
            optional: true,
            empty_array: false,
            looked_up: false,
            order_by: Vec::new(),
            limit: None,
            distinct: false,
            order: ids(&[0]),
            filter: None,
            on_change: OnChange::Follow,
            select: vec![raw(1, Codec::Text), raw(0, Codec::Int4)],
            fields: vec![shown("name", FieldValue::Select(0))],
            concats: Vec::new(),
            declared: serde_json::Map::new(),
            link: Some(Link {
                parent: ids(&[2]),
                parent_select: vec![2],
                child: ids(&[0]),
                through: None,
                reading: Reading::default(),
            }),
        },
        Node {
            label: "authors".to_owned(),
            parent: Some(NodeId(0)),
            table: TableId(2),
            shape: Shape::Objects,
            optional: true,
            empty_array: false,
            looked_up: false,
            order_by: Vec::new(),
            limit: None,
            distinct: false,
            order: ids(&[0]),
            filter: None,
            on_change: OnChange::Follow,
            select: vec![raw(1, Codec::Text), raw(0, Codec::Int4), raw(2, Codec::Text)],
            fields: vec![shown("name", FieldValue::Select(0)), shown("posts", FieldValue::Child(NodeId(3)))],
            concats: Vec::new(),
            declared: serde_json::Map::new(),
            link: Some(Link {
                parent: ids(&[0]),
                parent_select: vec![0],
                child: ids(&[0]),
                through: Some(Through { table: TableId(3), parent: ids(&[1]), child: ids(&[2]), key: ids(&[0]) }),
                reading: Reading::default(),
            }),
        },
        Node {
            label: "posts".to_owned(),
            parent: Some(NodeId(2)),
            table: TableId(4),
            shape: Shape::Scalars,
            optional: true,
            empty_array: false,
            looked_up: false,
            order_by: Vec::new(),
            limit: None,
            distinct: false,
            order: ids(&[0]),
            filter: None,
            on_change: OnChange::Follow,
            select: vec![raw(0, Codec::Int4), raw(1, Codec::Text)],
            fields: vec![shown("id", FieldValue::Select(0))],
            concats: Vec::new(),
            declared: serde_json::Map::new(),
            link: Some(Link {
                parent: ids(&[2]),
                parent_select: vec![2],
                child: ids(&[1]),
                through: None,
                reading: Reading::default(),
            }),
        },
    ];
    let route = |table, kind, link: &[usize]| Route {
        table: TableId(table),
        kind,
        link: ids(link),
        watch: Vec::new(),
        way: None,
    };
    let routes = vec![
        route(0, RouteKind::Root, &[0]),
        route(1, RouteKind::Node(NodeId(1)), &[0]),
        route(2, RouteKind::Node(NodeId(2)), &[0]),
        route(3, RouteKind::Through(NodeId(2)), &[1]),
        route(4, RouteKind::Node(NodeId(3)), &[1]),
    ];
    let document = Document {
        index: "book".to_owned(),
        nodes,
        routes,
        key: ids(&[0]),
        id: vec![0],
        routing: None,
        meta: Vec::new(),
        index_routes: Vec::new(),
        pipeline: None,
        setting: None,
        mapping: None,
        mappings: None,
        plugins: Vec::new(),
    };
    let kind = EnumType {
        schema: "public".to_owned(),
        name: "kind".to_owned(),
        labels: vec!["paper back".to_owned(), "e-book".to_owned(), "type".to_owned()],
    };
    let mut plan = Plan { tables, enums: vec![kind], documents: vec![document] };
    decide(&mut plan, true);
    plan
}
