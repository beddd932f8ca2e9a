//! A table as the lines of `test_decoding` need it known. In: the catalogue, and the rows that come. Out: cells in the order of its
//! columns, and a description whenever that order is another one.

use super::encode::{self, Described};
use super::line::{Change, Columns, Kind, Value};
use crate::source::postgres::connection::{failure, value};
use crate::{Error, ErrorKind, Result};
use std::collections::HashMap;
use tokio_postgres::Client;

/// A table whose changes are followed.
#[derive(Debug)]
pub struct Table {
    oid: u32,
    /// Whether its replica identity is FULL, as far as is known.
    full: bool,
    columns: Vec<Column>,
    /// Whether old rows were whole when it was described last; none before that, and after a change of its columns.
    described: Option<bool>,
}

#[derive(Debug)]
struct Column {
    name: String,
    /// Part of what an old key holds.
    identity: bool,
    /// Part of the primary key.
    primary: bool,
}

/// Columns with the names that lines have, of tables by oid. An identity of FULL has no columns here.
const TABLES: &str = "
    SELECT c.oid, format('%I.%I', n.nspname, c.relname), c.relreplident = 'f', a.attname::text,
           EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND a.attnum = ANY (x.indkey::int2[])
                   AND CASE c.relreplident WHEN 'd' THEN x.indisprimary WHEN 'i' THEN x.indisreplident ELSE false END),
           EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary AND a.attnum = ANY (x.indkey::int2[]))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.oid = ANY ($1) ORDER BY c.oid, a.attnum";

/// Tables of these oids, by the names that lines have.
///
/// # Errors
/// Those of the session.
pub async fn tables(client: &Client, oids: &[u32]) -> Result<HashMap<String, Table>> {
    let rows = client.query(TABLES, &[&oids]).await;
    let rows = rows.map_err(|error| failure("the columns of the tables cannot be read", &error))?;
    let mut tables: HashMap<String, Table> = HashMap::new();
    for row in rows {
        let table = tables.entry(value(&row, 1)?).or_insert(Table {
            oid: value(&row, 0)?,
            full: value(&row, 2)?,
            columns: Vec::new(),
            described: None,
        });
        table.columns.push(Column { name: value(&row, 3)?, identity: value(&row, 4)?, primary: value(&row, 5)? });
    }
    Ok(tables)
}

impl Table {
    pub(super) fn oid(&self) -> u32 {
        self.oid
    }

    /// Takes in which columns a row has. Says whether its old row is whole.
    pub(super) fn learn(&mut self, change: &Change<'_>) -> bool {
        if let Some(new) = change.new {
            let same = new.iter().count() == self.columns.len()
                && new.iter().zip(&self.columns).all(|(column, known)| column.name == known.name);
            if !same {
                let known = std::mem::take(&mut self.columns);
                let flags = |name: &str| known.iter().find(|known| known.name == name);
                self.columns = new
                    .iter()
                    .map(|column| Column {
                        identity: flags(&column.name).is_some_and(|known| known.identity),
                        primary: flags(&column.name).is_some_and(|known| known.primary),
                        name: column.name.into_owned(),
                    })
                    .collect();
                self.described = None;
            }
        }
        let Some(old) = change.old else {
            // An update that tells nothing of the row before was not made under FULL, whatever the catalogue has said.
            return change.kind == Kind::Insert && self.described.unwrap_or(self.full);
        };
        let mut beside_key = false;
        for column in old.iter() {
            match self.columns.iter().find(|known| known.name == column.name) {
                Some(known) => beside_key |= !known.primary,
                // Added a moment ago; what is dropped is found with the next row that is shown whole.
                None => {
                    self.columns.push(Column { name: column.name.into_owned(), identity: false, primary: false });
                    self.described = None;
                    beside_key = true;
                }
            }
        }
        self.full && beside_key
    }

    /// What has to be said of it before a row whose old one is `whole`, where that was not said last.
    pub(super) fn description(&mut self, whole: bool) -> Option<Vec<u8>> {
        if self.described == Some(whole) {
            return None;
        }
        self.described = Some(whole);
        let key = |column: &Column| whole || if self.full { column.primary } else { column.identity };
        let columns = self.columns.iter().map(|column| Described { name: &column.name, key: key(column) });
        Some(encode::relation(self.oid, if whole { b'f' } else { b'd' }, columns))
    }

    /// The cells of a row; what is left out is NULL.
    ///
    /// # Errors
    /// Where its columns come in another order than those of the table.
    pub(super) fn row<'a>(&self, columns: Columns<'a>) -> Result<Vec<Value<'a>>> {
        let mut columns = columns.iter().peekable();
        let cell = |known: &Column| {
            columns.next_if(|column| column.name == known.name).map_or(Value::Null, |column| column.value)
        };
        let row = self.columns.iter().map(cell).collect();
        if columns.next().is_some() {
            return Err(Error::new(
                ErrorKind::Fatal,
                "the output of test_decoding has the columns of a row in another order than those of its table",
            ));
        }
        Ok(row)
    }
}
