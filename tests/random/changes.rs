//! Random changes of random tables. In: tables, a seed. Out: one statement at a time: inserts, updates, moves between parents,
//! changed keys, values that are equal and look different, deletes with all that follows from them, `TRUNCATE`.

use super::dialect::Dialect;
use super::tables::Table;
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
    let (name, postgres) = (table.quoted(), table.dialect.is_postgres());
    let row = one(table, &table.key, seed);
    let part = table.dialect.one_of_seven(&joined(table), seed.below(7));
    let plain = |seed: &mut Seed| {
        let all: Vec<usize> = table.plain.iter().chain(&table.loose).copied().collect();
        let column = all[seed.below(all.len() as u64) as usize];
        format!("\"{}\" = {}", table.columns[column].name, table.some_value(column, seed))
    };
    match seed.below(100) {
        0..34 => insert(tables, at, seed),
        34..37 => {
            let change = plain(seed);
            let (into, values) = rows(tables, at, seed);
            if postgres {
                let key = table.names(&table.key).join(", ");
                format!("INSERT INTO {into} {values} ON CONFLICT ({key}) DO UPDATE SET {change}")
            } else {
                format!("INSERT INTO {into} {values} ON DUPLICATE KEY UPDATE {change}")
            }
        }
        37..58 => format!("UPDATE {name} SET {} WHERE {row}", plain(seed)),
        58..62 => format!("UPDATE {name} SET {} WHERE {part}", plain(seed)),
        62..76 if !table.foreign.is_empty() => {
            let foreign = &table.foreign[seed.below(table.foreign.len() as u64) as usize];
            let to = &tables[foreign.to];
            let columns = table.names(&foreign.columns);
            let free = foreign.columns.iter().all(|column| !table.columns[*column].required);
            if free && seed.below(5) == 0 {
                let nulls: Vec<String> = columns.iter().map(|column| format!("{column} = NULL")).collect();
                format!("UPDATE {name} SET {} WHERE {row}", nulls.join(", "))
            } else {
                let any = some_of(to, seed);
                let rows = if seed.below(6) == 0 { part } else { row };
                let values = like(to, "r", seed);
                let each = columns.iter().zip(values);
                let set: Vec<String> =
                    each.map(|(column, value)| format!("{column} = (SELECT {value} FROM {any} r)")).collect();
                format!("UPDATE {name} SET {} WHERE {rows}", set.join(", "))
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
        95 if postgres && seed.below(3) == 0 => format!("TRUNCATE {name} CASCADE"),
        96 => table.dialect.aside().to_owned(),
        // What goes for another one takes with it all that hangs on it.
        97..100 if !postgres => {
            let (into, values) = rows(tables, at, seed);
            format!("REPLACE INTO {into} {values}")
        }
        _ => insert(tables, at, seed),
    }
}

/// What a server does beside all transactions, where a definition ends the transaction that it stands in: one thing, in
/// several statements.
pub(super) fn apart(tables: &[Table], seed: &mut Seed) -> Vec<String> {
    let table = tables[seed.below(tables.len() as u64) as usize].quoted();
    match seed.below(8) {
        0..3 => vec!["FLUSH BINARY LOGS".to_owned()],
        // Refused where others refer to it.
        3 => vec![format!("TRUNCATE TABLE {table}")],
        // Or it leaves rows behind that refer to nothing.
        4 => vec![
            "SET foreign_key_checks = 0".to_owned(),
            format!("TRUNCATE TABLE {table}"),
            "SET foreign_key_checks = 1".to_owned(),
        ],
        5 => vec![format!("ALTER TABLE {table} FORCE")],
        6 => vec![format!("ANALYZE TABLE {table}")],
        _ if tables[0].dialect == Dialect::MariaDb => {
            vec![format!("SET GLOBAL log_bin_compress = {}", seed.below(2))]
        }
        _ => vec![format!("SET GLOBAL binlog_transaction_compression = {}", seed.below(2))],
    }
}

/// The key as one text.
fn joined(table: &Table) -> String {
    table.dialect.joined(&table.names(&table.key))
}

/// A condition that one row of the table fulfils, if it has any.
fn one(table: &Table, key: &[usize], seed: &mut Seed) -> String {
    let names = table.names(key).join(", ");
    format!("({names}) = (SELECT {names} FROM {} o)", some_of(table, seed))
}

/// One row of a table, the same for everybody who has the same rows and the same seed.
fn some_of(table: &Table, seed: &mut Seed) -> String {
    let order = table.dialect.shuffled(&joined(table), seed.below(1 << 30));
    format!("(SELECT * FROM {} ORDER BY {order} LIMIT 1)", table.quoted())
}

/// The key of a row of `from`, or values that are equal to it and look different.
fn like(table: &Table, from: &str, seed: &mut Seed) -> Vec<String> {
    let one = |column: &usize| {
        let of = &table.columns[*column];
        table.dialect.alike(of.ty, format!("{from}.\"{}\"", of.name), seed)
    };
    table.key.iter().map(one).collect()
}

/// A row that is not put in where it is there already.
fn insert(tables: &[Table], at: usize, seed: &mut Seed) -> String {
    let (into, values) = rows(tables, at, seed);
    if tables[at].dialect.is_postgres() {
        format!("INSERT INTO {into} {values} ON CONFLICT DO NOTHING")
    } else {
        format!("INSERT IGNORE INTO {into} {values}")
    }
}

/// A table, and a query of a new row of it, which refers to rows that are there.
fn rows(tables: &[Table], at: usize, seed: &mut Seed) -> (String, String) {
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
            like(to, &format!("r{number}"), seed)
        };
        for (column, name) in foreign.columns.iter().zip(names) {
            values[*column] = name;
        }
    }
    (table.quoted(), format!("SELECT {} FROM {from}", values.join(", ")))
}
