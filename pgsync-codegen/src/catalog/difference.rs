//! Whether a snapshot still tells what a schema needs of the database. In: two catalogues, and the tables that count. Out:
//! what differs, in words. Tables that the schema does not use may come and go.

use super::{Catalog, Column, Table};
use crate::bound;
use crate::emit::sql::Mysql;
use pgsync_plan::Dialect;
use std::collections::BTreeSet;

/// Schema and name of a table.
pub type TableName = (String, String);

/// The tables that a bound schema reads, join tables with them.
pub fn used(schema: &bound::Schema, catalog: &Catalog) -> BTreeSet<TableName> {
    let mut found = BTreeSet::new();
    for document in &schema.documents {
        document.root.each(&mut |node| {
            let tables = node.tables().map(|position| &catalog.tables[position]);
            found.extend(tables.map(|table| (table.schema.clone(), table.name.clone())));
        });
    }
    found
}

/// What has changed from `old` to `new` of these tables, and of the enum types of their columns.
pub fn differences(old: &Catalog, new: &Catalog, tables: &BTreeSet<TableName>) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(release(old, new));
    let mut enums = BTreeSet::new();
    for (schema, name) in tables {
        let find = |catalog: &Catalog| catalog.table(schema, name);
        match (find(old), find(new)) {
            (Some(old_table), Some(new_table)) => {
                let (old_table, new_table) = (&old.tables[old_table], &new.tables[new_table]);
                table(old_table, new_table, &mut found);
                let columns = old_table.columns.iter().chain(&new_table.columns);
                enums.extend(columns.filter_map(|column| column.enumeration.as_ref()).map(|of| (&of.schema, &of.name)));
            }
            (Some(_), None) => found.push(format!("table {schema}.{name} is gone")),
            (None, Some(_)) => found.push(format!("table {schema}.{name} is new")),
            (None, None) => {}
        }
    }
    for (schema, name) in enums {
        let labels = |catalog: &Catalog| {
            let of = catalog.enums.iter().find(|of| of.schema == *schema && of.name == *name)?;
            Some(of.labels.join(", "))
        };
        // A type that a column has no longer, or has now, is told with the column.
        if let (Some(old), Some(new)) = (labels(old), labels(new))
            && old != new
        {
            found.push(format!("the labels of type {schema}.{name} are {new}, and were {old}"));
        }
    }
    found
}

/// That statements have to be written in another way for the server.
fn release(old: &Catalog, new: &Catalog) -> Option<String> {
    let forms = |catalog: &Catalog| Mysql::mariadb(catalog.release);
    let (Dialect::Mariadb, Dialect::Mariadb) = (old.dialect, new.dialect) else { return None };
    let shown = |catalog: &Catalog| catalog.release.map_or("unknown".to_owned(), |release| release.to_string());
    (forms(old) != forms(new)).then(|| {
        format!(
            "the release of MariaDB is {}, and was {}: statements are written in another way",
            shown(new),
            shown(old)
        )
    })
}

fn table(old: &Table, new: &Table, found: &mut Vec<String>) {
    let name = format!("{}.{}", new.schema, new.name);
    for column in &new.columns {
        match old.column(&column.name) {
            None => found.push(format!("table {name} has a new column {}", column.name)),
            Some(known) if known != column => {
                found.push(format!("column {} of table {name} {}", column.name, changed(known, column)));
            }
            Some(_) => {}
        }
    }
    for column in old.columns.iter().filter(|column| new.column(&column.name).is_none()) {
        found.push(format!("column {} of table {name} is gone", column.name));
    }
    let in_order = |of: &Table, other: &Table| {
        let names = of.columns.iter().map(|column| column.name.clone());
        names.filter(|name| other.column(name).is_some()).collect::<Vec<_>>()
    };
    if in_order(old, new) != in_order(new, old) {
        found.push(format!("the columns of table {name} have another order"));
    }
    for (what, differs) in [
        ("kind", old.kind != new.kind),
        ("persistence", old.unlogged != new.unlogged),
        ("comment", old.comment != new.comment),
        ("query", old.view != new.view),
        ("primary key", old.primary_key != new.primary_key),
        ("unique keys", old.unique != new.unique),
        ("foreign keys", old.foreign_keys != new.foreign_keys),
        ("indexes", old.indexes != new.indexes),
    ] {
        if differs {
            found.push(format!("{what} of table {name} changed"));
        }
    }
}

/// What became of a column, the most telling first.
fn changed(old: &Column, new: &Column) -> String {
    if old.declared != new.declared {
        return format!("is {}, and was {}", new.declared, old.declared);
    }
    if old.nullable != new.nullable {
        return if new.nullable { "may be NULL now" } else { "may not be NULL any more" }.to_owned();
    }
    let but = Column { comment: new.comment.clone(), ..old.clone() };
    if but == *new { "has another comment" } else { "has another type, collation or expression" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, parse, resolve};
    use serde_json::{Value, json};
    use std::{fs, path::Path};

    /// The example's catalogue after a change.
    fn library(change: impl FnOnce(&mut Value)) -> Catalog {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/library/schema.catalog.json");
        let mut value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        change(&mut value);
        Catalog::from_json(&value.to_string()).unwrap()
    }

    fn of<'a>(catalog: &'a mut Value, name: &str) -> &'a mut Value {
        let tables = catalog["tables"].as_array_mut().unwrap();
        tables.iter_mut().find(|table| table["name"] == name).unwrap()
    }

    #[test]
    fn only_what_the_schema_uses_is_compared() {
        let old = library(|_| ());
        let text = r#"{"table": "book", "children": [{"table": "author"}]}"#;
        let source = Source::new("schema.json", text);
        let (bound, _) = resolve(&source, &parse(&source).unwrap(), &old).unwrap();
        let tables = used(&bound, &old);
        let names: Vec<&str> = tables.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["author", "book", "book_author"]);
        let said = |change: fn(&mut Value)| differences(&old, &library(change), &tables);

        assert_eq!(said(|_| ()), [""; 0]);
        let unrelated = said(|catalog| {
            let mut other = of(catalog, "review").clone();
            other["name"] = json!("other");
            catalog["tables"].as_array_mut().unwrap().push(other);
            of(catalog, "review")["columns"].as_array_mut().unwrap().pop();
        });
        assert_eq!(unrelated, [""; 0]);

        let changed = said(|catalog| {
            let columns = of(catalog, "book")["columns"].as_array_mut().unwrap();
            let mut added = columns[1].clone();
            added["name"] = json!("subtitle");
            columns[1]["declared"] = json!("character varying(7)");
            columns.remove(2);
            columns.push(added);
            of(catalog, "book_author")["comment"] = json!("who wrote what");
            of(catalog, "author")["name"] = json!("writer");
        });
        assert_eq!(
            changed,
            [
                "table public.author is gone",
                "column title of table public.book is character varying(7), and was text",
                "table public.book has a new column subtitle",
                "column type of table public.book is gone",
                "comment of table public.book_author changed",
            ]
        );

        let labels = said(|catalog| catalog["enums"][0]["labels"] = json!(["paper", "ear"]));
        assert_eq!(labels.len(), 1);
        assert!(labels[0].starts_with("the labels of type public.book_format are paper, ear, and were "), "{labels:?}");
    }
}
