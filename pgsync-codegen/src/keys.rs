//! The keys of a schema file, in one table. In: nothing. Out: for each object of the file which keys it has, what each holds
//! and one line that explains it. The parser takes from here what is a key, and so does the JSON Schema for editors.
//! What a key means for a document is not decided here.

/// An object of a schema file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The whole file, where it is an object with `documents`.
    File,
    /// A document: an index and the tree of tables it is made from.
    Document,
    /// A node that is a whole document.
    BareNode,
    /// A node: a table, and what is shown of its rows.
    Node,
    /// How a node belongs to its parent.
    Relationship,
    /// Which columns make a row belong to its parent.
    ForeignKey,
    /// What happens to a node's fields.
    Transform,
    /// A text that is put together.
    Concat,
}

/// A key of an object.
#[derive(Debug)]
pub(crate) struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What stands behind it.
    pub value: Value,
    /// Whether the object is none without it.
    pub required: bool,
    /// What it is for, shown by editors.
    pub text: &'static str,
}

/// What stands behind a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    /// A string.
    Text,
    /// A string that is not empty.
    Name,
    /// The same, in which no environment variable can stand.
    Fixed,
    /// The name of an index.
    Index,
    /// Strings; one alone needs no array.
    Texts,
    /// The same, and not empty.
    SomeTexts,
    /// Columns of a foreign key: strings that are not none, or an object from the name of their table to them.
    KeyColumns,
    /// At most one string, in an array or alone.
    OneText,
    /// Columns, or paths into them.
    Columns,
    /// One of a few words.
    Choice(&'static [Choice]),
    /// An object that is passed on as it is.
    Part,
    /// An object from names to texts, or to such objects.
    Rules,
    /// An object from fields to [`Value::Rules`].
    Replacements,
    /// An object of [`Place::Concat`], or several.
    Concats,
    /// An object from fields to parts that are passed on as they are.
    Mappings,
    /// An object from fields to SQL expressions.
    Expressions,
    /// An object from fields to aggregates.
    Aggregates,
    /// A number of rows, from 1.
    Count,
    /// True or false.
    Flag,
    /// Whatever it is.
    Anything,
    /// An object of the file.
    Object(Place),
    /// An array of them.
    Objects(Place),
}

/// A word that can be chosen, and what it means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// As it is written.
    pub word: &'static str,
    /// What it means.
    pub text: &'static str,
}

/// Choices of `type`.
pub(crate) static TYPES: [Choice; 2] = [
    Choice { word: "one_to_one", text: "A parent has at most one row: its field is one value." },
    Choice { word: "one_to_many", text: "A parent has any number of rows: its field is an array." },
];

/// Choices of `variant`.
pub(crate) static VARIANTS: [Choice; 3] = [
    Choice { word: "object", text: "A row is an object with a field for each column." },
    Choice { word: "scalar", text: "A row is the value of its first column alone." },
    Choice {
        word: "flatten",
        text: "A row's fields stand among those of its parent, each null where there is no row.",
    },
];

/// Choices of `on_change`, in the order of [`pgsync_plan::OnChange`].
pub(crate) static ON_CHANGE: [Choice; 3] = [
    Choice { word: "follow", text: "Every change of a row reaches the documents that show it." },
    Choice {
        word: "link",
        text: "A row that comes, goes or moves to another parent does; other changes of it wait for that.",
    },
    Choice { word: "ignore", text: "No change does: rows are read when something else has the document read." },
];

/// Choices of `empty`.
pub(crate) static EMPTY: [Choice; 2] = [
    Choice { word: "null", text: "The field is null." },
    Choice { word: "array", text: "The field is an empty array." },
];

const fn key(name: &'static str, value: Value, text: &'static str) -> Key {
    Key { name, value, required: false, text }
}

const fn required(name: &'static str, value: Value, text: &'static str) -> Key {
    Key { name, value, required: true, text }
}

/// Tells an editor what to check the file with. It stands at the top, because editors look for it nowhere else.
static ADDRESS: [Key; 1] = [key("$schema", Value::Text, "The JSON Schema that an editor checks this file with.")];

static FILE: [Key; 2] = [
    key("name", Value::Fixed, "What this file is called: slot and publication are named after it."),
    required("documents", Value::Objects(Place::Document), "The documents, one for each index."),
];

static DOCUMENT: [Key; 11] = [
    key(
        "database",
        Value::Name,
        "The database; $NAME is an environment variable. Without it, the one that the settings name.",
    ),
    key(
        "schemas",
        Value::Texts,
        "Schemas of the database, or patterns with *: one document and one index for each of them, {schema} in the index's name.",
    ),
    key(
        "index",
        Value::Index,
        "The index; $NAME is an environment variable. Without it, the name of the database, else of the root's table.",
    ),
    key("pipeline", Value::Name, "The engine's ingest pipeline that every document goes through."),
    key(
        "routing",
        Value::Fixed,
        "A field of the document, a column of the root: its value decides which shard keeps it.",
    ),
    key("setting", Value::Part, "Settings of the index, passed on to the engine."),
    key("mapping", Value::Part, "Mapping by field, merged into what follows from the types of the columns."),
    key(
        "mappings",
        Value::Part,
        "The whole of the index's mappings (properties, dynamic, dynamic_templates, _source), merged into what follows from the types.",
    ),
    key(
        "plugins",
        Value::Texts,
        "Transforms of the generated program that go over its documents, by name, in this order.",
    ),
    key("_meta", Value::Flag, "Whether documents list the keys of the rows that they show, as those of PGSync do."),
    required("nodes", Value::Object(Place::Node), "The root: each of its rows is a document."),
];

