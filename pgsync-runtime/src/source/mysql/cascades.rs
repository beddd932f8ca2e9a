//! Foreign keys that change the rows of their own table, which the server's log does not say. In: the definition of a table, and
//! a plan. Out: which of its keys do so, and whether every document that shows such a row is read again nevertheless.
//!
//! A row that goes or is changed together with the row that it refers to needs no word of its own where it is shown as a child
//! of just that row: the log has the change of the other, and the documents that show the other are read again whole. So a
//! key is followed where, in every document, each place of its table hangs on the table that it refers to by the columns of the
//! key. Where the table stands at the root, or on another table, or leads from a join table to a child, nobody would hear of it:
//! then `unlogged` has the table that the key refers to watched.

use pgsync_plan::{ColumnId, Document, Node, OnChange, Plan, RouteKind, TableId};

/// A foreign key that acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ActingKey {
    pub(super) name: String,
    /// The table that it refers to, and its database where that is another.
    table: (Option<String>, String),
    /// Each column with the one that it refers to. Empty where the definition is not understood.
    columns: Vec<(String, String)>,
    /// Whether it acts when the other row goes; if not, then only when the columns that it refers to change.
    pub(super) on_delete: bool,
}

impl ActingKey {
    /// Those of a definition, as `SHOW CREATE TABLE` gives it. Each stands on a line of its own, which no comment or default of a
    /// column begins like.
    pub(super) fn of(definition: &str) -> Vec<Self> {
        let keys = definition.lines().map(str::trim).filter_map(|line| line.strip_prefix("CONSTRAINT "));
        let acting =
            keys.filter(|line| line.contains("` FOREIGN KEY (") && (acts(line, "DELETE") || acts(line, "UPDATE")));
        acting.map(Self::read).collect()
    }

    /// `` `name` FOREIGN KEY (`a`) REFERENCES `table` (`b`) .. ``
    fn read(line: &str) -> Self {
        let mut words = Words(line);
        let name = words.name().unwrap_or_default();
        let understood = |mut words: Words<'_>| {
            words.past(" FOREIGN KEY (")?;
            let columns = words.names()?;
            words.past(" REFERENCES ")?;
            let first = words.name()?;
            let table = match words.past(".") {
                Some(()) => (Some(first), words.name()?),
                None => (None, first),
            };
            words.past(" (")?;
            let referenced = words.names()?;
            (columns.len() == referenced.len()).then(|| (table, columns.into_iter().zip(referenced).collect()))
        };
        let (table, columns) = understood(words).unwrap_or_default();
        Self { name, table, columns, on_delete: acts(line, "DELETE") }
    }

    /// The table that it refers to, for a key of a table in `schema`. None where its definition is not understood.
    pub(super) fn refers_to<'a>(&'a self, schema: &'a str) -> Option<(&'a str, &'a str)> {
        let (of, name) = &self.table;
        (!self.columns.is_empty()).then(|| (of.as_deref().unwrap_or(schema), name.as_str()))
    }

    /// The columns that it refers to.
    pub(super) fn referenced(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(_, onto)| onto.as_str())
    }

    /// Whether every document that shows a row of its table is read again when the key acts on it.
    pub(super) fn is_followed(&self, plan: &Plan, of: TableId) -> bool {
        plan.documents.iter().all(|document| {
            let of_view = |kind| matches!(kind, RouteKind::Base(_));
            let in_view = document.routes.iter().any(|route| route.table == of && of_view(route.kind));
            !in_view && document.nodes.iter().all(|node| self.is_followed_at(plan, document, node, of))
        })
    }

    fn is_followed_at(&self, plan: &Plan, document: &Document, node: &Node, of: TableId) -> bool {
        let link = node.link.as_ref();
        let through = link.and_then(|link| link.through.as_ref());
        let joins = through.is_some_and(|through| through.table == of);
        if node.table != of && !joins {
            return true;
        }
        let Some((link, parent)) = link.zip(node.parent) else { return false };
        let child = match through {
            Some(through) if joins && node.table != of => &through.parent,
            Some(_) => return false,
            None => &link.child,
        };
        let parent = document.node(parent);
        let heard_of = parent.parent.is_none() || parent.on_change == OnChange::Follow;
        heard_of && self.is_between(plan, (of, child), (parent.table, &link.parent))
    }

    /// Whether it refers from these columns to those, and from no others.
    fn is_between(&self, plan: &Plan, (of, from): (TableId, &[ColumnId]), (to, onto): (TableId, &[ColumnId])) -> bool {
        let (own, other) = (plan.table(of), plan.table(to));
        let schema = self.table.0.as_ref().unwrap_or(&own.schema);
        let named = |table: TableId, column: &ColumnId| plan.table(table).column(*column).name.as_str();
        let pairs = || from.iter().zip(onto).map(|(from, onto)| (named(of, from), named(to, onto)));
        let is = |(from, onto): &(String, String), pair: (&str, &str)| {
            from.eq_ignore_ascii_case(pair.0) && onto.eq_ignore_ascii_case(pair.1)
        };
        (*schema == other.schema && self.table.1 == other.name && from.len() == self.columns.len())
            && self.columns.iter().all(|column| pairs().any(|pair| is(column, pair)))
    }
}

