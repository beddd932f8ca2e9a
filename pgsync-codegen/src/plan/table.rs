//! The tables of a plan: those that are used, with the columns that are used.

use super::reading::{Facts, Gathered};
use crate::bound::{self, Node, Schema};
use crate::catalog::{self, Catalog, Comparison, Kind};
use crate::types::Types;
use pgsync_plan::{
    ActingKey, Column, ColumnId, ColumnType, Document, EnumType, Expression, Form, Identity, Piece, Select, Table,
    TableId, TableKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// Tables while a plan is made.
pub(super) struct Tables<'a> {
    catalog: &'a Catalog,
    /// By position in the catalogue.
    ids: BTreeMap<usize, TableId>,
    tables: Vec<Table>,
    enums: Vec<EnumType>,
}

impl<'a> Tables<'a> {
    /// Collects what every document uses.
    pub(super) fn new(schema: &Schema, catalog: &'a Catalog) -> Self {
        let mut used: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for document in &schema.documents {
            collect(&document.root, &mut used);
        }
        // Documents may be found by the values of their keys.
        for (position, columns) in &mut used {
            let keys = catalog.tables[*position].foreign_keys.iter().filter(|_| !catalog.logs_cascades());
            columns.extend(keys.filter_map(catalog::ForeignKey::acting).flat_map(|key| key.columns));
        }
        let mut this = Self { catalog, ids: BTreeMap::new(), tables: Vec::new(), enums: Vec::new() };
        for (position, mut columns) in used {
            let table = &catalog.tables[position];
            columns.extend(table.primary_key.iter().flat_map(|key| key.columns.iter().cloned()));
            let columns: Vec<Column> =
                columns.iter().filter_map(|name| table.column(name)).map(|column| this.of_plan(column)).collect();
            let find = |name: &String| columns.iter().position(|column| column.name == *name).map(ColumnId);
            let key = table.primary_key.iter().flat_map(|key| key.columns.iter().filter_map(find)).collect();
            this.ids.insert(position, TableId(this.tables.len()));
            this.tables.push(Table {
                schema: table.schema.clone(),
                name: table.name.clone(),
                kind: match table.kind {
                    Kind::Partitioned => TableKind::Partitioned,
                    Kind::View => TableKind::View,
                    Kind::MaterializedView => TableKind::MaterializedView,
                    Kind::Ordinary | Kind::Inherited | Kind::Foreign | Kind::WithoutTransactions => TableKind::Ordinary,
                },
                columns,
                key,
                old: Vec::new(),
                identity: Identity::Default,
                comment: table.comment.clone(),
                query: table
                    .view
                    .as_ref()
                    .filter(|_| table.kind == Kind::MaterializedView)
                    .map(|view| view.query.clone()),
            });
        }
        this
    }

    /// Whether a foreign key that was checked for every row leads from these columns of one table to those of another.
    fn refers(&self, from: (TableId, &[ColumnId]), to: (TableId, &[ColumnId])) -> bool {
        let names = |(table, columns): (TableId, &[ColumnId])| -> Vec<String> {
            columns.iter().map(|column| self.table(table).column(*column).name.clone()).collect()
        };
        let target = self.table(to.0);
        let position = self.ids.iter().find(|(_, id)| **id == from.0).map(|(position, _)| *position);
        let declared = position.map_or(&[][..], |position| &self.catalog.tables[position].foreign_keys);
        declared.iter().any(|key| {
            let leads = key.target_schema == target.schema && key.target == target.name;
            key.validated && leads && key.columns == names(from) && key.target_columns == names(to)
        })
    }

    fn of_plan(&mut self, column: &catalog::Column) -> Column {
        let operators = match &column.comparison {
            Comparison::By(operators) => Some(operators.clone()),
            Comparison::BuiltIn | Comparison::None => None,
        };
        Column {
            name: column.name.clone(),
            ty: ColumnType {
                declared: column.declared.clone(),
                cast: column.cast.clone(),
                kind: column.kind,
                array: column.array,
                operators,
                textual: column.textual,
                enumeration: self.enumeration(column),
            },
            nullable: column.nullable,
            comment: column.comment.clone(),
        }
    }

    fn enumeration(&mut self, column: &catalog::Column) -> Option<usize> {
        let name = column.enumeration.as_ref()?;
        let found = self.catalog.enums.iter().find(|of| of.schema == name.schema && of.name == name.name)?;
        if let Some(known) = self.enums.iter().position(|known| known == found) {
            return Some(known);
        }
        self.enums.push(found.clone());
        Some(self.enums.len() - 1)
    }

    /// What is known of the types.
    pub(super) fn types(&self) -> Types {
        Types::of(self.catalog.dialect)
    }

