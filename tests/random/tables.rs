//! Random tables. In: a seed, a kind of database. Out: tables with keys of every usual type, foreign keys with all their actions, join tables,
//! tables that refer to themselves, and columns that are equal by chance: `CREATE TABLE`, and the facts that the other
//! parts need.

use super::dialect::Dialect;
use crate::support::seed::Seed;

/// Keys of a table come from so many, so that a deleted one comes back.
const KEYS: u64 = 70;

/// Type of a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Type {
    Integer,
    Bigint,
    Uuid,
    Text,
    /// Texts that are equal whatever their case.
    Citext,
    /// Numbers that are equal whatever their digits behind the point.
    Numeric,
    Boolean,
    Date,
    Json,
    Moment,
    /// What one kind of database alone has: an array, a list of labels.
    Own,
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) required: bool,
}

/// A foreign key to the primary key of a table.
#[derive(Clone, Debug)]
pub(super) struct Foreign {
    pub(super) columns: Vec<usize>,
    pub(super) to: usize,
    action: &'static str,
    deferred: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) dialect: Dialect,
    /// The schema that it is in.
    pub(super) schema: String,
    /// Whether that is not the one that names without a schema mean.
    pub(super) elsewhere: bool,
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// The primary key.
    pub(super) key: Vec<usize>,
    pub(super) foreign: Vec<Foreign>,
    /// Columns that other tables have the like of, with few values: rows may be linked by them without a key.
    pub(super) loose: Vec<usize>,
    /// What is neither.
    pub(super) plain: Vec<usize>,
    /// A column of which a view over the table wants a value.
    view: usize,
}

impl Table {
    /// Its name in SQL.
    pub(super) fn quoted(&self) -> String {
        self.qualified(&self.name)
    }

    /// Its view in SQL.
    pub(super) fn quoted_view(&self) -> String {
        self.qualified(&self.view())
    }

    fn qualified(&self, name: &str) -> String {
        if self.dialect.is_postgres() { format!("\"{name}\"") } else { format!("\"{}\".\"{name}\"", self.schema) }
    }

    /// Name of the view that shows some of its rows.
    pub(super) fn view(&self) -> String {
        format!("{} seen", self.name)
    }

    fn create_view(&self) -> String {
        let wanted = &self.columns[self.view].name;
        format!("CREATE VIEW {} AS SELECT * FROM {} WHERE \"{wanted}\" IS NOT NULL;", self.quoted_view(), self.quoted())
    }

    pub(super) fn names(&self, columns: &[usize]) -> Vec<String> {
        columns.iter().map(|column| self.columns[*column].name.clone()).collect()
    }

    fn add(&mut self, serial: &mut usize, ty: Type, required: bool) -> usize {
        *serial += 1;
        self.columns.push(Column { name: format!("c{serial}"), ty, required });
        self.columns.len() - 1
    }

    /// A new key: nobody knows whether it is there.
    pub(super) fn some_key(&self, seed: &mut Seed) -> Vec<String> {
        let number = seed.below(KEYS) + 1;
        let parts = self.key.iter().enumerate().map(|(at, column)| {
            let number = if at == 0 { number } else { number % 3 };
            self.dialect.literal(self.columns[*column].ty, number, seed)
        });
        parts.collect()
    }

    /// A value for a column that is no part of a key.
    pub(super) fn some_value(&self, column: usize, seed: &mut Seed) -> String {
        let of = &self.columns[column];
        if !of.required && seed.below(6) == 0 {
            return "NULL".to_owned();
        }
        let many = if self.loose.contains(&column) { 9 } else { 40 };
        self.dialect.literal(of.ty, seed.below(many), seed)
    }

    fn create(&self, tables: &[Self]) -> String {
        let columns = self.columns.iter().map(|column| {
            format!(
                "\"{}\" {}{}",
                column.name,
                self.dialect.ty(column.ty),
                if column.required { " NOT NULL" } else { "" }
            )
        });
        let mut lines: Vec<String> = columns.collect();
        lines.push(format!("PRIMARY KEY ({})", self.names(&self.key).join(", ")));
        for foreign in &self.foreign {
            let to = &tables[foreign.to];
            lines.push(format!(
                "FOREIGN KEY ({}) REFERENCES {} ({}) ON UPDATE CASCADE ON DELETE {}{}",
                self.names(&foreign.columns).join(", "),
                to.quoted(),
                to.names(&to.key).join(", "),
                foreign.action,
                if foreign.deferred && self.dialect.is_postgres() { " DEFERRABLE INITIALLY DEFERRED" } else { "" }
            ));
        }
        format!("CREATE TABLE {} ({});", self.quoted(), lines.join(", "))
    }
}

