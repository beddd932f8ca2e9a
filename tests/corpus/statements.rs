//! One random statement on one table. In: facts, random numbers, and a session that is asked which rows there are. Out:
//! the text of the statement; nothing where the table has no row that it could be about.

use super::facts::{Facts, Foreign, Table};
use super::session::{Session, Texts};
use super::spelling::Spelling;
use super::tally::Kind;
use super::values;
use crate::support::seed::Seed;
use std::collections::BTreeMap;

/// Makes statements.
pub(super) struct Statements<'a> {
    pub(super) facts: Facts,
    pub(super) session: Session<'a>,
    pub(super) seed: Seed,
    /// New keys.
    pub(super) serial: u64,
}

/// A row that is there.
struct Row {
    /// By column.
    values: Texts,
    /// Where it stands, where the server has a name for that.
    place: Texts,
}

impl Row {
    /// What finds it. `of` is the table's alias with its dot, or nothing.
    fn filter(&self, spelling: Spelling, table: &Table, of: &str) -> String {
        if table.key.is_empty() {
            return spelling.stands_at(table, (&self.place, &self.values), of);
        }
        let key = table.key.iter().map(|at| spelling.has(&table.columns[*at], of, self.values[*at].as_deref()));
        key.collect::<Vec<_>>().join(" AND ")
    }
}

type Chosen = BTreeMap<usize, Option<String>>;

