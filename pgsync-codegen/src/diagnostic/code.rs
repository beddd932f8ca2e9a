//! The codes of the compiler, in one table. In: nothing. Out: for each code its text, what it means, a schema file that has
//! the mistake, its mend, and what to do next. `cargo pgsync explain` and `docs/errors.md` are written from here; the
//! examples are compiled against the tables of `example.catalog.json`, so that they show what the compiler really says.

use crate::catalog::Catalog;
use crate::source::Source;

/// How the mistake of an example is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mend {
    /// The schema file as it should be.
    Schema(&'static str),
    /// The schema file is right, and the database is changed.
    Database(&'static str),
}

/// Makes the enum and its table from one list.
macro_rules! codes {
    ($($name:ident = $id:literal {
        meaning: $meaning:literal,
        mistake: $mistake:literal,
        mend: $mend:ident($mended:literal),
        next: $next:literal,
    })*) => {
        /// What kind of finding it is. Each has a code that does not change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!($id, ": ", $meaning)] $name,)*
        }

        impl Code {
            /// Every code, errors first, in the order of its text.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as it is printed.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// What was found, in one line.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }

            /// A schema file with the mistake and no other.
            pub fn mistake(self) -> &'static str {
                match self { $(Self::$name => $mistake,)* }
            }

            /// How that one is mended.
            pub fn mend(self) -> Mend {
                match self { $(Self::$name => Mend::$mend($mended),)* }
            }

            /// What to do where this is said of a file.
            pub fn next_step(self) -> &'static str {
                match self { $(Self::$name => $next,)* }
            }
        }
    };
}

codes! {
    Syntax = "E0001" {
        meaning: "The file is not JSON.",
        mistake: r#"{
  "table": "book",
  "columns": ["isbn", "title",]
}"#,
        mend: Schema(r#"{
  "table": "book",
  "columns": ["isbn", "title"]
}"#),
        next: "Look at the marked place and just before it. Comments, commas behind the last entry and single quotes are not JSON.",
    }
    UnknownKey = "E0002" {
        meaning: "An object has a key that is not part of the language.",
        mistake: r#"{
  "table": "book",
  "colums": ["isbn", "title"]
}"#,
        mend: Schema(r#"{
  "table": "book",
  "columns": ["isbn", "title"]
}"#),
        next: "Take a key from the list in the message, and see that it stands in the right object. `cargo pgsync schema` lets an editor complete them.",
    }
    WrongType = "E0003" {
        meaning: "A key has a value of another JSON type than it takes.",
        mistake: r#"{
  "table": "book",
  "children": { "table": "review" }
}"#,
        mend: Schema(r#"{
  "table": "book",
  "children": [{ "table": "review" }]
}"#),
        next: "Write the value as the message says. Where PGSync took an array of `nodes` in its first version, write the one node itself.",
    }
    Missing = "E0004" {
        meaning: "Something is missing without which the file means nothing: a document, its `nodes`, a node's `table`.",
        mistake: r#"[
  { "index": "books" }
]"#,
        mend: Schema(r#"[
  { "index": "books", "nodes": { "table": "book" } }
]"#),
        next: "Add what the message names. `cargo pgsync init --table NAME` writes a whole file from the database.",
    }
    Unsupported = "E0005" {
        meaning: "What is written has a meaning, and it cannot be done here.",
        mistake: r#"[{
  "index": "books",
  "routing": "$FIELD",
  "nodes": { "table": "book" }
}]"#,
        mend: Schema(r#"[{
  "index": "books",
  "routing": "isbn",
  "nodes": { "table": "book" }
}]"#),
        next: "Leave it out, or write it in the way that the message names. docs/differences-from-pgsync.md lists what differs.",
    }
    WrongValue = "E0006" {
        meaning: "A value is of the right type and not among those that are accepted.",
        mistake: r#"{
  "table": "book",
  "children": [
    { "table": "review", "relationship": { "variant": "objekt", "type": "one_to_many" } }
  ]
}"#,
        mend: Schema(r#"{
  "table": "book",
  "children": [
    { "table": "review", "relationship": { "variant": "object", "type": "one_to_many" } }
  ]
}"#),
        next: "Take one of the values that the message lists.",
    }
    Duplicate = "E0007" {
        meaning: "The same thing stands twice: a key in an object, or an index of two documents.",
        mistake: r#"[
  { "index": "books", "nodes": { "table": "book" } },
  { "index": "books", "nodes": { "table": "review" } }
]"#,
        mend: Schema(r#"[
  { "index": "books", "nodes": { "table": "book" } },
  { "index": "reviews", "nodes": { "table": "review" } }
]"#),
        next: "Remove one of the two, or give it another name.",
    }
    UnknownTable = "E0101" {
        meaning: "The catalogue has no such table, or no such schema.",
        mistake: r#"{
  "table": "bok"
}"#,
        mend: Schema(r#"{
  "table": "book"
}"#),
        next: "Check the name; `\"schema\"` names a schema other than public. If the table is new, take the snapshot anew: `cargo pgsync catalog`.",
    }
    UnknownColumn = "E0102" {
        meaning: "The table has no such column, or the node no such field.",
        mistake: r#"{
  "table": "book",
  "columns": ["isbn", "titel"]
}"#,
        mend: Schema(r#"{
  "table": "book",
  "columns": ["isbn", "title"]
}"#),
        next: "Check the name; case counts. If the column is new, take the snapshot anew: `cargo pgsync catalog`.",
    }
    Relationship = "E0103" {
        meaning: "No foreign key joins a table to its parent, or several do.",
        mistake: r#"{
  "table": "book",
  "children": [
    { "table": "publisher" }
  ]
}"#,
        mend: Schema(r#"{
  "table": "book",
  "children": [
    {
      "table": "publisher",
      "relationship": { "foreign_key": { "parent": ["publisher_id"], "child": ["id"] } }
    }
  ]
}"#),
        next: "Write one of the ways that the message shows. `parent` are columns of the table above, `child` those of this node's table.",
    }
    NoKey = "E0104" {
        meaning: "A root has no key, or one that may be NULL, so its documents have no id.",
        mistake: r#"{
  "table": "note"
}"#,
        mend: Schema(r#"{
  "table": "note",
  "primary_key": ["number"]
}"#),
        next: "Name columns that are declared NOT NULL and together identify a row, or give the table a primary key and take the snapshot anew: `cargo pgsync catalog`.",
    }
    TypeClash = "E0105" {
        meaning: "Columns have types or collations that cannot be compared, or a path leads into something that is not JSON.",
        mistake: r#"{
  "table": "book",
  "columns": ["isbn", "title->lang"]
}"#,
        mend: Schema(r#"{
  "table": "book",
  "columns": ["isbn", "data->lang"]
}"#),
        next: "Name other columns, or change the type of one of them in the database.",
    }
    FieldClash = "E0106" {
        meaning: "Two fields of a document have one name, or one is the path to the other.",
        mistake: r#"{
  "table": "book",
  "columns": ["isbn", "title"],
  "transform": { "rename": { "title": "isbn" } }
}"#,
        mend: Schema(r#"{
  "table": "book",
  "columns": ["isbn", "title"],
  "transform": { "rename": { "title": "name" } }
}"#),
        next: "Give one of them another name, with `label` for a child or `rename` for a column.",
    }
    NotCapturable = "E0107" {
        meaning: "Changes of the table or column are not in the log, so documents could not follow them.",
        mistake: r#"{
  "table": "visit"
}"#,
        mend: Database("ALTER TABLE visit SET LOGGED;"),
        next: "Change the table, or show another one; then take the snapshot anew: `cargo pgsync catalog`.",
    }
    Expression = "E0108" {
        meaning: "An SQL expression is none, or depends on more than the values of one row.",
        mistake: r#"{
  "table": "book",
  "where": "publisher_id IN (SELECT id FROM publisher)"
}"#,
        mend: Schema(r#"{
  "table": "book",
  "where": "publisher_id IS NOT NULL"
}"#),
        next: "A document is read again when a column changes that the expression names, and at no other time. Write it with columns of the node's own table, constants, operators and the functions that the message offers; what needs more can be a generated column of the table.",
    }
    Suspicious = "W0001" {
        meaning: "This works, and may not be what was meant.",
        mistake: r#"{
  "table": "book",
  "children": [
    {
      "table": "review",
      "columns": ["id", "stars"],
      "relationship": { "variant": "scalar", "type": "one_to_many" }
    }
  ]
}"#,
        mend: Schema(r#"{
  "table": "book",
  "children": [
    {
      "table": "review",
      "columns": ["id", "stars"],
      "relationship": { "variant": "object", "type": "one_to_many" }
    }
  ]
}"#),
        next: "Read what is shown instead. Where that is right, nothing needs to be done: a warning stops nothing.",
    }
}

