//! A first schema for a table. In: a catalogue, a root table, how deep to go. Out: a schema in the long form: foreign
//! keys followed in both directions, join tables recognised as such, names that do not clash. It is a proposal: what the
//! user does not want is easier deleted than found.

use crate::catalog::{Catalog, ForeignKey, Table};
use crate::resolve::ways::{Way, collations_clash, direct_ways, equal_types, followed, joins, refers, through_ways};
use serde_json::{Map, Value, json};

/// Proposes a document with this root: `depth` levels of children, every column of every table.
///
/// `root` is a position in the catalogue's tables.
pub fn propose(catalog: &Catalog, root: usize, depth: usize) -> Value {
    let table = &catalog.tables[root];
    let proposer = Proposer { catalog };
    json!([{ "index": table.name.to_lowercase(), "nodes": proposer.node(root, &[], depth) }])
}

struct Proposer<'a> {
    catalog: &'a Catalog,
}

/// A child that is proposed.
struct Child {
    way: Way,
    /// What to call it, best first.
    names: Vec<String>,
}

impl Proposer<'_> {
    fn table(&self, position: usize) -> &Table {
        &self.catalog.tables[position]
    }

    /// A node; `above` are the tables from the root down to its parent, to which no way leads back.
    fn node(&self, position: usize, above: &[usize], depth: usize) -> Map<String, Value> {
        let table = self.table(position);
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let mut node = Map::new();
        node.insert("table".into(), json!(table.name));
        if table.schema != self.catalog.default_schema {
            node.insert("schema".into(), json!(table.schema));
        }
        node.insert("columns".into(), json!(columns));
        if depth == 0 {
            return node;
        }
        let mut taken: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
        let mut path = above.to_vec();
        path.push(position);
        let mut children = Vec::new();
        for Child { way, names } in self.children(position, &path) {
            let label = names.iter().find(|name| !taken.contains(name)).cloned().unwrap_or_else(|| {
                let last = names.last().map_or("", String::as_str);
                (2..).map(|count| format!("{last}_{count}")).find(|name| !taken.contains(name)).unwrap_or_default()
            });
            let mut child = self.node(way.table, &path, depth - 1);
            if label != self.table(way.table).name {
                child.insert("label".into(), json!(label));
            }
            let several = way
                .link
                .through
                .as_ref()
                .is_some_and(|through| through_ways(self.catalog, position, way.table, through.table).len() > 1);
            let relationship = way.link.written(self.catalog, way.table, way.many, "object", several);
            child.insert("relationship".into(), relationship);
            taken.push(label);
            children.push(in_order(child));
        }
        if !children.is_empty() {
            node.insert("children".into(), children.into());
        }
        node
    }

    /// Every way down from a table, to-one first.
    fn children(&self, position: usize, path: &[usize]) -> Vec<Child> {
        let mut found = Vec::new();
        for (other, table) in self.catalog.tables.iter().enumerate() {
            if path.contains(&other) || !followed(table) {
                continue;
            }
            let join = join_keys(table);
            if let Some(keys) = join
                && keys.iter().any(|key| refers(key, self.table(position)))
            {
                found.extend(self.through(position, other, path));
                continue;
            }
            let ways: Vec<Way> = direct_ways(self.catalog, position, other)
                .into_iter()
                .filter(|way| self.possible(position, way))
                .collect();
            for way in ways {
                let columns = if way.many { &way.link.child } else { &way.link.parent };
                found.push(Child { names: names(&table.name, way.many, columns), way });
            }
        }
        found.sort_by_key(|child| child.way.many);
        found
    }

    /// The tables that a join table leads to.
    fn through(&self, position: usize, join: usize, path: &[usize]) -> Vec<Child> {
        let mut found = Vec::new();
        for (other, table) in self.catalog.tables.iter().enumerate() {
            // A table that is joined with itself is shown once more below itself, and no further.
            let again = other != position && path.contains(&other);
            if again || !followed(table) || !joins(self.catalog, position, other, join) {
                continue;
            }
            for way in through_ways(self.catalog, position, other, join) {
                if self.possible(position, &way) {
                    let columns = way.link.through.as_ref().map_or(&[][..], |through| &through.child);
                    found.push(Child { names: names(&table.name, true, columns), way });
                }
            }
        }
        found
    }

    /// Whether the compiler would take this way.
    fn possible(&self, parent: usize, way: &Way) -> bool {
        let pairs: Vec<(usize, &[String], usize, &[String])> = match &way.link.through {
            None => vec![(parent, &way.link.parent, way.table, &way.link.child)],
            Some(through) => vec![
                (parent, &way.link.parent, through.table, &through.parent),
                (through.table, &through.child, way.table, &way.link.child),
            ],
        };
        pairs.into_iter().all(|(left, a, right, b)| {
            a.iter().zip(b).all(|(a, b)| match (self.table(left).column(a), self.table(right).column(b)) {
                (Some(a), Some(b)) => equal_types(a, b) && !collations_clash(a, b) && !a.generated && !b.generated,
                _ => false,
            })
        })
    }
}