static NODE: [Key; 17] = [
    required("table", Value::Text, "The table whose rows are shown."),
    key("schema", Value::Text, "The table's schema in the database. Without it, public."),
    key("label", Value::Text, "The field of the parent that shows this node. Without it, the name of the table."),
    key(
        "columns",
        Value::Columns,
        "What is shown: columns, or paths into JSON such as doc->a->0. Without it, all columns.",
    ),
    key(
        "computed",
        Value::Expressions,
        "Fields that are computed of the row: each name with an SQL expression, such as first_name || ' ' || last_name. They stand behind the columns.",
    ),
    key(
        "aggregate",
        Value::Aggregates,
        "Of a child: fields that are made of all its rows together, in place of the rows: count(*), count(COLUMN), count(distinct COLUMN), sum(COLUMN), min(COLUMN), max(COLUMN), avg(COLUMN) or exists.",
    ),
    key("primary_key", Value::Texts, "Columns that identify a row, for a table or a view that has no primary key."),
    key(
        "base_tables",
        Value::Texts,
        "Tables whose changes change a view, in its schema, where the database does not know of them.",
    ),
    key(
        "where",
        Value::Text,
        "SQL that must be true of a row that is shown, such as deleted_at IS NULL. It reads columns of this table and nothing else.",
    ),
    key(
        "order_by",
        Value::Texts,
        "What the rows of a child are ordered by: COLUMN [asc|desc] [nulls first|nulls last]. Without it, their key.",
    ),
    key("limit", Value::Count, "How many rows of a to-many child a parent shows at most, the first by their order."),
    key(
        "distinct",
        Value::Flag,
        "Whether a to-many scalar child shows each value once, as the database compares them. Without it, one for each row.",
    ),
    key(
        "on_change",
        Value::Choice(&ON_CHANGE),
        "Which changes of this node's rows documents follow. Without it, all; below a node that ignores them, none.",
    ),
    key(
        "relationship",
        Value::Object(Place::Relationship),
        "How the node belongs to its parent. Without it, as the foreign keys say.",
    ),
    key(
        "empty",
        Value::Choice(&EMPTY),
        "What a to-many field shows where no row belongs to the parent. Without it, as the node above, and null at the root.",
    ),
    key("transform", Value::Object(Place::Transform), "What happens to the fields of the node."),
    key("children", Value::Objects(Place::Node), "Tables that belong to this one, each a field of it."),
];

static RELATIONSHIP: [Key; 4] = [
    key(
        "type",
        Value::Choice(&TYPES),
        "How many rows belong to one of the parent. Without it, as the foreign key says.",
    ),
    key("variant", Value::Choice(&VARIANTS), "What a row is shown as. Without it, an object."),
    key("through_tables", Value::OneText, "The join table between parent and node: a name, or schema.name."),
    key(
        "foreign_key",
        Value::Object(Place::ForeignKey),
        "Columns that decide what belongs together, where foreign keys do not say it.",
    ),
];

static FOREIGN_KEY: [Key; 2] = [
    required(
        "parent",
        Value::KeyColumns,
        "Columns of the parent's table; beside through_tables, those of the join table that refer to the parent.",
    ),
    required(
        "child",
        Value::KeyColumns,
        "Columns of this node's table, in the same order; beside through_tables, those of the join table that refer to it.",
    ),
];

static TRANSFORM: [Key; 5] = [
    key(
        "rename",
        Value::Rules,
        "New names of fields, by their old ones: columns, or labels of children. An object renames what is within.",
    ),
    key(
        "replace",
        Value::Replacements,
        "Parts of texts and what takes their place, by field, before fields are renamed.",
    ),
    key("concat", Value::Concats, "Texts that are put together of fields, one or several, after fields are renamed."),
    key(
        "mapping",
        Value::Mappings,
        "What fields are indexed as, by their new names. Not beside `mapping` of the document.",
    ),
    key("move", Value::Anything, "PGSync takes it and does nothing; so does this."),
];

static CONCAT: [Key; 3] = [
    required("columns", Value::SomeTexts, "Fields by their new names; what is no field is taken as a text."),
    required("destination", Value::Text, "The field that is made."),
    key("delimiter", Value::Text, "What stands between two parts. Without it, nothing."),
];

impl Place {
    /// What a message calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::File => "schema",
            Self::Document => "document",
            Self::BareNode | Self::Node => "node",
            Self::Relationship => "relationship",
            Self::ForeignKey => "foreign key",
            Self::Transform => "transform",
            Self::Concat => "concat",
        }
    }

    /// Its keys, in the order in which they are usually written.
    pub(crate) fn keys(self) -> impl Iterator<Item = &'static Key> {
        let (first, rest): (&[Key], &[Key]) = match self {
            Self::File => (&ADDRESS, &FILE),
            Self::Document => (&ADDRESS, &DOCUMENT),
            Self::BareNode => (&ADDRESS, &NODE),
            Self::Node => (&[], &NODE),
            Self::Relationship => (&[], &RELATIONSHIP),
            Self::ForeignKey => (&[], &FOREIGN_KEY),
            Self::Transform => (&[], &TRANSFORM),
            Self::Concat => (&[], &CONCAT),
        };
        first.iter().chain(rest)
    }
}
