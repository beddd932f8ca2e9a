//! Random documents over random tables. In: tables, a seed. Out: trees of nodes.

use super::tables::{Table, Type};
use crate::support::seed::Seed;

/// Most nodes of a document, and how deep they may stand.
const NODES: usize = 8;
const DEPTH: usize = 3;

/// A document.
pub(super) struct Document {
    pub(super) index: String,
    pub(super) root: Node,
    /// The column of the root that routes it.
    pub(super) routing: Option<usize>,
    pub(super) shards: u64,
}

/// How rows of a node are found from a row of its parent.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Link {
    Root,
    /// Columns of the parent and of the node that are equal.
    Direct {
        parent: Vec<usize>,
        child: Vec<usize>,
        declared: bool,
    },
    /// Two foreign keys of a join table.
    Through {
        table: usize,
        parent: usize,
        child: usize,
    },
}

pub(super) enum Shape {
    Object,
    Scalar,
    /// A scalar that shows each value once.
    Distinct,
    Flatten,
    /// What is made of all rows: names of fields and functions.
    Aggregate(Vec<(String, String)>),
}

pub(super) struct Node {
    /// Its number in the document.
    pub(super) id: usize,
    pub(super) table: usize,
    /// Whether it is the view over the table.
    pub(super) view: bool,
    pub(super) link: Link,
    pub(super) shape: Shape,
    /// Whether the field is an array.
    pub(super) many: bool,
    /// What it shows, in this order; the first one alone where it is a scalar.
    pub(super) columns: Vec<usize>,
    /// Whether the schema names them.
    pub(super) named: bool,
    /// Name, expression, and its type.
    pub(super) computed: Option<(String, String, Type)>,
    pub(super) filter: Option<String>,
    /// A column and what is said of its order.
    pub(super) order: Vec<(usize, &'static str)>,
    pub(super) limit: Option<u64>,
    /// What is said of rows that are not there, at this node.
    pub(super) empty: Option<bool>,
    /// Whether a field without rows is an empty array.
    pub(super) empty_array: bool,
    /// Fields whose name is another than that of the column.
    pub(super) renamed: Vec<usize>,
    pub(super) children: Vec<Node>,
}

impl Node {
    pub(super) fn label(&self) -> String {
        format!("n{}", self.id)
    }

    /// The field that shows a column.
    pub(super) fn field(&self, table: &Table, column: usize) -> String {
        let name = &table.columns[column].name;
        if self.renamed.contains(&column) { format!("r{}_{name}", self.id) } else { name.clone() }
    }
}

/// One to three documents; the first begins at a table that others hang on.
pub(super) fn documents(tables: &[Table], name: &str, seed: &mut Seed) -> Vec<Document> {
    let count = 1 + seed.below(3);
    (0..count)
        .map(|at| {
            let mut growing = Growing { tables, seed, count: 0 };
            let table = growing.below(tables.len());
            let mut root = growing.node(table, Link::Root, 0, &mut Vec::new(), false);
            root.order.clear();
            root.limit = None;
            let routing = (seed.below(5) == 0 && !root.view).then(|| routing(tables, &root, seed)).flatten();
            Document { index: format!("{name}_{at}"), root, routing, shards: 1 + seed.below(3) }
        })
        .collect()
}

/// A column that may route: shown, and of a type that may.
fn routing(tables: &[Table], root: &Node, seed: &mut Seed) -> Option<usize> {
    let may = [Type::Integer, Type::Bigint, Type::Uuid, Type::Text, Type::Boolean, Type::Date];
    let fitting: Vec<usize> =
        root.columns.iter().copied().filter(|c| may.contains(&tables[root.table].columns[*c].ty)).collect();
    (!fitting.is_empty()).then(|| fitting[seed.below(fitting.len() as u64) as usize])
}

struct Growing<'a> {
    tables: &'a [Table],
    seed: &'a mut Seed,
    count: usize,
}