impl Statements<'_> {
    /// A statement of a kind.
    pub(super) async fn next(&mut self, table: usize, kind: Kind) -> Option<String> {
        self.serial += 1;
        match kind {
            Kind::Insert => self.insert(table).await,
            Kind::Update => self.update(table).await,
            Kind::Move(key) if self.seed.below(4) == 0 => self.swap(table, key).await,
            Kind::Move(key) => self.moved(table, key).await,
            Kind::Rekey => self.rekey(table).await,
            Kind::Delete => {
                let count = if self.seed.below(5) == 0 { 2 } else { 1 };
                let filter = self.any_of(table, count).await?;
                Some(format!("DELETE FROM {} WHERE {filter}", self.name(table)))
            }
            Kind::Truncate => Some(self.truncate(table, &self.name(table))),
        }
    }

    /// Empties a table, or a part of it that has a name of its own.
    pub(super) fn truncate(&self, table: usize, name: &str) -> String {
        let referred = self.facts.tables.iter().any(|other| other.foreign.iter().any(|key| key.target == table));
        self.session.spelling().truncated(&self.facts.tables[table], name, referred)
    }

    /// How many rows a table has.
    pub(super) async fn count(&self, table: usize) -> i64 {
        let sql = format!("SELECT count(*) FROM {}", self.name(table));
        self.session.rows(&sql).await[0][0].as_deref().unwrap().parse().unwrap()
    }

    pub(super) fn name(&self, table: usize) -> String {
        self.facts.tables[table].name.clone()
    }

    async fn insert(&mut self, table: usize) -> Option<String> {
        let mut chosen = Chosen::new();
        let keys = self.facts.tables[table].foreign.len();
        let first = self.seed.below(keys.max(1) as u64) as usize;
        for turn in 0..keys {
            self.refer(table, (first + turn) % keys, &mut chosen, 15).await;
        }
        let of = &self.facts.tables[table];
        for (position, column) in of.columns.iter().enumerate() {
            let left_out = column.default && self.seed.below(3) == 0;
            if chosen.contains_key(&position) || !column.written || left_out {
                continue;
            }
            let known = self.facts.known.get(&column.cast).map_or(&[][..], Vec::as_slice);
            let key = of.key.contains(&position);
            let value = match () {
                () if column.nullable && self.seed.below(8) == 0 => None,
                () if key && self.seed.below(3) > 0 => values::new(column, known, &mut self.seed, self.serial),
                () => values::any(column, known, &mut self.seed, self.serial),
            };
            chosen.insert(position, value);
        }
        if chosen.is_empty() {
            return Some(format!("INSERT INTO {} {}", of.name, self.session.spelling().without_values()));
        }
        let names: Vec<&str> = chosen.keys().map(|column| of.columns[*column].name.as_str()).collect();
        let values: Vec<String> =
            chosen.iter().map(|(column, value)| self.literal(table, *column, value.as_deref())).collect();
        let spelling = self.session.spelling();
        Some(spelling.inserted(&of.name, &names, &values, &mut self.seed))
    }

    async fn update(&mut self, table: usize) -> Option<String> {
        let count = if self.seed.below(4) == 0 { 3 } else { 1 };
        let filter = self.any_of(table, count).await?;
        let of = &self.facts.tables[table];
        let mut columns = of.plain();
        let wide = 1 + self.seed.below(3) as usize;
        while columns.len() > wide {
            columns.remove(self.seed.below(columns.len() as u64) as usize);
        }
        let mut set = Vec::new();
        for position in columns {
            let column = &of.columns[position];
            let known = self.facts.known.get(&column.cast).map_or(&[][..], Vec::as_slice);
            let value = match column.nullable && self.seed.below(8) == 0 {
                true => None,
                false => values::any(column, known, &mut self.seed, self.serial),
            };
            set.push(self.assigned(table, position, value.as_deref()));
        }
        (!set.is_empty()).then(|| format!("UPDATE {} SET {} WHERE {filter}", self.name(table), set.join(", ")))
    }

    /// Another parent for a row.
    async fn moved(&mut self, table: usize, key: usize) -> Option<String> {
        let row = self.rows(table, 1).await.pop()?;
        let of = &self.facts.tables[table];
        let columns = of.foreign[key].columns.clone();
        // What other keys have in common with this one stays, more often than not.
        let shared = |column: &usize| {
            of.foreign.iter().enumerate().any(|(other, known)| other != key && known.columns.contains(column))
        };
        let mut kept: Chosen = columns
            .iter()
            .filter(|column| shared(column))
            .map(|column| (*column, row.values[*column].clone()))
            .collect();
        if self.seed.below(4) == 0 || kept.len() == columns.len() {
            kept.clear();
        }
        for turn in 0..4 {
            let mut chosen = kept.clone();
            if turn == 0 && self.seed.below(5) == 0 {
                let of = &self.facts.tables[table];
                let spell = |column: &usize| {
                    let value = row.values[*column].as_deref();
                    (*column, value.map(|value| values::respelled(value, of.columns[*column].kind)))
                };
                chosen.extend(columns.iter().map(spell));
            }
            self.refer(table, key, &mut chosen, 25).await;
            if columns.iter().all(|column| chosen.contains_key(column))
                && columns.iter().any(|column| chosen[column] != row.values[*column])
            {
                let set = columns.iter().map(|column| self.assigned(table, *column, chosen[column].as_deref()));
                return Some(self.changed(table, &row, &set.collect::<Vec<_>>().join(", ")));
            }
        }
        None
    }

    /// Two rows that change parents with each other, in one statement.
    async fn swap(&mut self, table: usize, key: usize) -> Option<String> {
        let rows = self.rows(table, 2).await;
        let [one, other] = &rows[..] else { return None };
        let of = &self.facts.tables[table];
        let key = &of.foreign[key];
        if key.columns.iter().all(|column| one.values[*column] == other.values[*column]) {
            return None;
        }
        let spelling = self.session.spelling();
        let columns: Vec<&str> = key.columns.iter().map(|column| of.columns[*column].name.as_str()).collect();
        let [x, y] = ["x.", "y."].map(|alias| [one, other].map(|row| row.filter(spelling, of, alias)));
        let condition = format!("({} AND {}) OR ({} AND {})", x[0], y[1], x[1], y[0]);
        Some(spelling.taken_over(&of.name, &columns, &condition))
    }

    async fn rekey(&mut self, table: usize) -> Option<String> {
        let row = self.rows(table, 1).await.pop()?;
        let of = &self.facts.tables[table];
        let columns = of.own_key();
        let column = columns[self.seed.below(columns.len() as u64) as usize];
        let known = self.facts.known.get(&of.columns[column].cast).map_or(&[][..], Vec::as_slice);
        let old = row.values[column].as_deref().unwrap_or_default();
        let new = match self.seed.below(4) {
            0 => Some(values::respelled(old, of.columns[column].kind)),
            1 => values::any(&of.columns[column], known, &mut self.seed, self.serial),
            _ => values::new(&of.columns[column], known, &mut self.seed, self.serial),
        };
        if new == row.values[column] {
            return None;
        }
        Some(self.changed(table, &row, &self.assigned(table, column, new.as_deref())))
    }

    /// Values for the columns of a foreign key that are not chosen yet: those of a row that is there, or NULL, in so many
    /// of a hundred cases.
    async fn refer(&mut self, table: usize, key: usize, chosen: &mut Chosen, null: u64) {
        let of = &self.facts.tables[table];
        let Foreign { columns, target, target_columns } = &of.foreign[key];
        let open: Vec<usize> = (0..columns.len()).filter(|at| !chosen.contains_key(&columns[*at])).collect();
        if open.iter().any(|at| !of.columns[columns[*at]].written) {
            return;
        }
        let nullable = open.iter().all(|at| of.columns[columns[*at]].nullable);
        if nullable && self.seed.below(100) < null {
            chosen.extend(open.iter().map(|at| (columns[*at], None)));
            return;
        }
        let to = &self.facts.tables[*target];
        let spelling = self.session.spelling();
        let filters: Vec<String> = (0..columns.len())
            .filter_map(|at| {
                let value = chosen.get(&columns[at])?.as_deref();
                Some(spelling.has(&to.columns[target_columns[at]], "x.", value))
            })
            .collect();
        let filter = if filters.is_empty() { "true".to_owned() } else { filters.join(" AND ") };
        let select: Vec<String> =
            target_columns.iter().map(|column| spelling.text(&to.columns[*column], "x.")).collect();
        let order = spelling.shuffled(self.seed.below(1 << 30));
        let sql = format!("SELECT {} FROM {} AS x WHERE {filter} ORDER BY {order} LIMIT 1", select.join(", "), to.name);
        match self.session.rows(&sql).await.first() {
            Some(row) => chosen.extend(open.iter().map(|at| (columns[*at], row[*at].clone()))),
            None if nullable => chosen.extend(open.iter().map(|at| (columns[*at], None))),
            None => {}
        }
    }

    /// So many rows of a table, or all it has.
    async fn rows(&mut self, table: usize, count: u64) -> Vec<Row> {
        let of = &self.facts.tables[table];
        let spelling = self.session.spelling();
        let values: Vec<String> = of.columns.iter().map(|column| spelling.text(column, "x.")).collect();
        let order = spelling.shuffled(self.seed.below(1 << 30));
        let sql = format!(
            "SELECT {}, {} FROM {} AS x ORDER BY {order} LIMIT {count}",
            spelling.place(),
            values.join(", "),
            of.name
        );
        let row = |mut row: Texts| {
            let values = row.split_off(2);
            Row { values, place: row }
        };
        self.session.rows(&sql).await.into_iter().map(row).collect()
    }

    /// What finds so many rows of a table; nothing where it has none.
    async fn any_of(&mut self, table: usize, count: u64) -> Option<String> {
        let rows = self.rows(table, count).await;
        let (spelling, of) = (self.session.spelling(), &self.facts.tables[table]);
        let filters: Vec<String> = rows.iter().map(|row| format!("({})", row.filter(spelling, of, ""))).collect();
        (!rows.is_empty()).then(|| filters.join(" OR ") + &spelling.only(of, rows.len()))
    }

    /// Gives a row other values.
    fn changed(&self, table: usize, row: &Row, set: &str) -> String {
        let (spelling, of) = (self.session.spelling(), &self.facts.tables[table]);
        format!("UPDATE {} SET {set} WHERE {}{}", of.name, row.filter(spelling, of, ""), spelling.only(of, 1))
    }

    fn assigned(&self, table: usize, column: usize, value: Option<&str>) -> String {
        format!("{} = {}", self.facts.tables[table].columns[column].name, self.literal(table, column, value))
    }

    fn literal(&self, table: usize, column: usize, value: Option<&str>) -> String {
        self.session.spelling().literal(&self.facts.tables[table].columns[column], value)
    }
}
