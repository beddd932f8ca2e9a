//! The stream as the pipeline sees it. In: runs of a task that follows the outbox, captured rows. Out: events; and what is
//! acknowledged is deleted by a task of its own.

use super::drain::Drain;
use super::layout::Layout;
use super::ledger::{Acknowledgement, Ledger};
use super::outbox::{Captured, Outbox};
use super::record;
use super::snapshot::Snapshot;
use super::statements::Names;
use crate::position::Mark;
use crate::settings::DatabaseSettings;
use crate::source::{
    Before, Cell, ChangeStream, Event, Message, Relation, RelationColumn, RelationId, RowChange, Transaction, Tuple,
};
use crate::{Error, ErrorKind, Result};
use std::collections::{HashMap, VecDeque};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio_util::task::AbortOnDropHandle;

/// Runs that wait for whoever takes them.
const WAITING: usize = 4;
/// How long the end waits for what is still to be deleted. What stays is handed out once more.
const AT_THE_END: Duration = Duration::from_secs(5);

/// A message that holds what it says.
#[derive(Debug)]
pub(crate) enum Sent {
    Begin(Transaction),
    Relation(Relation),
    /// A row without values is one of which nothing is known.
    Row {
        relation: RelationId,
        before: Option<Values>,
        after: Option<Values>,
    },
    Truncate(RelationId),
    Commit(Mark),
    Idle(Mark),
}

/// Values of a row.
type Values = Vec<Option<Vec<u8>>>;

/// The cells of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cells<'a>(&'a [Option<Vec<u8>>]);

impl<'a> Tuple<'a> for Cells<'a> {
    fn cells(self) -> impl Iterator<Item = Cell<'a>> {
        self.0.iter().map(|value| value.as_deref().map_or(Cell::Null, Cell::Value))
    }
}

impl Message for Sent {
    type Tuple<'a> = Cells<'a>;

    fn event(&self) -> Result<Event<Cells<'_>>> {
        Ok(match self {
            Self::Begin(transaction) => Event::Begin(*transaction),
            Self::Relation(relation) => Event::Relation(relation.clone()),
            Self::Row { relation, before, after } => Event::Row(RowChange {
                relation: *relation,
                before: before.as_ref().map_or(Before::Nothing, |values| Before::Whole(Cells(values))),
                after: after.as_ref().map(|values| Cells(values)),
            }),
            Self::Truncate(relation) => Event::Truncate(vec![*relation]),
            Self::Commit(mark) => Event::Commit(*mark),
            Self::Idle(mark) => Event::Idle(*mark),
        })
    }
}

/// Makes messages of captured rows.
#[derive(Debug)]
pub(super) struct Translation {
    /// Names of the captured columns, by the number that rows carry.
    columns: HashMap<i32, Vec<String>>,
    /// Which columns the rows of a relation were said to have last.
    announced: HashMap<u32, i32>,
}

impl Translation {
    pub(super) fn new(layouts: &[Layout]) -> Self {
        let columns = layouts.iter().map(|layout| (layout.id, layout.columns.clone())).collect();
        Self { columns, announced: HashMap::new() }
    }

    /// Adds what a row says.
    pub(super) fn add(&mut self, row: Captured, run: &mut Vec<Sent>) -> Result<()> {
        let relation = RelationId(row.relation);
        if row.kind == b't' {
            run.push(Sent::Truncate(relation));
            return Ok(());
        }
        let known = self.columns.get(&row.layout).filter(|_| row.kind != b'?');
        let layout = if known.is_some() { row.layout } else { 0 };
        // Relations that nobody has described are described before a row of theirs, once.
        let due = match self.announced.get(&row.relation) {
            None => true,
            Some(announced) => layout != 0 && *announced != layout,
        };
        if due {
            let columns = known.into_iter().flatten().map(|name| RelationColumn { name: name.clone(), key: false });
            run.push(Sent::Relation(Relation { id: relation, columns: columns.collect() }));
            self.announced.insert(row.relation, layout);
        }
        let Some(columns) = known else {
            run.push(Sent::Row { relation, before: Some(Vec::new()), after: None });
            return Ok(());
        };
        let read = |text: &Option<String>| match (text, columns.len()) {
            (_, 0) => Ok(Some(Values::new())),
            (None, _) => Ok(None),
            (Some(text), count) => match record::values(text).filter(|values| values.len() == count) {
                Some(values) => Ok(Some(values)),
                None => Err(Error::new(ErrorKind::Fatal, "a row of the outbox holds what no trigger of ours writes")),
            },
        };
        let (before, after) = (read(&row.before)?, read(&row.after)?);
        run.push(match row.kind {
            b'i' => Sent::Row { relation, before: None, after },
            b'd' => Sent::Row { relation, before, after: None },
            _ => Sent::Row { relation, before: before.or_else(|| after.clone()), after },
        });
        Ok(())
    }
}

/// The stream.
pub(crate) struct Stream {
    runs: mpsc::Receiver<Result<Vec<Sent>>>,
    ready: VecDeque<Sent>,
    acknowledgement: Acknowledgement,
    draining: AbortOnDropHandle<()>,
    deleting: AbortOnDropHandle<()>,
    pid: i32,
}

