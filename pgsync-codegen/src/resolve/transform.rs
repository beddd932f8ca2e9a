//! `transform`, bound. In: rules by the names of fields. Out: what they stand for: fields that are renamed, rewritten, put
//! together or mapped. PGSync's order holds: `replace` and `rename` speak of fields as the columns and labels name them,
//! `concat` and `mapping` of what they are called after that.

use super::Resolver;
use super::fields::shown;
use crate::ast::{Concat, Node, Rules, Transform};
use crate::bound::{self, Part};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use pgsync_plan::{MemberRewrite, Rewrite, Shape};
use serde_json::{Map, Value};
use std::borrow::Cow;

type Named = [(Spanned<String>, Rules)];

/// A child with what its parent's rules say of it: `{"authors": {"name": "author"}}`. What it says itself counts more.
pub(super) fn inherited<'n>(parent: &Transform, child: &'n Node) -> Cow<'n, Node> {
    let within = |rules: &Named| -> Vec<(Spanned<String>, Rules)> {
        let of_child = rules.iter().filter(|(name, _)| is_called(child, &name.value));
        let within = of_child.filter_map(|(_, rules)| match rules {
            Rules::Within(within) => Some(within.iter().cloned()),
            Rules::Text(_) => None,
        });
        within.flatten().collect()
    };
    let (rename, replace) = (within(&parent.rename), within(&parent.replace));
    if rename.is_empty() && replace.is_empty() {
        return Cow::Borrowed(child);
    }
    let mut child = child.clone();
    let add = |own: &mut Vec<(Spanned<String>, Rules)>, more: Vec<(Spanned<String>, Rules)>| {
        let more: Vec<_> =
            more.into_iter().filter(|(name, _)| !own.iter().any(|(of, _)| of.value == name.value)).collect();
        own.splice(0..0, more);
    };
    add(&mut child.transform.rename, rename);
    add(&mut child.transform.replace, replace);
    Cow::Owned(child)
}

/// Where a node, or one below it, says what its fields are indexed as.
pub(super) fn mapped(node: &Node) -> Option<Span> {
    let own = node.transform.mapping.first().map(|(name, _)| name.span);
    own.or_else(|| node.children.iter().find_map(mapped))
}

/// Whether a node has this label, which the short form leaves out.
fn is_called(node: &Node, name: &str) -> bool {
    match &node.label {
        Some(label) => label.value == name,
        None => {
            name == node.table.value
                || (node.relationship.is_none() && name.strip_suffix('s') == Some(&node.table.value))
        }
    }
}

