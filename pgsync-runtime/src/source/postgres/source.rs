//! PostgreSQL as a [`Source`]. In: settings and a program. Out: its sessions, its stream, its lease.

use super::horizon::Horizon;
use super::replication::test_decoding::Translation;
use super::replication::{Acknowledger, Connection, Frame, Output, ReplicationStream};
use super::{Lease, Lsn, Session, Visibility, blocked, connection, kept};
use crate::settings::DatabaseSettings;
use crate::source::{Acknowledge, ChangeStream, Goal, LogPoint, Retention, Source, TransactionId, Waiting};
use crate::state::State;
use crate::{Code, Error, Position, Result};
use pgsync_plan::Program;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio_postgres::Client;

/// A keepalive further than this behind everything known is held against the server's log before it is believed: a
/// position that is not there would be recorded and acknowledged, and the changes up to it never be sent.
const SURPRISE: u64 = 64 << 20;

/// A database of PostgreSQL, followed for a program.
#[derive(Debug, Clone)]
pub(crate) struct Postgres {
    pub(super) settings: Arc<DatabaseSettings>,
    pub(super) program: Arc<Program>,
    /// Whether it may be set up.
    pub(super) bootstrap: bool,
    /// What looks for whoever holds up the others, once that was needed.
    looking: Arc<Mutex<Option<Client>>>,
    /// How far was read.
    pub(super) horizon: Arc<Horizon>,
}

impl Postgres {
    /// Nothing is opened yet. `bootstrap`: whether the database may be set up.
    pub(crate) fn new(settings: DatabaseSettings, program: Arc<Program>, bootstrap: bool) -> Self {
        let horizon = Arc::new(Horizon::new());
        Self { settings: Arc::new(settings), program, bootstrap, looking: Arc::default(), horizon }
    }
}

impl Source for Postgres {
    type Lease = Lease;
    type Stream = Stream;
    type Visibility = Visibility;
    type Session = Session;

    async fn lease(&self) -> Result<Lease> {
        Lease::open(self.clone()).await
    }

    async fn stream(&self, lease: &Lease) -> Result<Stream> {
        let connection = Connection::open(&self.settings).await?;
        let capture = self.program.capture.logical_replication()?;
        let (output, translation) = match lease.translated_tables().await? {
            Some(tables) => (Output::TestDecoding, Some(Translation::new(tables))),
            None => (Output::Pgoutput { publication: &capture.publication }, None),
        };
        let frames = ReplicationStream::start(connection, &capture.slot, output).await?;
        let horizon = Arc::clone(&self.horizon);
        Ok(Stream { frames, translation, log: lease.log(), known: Lsn::ZERO, held: None, horizon })
    }

    async fn visibility(&self) -> Result<Visibility> {
        Visibility::new(connection::connect(&self.settings).await?).await
    }

    async fn session(&self) -> Result<Session> {
        Session::connect(&self.settings).await?.within(Arc::clone(&self.horizon)).await
    }

    async fn held_up_by(&self) -> Result<Option<String>> {
        blocked::held_up_by(&self.settings, &mut *self.looking.lock().await).await
    }

    fn goal(&self, text: &str) -> Result<Goal, String> {
        let (lsn, history) = match text.trim().split_once('@') {
            Some((lsn, timeline)) => {
                let timeline = timeline.parse::<u32>();
                (lsn, Some(timeline.map_err(|_| format!("`{text}` does not end with the number of a time line"))?))
            }
            None => (text.trim(), None),
        };
        let wanted: Position = lsn.parse::<Lsn>()?.end_of_record().into();
        Ok(Goal::new(move |point| point.position >= wanted && (history.is_none() || history == point.history)))
    }

    fn point(&self, position: Position) -> LogPoint {
        LogPoint { position, continuation: None, history: self.horizon.timeline() }
    }

    // Beside the position stands who reads, and no point of the log.
    fn recorded(&self, state: &State) -> LogPoint {
        LogPoint { position: state.position, continuation: None, history: Some(state.timeline) }
    }

    async fn now(&self) -> Result<LogPoint> {
        let (end, timeline) = kept::insert_end(&self.settings, &mut *self.looking.lock().await).await?;
        Ok(LogPoint { position: end.into(), continuation: None, history: Some(timeline) })
    }