impl Stream {
    /// Begins to follow.
    pub(super) async fn open(
        settings: &DatabaseSettings,
        names: &Names,
        layouts: &[Layout],
        ledger: &Ledger,
    ) -> Result<Self> {
        let (sender, runs) = mpsc::channel(WAITING);
        let (deletable, written) = watch::channel(None);
        let outbox = Outbox::open(settings, names).await?;
        let pid = outbox.pid().await?;
        let deleter = Outbox::open(settings, names).await?;
        deleter.deletes_lightly().await?;
        ledger.begin(ledger.written());
        let drain = Drain::begin(outbox, ledger.clone(), Translation::new(layouts), sender.clone()).await?;
        Ok(Self {
            runs,
            ready: VecDeque::new(),
            acknowledgement: Acknowledgement::new(ledger.clone(), deletable),
            draining: AbortOnDropHandle::new(tokio::spawn(drain.run())),
            deleting: AbortOnDropHandle::new(tokio::spawn(delete(deleter, written, sender))),
            pid,
        })
    }
}

/// Deletes what is written, until nobody acknowledges any more.
async fn delete(
    outbox: Outbox,
    mut written: watch::Receiver<Option<Snapshot>>,
    failed: mpsc::Sender<Result<Vec<Sent>>>,
) {
    let failed = failed.downgrade();
    let mut before = Snapshot::nothing();
    while written.changed().await.is_ok() {
        let Some(snapshot) = written.borrow_and_update().clone() else { continue };
        if let Err(error) = outbox.delete(&snapshot, &before).await {
            if let Some(failed) = failed.upgrade() {
                let _ = failed.send(Err(error)).await;
            }
            return;
        }
        before = snapshot;
    }
}

impl ChangeStream for Stream {
    type Message = Sent;
    type Acknowledge = Acknowledgement;

    async fn next(&mut self) -> Result<Sent> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                return Ok(message);
            }
            match self.runs.recv().await {
                Some(run) => self.ready.extend(run?),
                None => return Err(Error::new(ErrorKind::Unavailable, "the outbox is no longer followed")),
            }
        }
    }

    fn try_next(&mut self) -> Result<Option<Sent>> {
        while self.ready.is_empty() {
            match self.runs.try_recv() {
                Ok(run) => self.ready.extend(run?),
                // Why there are no more is said by whoever waits for the next.
                Err(_) => return Ok(None),
            }
        }
        Ok(self.ready.pop_front())
    }

    fn acknowledge(&self) -> Acknowledgement {
        self.acknowledgement.clone()
    }

    fn session(&self) -> i32 {
        self.pid
    }

    async fn close(self) -> Result<()> {
        let Self { runs, acknowledgement, draining, deleting, .. } = self;
        drop((runs, draining));
        // Whoever acknowledged has done so by now, so the other end hears of the last of it.
        drop(acknowledgement);
        match tokio::time::timeout(AT_THE_END, deleting).await {
            Ok(_) => Ok(()),
            Err(_) => {
                Err(Error::new(ErrorKind::Unavailable, "what is written could not be deleted from the outbox in time"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;

    fn captured(kind: u8, before: Option<&str>, after: Option<&str>, layout: i32) -> Captured {
        let (before, after) = (before.map(str::to_owned), after.map(str::to_owned));
        Captured { place: (1, 1), relation: 16400, layout, kind, before, after, at: SystemTime::UNIX_EPOCH }
    }

    fn said(rows: Vec<Captured>) -> Vec<String> {
        let layout = Layout {
            table: pgsync_plan::TableId(0),
            id: 7,
            columns: vec!["id".to_owned(), "author".to_owned()],
            compared: None,
            settings: Vec::new(),
        };
        let mut translation = Translation::new(&[layout]);
        let mut run = Vec::new();
        rows.into_iter().for_each(|row| translation.add(row, &mut run).unwrap());
        let text = |values: &Option<Values>| match values {
            None => "-".to_owned(),
            Some(values) => {
                let each = values.iter().map(|value| match value {
                    None => "null".to_owned(),
                    Some(bytes) => String::from_utf8(bytes.clone()).unwrap(),
                });
                format!("[{}]", each.collect::<Vec<_>>().join(" "))
            }
        };
        run.iter()
            .map(|sent| match sent {
                Sent::Relation(relation) => format!("{} columns", relation.columns.len()),
                Sent::Row { before, after, .. } => format!("{} {}", text(before), text(after)),
                Sent::Truncate(_) => "truncate".to_owned(),
                _ => panic!("{sent:?}"),
            })
            .collect()
    }

    #[test]
    fn rows_say_what_was_and_what_is() {
        let rows = vec![
            captured(b'i', None, Some("(1,)"), 7),
            captured(b'u', None, Some("(1,2)"), 7),
            captured(b'u', Some("(1,2)"), Some("(3,2)"), 7),
            captured(b'd', Some("(3,2)"), None, 7),
            captured(b't', None, None, 0),
        ];
        let expected = ["2 columns", "- [1 null]", "[1 2] [1 2]", "[1 2] [3 2]", "[3 2] -", "truncate"];
        assert_eq!(said(rows), expected);
    }

    #[test]
    fn of_a_row_without_values_and_of_another_layout_nothing_is_known() {
        let rows = vec![
            captured(b'?', None, None, 7),
            captured(b'u', None, Some("(1)"), 9),
            captured(b'i', None, Some("(1,2)"), 7),
            captured(b'?', None, None, 7),
        ];
        assert_eq!(said(rows), ["0 columns", "[] -", "[] -", "2 columns", "- [1 2]", "[] -"]);
    }
}
