//! Random tables. In: a seed. Out: tables with keys of every usual type, foreign keys with all their actions, join tables,
//! tables that refer to themselves, and columns that are equal by chance: `CREATE TABLE`, and the facts that the other
//! parts need.

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
    Jsonb,
    Moment,
    Integers,
}

impl Type {
    fn sql(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Bigint => "bigint",
            Self::Uuid => "uuid",
            Self::Text => "text",
            Self::Citext => "citext",
            Self::Numeric => "numeric",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Jsonb => "jsonb",
            Self::Moment => "timestamptz",
            Self::Integers => "integer[]",
        }
    }

    /// The literal for a number: equal numbers give equal values, of which some look different.
    pub(super) fn literal(self, number: u64, seed: &mut Seed) -> String {
        match self {
            Self::Integer => format!("{number}"),
            Self::Bigint => format!("{}", number as i64 * 10_000_000_019 - 90_000_000_000),
            Self::Uuid => format!("md5('{number}')::uuid"),
            Self::Text => match number % 5 {
                0 => format!("'k|{number}'"),
                1 => format!("E'k\\\\{number} \u{e9}\"'"),
                _ => format!("'k {number}'"),
            },
            Self::Citext => {
                let word = format!("Kay{number}");
                format!("'{}'", if seed.below(2) == 0 { word.to_uppercase() } else { word.to_lowercase() })
            }
            Self::Numeric => format!("{number}.{}", ["0", "00", "5", "50"][(number % 2 * 2 + seed.below(2)) as usize]),
            Self::Boolean => (if number.is_multiple_of(2) { "true" } else { "false" }).to_owned(),
            Self::Date => format!("date '2000-01-01' + {number}"),
            Self::Jsonb => format!("jsonb_build_object('a', {number}, 'b', array[{}, null])", seed.below(100)),
            Self::Moment => format!("timestamptz '2020-01-01 00:00:00.25Z' + {number} * interval '61 minutes'"),
            Self::Integers => format!("array[{number}, {}]", seed.below(3)),
        }
    }
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
        format!("\"{}\"", self.name)
    }

    /// Name of the view that shows some of its rows.
    pub(super) fn view(&self) -> String {
        format!("{} seen", self.name)
    }

    fn create_view(&self) -> String {
        let wanted = &self.columns[self.view].name;
        format!("CREATE VIEW \"{}\" AS SELECT * FROM {} WHERE \"{wanted}\" IS NOT NULL;", self.view(), self.quoted())
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
            self.columns[*column].ty.literal(number, seed)
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
        of.ty.literal(seed.below(many), seed)
    }

    fn create(&self, tables: &[Self]) -> String {
        let columns = self.columns.iter().map(|column| {
            format!("\"{}\" {}{}", column.name, column.ty.sql(), if column.required { " NOT NULL" } else { "" })
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
                if foreign.deferred { " DEFERRABLE INITIALLY DEFERRED" } else { "" }
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
    Type::Jsonb,
    Type::Moment,
    Type::Integers,
];
const LOOSE_TYPES: [Type; 4] = [Type::Integer, Type::Text, Type::Citext, Type::Numeric];
const NAMES: [&str; 7] = ["book", "order", "Author", "item", "visit", "user", "some note"];

/// Two to seven tables.
pub(super) fn tables(seed: &mut Seed) -> Vec<Table> {
    let count = 2 + seed.below(6) as usize;
    let mut tables: Vec<Table> = Vec::new();
    let mut serial = 0;
    for (at, name) in NAMES.iter().enumerate().take(count) {
        let mut table = Table {
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
    format!("CREATE EXTENSION citext; {}\n{}", made.join("\n"), views.join("\n"))
}