impl Growing<'_> {
    fn below(&mut self, bound: usize) -> usize {
        self.seed.below(bound as u64) as usize
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.seed.below(100) < percent
    }

    /// `loose`: links by chance above it, of which each multiplies what a document holds.
    fn node(&mut self, table: usize, link: Link, depth: usize, loose: &mut Vec<()>, empty: bool) -> Node {
        let id = self.count;
        self.count += 1;
        let of = &self.tables[table];
        let all: Vec<usize> = (0..of.columns.len()).collect();
        let named = self.chance(85);
        let columns = if named { self.some_of(&all) } else { all };
        let to_key = matches!(&link, Link::Direct { child, .. } if *child == of.key);
        let through = matches!(link, Link::Through { .. });
        let many = through || if to_key { self.chance(10) } else { self.chance(85) };
        let root = link == Link::Root;
        let mut shape = match self.below(100) {
            _ if root => Shape::Object,
            0..20 => Shape::Scalar,
            20..30 if many => Shape::Distinct,
            20..30 => Shape::Flatten,
            30..45 => Shape::Aggregate(self.aggregates(of)),
            _ => Shape::Object,
        };
        let mut columns = columns;
        let plain = |ty: Type| !matches!(ty, Type::Citext | Type::Numeric | Type::Json | Type::Own);
        if matches!(shape, Shape::Distinct) {
            // Equal values that look different are another test's.
            columns.retain(|column| plain(of.columns[*column].ty));
            if columns.is_empty() {
                shape = Shape::Scalar;
                columns = of.key.clone();
            }
        }
        let said = (!root && self.chance(15)).then(|| self.chance(60));
        let empty_array = said.unwrap_or(empty);
        let rows = !matches!(shape, Shape::Aggregate(_));
        let listed = matches!(shape, Shape::Object | Shape::Scalar);
        let mut node = Node {
            id,
            table,
            view: !through && !matches!(shape, Shape::Distinct) && self.chance(10),
            computed: None,
            filter: if self.chance(25) { self.filter(of) } else { None },
            order: if rows && listed && self.chance(25) { self.order(of) } else { Vec::new() },
            limit: (rows && many && !root && self.chance(15)).then(|| 1 + self.seed.below(4)),
            empty: said.filter(|_| rows && many),
            empty_array: if rows && many { empty_array } else { empty },
            renamed: Vec::new(),
            children: Vec::new(),
            named: named || !matches!(shape, Shape::Object),
            columns,
            link,
            shape,
            many,
        };
        if matches!(node.shape, Shape::Flatten) {
            node.renamed = node.columns.clone();
        } else if matches!(node.shape, Shape::Object) {
            if self.chance(15) {
                node.renamed = vec![node.columns[0]];
            }
            if self.chance(15) {
                node.computed = self.computed(of, id);
            }
            self.grow(&mut node, depth, loose);
        }
        node
    }

    fn grow(&mut self, node: &mut Node, depth: usize, loose: &mut Vec<()>) {
        if depth == DEPTH {
            return;
        }
        let wanted = if depth == 0 { 1 + self.below(4) } else { self.below(3) };
        let links = links(self.tables, node.table);
        for _ in 0..wanted {
            if self.count >= NODES || links.is_empty() {
                return;
            }
            let (table, link) = links[self.below(links.len())].clone();
            let by_chance = matches!(link, Link::Direct { declared: false, .. });
            if by_chance && !loose.is_empty() {
                continue;
            }
            if by_chance {
                loose.push(());
            }
            let child = self.node(table, link, depth + 1, loose, node.empty_array);
            if by_chance {
                loose.pop();
            }
            node.children.push(child);
        }
    }

    /// Some columns, one at least, in any order.
    fn some_of(&mut self, columns: &[usize]) -> Vec<usize> {
        let mut left = columns.to_vec();
        let count = 1 + self.below(left.len());
        (0..count).map(|_| left.swap_remove(self.seed.below(left.len() as u64) as usize)).collect()
    }

    fn filter(&mut self, table: &Table) -> Option<String> {
        let column = &table.columns[self.below(table.columns.len())];
        table.dialect.filter(&column.name, column.ty)
    }

    fn computed(&mut self, table: &Table, id: usize) -> Option<(String, String, Type)> {
        let column = &table.columns[self.below(table.columns.len())];
        let (expression, ty) = table.dialect.computed(&column.name, column.ty)?;
        Some((format!("x{id}"), expression, ty))
    }

    fn order(&mut self, table: &Table) -> Vec<(usize, &'static str)> {
        let words = ["", "", " desc", " desc nulls first", " asc nulls first"];
        let column = self.below(table.columns.len());
        let order = (column, words[self.below(words.len())]);
        // JSON has an order in PostgreSQL only.
        let ordered = table.dialect.is_postgres() || table.columns[column].ty != Type::Json;
        if ordered { vec![order] } else { Vec::new() }
    }

    fn aggregates(&mut self, table: &Table) -> Vec<(String, String)> {
        let mut all = vec!["count(*)".to_owned(), "exists".to_owned()];
        for column in &table.columns {
            let name = &column.name;
            all.push(format!("count({name})"));
            match column.ty {
                Type::Integer | Type::Bigint => {
                    all.extend(["sum", "avg", "min", "max"].map(|function| format!("{function}({name})")));
                    all.push(format!("count(distinct {name})"));
                }
                Type::Numeric => all.extend(["sum", "avg", "max"].map(|function| format!("{function}({name})"))),
                Type::Text | Type::Date | Type::Moment => {
                    all.push(format!("min({name})"));
                    all.push(format!("count(distinct {name})"));
                }
                Type::Citext | Type::Uuid => all.push(format!("count(distinct {name})")),
                Type::Boolean | Type::Json | Type::Own => {}
            }
        }
        let count = 1 + self.below(3);
        (0..count).map(|at| (format!("a{at}"), all[self.seed.below(all.len() as u64) as usize].clone())).collect()
    }
}

/// Every way that leads from a table to another one, or to itself.
pub(super) fn links(tables: &[Table], from: usize) -> Vec<(usize, Link)> {
    let mut found = Vec::new();
    for (to, child) in tables.iter().enumerate() {
        for foreign in child.foreign.iter().filter(|foreign| foreign.to == from) {
            let (parent, child) = (tables[from].key.clone(), foreign.columns.clone());
            found.push((to, Link::Direct { parent, child, declared: true }));
        }
        for foreign in tables[from].foreign.iter().filter(|foreign| foreign.to == to) {
            let (parent, child) = (foreign.columns.clone(), child.key.clone());
            found.push((to, Link::Direct { parent, child, declared: true }));
        }
        for (upper, lower) in pairs(&tables[from].loose, &child.loose) {
            if tables[from].columns[upper].ty == child.columns[lower].ty {
                found.push((to, Link::Direct { parent: vec![upper], child: vec![lower], declared: false }));
            }
        }
    }
    for (table, join) in tables.iter().enumerate() {
        let all: Vec<usize> = (0..join.foreign.len()).collect();
        for (parent, child) in pairs(&all, &all) {
            let to = join.foreign[child].to;
            if parent != child && join.foreign[parent].to == from && table != to && table != from {
                found.push((to, Link::Through { table, parent, child }));
            }
        }
    }
    found
}

fn pairs<'a>(left: &'a [usize], right: &'a [usize]) -> impl Iterator<Item = (usize, usize)> + 'a {
    left.iter().flat_map(|left| right.iter().map(|right| (*left, *right)))
}