fn acts(line: &str, event: &str) -> bool {
    ["CASCADE", "SET NULL", "SET DEFAULT"].iter().any(|action| line.contains(&format!(" ON {event} {action}")))
}

/// What is left of a line.
struct Words<'a>(&'a str);

impl Words<'_> {
    fn past(&mut self, word: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(word)?;
        Some(())
    }

    /// A quoted identifier.
    fn name(&mut self) -> Option<String> {
        self.past("`")?;
        let mut name = String::new();
        loop {
            let (part, rest) = self.0.split_once('`')?;
            name.push_str(part);
            self.0 = rest;
            if self.past("`").is_none() {
                return Some(name);
            }
            name.push('`');
        }
    }

    /// Identifiers up to the bracket that closes, with commas between them.
    fn names(&mut self) -> Option<Vec<String>> {
        let mut names = Vec::new();
        loop {
            names.push(self.name()?);
            match self.past(",") {
                Some(()) => self.0 = self.0.trim_start(),
                None => return self.past(")").map(|()| names),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ActingKey;

    #[test]
    fn keys_that_act_are_found_and_comments_are_none() {
        let definition = "CREATE TABLE `t` (\n  `a` int COMMENT 'CONSTRAINT `x` FOREIGN KEY (`a`) ON DELETE CASCADE',\n  \
             CONSTRAINT `first` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON DELETE CASCADE,\n  \
             CONSTRAINT `sec``ond` FOREIGN KEY (`b`, `c``d`) REFERENCES `other`.`p` (`id`, `x`) ON UPDATE SET NULL,\n  \
             CONSTRAINT `odd` FOREIGN KEY (`b` DESC) REFERENCES `p` (`id`) ON DELETE SET NULL,\n  \
             CONSTRAINT `third` FOREIGN KEY (`c`) REFERENCES `p` (`id`) ON DELETE RESTRICT\n) ENGINE=InnoDB";
        let key = |name: &str, schema: Option<&str>, table: &str, columns: &[(&str, &str)], on_delete| ActingKey {
            name: name.to_owned(),
            on_delete,
            table: (schema.map(str::to_owned), table.to_owned()),
            columns: columns.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect(),
        };
        let found = ActingKey::of(definition);
        assert_eq!(found[0], key("first", None, "p", &[("a", "id")], true));
        assert_eq!(found[1], key("sec`ond", Some("other"), "p", &[("b", "id"), ("c`d", "x")], false));
        // What is not understood acts, and is followed nowhere.
        assert_eq!(found[2], key("odd", None, "", &[], true));
        assert_eq!(found.len(), 3);
    }
}