impl Code {
    /// Whether compilation goes on.
    pub fn is_warning(self) -> bool {
        self == Self::Suspicious
    }

    /// What the compiler says of the example, as it is printed without colour.
    pub fn shown(self) -> String {
        match Catalog::from_json(EXAMPLE) {
            Ok(catalog) => said(self.mistake(), &catalog),
            Err(error) => error,
        }
    }
}

/// The tables of the examples.
const EXAMPLE: &str = include_str!("example.catalog.json");

fn said(text: &str, catalog: &Catalog) -> String {
    match crate::compile(&Source::new("schema.json", text), catalog) {
        Ok((_, found)) | Err(found) => found.plain(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, catalog: &Catalog) -> Vec<Code> {
        match crate::compile(&Source::new("schema.json", text), catalog) {
            Ok((_, found)) | Err(found) => found.iter().map(|found| found.code).collect(),
        }
    }

    #[test]
    fn codes_are_in_order_and_each_is_there_once() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].id() < pair[1].id()), "sort the table by code");
        assert!(Code::ALL.iter().all(|code| code.id().starts_with('W') == code.is_warning()));
    }

    #[test]
    fn each_example_has_its_mistake_and_no_other_and_is_right_when_mended() {
        let catalog = Catalog::from_json(EXAMPLE).unwrap();
        for code in Code::ALL {
            assert_eq!(found(code.mistake(), &catalog), [*code], "{code:?}");
            assert!(code.shown().contains(code.id()), "{}", code.shown());
            match code.mend() {
                Mend::Schema(text) => assert_eq!(found(text, &catalog), [], "{code:?}"),
                Mend::Database(_) => {
                    let mut mended = catalog.clone();
                    mended.tables.iter_mut().for_each(|table| table.unlogged = false);
                    assert_eq!(found(code.mistake(), &mended), [], "{code:?}");
                }
            }
        }
    }
}
