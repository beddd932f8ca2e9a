//! A session that reads a database in memory, in snapshots.

use super::query::{Asked, Query};
use super::{Database, Row, Tables, Value, broken, program};
use crate::Result;
use crate::fetch::Halt;
use crate::source::{Arguments, PreparedStatement, ReadRow, ReadSession, RelationId};
use pgsync_plan::Codec;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

pub(crate) struct MemorySession {
    database: Database,
    /// The snapshot that is open; it shows the state of its first statement.
    snapshot: Mutex<Option<Option<Arc<Tables>>>>,
}

/// A prepared statement. What is parsed is kept for all sessions.
#[derive(Clone)]
pub(crate) struct Prepared(Arc<Query>);

pub(crate) struct MemoryRow(Vec<Option<Vec<u8>>>);

impl MemorySession {
    pub(super) fn new(database: Database) -> Self {
        Self { database, snapshot: Mutex::new(None) }
    }

    fn state(&self) -> Arc<Tables> {
        let mut snapshot = self.snapshot.lock().unwrap();
        match &mut *snapshot {
            None => self.database.snapshot(),
            Some(open) => Arc::clone(open.get_or_insert_with(|| self.database.snapshot())),
        }
    }
}

impl ReadSession for MemorySession {
    type Statement = Prepared;
    type Row = MemoryRow;

    async fn prepare(
        &mut self,
        text: &str,
        _: &str,
        check: impl FnOnce(&Prepared) -> Result<()> + Send,
    ) -> Result<Prepared> {
        static PARSED: OnceLock<Mutex<HashMap<String, Prepared>>> = OnceLock::new();
        let prepared = {
            let mut parsed = PARSED.get_or_init(Mutex::default).lock().unwrap();
            parsed.entry(text.to_owned()).or_insert_with(|| Prepared(Arc::new(Query::parse(text)))).clone()
        };
        check(&prepared)?;
        Ok(prepared)
    }

    async fn begin(&mut self) -> Result<()> {
        *self.snapshot.get_mut().unwrap() = Some(None);
        Ok(())
    }

    async fn end<T: Send>(&mut self, outcome: std::result::Result<T, Halt>) -> std::result::Result<T, Halt> {
        *self.snapshot.get_mut().unwrap() = None;
        outcome
    }

    async fn each(
        &self,
        statement: &Prepared,
        arguments: Arguments<'_>,
        _: &str,
        mut take: impl FnMut(&MemoryRow) -> std::result::Result<(), Halt> + Send,
    ) -> std::result::Result<(), Halt> {
        self.database.faults().meet("a session").await?;
        let (keys, values) = asked(&arguments);
        let rows = statement.0.run(&self.state(), &Asked { keys: &keys, values: &values });
        self.database.faults().delay().await;
        for row in rows {
            take(&MemoryRow(row))?;
        }
        Ok(())
    }

    async fn rows_of(
        &self,
        RelationId(relation): RelationId,
        columns: &[&str],
        mut take: impl FnMut(&[Option<&[u8]>]) -> std::result::Result<(), Halt> + Send,
    ) -> std::result::Result<(), Halt> {
        if self.database.faults().strikes() {
            return Err(broken("a session").into());
        }
        let table = &program().plan.tables[relation as usize - 1];
        for row in self.state()[&table.name].values() {
            let position = |name: &&str| table.columns.iter().position(|column| column.name == **name).unwrap();
            let values: Vec<Option<Vec<u8>>> = columns
                .iter()
                .map(|name| match &row[position(name)] {
                    Value::Int(number) => Some(number.to_string().into_bytes()),
                    Value::Text(text) => Some(text.clone().into_bytes()),
                    Value::Null => None,
                })
                .collect();
            take(&values.iter().map(Option::as_deref).collect::<Vec<_>>())?;
        }
        Ok(())
    }

    async fn abandon(&self) {}

    fn forget_statements(&mut self) {}
}

/// Keys as rows, and parameters. All keys of the program are integers.
fn asked(arguments: &Arguments<'_>) -> (Vec<Row>, Vec<Value>) {
    let text = |value: &[u8]| match std::str::from_utf8(value).unwrap() {
        // A routing.
        "" => Value::Null,
        number => Value::Int(number.parse().unwrap()),
    };
    let binary = |value: &[u8]| Value::Int(i32::from_be_bytes(value.try_into().unwrap()));
    match arguments {
        Arguments::None => (Vec::new(), Vec::new()),
        Arguments::Keys(keys, range) => {
            (keys.range(range.clone()).map(|tuple| tuple.map(text).collect()).collect(), Vec::new())
        }
        Arguments::LinkKeys(links, numbers) => {
            (numbers.iter().map(|number| links.values(*number).map(binary).collect()).collect(), Vec::new())
        }
        Arguments::Range { bounds, number } => {
            let bounds = bounds.iter().flatten().flat_map(|bound| bound.values().map(binary));
            (Vec::new(), bounds.chain(number.map(|number| Value::Int(number as i32))).collect())
        }
    }
}

impl PreparedStatement for Prepared {
    fn width(&self) -> usize {
        self.0.items.len()
    }

    fn arity(&self) -> usize {
        self.0.keys
    }

    fn mismatch(&self, _: usize, _: Codec) -> Option<(String, String)> {
        None
    }
}

impl ReadRow for MemoryRow {
    fn width(&self) -> usize {
        self.0.len()
    }

    fn value(&self, column: usize) -> Result<Option<&[u8]>> {
        Ok(self.0[column].as_deref())
    }
}