/// The two foreign keys of a join table: one that holds them, perhaps a key of its own, and nothing else.
fn join_keys(table: &Table) -> Option<[&ForeignKey; 2]> {
    let [first, second] = table.foreign_keys.as_slice() else { return None };
    let own = |name: &String| table.primary_key.as_ref().is_some_and(|key| key.columns.contains(name));
    let linked = |name: &String| first.columns.contains(name) || second.columns.contains(name);
    let nothing_else = table.columns.iter().all(|column| linked(&column.name) || own(&column.name));
    nothing_else.then_some([first, second])
}

/// Names for a child, best first: its table's (in the plural for several rows), then with the column that links it.
fn names(table: &str, many: bool, columns: &[String]) -> Vec<String> {
    let own = if many { format!("{table}s") } else { table.to_owned() };
    let by = columns.iter().map(|column| column.strip_suffix("_id").unwrap_or(column)).collect::<Vec<_>>().join("_");
    let joined = format!("{own}_by_{by}");
    if many { vec![own, joined] } else { vec![own, by, joined] }
}

/// The members of a node in the order people write them.
fn in_order(mut node: Map<String, Value>) -> Value {
    let order = ["table", "schema", "label", "columns", "relationship", "children"];
    Value::Object(order.into_iter().filter_map(|name| Some((name.to_owned(), node.remove(name)?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, compile, layout};
    use std::{fs, path::Path};

    #[test]
    fn whatever_is_proposed_compiles() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let catalogs = ["examples/library/schema", "examples/two-schemas/schema", "tests/diagnostics/"];
        let mut proposals = 0;
        for catalog in catalogs {
            let path = root.join(format!("{catalog}.catalog.json").replace("/.catalog", "/catalog"));
            let catalog = Catalog::from_json(&fs::read_to_string(path).unwrap()).unwrap();
            for (root, table) in catalog.tables.iter().enumerate() {
                let root_able = |key: &crate::catalog::Key| {
                    key.columns.iter().all(|name| table.column(name).is_some_and(|column| !column.generated))
                };
                if !table.primary_key.as_ref().is_some_and(root_able) || !followed(table) {
                    continue;
                }
                for depth in 0..4 {
                    let text = layout(&propose(&catalog, root, depth).into());
                    let source = Source::new(catalog.short(table), &text);
                    compile(&source, &catalog).unwrap_or_else(|found| panic!("{found}\n{text}"));
                    proposals += 1;
                }
            }
        }
        assert!(proposals > 20, "{proposals} proposals");
    }

    #[test]
    fn join_tables_are_seen_through_and_labels_do_not_clash() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let text = fs::read_to_string(root.join("examples/library/schema.catalog.json")).unwrap();
        let catalog = Catalog::from_json(&text).unwrap();
        let proposal = propose(&catalog, catalog.table("public", "book").unwrap(), 1);
        let children = proposal[0]["nodes"]["children"].as_array().unwrap();
        let tables: Vec<_> = children.iter().map(|child| child["table"].as_str().unwrap()).collect();
        assert_eq!(tables, ["publisher", "author", "review"]);
        assert_eq!(children[1]["relationship"]["through_tables"], json!(["book_author"]));
        assert_eq!(children[2]["label"], "reviews");
    }
}