const KEY_TYPES: [Type; 7] =
    [Type::Integer, Type::Integer, Type::Bigint, Type::Uuid, Type::Text, Type::Citext, Type::Numeric];
const PLAIN_TYPES: [Type; 9] = [
    Type::Integer,
    Type::Bigint,
    Type::Text,
    Type::Numeric,
    Type::Boolean,
    Type::Date,
    Type::Json,
    Type::Moment,
    Type::Own,
];
const LOOSE_TYPES: [Type; 4] = [Type::Integer, Type::Text, Type::Citext, Type::Numeric];
const NAMES: [&str; 7] = ["book", "order", "Author", "item", "visit", "user", "some note"];

/// Two to seven tables, some of them in the second schema, where it is no work to make one.
pub(super) fn tables(dialect: Dialect, [usual, other]: [&str; 2], seed: &mut Seed) -> Vec<Table> {
    let count = 2 + seed.below(6) as usize;
    let mut tables: Vec<Table> = Vec::new();
    let mut serial = 0;
    for (at, name) in NAMES.iter().enumerate().take(count) {
        let elsewhere = !dialect.is_postgres() && seed.below(4) == 0;
        let mut table = Table {
            dialect,
            schema: if elsewhere { other } else { usual }.to_owned(),
            elsewhere,
            name: (*name).to_owned(),
            columns: Vec::new(),
            key: Vec::new(),
            foreign: Vec::new(),
            loose: Vec::new(),
            plain: Vec::new(),
            view: 0,
        };
        if at >= 2 && seed.below(10) < 3 {
            join_table(&mut table, &tables, &mut serial, seed);
        } else {
            usual_table(&mut table, &tables, &mut serial, seed);
        }
        for _ in 0..=seed.below(3) {
            let ty = PLAIN_TYPES[seed.below(PLAIN_TYPES.len() as u64) as usize];
            let column = table.add(&mut serial, ty, false);
            table.plain.push(column);
        }
        if seed.below(10) < 6 {
            let ty = LOOSE_TYPES[seed.below(LOOSE_TYPES.len() as u64) as usize];
            let required = seed.below(2) == 0;
            let column = table.add(&mut serial, ty, required);
            table.loose.push(column);
        }
        table.view = table.plain[0];
        tables.push(table);
    }
    tables
}

fn usual_table(table: &mut Table, tables: &[Table], serial: &mut usize, seed: &mut Seed) {
    let parts = if seed.below(5) == 0 { 2 } else { 1 };
    for _ in 0..parts {
        let ty = KEY_TYPES[seed.below(KEY_TYPES.len() as u64) as usize];
        let column = table.add(serial, ty, true);
        table.key.push(column);
    }
    if tables.is_empty() {
        return;
    }
    for _ in 0..=seed.below(2) {
        let to = seed.below(tables.len() as u64) as usize;
        refer(table, (to, &tables[to]), false, serial, seed);
    }
    if seed.below(6) == 0 {
        let own = table.clone();
        refer(table, (tables.len(), &own), false, serial, seed);
    }
}

/// Two references to tables before it, to the same one now and then; they are its key, or it has one of its own.
fn join_table(table: &mut Table, tables: &[Table], serial: &mut usize, seed: &mut Seed) {
    let whole = seed.below(2) == 0;
    if !whole {
        let column = table.add(serial, Type::Integer, true);
        table.key.push(column);
    }
    for _ in 0..2 {
        let to = seed.below(tables.len() as u64) as usize;
        refer(table, (to, &tables[to]), whole, serial, seed);
    }
    if whole {
        table.key = table.foreign.iter().flat_map(|foreign| foreign.columns.clone()).collect();
    }
}

fn refer(table: &mut Table, (to, target): (usize, &Table), key: bool, serial: &mut usize, seed: &mut Seed) {
    let required = key || seed.below(3) == 0;
    let types: Vec<Type> = target.key.iter().map(|column| target.columns[*column].ty).collect();
    let columns = types.into_iter().map(|ty| table.add(serial, ty, required)).collect();
    let action = match seed.below(4) {
        0 if !required => "SET NULL",
        1 if !required => "NO ACTION",
        3 if !key => "NO ACTION",
        _ => "CASCADE",
    };
    table.foreign.push(Foreign { columns, to, action, deferred: seed.below(5) == 0 });
}

/// The statements that make them.
pub(super) fn create(tables: &[Table]) -> String {
    let made: Vec<String> = tables.iter().map(|table| table.create(tables)).collect();
    let views: Vec<String> = tables.iter().map(Table::create_view).collect();
    format!("{}\n{}\n{}", tables[0].dialect.first(), made.join("\n"), views.join("\n"))
}