    /// What counts when it is decided how rows are read.
    pub(super) fn facts(&self, meta: bool, gathered: Gathered) -> Facts<'_> {
        let refers = Box::new(|from: (TableId, &[ColumnId]), to: (TableId, &[ColumnId])| self.refers(from, to));
        Facts { tables: &self.tables, types: self.types(), meta, gathered, refers }
    }

    /// Keys of a table that act without a word in the log.
    pub(super) fn acting_keys(&self, id: TableId) -> Vec<ActingKey> {
        let keys = self.of_catalog(id).map_or(&[][..], |table| &table.foreign_keys);
        keys.iter().filter(|_| !self.catalog.logs_cascades()).filter_map(catalog::ForeignKey::acting).collect()
    }

    /// Whether a column's values are computed from others.
    pub(super) fn is_generated(&self, id: TableId, column: ColumnId) -> bool {
        let name = &self.table(id).column(column).name;
        self.of_catalog(id).and_then(|table| table.column(name)).is_some_and(|column| column.generated)
    }

    fn of_catalog(&self, id: TableId) -> Option<&catalog::Table> {
        let position = self.ids.iter().find(|(_, known)| **known == id).map(|(position, _)| *position);
        position.map(|position| &self.catalog.tables[position])
    }

    /// All tables.
    pub(super) fn all(&self) -> &[Table] {
        &self.tables
    }

    /// The plan's table for one of the catalogue.
    pub(super) fn id(&self, position: usize) -> TableId {
        self.ids[&position]
    }

    /// A table.
    pub(super) fn table(&self, id: TableId) -> &Table {
        &self.tables[id.0]
    }

    /// Positions of columns.
    pub(super) fn columns(&self, id: TableId, names: &[String]) -> Vec<ColumnId> {
        names.iter().filter_map(|name| self.column(id, name)).collect()
    }

    /// Position of a column, which is there where a phase before has found it.
    pub(super) fn column(&self, id: TableId, name: &str) -> Option<ColumnId> {
        self.table(id).columns.iter().position(|column| column.name == name).map(ColumnId)
    }

    /// A column as it is read in a form, which follows from its type.
    pub(super) fn read(&self, id: TableId, column: ColumnId, form: impl Fn(Types, &ColumnType) -> Form) -> Select {
        let ty = &self.table(id).column(column).ty;
        let form = form(self.types(), ty);
        let codec = self.types().codec(ty, form);
        Select { column, computed: None, aggregate: None, path: Vec::new(), text: false, form, codec }
    }

    /// An expression, its columns found.
    pub(super) fn expression(&self, id: TableId, expression: &bound::Expression) -> Expression {
        let piece = |piece: &bound::Piece| match piece {
            bound::Piece::Text(text) => Some(Piece::Text(text.clone())),
            bound::Piece::Column(name) => self.column(id, name).map(Piece::Column),
        };
        Expression { pieces: expression.pieces.iter().filter_map(piece).collect() }
    }

    /// Which old values each table's routes need, and the least identity that brings them.
    pub(super) fn identities(&mut self, documents: &[Document]) {
        let mut old: Vec<BTreeSet<ColumnId>> = vec![BTreeSet::new(); self.tables.len()];
        for route in documents.iter().flat_map(|document| &document.routes) {
            // Without a way, whether anything that matters has changed is all that is asked.
            old[route.table.0].extend(if route.is_everything() { &route.watch } else { &route.link });
        }
        for (position, id) in &self.ids {
            let key = self.catalog.tables[*position].primary_key.as_ref();
            let table = &mut self.tables[id.0];
            table.old = std::mem::take(&mut old[id.0]).into_iter().collect();
            let covered = table.old.iter().all(|column| table.key.contains(column));
            // The key of a table that inherits is its own.
            let inherited = self.catalog.tables[*position].kind == Kind::Inherited;
            let usable = key.is_some_and(|key| key.immediate) && !inherited;
            table.identity =
                if (covered && usable) || table.kind.is_view() { Identity::Default } else { Identity::Full };
        }
    }

    /// The result.
    pub(super) fn finish(self) -> (Vec<Table>, Vec<EnumType>) {
        (self.tables, self.enums)
    }
}

fn collect(node: &Node, used: &mut BTreeMap<usize, BTreeSet<String>>) {
    let own = used.entry(node.table).or_default();
    own.extend(node.columns.iter().map(|column| column.column.clone()));
    let computed = node.columns.iter().flat_map(|column| &column.computed);
    own.extend(computed.flat_map(|computed| computed.expression.columns()).cloned());
    own.extend(node.key.iter().cloned());
    own.extend(node.order_by.iter().map(|by| by.column.clone()));
    own.extend(node.filter.iter().flat_map(bound::Expression::columns).cloned());
    if let Some(link) = &node.link {
        own.extend(link.child.iter().cloned());
        if let Some(through) = &link.through {
            used.entry(through.table).or_default().extend(through.parent.iter().chain(&through.child).cloned());
        }
    }
    for child in &node.children {
        if let Some(link) = &child.link {
            used.entry(node.table).or_default().extend(link.parent.iter().cloned());
        }
        collect(child, used);
    }
    let Some(view) = &node.view else { return };
    for base in &view.bases {
        let mut add = |table: usize, columns: &mut dyn Iterator<Item = &String>| {
            used.entry(table).or_default().extend(columns.cloned());
        };
        add(base.table, &mut base.columns.iter());
        let Some(way) = &base.way else { continue };
        add(base.table, &mut way.link.iter());
        let tables: Vec<usize> = std::iter::once(base.table).chain(way.joins.iter().map(|(table, _)| *table)).collect();
        for (table, on) in &way.joins {
            add(*table, &mut on.iter().map(|(own, _)| own));
            on.iter().for_each(|(_, other)| add(tables[other.of], &mut std::iter::once(&other.column)));
        }
        way.values.iter().for_each(|value| add(tables[value.of], &mut std::iter::once(&value.column)));
    }
}