impl Resolver<'_> {
    /// Binds `replace` and the part of `rename` that looks into values. `scalar`: the rules of a node that shows one column
    /// are those of its values, whatever they call them.
    pub(super) fn rewrites(&mut self, node: &Node, scalar: bool, columns: &mut [bound::Column]) {
        if let Some(span) = node.transform.moved {
            self.push(
                Diagnostic::new(
                    Code::Suspicious,
                    span,
                    "`move` does nothing, as in PGSync, which takes and ignores it",
                )
                .help("leave it out; a field stands where the node stands whose column it shows"),
            );
        }
        for (name, rules) in &node.transform.replace {
            let Rules::Within(rules) = rules else {
                let direct = columns.first_mut().filter(|_| scalar);
                match (direct, rules) {
                    (Some(column), Rules::Text(text)) => {
                        column.rewrite.replace.push((name.value.clone(), text.value.clone()));
                    }
                    _ => self.push(
                        Diagnostic::new(
                            Code::WrongType,
                            name.span,
                            format!("`replace` has a text for `{}`", name.value),
                        )
                        .help("accepted is an object of what is searched and what takes its place"),
                    ),
                }
                continue;
            };
            self.within(node, name, replacing(rules), columns);
        }
        for (name, rules) in &node.transform.rename {
            if let Rules::Within(rules) = rules {
                self.within(node, name, renaming(rules), columns);
            }
        }
    }

    /// A rule for what is within a field: its values are rewritten. A child has inherited the rule.
    fn within(&mut self, node: &Node, name: &Spanned<String>, rule: Rewrite, columns: &mut [bound::Column]) {
        match columns.iter_mut().find(|column| column.field == name.value) {
            Some(column) => merge(&mut column.rewrite, rule),
            None if node.children.iter().any(|child| is_called(child, &name.value)) => {}
            None => self.nothing(node, name, columns),
        }
    }

    /// There is nothing to do, which is more likely a mistake.
    pub(super) fn nothing(&mut self, node: &Node, name: &Spanned<String>, columns: &[bound::Column]) {
        let labels = node.children.iter().map(|child| child.label.as_ref().unwrap_or(&child.table).value.as_str());
        let names: Vec<&str> = columns.iter().map(|column| column.field.as_str()).chain(labels).collect();
        self.push(
            Diagnostic::new(
                Code::Suspicious,
                name.span,
                format!("this node has no field `{}`: the rule does nothing", name.value),
            )
            .offer(&name.value, names),
        );
    }

    /// Binds `concat`. A field that has the name of a destination is hidden from then on.
    pub(super) fn concats(
        &mut self,
        node: &Node,
        (table, scalar): (usize, bool),
        columns: &mut [bound::Column],
        children: &mut [bound::Node],
    ) -> Vec<bound::Concat> {
        let mut made: Vec<bound::Concat> = Vec::new();
        for Concat { columns: names, destination, delimiter } in &node.transform.concat {
            if scalar {
                self.push(
                    Diagnostic::new(
                        Code::WrongValue,
                        destination.span,
                        "a scalar node shows one column, and `concat` makes a field",
                    )
                    .help("make it \"variant\": \"object\""),
                );
                return Vec::new();
            }
            let parts = names.iter().map(|name| self.part((node, table), name, columns, children, &made)).collect();
            let field = destination.value.clone();
            columns.iter_mut().filter(|column| column.field == field).for_each(|column| column.hidden = true);
            let children = children.iter_mut().filter(|child| child.field == field && child.shape != Shape::Flat);
            children.for_each(|child| child.hidden = true);
            made.iter_mut().filter(|concat| concat.field == field).for_each(|concat| concat.hidden = true);
            made.push(bound::Concat { field, parts, delimiter: delimiter.clone(), mapping: None, hidden: false });
        }
        made
    }

    fn part(
        &mut self,
        (node, table): (&Node, usize),
        name: &Spanned<String>,
        columns: &[bound::Column],
        children: &[bound::Node],
        made: &[bound::Concat],
    ) -> Part {
        let of = &name.value;
        let concat = made.iter().rposition(|concat| concat.field == *of).map(Part::Concat);
        let column = || columns.iter().position(|column| column.field == *of && !column.hidden).map(Part::Column);
        let is_part = |child: &bound::Node| child.field == *of && !child.hidden && child.shape != Shape::Flat;
        let child = || children.iter().position(is_part).map(Part::Child);
        if let Some(part) = concat.or_else(column).or_else(child) {
            return part;
        }
        let flat = children.iter().filter(|child| child.shape == Shape::Flat);
        let of_flat = |child: &bound::Node| {
            child.field == *of || shown(&[], std::slice::from_ref(child), &[]).contains(&of.as_str())
        };
        if flat.into_iter().any(of_flat) {
            self.push(
                Diagnostic::new(
                    Code::Unsupported,
                    name.span,
                    format!("`{of}` is of a flattened child, whose fields are not put together with others"),
                )
                .help("put it together in the child's own `concat`"),
            );
        }
        let renamed = node.transform.rename.iter().find_map(|(old, rules)| match rules {
            Rules::Text(new) if old.value == *of => Some(&new.value),
            _ => None,
        });
        let named = self.catalog.tables[table].column(of).is_some();
        if let Some(new) = renamed {
            self.push(
                Diagnostic::new(
                    Code::Suspicious,
                    name.span,
                    format!("`{of}` is called `{new}` here, so `{of}` is taken as a text"),
                )
                .help("`concat` comes after `rename` and takes the new names"),
            );
        } else if named {
            self.push(Diagnostic::new(
                Code::Suspicious,
                name.span,
                format!("this node does not show column `{of}`, so `{of}` is taken as a text"),
            ));
        }
        Part::Literal(of.clone())
    }

    /// Binds `mapping`. What it says of other fields than those of the node is for plugins, where there are some.
    pub(super) fn mappings(
        &mut self,
        node: &Node,
        columns: &mut [bound::Column],
        children: &mut [bound::Node],
        concats: &mut [bound::Concat],
    ) -> Map<String, Value> {
        let mut declared = Map::new();
        for (name, mapping) in &node.transform.mapping {
            self.known_mapping(name, mapping);
            let of = &name.value;
            let concat = concats
                .iter_mut()
                .find(|concat| concat.field == *of && !concat.hidden)
                .map(|concat| &mut concat.mapping);
            let place = concat
                .or_else(|| {
                    columns
                        .iter_mut()
                        .find(|column| column.field == *of && !column.hidden)
                        .map(|column| &mut column.mapping)
                })
                .or_else(|| {
                    children
                        .iter_mut()
                        .find(|child| child.field == *of && !child.hidden && child.shape != Shape::Flat)
                        .map(|child| &mut child.mapping)
                });
            if let Some(place) = place {
                *place = Some(mapping.value.clone());
                continue;
            }
            if self.plugins {
                declared.insert(of.clone(), mapping.value.clone());
                continue;
            }
            let names = columns.iter().map(|column| column.field.as_str());
            let names: Vec<&str> = names
                .chain(children.iter().map(|child| child.field.as_str()))
                .chain(concats.iter().map(|concat| concat.field.as_str()))
                .collect();
            self.push(
                Diagnostic::new(
                    Code::UnknownColumn,
                    name.span,
                    format!("`mapping` names `{of}`, which is no field of this node"),
                )
                .offer(of, names),
            );
        }
        declared
    }
}

/// What `replace` says of a field: texts for its texts, and rules for its members.
fn replacing(rules: &Named) -> Rewrite {
    let mut rewrite = Rewrite::default();
    for (name, rule) in rules {
        match rule {
            Rules::Text(text) => rewrite.replace.push((name.value.clone(), text.value.clone())),
            Rules::Within(within) => {
                rewrite.members.push(MemberRewrite {
                    name: name.value.clone(),
                    rename: None,
                    rewrite: replacing(within),
                });
            }
        }
    }
    rewrite
}

/// What `rename` says of the members of a field.
fn renaming(rules: &Named) -> Rewrite {
    let member = |(name, rule): &(Spanned<String>, Rules)| {
        let (rename, rewrite) = match rule {
            Rules::Text(new) => (Some(new.value.clone()), Rewrite::default()),
            Rules::Within(within) => (None, renaming(within)),
        };
        MemberRewrite { name: name.value.clone(), rename, rewrite }
    };
    Rewrite { replace: Vec::new(), members: rules.iter().map(member).collect() }
}

/// Both in one: what is replaced and what is renamed may be the same member.
fn merge(into: &mut Rewrite, more: Rewrite) {
    into.replace.extend(more.replace);
    for member in more.members {
        match into.members.iter_mut().find(|known| known.name == member.name) {
            Some(known) => {
                known.rename = member.rename.or(known.rename.take());
                merge(&mut known.rewrite, member.rewrite);
            }
            None => into.members.push(member),
        }
    }
}

#[cfg(test)]
mod tests;
