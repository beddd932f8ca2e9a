//! `aggregate`, bound. In: what a node writes there, and what stands beside it. Out: fields that are made of all its rows
//! together, or why there are none.

use super::Resolver;
use crate::ast::{Node, Transform, Variant};
use crate::bound::Column;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::types::Types;
use pgsync_plan::AggregateFunction::{self, Avg, CountDistinct, Max, Min, Sum};
use pgsync_plan::{ColumnType, Dialect, Shape};
use std::borrow::Cow;

impl Resolver<'_> {
    /// A node with `aggregate` without what cannot stand beside it, all of which is reported.
    pub(super) fn aggregate_alone<'n>(&mut self, node: &'n Node, root: bool) -> Cow<'n, Node> {
        let Some((_, first)) = node.aggregate.first() else { return Cow::Borrowed(node) };
        if root {
            self.push(
                Diagnostic::new(Code::WrongValue, first.span, "`aggregate` is for children: a root shows one row")
                    .help("move it to a child; its fields stand among those of the root with \"variant\": \"flatten\""),
            );
            return Cow::Owned(Node { aggregate: Vec::new(), ..node.clone() });
        }
        let of_transform = |transform: &Transform| {
            let named = transform.rename.iter().chain(&transform.replace).map(|(name, _)| name.span);
            let concat = transform.concat.iter().map(|concat| concat.destination.span);
            named.chain(concat).chain(transform.mapping.iter().map(|(name, _)| name.span)).next().or(transform.moved)
        };
        let rows = "its rows are not shown: show them in another node of the same table, with a `label`";
        let beside: [(&str, Option<Span>, &str); 8] = [
            ("columns", node.columns.first().map(|column| column.span), rows),
            ("computed", node.computed.first().map(|(field, _)| field.span), rows),
            ("children", node.children.first().map(|child| child.span), rows),
            (
                "order_by",
                node.order_by.first().map(|entry| entry.span),
                "leave it out: of all rows together none comes first",
            ),
            (
                "limit",
                node.limit.as_ref().map(|limit| limit.span),
                "leave it out: all rows count, and `where` says which ones do",
            ),
            (
                "distinct",
                node.distinct.as_ref().map(|distinct| distinct.span),
                "write count(distinct COLUMN) in `aggregate`",
            ),
            (
                "empty",
                node.empty.as_ref().map(|empty| empty.span),
                "leave it out: without rows a count is 0, `exists` is false, all else is null",
            ),
            (
                "transform",
                of_transform(&node.transform),
                "name the fields as they are to be called; the document's `mapping` says what they are indexed as",
            ),
        ];
        let mut alone = true;
        for (key, span, help) in beside {
            let Some(span) = span else { continue };
            alone = false;
            let what = format!("`{key}` does not go with `aggregate`");
            self.push(Diagnostic::new(Code::WrongValue, span, what).help(help));
        }
        if alone {
            return Cow::Borrowed(node);
        }
        Cow::Owned(Node {
            columns: Vec::new(),
            computed: Vec::new(),
            children: Vec::new(),
            order_by: Vec::new(),
            limit: None,
            distinct: None,
            empty: None,
            transform: Transform::default(),
            ..node.clone()
        })
    }

    /// Binds `aggregate`. `linking` is a column that links the node: what counts rows reads it, as it has a value in each.
    pub(super) fn aggregates(&mut self, node: &Node, table: usize, linking: &str) -> Vec<Column> {
        let mut found = Vec::new();
        for (field, Spanned { value: written, span }) in &node.aggregate {
            let column = match &written.column {
                None => linking.to_owned(),
                Some((column, at)) => {
                    let span = self.place_within(*span, &(*at..at + column.len()));
                    if !self.takes(written.function, &Spanned::new(column, span), table) {
                        continue;
                    }
                    column.clone()
                }
            };
            found.push(Column { column, aggregate: Some(written.function), ..Column::plain(&field.value) });
        }
        found
    }

    /// Whether a function takes the values of a column.
    fn takes(&mut self, function: AggregateFunction, name: &Spanned<&String>, table: usize) -> bool {
        let Some(column) = self.column(&self.catalog.tables[table], name.value, name.span) else { return false };
        let ty = ColumnType {
            declared: column.declared.clone(),
            cast: column.cast.clone(),
            kind: column.kind,
            array: column.array,
            operators: None,
            textual: column.textual,
            enumeration: None,
        };
        let compares = matches!(function, CountDistinct | Min | Max);
        let known = Types::of(self.catalog.dialect).aggregated(function, &ty).is_some();
        if known && (column.has_equality() || !compares) {
            return true;
        }
        let of_postgres = self.catalog.dialect == Dialect::Postgres;
        let accepted = match function {
            Sum | Avg if of_postgres => {
                "accepted are numbers: smallint, integer, bigint, numeric, real, double precision"
            }
            Sum | Avg => "accepted are numbers: integers, decimal, float, double",
            Min | Max if of_postgres => {
                "accepted are numbers, texts, enums, dates, times, intervals, oid, inet, cidr, money, and arrays of them"
            }
            Min | Max => "accepted are numbers, texts, enums, dates, times and addresses",
            _ => "accepted are columns whose values can be compared",
        };
        self.push(
            Diagnostic::new(
                Code::TypeClash,
                name.span,
                format!(
                    "`{}` is {}, and {} does not take it",
                    name.value,
                    column.declared,
                    function.written(name.value)
                ),
            )
            .help(accepted),
        );
        false
    }

    /// What a parent shows of a node with `aggregate`, however many rows there are.
    pub(super) fn aggregate_shape(&mut self, node: &Node) -> Shape {
        let variant = node.relationship.as_ref().and_then(|written| written.variant.as_ref());
        match variant.map(|variant| variant.value) {
            None | Some(Variant::Object) => Shape::Object,
            Some(Variant::Flatten) => Shape::Flat,
            Some(Variant::Scalar) => {
                if let Some((second, _)) = node.aggregate.get(1) {
                    self.push(
                        Diagnostic::new(
                            Code::WrongValue,
                            second.span,
                            format!("a scalar node shows one aggregate, and here are {}", node.aggregate.len()),
                        )
                        .help("make it \"variant\": \"object\", or \"flatten\", which makes them fields of the parent"),
                    );
                }
                Shape::Scalar
            }
        }
    }
}
