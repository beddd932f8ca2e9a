//! How a node hangs on its parent. In: what the schema says of it, and the foreign keys of the catalogue. Out: the one
//! way that is meant; none or several are an error that lists them as they would be written.

use super::ways::{Way, collations_clash, direct_ways, equal_types, followed, joins, through_ways};
use super::{Above, Resolver};
use crate::ast::{self, Node, Relationship, Variant};
use crate::bound::Link;
use crate::catalog::Table;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};

impl Resolver<'_> {
    /// `child` is the node's table, and the columns that identify its rows.
    pub(super) fn link(&mut self, node: &Node, above: Above<'_>, (child, key): (usize, &[String])) -> Option<Way> {
        let parent = above.table;
        let found = match &node.relationship {
            Some(relationship) => self.written(node, relationship, above, (child, key))?,
            None => self.inferred(node, parent, child)?,
        };
        self.comparable(node, parent, child, &found.link);
        Some(found)
    }

    /// A relationship that the schema writes.
    fn written(
        &mut self,
        node: &Node,
        written: &Relationship,
        above: Above<'_>,
        (child, own): (usize, &[String]),
    ) -> Option<Way> {
        let parent = above.table;
        if let Some(through) = &written.through {
            let (schema, name) = &through.value;
            let of_node = node.schema.as_ref().map_or(&self.default_schema, |schema| &schema.value).clone();
            let name = Spanned::new(name.clone(), through.span);
            let table = self.table(schema.as_deref().unwrap_or(&of_node), None, &name)?;
            if self.catalog.tables[table].kind.is_view() {
                self.push(
                    Diagnostic::new(
                        Code::Unsupported,
                        through.span,
                        format!(
                            "{} is a view, and a join table cannot be one",
                            self.catalog.short(&self.catalog.tables[table])
                        ),
                    )
                    .help("make the view a node of its own, or join the tables themselves"),
                );
                return None;
            }
            if let Some(key) = &written.foreign_key {
                return self.explicit_through(key, (parent, above.key), (child, own), table);
            }
            let ways = through_ways(self.catalog, parent, child, table);
            let help = self.columns_of_join(parent, child, table);
            return self.single(ways, node, parent, child, through.span, &help);
        }
        if let Some(key) = &written.foreign_key {
            return self.explicit(key, parent, child);
        }
        let mut ways = direct_ways(self.catalog, parent, child);
        if let Some(many) = &written.many
            && ways.len() > 1
        {
            // The type tells apart a table's own keys from those that refer to it.
            let fitting: Vec<Way> = ways.iter().filter(|way| way.many == many.value).cloned().collect();
            if fitting.len() == 1 {
                ways = fitting;
            }
        }
        let help = self.columns_of_both(parent, child);
        self.single(ways, node, parent, child, written.span, &help)
    }

    /// Columns that the schema names itself.
    fn explicit(&mut self, key: &ast::ForeignKey, parent: usize, child: usize) -> Option<Way> {
        let complete = self.present(&key.parent, parent) & self.present(&key.child, child);
        let link = Link { parent: names(&key.parent), child: names(&key.child), through: None };
        let declared = direct_ways(self.catalog, parent, child).into_iter().filter(|way| way.link == link);
        let optional = declared.map(|way| way.optional).min().unwrap_or(true);
        let many = !self.catalog.tables[child].is_unique(&link.child);
        complete.then_some(Way { link, table: child, many, optional })
    }

    /// Whether a table has these columns; those it lacks are reported.
    pub(super) fn present(&mut self, columns: &[Spanned<String>], table: usize) -> bool {
        let table = &self.catalog.tables[table];
        let missing = columns.iter().filter(|name| self.column(table, &name.value, name.span).is_none());
        missing.count() == 0
    }

    /// A relationship that the catalogue leaves no choice about.
    fn inferred(&mut self, node: &Node, parent: usize, child: usize) -> Option<Way> {
        let mut ways = direct_ways(self.catalog, parent, child);
        for table in 0..self.catalog.tables.len() {
            // A join table whose changes cannot be followed is no way, and the user did not ask for it.
            let other = table != parent && table != child && joins(self.catalog, parent, child, table);
            if other && followed(&self.catalog.tables[table]) {
                ways.extend(through_ways(self.catalog, parent, child, table));
            }
        }
        let help = self.columns_of_both(parent, child);
        self.single(ways, node, parent, child, node.table.span, &help)
    }

    /// What there is to choose from where no foreign key says it.
    fn columns_of_both(&self, parent: usize, child: usize) -> [String; 2] {
        let (upper, lower) = (&self.catalog.tables[parent], &self.catalog.tables[child]);
        let key = upper.primary_key.as_ref().map_or(&[][..], |key| &key.columns);
        let key: Vec<String> = key.iter().map(|column| format!("\"{column}\"")).collect();
        [
            format!(
                "name the columns that are equal: \"relationship\": {{\"variant\": \"object\", \"type\": \"one_to_many\", \
                 \"foreign_key\": {{\"parent\": [{}], \"child\": [...]}}}}",
                if key.is_empty() { "...".to_owned() } else { key.join(", ") }
            ),
            format!(
                "{} has {}; {} has {}",
                self.catalog.short(upper),
                upper.column_names(),
                self.catalog.short(lower),
                lower.column_names()
            ),
        ]
    }

    fn single(
        &mut self,
        mut ways: Vec<Way>,
        node: &Node,
        parent: usize,
        child: usize,
        span: Span,
        help: &[String],
    ) -> Option<Way> {
        // Several constraints over the same columns say the same thing; the strictest tells whether a row may be missing.
        ways.sort_by_key(|way| way.optional);
        let mut seen: Vec<Link> = Vec::new();
        ways.retain(|way| {
            let new = !seen.contains(&way.link);
            if new {
                seen.push(way.link.clone());
            }
            new
        });
        if ways.len() == 1 {
            return ways.pop();
        }
        let (of, to) =
            (self.catalog.short(&self.catalog.tables[child]), self.catalog.short(&self.catalog.tables[parent]));
        let count = if ways.is_empty() { "no foreign key joins" } else { "several foreign keys join" };
        let mut found = Diagnostic::new(Code::Relationship, span, format!("{count} {of} to {to}"));
        if ways.is_empty() {
            found.help.extend_from_slice(help);
        } else {
            found = found.help("say which one is meant, as one of these:");
        }
        let variant = node.relationship.as_ref().and_then(|written| written.variant.as_ref());
        let scalar = variant.is_some_and(|variant| variant.value == Variant::Scalar);
        for way in &ways {
            let written =
                way.link.written(self.catalog, child, way.many, if scalar { "scalar" } else { "object" }, true);
            found = found.help(format!("\"relationship\": {written}"));
        }
        self.push(found);
        None
    }

    /// The linked columns must be comparable, and their changes must be in the log.
    fn comparable(&mut self, node: &Node, parent: usize, child: usize, link: &Link) {
        let catalog = self.catalog;
        let span = node.relationship.as_ref().map_or(node.table.span, |written| written.span);
        let mut pairs: Vec<(&Table, &str, &Table, &str)> = Vec::new();
        let (parent, child) = (&catalog.tables[parent], &catalog.tables[child]);
        match &link.through {
            None => {
                pairs.extend(link.parent.iter().zip(&link.child).map(|(a, b)| (parent, a.as_str(), child, b.as_str())));
            }
            Some(through) => {
                let table = &catalog.tables[through.table];
                let up = link.parent.iter().zip(&through.parent);
                pairs.extend(up.map(|(a, b)| (parent, a.as_str(), table, b.as_str())));
                let down = through.child.iter().zip(&link.child);
                pairs.extend(down.map(|(a, b)| (table, a.as_str(), child, b.as_str())));
            }
        }
        for (left, a, right, b) in pairs {
            let (Some(x), Some(y)) = (left.column(a), right.column(b)) else { continue };
            if let (true, Some(of_x), Some(of_y)) = (collations_clash(x, y), &x.collation, &y.collation) {
                self.push(
                    Diagnostic::new(
                        Code::TypeClash,
                        span,
                        format!(
                            "{}.{a} has collation \"{}\" and {}.{b} has \"{}\": the database does not compare them",
                            self.catalog.short(left),
                            of_x.name,
                            self.catalog.short(right),
                            of_y.name
                        ),
                    )
                    .help("give both columns the same collation, or one of them the database's default"),
                );
            }
            if !equal_types(x, y) {
                self.push(Diagnostic::new(
                    Code::TypeClash,
                    span,
                    format!(
                        "{}.{a} is {} and {}.{b} is {}: they cannot be compared",
                        self.catalog.short(left),
                        x.declared,
                        self.catalog.short(right),
                        y.declared
                    ),
                ));
            }
            for (table, column) in [(left, x), (right, y)] {
                if column.generated {
                    self.push(Diagnostic::new(
                        Code::NotCapturable,
                        span,
                        format!(
                            "{}.{} is a generated column: its old values are not in the log, so it cannot link tables",
                            self.catalog.short(table),
                            column.name
                        ),
                    ));
                }
            }
        }
    }
}

pub(super) fn names(columns: &[Spanned<String>]) -> Vec<String> {
    columns.iter().map(|name| name.value.clone()).collect()
}
