//! Random changes of random tables. In: tables, a seed. Out: one statement at a time: inserts, updates, moves between parents,
//! changed keys, values that are equal and look different, deletes with all that follows from them, `TRUNCATE`.

use super::tables::{Table, Type};
use crate::support::seed::Seed;

/// Rows of a table to begin with, at most.
const ROWS: u64 = 30;

/// The statements that fill the tables.
pub(super) fn fill(tables: &[Table], seed: &mut Seed) -> Vec<String> {
    let mut sql = Vec::new();
    for table in 0..tables.len() {
        for _ in 0..=seed.below(ROWS) {
            sql.push(insert(tables, table, seed));
        }
    }
    sql
}

/// One statement.
pub(super) fn statement(tables: &[Table], seed: &mut Seed) -> String {
    let at = seed.below(tables.len() as u64) as usize;
    let table = &tables[at];
    let name = table.quoted();
    let row = one(table, &table.key, seed);
    let part = format!(
        "('x' || substr(md5(({})::text), 1, 4))::bit(16)::integer % 7 = {}",
        listed(table, &table.key),
        seed.below(7)
    );
    let plain = |seed: &mut Seed| {
        let all: Vec<usize> = table.plain.iter().chain(&table.loose).copied().collect();
        let column = all[seed.below(all.len() as u64) as usize];
        format!("\"{}\" = {}", table.columns[column].name, table.some_value(column, seed))
    };
    match seed.below(100) {
        0..34 => insert(tables, at, seed),
        34..37 => {
            let change = plain(seed);
            insert(tables, at, seed).replace(
                "ON CONFLICT DO NOTHING",
                &format!("ON CONFLICT ({}) DO UPDATE SET {change}", listed_plain(table)),
            )
        }
        37..58 => format!("UPDATE {name} SET {} WHERE {row}", plain(seed)),
        58..62 => format!("UPDATE {name} SET {} WHERE {part}", plain(seed)),
        62..76 if !table.foreign.is_empty() => {
            let foreign = &table.foreign[seed.below(table.foreign.len() as u64) as usize];
            let to = &tables[foreign.to];
            let columns = table.names(&foreign.columns).join(", ");
            let free = foreign.columns.iter().all(|column| !table.columns[*column].required);
            if free && seed.below(5) == 0 {
                let nulls = foreign.columns.iter().map(|_| "NULL").collect::<Vec<_>>().join(", ");
                format!("UPDATE {name} SET ({columns}) = ROW ({nulls}) WHERE {row}")
            } else {
                let any = some_of(to, seed);
                let rows = if seed.below(6) == 0 { part } else { row };
                format!("UPDATE {name} SET ({columns}) = (SELECT {} FROM {any} r) WHERE {rows}", like(to, "r", seed))
            }
        }
        76..82 => {
            let values = table.some_key(seed);
            let set = table.names(&table.key).into_iter().zip(values);
            let set: Vec<String> = set.map(|(column, value)| format!("\"{column}\" = {value}")).collect();
            format!("UPDATE {name} SET {} WHERE {row}", set.join(", "))
        }
        82..94 => format!("DELETE FROM {name} WHERE {row}"),
        94 => format!("DELETE FROM {name} WHERE {part}"),
        95 if seed.below(3) == 0 => format!("TRUNCATE {name} CASCADE"),
        96 => "SELECT pg_logical_emit_message(true, 'another program', 'what it says')".to_owned(),
        _ => insert(tables, at, seed),
    }
}

fn listed_plain(table: &Table) -> String {
    table.names(&table.key).join(", ")
}

/// The key's columns as one value.
fn listed(table: &Table, columns: &[usize]) -> String {
    format!("concat({})", table.names(columns).join(", ' ', "))
}

/// A condition that one row of the table fulfils, if it has any.
fn one(table: &Table, key: &[usize], seed: &mut Seed) -> String {
    let names = table.names(key).join(", ");
    format!("({names}) = (SELECT {names} FROM {} o)", some_of(table, seed))
}

/// One row of a table, the same for everybody who has the same rows and the same seed.
fn some_of(table: &Table, seed: &mut Seed) -> String {
    let key = listed(table, &table.key);
    format!("(SELECT * FROM {} ORDER BY md5({key} || '{}') LIMIT 1)", table.quoted(), seed.below(1 << 30))
}

/// The key of a row of `from`, or values that are equal to it and look different.
fn like(table: &Table, from: &str, seed: &mut Seed) -> String {
    let one = |column: &usize, seed: &mut Seed| {
        let of = &table.columns[*column];
        let name = format!("{from}.\"{}\"", of.name);
        match of.ty {
            Type::Citext => match seed.below(3) {
                0 => format!("upper({name}::text)::citext"),
                1 => format!("lower({name}::text)::citext"),
                _ => name,
            },
            Type::Numeric if seed.below(2) == 0 => format!("{name} + 0.00000"),
            _ => name,
        }
    };
    table.key.iter().map(|column| one(column, seed)).collect::<Vec<_>>().join(", ")
}

fn insert(tables: &[Table], at: usize, seed: &mut Seed) -> String {
    let table = &tables[at];
    let mut values: Vec<String> = vec![String::new(); table.columns.len()];
    for (column, value) in table.key.iter().zip(table.some_key(seed)) {
        values[*column] = value;
    }
    for column in table.plain.iter().chain(&table.loose) {
        values[*column] = table.some_value(*column, seed);
    }
    let mut from = String::from("(SELECT 1) o");
    for (number, foreign) in table.foreign.iter().enumerate() {
        let to = &tables[foreign.to];
        let free = foreign.columns.iter().all(|column| !table.columns[*column].required);
        let names: Vec<String> = if free && seed.below(5) == 0 {
            foreign.columns.iter().map(|_| "NULL".to_owned()).collect()
        } else {
            let rows = some_of(to, seed);
            from.push_str(&format!(" LEFT JOIN {rows} r{number} ON true"));
            like(to, &format!("r{number}"), seed).split(", ").map(str::to_owned).collect()
        };
        for (column, name) in foreign.columns.iter().zip(names) {
            values[*column] = name;
        }
    }
    format!("INSERT INTO {} SELECT {} FROM {from} ON CONFLICT DO NOTHING", table.quoted(), values.join(", "))
}
