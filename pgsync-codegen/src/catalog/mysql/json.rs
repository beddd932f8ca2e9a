//! JSON in the views of MariaDB. In: tables and views as the catalogue has them, where JSON is a text under a constraint, and a
//! column of a view has none. Out: the columns of views that show a column of JSON as it is, as JSON. Must not: say so of
//! what a view computes.

use super::{Column, Name, Table};
use crate::resolve::Lineage;
use pgsync_plan::{Dialect, ValueKind};
use std::collections::BTreeMap;

/// Gives columns of views the type of the columns that they show.
pub(super) fn of_views(tables: &mut BTreeMap<Name, Table>) {
    let lineages: Vec<(Name, Lineage)> =
        tables.iter().filter_map(|(name, table)| Some((name.clone(), lineage(tables, table)?))).collect();
    // A view may stand on another one, which is known a round earlier.
    loop {
        let found: Vec<(&Name, Column)> =
            lineages.iter().flat_map(|(view, lineage)| shown(tables, view, lineage)).collect();
        if found.is_empty() {
            return;
        }
        for (view, json) in found {
            let columns = tables.get_mut(view).into_iter().flat_map(|view| &mut view.columns);
            columns.filter(|column| column.name == json.name).for_each(|column| *column = json.clone());
        }
    }
}

fn lineage(tables: &BTreeMap<Name, Table>, view: &Table) -> Option<Lineage> {
    let columns = |of: &Name| Some(tables.get(of)?.columns.iter().map(|column| column.name.clone()).collect());
    Lineage::of(Dialect::Mariadb, &view.view.as_ref()?.query, &columns)
}

/// The columns of a view that are JSON and not yet known as such.
fn shown<'a>(tables: &BTreeMap<Name, Table>, view: &'a Name, lineage: &Lineage) -> Vec<(&'a Name, Column)> {
    let columns = tables.get(view).into_iter().flat_map(|view| &view.columns);
    let unknown = columns.filter(|column| column.kind != ValueKind::Json);
    let json = unknown.filter_map(|column| {
        let source = lineage.source(&column.name)?;
        let of = tables.get(&lineage.relations.get(source.relation)?.table)?.column(&source.column)?;
        let json = Column { name: column.name.clone(), nullable: column.nullable, ..of.clone() };
        (of.kind == ValueKind::Json).then_some((view, json))
    });
    json.collect()
}