    async fn retention(&self) -> Result<Option<Retention>> {
        let slot = &self.program.capture.logical_replication()?.slot;
        kept::retention(&self.settings, slot, &mut *self.looking.lock().await).await
    }
}

/// A stream whose positions are believed only where the server's log reaches.
pub(crate) struct Stream {
    frames: ReplicationStream,
    /// Where the server writes lines of `test_decoding`.
    translation: Option<Translation>,
    /// Asks for the end of the log.
    log: super::lease::LogEnd,
    /// The log is known to reach up to here.
    known: Lsn,
    /// A keepalive to be held against the log, taken when nothing could be asked.
    held: Option<Lsn>,
    /// How far was read.
    horizon: Arc<Horizon>,
}

impl Stream {
    /// Refuses a position beyond the end of the server's log.
    async fn believe(&mut self, wal_end: Lsn) -> Result<Frame> {
        if self.is_surprising(wal_end) {
            self.known = self.log.end().await?;
            if wal_end > self.known {
                return Err(Error::coded(
                    Code::Forged,
                    format!(
                        "the stream says that the log has reached {wal_end}, the server that it ends at {}",
                        self.known
                    ),
                ));
            }
        }
        Ok(Frame::Keepalive { wal_end })
    }

    /// The next frame of a transaction that was held.
    fn translated(&mut self) -> Result<Option<Frame>> {
        self.translation.as_mut().map_or(Ok(None), Translation::hand_on)
    }

    /// A frame that is no keepalive, in the form that is read; none where it is held until its transaction has ended. What comes of
    /// it may be written without a read.
    fn data(&mut self, frame: Frame) -> Result<Option<Frame>> {
        if let Frame::Data { wal_start, .. } = &frame {
            self.known = self.known.max(*wal_start);
            self.horizon.see(*wal_start);
        }
        match &mut self.translation {
            Some(translation) => translation.take(frame),
            None => Ok(Some(frame)),
        }
    }

    fn is_surprising(&self, wal_end: Lsn) -> bool {
        wal_end.0 > self.known.0.saturating_add(SURPRISE)
    }
}

impl ChangeStream for Stream {
    type Message = Frame;
    type Acknowledge = Acknowledger;

    async fn next(&mut self) -> Result<Frame> {
        while self.held.is_none() {
            if let Some(frame) = self.translated()? {
                return Ok(frame);
            }
            match self.frames.next().await? {
                Frame::Keepalive { wal_end } => self.held = Some(wal_end),
                data => {
                    if let Some(data) = self.data(data)? {
                        return Ok(data);
                    }
                }
            }
        }
        // Kept while it is asked for: whoever stops waiting loses nothing.
        let frame = self.believe(self.held.unwrap_or_default()).await?;
        self.held = None;
        Ok(frame)
    }

    fn try_next(&mut self) -> Result<Option<Frame>> {
        if self.held.is_some() {
            return Ok(None);
        }
        loop {
            if let Some(frame) = self.translated()? {
                return Ok(Some(frame));
            }
            match self.frames.try_next()? {
                None => return Ok(None),
                Some(Frame::Keepalive { wal_end }) if self.is_surprising(wal_end) => {
                    self.held = Some(wal_end);
                    return Ok(None);
                }
                Some(keepalive @ Frame::Keepalive { .. }) => return Ok(Some(keepalive)),
                Some(data) => {
                    if let Some(data) = self.data(data)? {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }

    fn acknowledge(&self) -> Acknowledger {
        self.frames.acknowledger()
    }

    fn session(&self) -> i32 {
        self.frames.pid()
    }

    async fn close(self) -> Result<()> {
        self.frames.close().await
    }
}

impl Acknowledge for Acknowledger {
    fn acknowledge(&self, position: Position) {
        Self::acknowledge(self, position.into());
    }
}

impl crate::source::Visibility for Visibility {
    async fn establish(
        &mut self,
        transactions: &[TransactionId],
        mut waiting: impl FnMut(Waiting) + Send,
    ) -> Result<()> {
        let xids: Vec<u32> = transactions.iter().map(|TransactionId(xid)| *xid).collect();
        Self::establish(self, &xids, |wait| waiting((&wait).into())).await
    }
}

impl From<&super::visibility::Waiting> for Waiting {
    fn from(wait: &super::visibility::Waiting) -> Self {
        Self { what: wait.to_string(), since: wait.since }
    }
}
