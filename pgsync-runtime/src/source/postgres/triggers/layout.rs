//! Which columns are captured of each table. In: a program, and the columns that no trigger can see. Out: one [`Layout`] per
//! table. Values are captured where a route asks for them; the other used columns are only compared, so that an update that
//! concerns no document writes nothing.

use pgsync_plan::{Column, ColumnId, Program, TableId, ValueKind};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// Columns that every table has. Triggers do not see them, or not as they will be read.
const SYSTEM: [&str; 6] = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

/// Settings that the text of some types depends on, as the sessions that read have them.
const TIME: [&str; 3] = ["DateStyle = 'ISO'", "TimeZone = 'UTC'", "IntervalStyle = 'postgres'"];
const FLOAT: [&str; 1] = ["extra_float_digits = 3"];
const BYTES: [&str; 1] = ["bytea_output = 'hex'"];

/// Columns, by table and name, that hold nothing while a trigger runs: they are computed when they are read.
pub(super) type Unseen = BTreeSet<(TableId, String)>;

/// What is captured of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// The table.
    pub table: TableId,
    /// What rows in the outbox carry, so that those of another version of the schema are told apart.
    pub id: i32,
    /// The columns whose values are written, in this order.
    pub columns: Vec<String>,
    /// The columns that decide whether an update concerns anybody; none where every update may.
    pub compared: Option<Vec<String>>,
    /// Settings that the text of the captured values depends on.
    pub settings: Vec<&'static str>,
}

/// The layouts of all tables that have rows of their own.
pub(super) fn layouts(program: &Program, unseen: &Unseen) -> Vec<Layout> {
    let plan = &program.plan;
    let mut linked: Vec<BTreeSet<ColumnId>> = vec![BTreeSet::new(); plan.tables.len()];
    for route in plan.documents.iter().flat_map(|document| &document.routes).filter(|route| !route.is_everything()) {
        linked[route.table.0].extend(&route.link);
    }
    let tables = plan.tables.iter().enumerate().filter(|(_, table)| !table.kind.is_view());
    let layouts = tables.map(|(position, table)| {
        let of = TableId(position);
        let seen =
            |column: &&Column| !SYSTEM.contains(&column.name.as_str()) && !unseen.contains(&(of, column.name.clone()));
        let captured: Vec<&Column> = linked[position].iter().map(|id| table.column(*id)).filter(seen).collect();
        let columns: Vec<String> = captured.iter().map(|column| column.name.clone()).collect();
        // What cannot be seen may change with any update.
        let all_seen = table.columns.iter().all(|column| seen(&column));
        let compared = all_seen.then(|| table.columns.iter().map(|column| column.name.clone()).collect());
        let mut settings: Vec<&'static str> = Vec::new();
        for setting in captured.iter().flat_map(|column| settings_of(column.ty.kind)) {
            if !settings.contains(&setting) {
                settings.push(setting);
            }
        }
        Layout { table: of, id: number(&table.qualified(), &columns), columns, compared, settings }
    });
    layouts.collect()
}

fn settings_of(kind: ValueKind) -> Vec<&'static str> {
    match kind {
        ValueKind::Date
        | ValueKind::Time
        | ValueKind::TimeTz
        | ValueKind::Timestamp
        | ValueKind::TimestampTz
        | ValueKind::Interval => TIME.to_vec(),
        ValueKind::Float4 | ValueKind::Float8 => FLOAT.to_vec(),
        ValueKind::Bytea => BYTES.to_vec(),
        // They may be made of any others.
        ValueKind::Other | ValueKind::Hstore => [&TIME[..], &FLOAT, &BYTES].concat(),
        _ => Vec::new(),
    }
}

/// The same for the same columns of the same table, and never 0.
fn number(table: &str, columns: &[String]) -> i32 {
    let mut digest = Sha256::new();
    for part in std::iter::once(table).chain(columns.iter().map(String::as_str)) {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let digest = digest.finalize();
    let first = digest.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    (first >> 1).max(1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_routes_ask_for_is_captured() {
        let program = crate::source::memory::program();
        let found = layouts(program, &Unseen::new());
        assert_eq!(found.len(), program.plan.tables.len());
        for layout in &found {
            let table = program.plan.table(layout.table);
            let compared = layout.compared.as_ref().unwrap();
            assert!(!layout.columns.is_empty() && layout.columns.iter().all(|column| compared.contains(column)));
            for key in &table.key {
                let name = &table.column(*key).name;
                let of_root = program.plan.documents.iter().any(|document| document.root().table == layout.table);
                assert!(!of_root || layout.columns.contains(name), "{name} of {}", table.qualified());
            }
        }
        assert!(found.iter().any(|layout| layout.columns.len() < layout.compared.as_ref().unwrap().len()));
        let numbers: BTreeSet<i32> = found.iter().map(|layout| layout.id).collect();
        assert_eq!(numbers.len(), found.len());
    }

    #[test]
    fn where_a_column_is_not_seen_every_update_counts() {
        let program = crate::source::memory::program();
        let usual = layouts(program, &Unseen::new());
        let first = &usual[0];
        let hidden = first.columns[0].clone();
        let found = layouts(program, &Unseen::from([(first.table, hidden.clone())]));
        assert!(found[0].compared.is_none() && !found[0].columns.contains(&hidden));
        assert_ne!(found[0].id, first.id, "rows of both can be told apart");
        assert_eq!(found[1..], usual[1..]);
    }
}
