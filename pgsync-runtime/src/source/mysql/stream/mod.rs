//! The stream of a server's log. In: where it is, after which transactions to begin, which tables are wanted. Out: the steps of
//! committed transactions.
//!
//! A task of its own reads the connection, so that heartbeats are taken whatever the rest does, and so that a fault of the
//! driver ends that task and is an error here, and nothing more.

mod packets;
mod request;

pub use request::{Start, server_id};

use super::address::Address;
use super::binlog::{Decoder, GtidSet, Step, Wanted};
use super::connection::connect;
use super::failure;
use super::server::Server;
use crate::position::Version;
use crate::{Error, ErrorKind, Result};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How many events wait between the connection and the decoder.
const WAITING: usize = 64;

/// What a stream is opened with.
#[derive(Debug, Clone)]
pub struct StreamSettings {
    /// The number by which the server knows this replica: no other replica and no server may have it.
    pub server_id: u32,
    /// How often the server says that nothing has happened. Three of them have to be missing before the connection is given up.
    pub heartbeat: Duration,
}

/// A stream that is open.
#[derive(Debug)]
pub struct Stream {
    address: String,
    events: mpsc::Receiver<Result<Vec<u8>>>,
    /// None once it is known how it ended.
    reader: Option<JoinHandle<()>>,
    decoder: Decoder,
    steps: VecDeque<Step>,
    /// The number of its session on the server.
    session: u32,
    /// Filled by the decoder, one event at a time.
    decoded: Vec<Step>,
    resume: GtidSet,
}

impl Stream {
    /// Opens a stream.
    ///
    /// # Errors
    /// Where the server is not reachable, cannot be followed, or its log does not reach back.
    pub async fn open(address: &Address, settings: &StreamSettings, start: Start, wanted: Wanted) -> Result<Self> {
        let shown = address.shown();
        let mut connection = connect(address, Vec::new()).await?;
        let server = Server::ask(&mut connection, address).await?;
        let after = start.after(server.flavour);
        server.check(address, &after)?;
        if server.id == settings.server_id {
            return Err(Error::new(ErrorKind::Usage, format!("{} is the server id of {shown} itself", server.id))
                .help("choose another one for this replica"));
        }
        request::prepare(&mut connection, &server, settings, &after)
            .await
            .map_err(|error| failure::of_server("asking for the log", &shown, error))?;
        let session = connection.id();
        let stream = connection
            .get_binlog_stream(request::of(&server, settings, &start)?)
            .await
            .map_err(|error| failure::of_server("asking for the log", &shown, error))?;
        let (sender, events) = mpsc::channel(WAITING);
        let silence = settings.heartbeat.saturating_mul(3).max(Duration::from_secs(1));
        let reader = Some(tokio::spawn(packets::read(stream, shown.clone(), silence, sender)));
        let decoder = Decoder::new(after.clone(), wanted, server.checksums);
        let (steps, decoded) = (VecDeque::new(), Vec::new());
        Ok(Self { address: shown, events, reader, decoder, steps, session, decoded, resume: after })
    }

    /// Everything up to a version was told by an earlier stream, and is done, also what comes once more.
    #[must_use]
    pub fn settled(mut self, settled: Version) -> Self {
        self.decoder.settle(settled);
        self
    }

    /// The next step. Giving up the wait loses nothing. After an error the stream is over.
    ///
    /// # Errors
    /// Where the connection broke, or what came cannot be followed.
    pub async fn next(&mut self) -> Result<Step> {
        loop {
            if let Some(step) = self.steps.pop_front() {
                return Ok(self.handed_out(step));
            }
            match self.events.recv().await {
                Some(event) => self.decode(&event?)?,
                None => return Err(self.ended().await),
            }
        }
    }

    /// The next step if it has arrived.
    ///
    /// # Errors
    /// Those of [`Self::next`].
    pub fn try_next(&mut self) -> Result<Option<Step>> {
        loop {
            if let Some(step) = self.steps.pop_front() {
                return Ok(Some(self.handed_out(step)));
            }
            // Why there are no more is said by whoever waits for the next.
            let Ok(event) = self.events.try_recv() else { return Ok(None) };
            self.decode(&event?)?;
        }
    }

    fn handed_out(&mut self, step: Step) -> Step {
        if let Step::Commit { resume, .. } = &step {
            self.resume.clone_from(resume);
        }
        step
    }

    fn decode(&mut self, event: &[u8]) -> Result<()> {
        let outcome = self.decoder.decode(event, &mut self.decoded);
        self.steps.extend(self.decoded.drain(..));
        outcome.map_err(|refusal| {
            // What follows would be read without what is missing.
            self.steps.clear();
            self.events = mpsc::channel(1).1;
            failure::of_stream(&self.address, &refusal)
        })
    }

    /// The number of its session on the server.
    pub fn session(&self) -> u32 {
        self.session
    }

    /// From where to stream after a restart: after the last transaction of which every step was handed out.
    pub fn resume(&self) -> &GtidSet {
        &self.resume
    }

    /// Why the reading task is gone without a word.
    async fn ended(&mut self) -> Error {
        let panicked = match &mut self.reader {
            Some(reader) => reader.await.is_err_and(|error| error.is_panic()),
            None => false,
        };
        self.reader = None;
        let how = if panicked { "the driver failed on what it received" } else { "the stream is over" };
        Error::new(ErrorKind::Unavailable, format!("the log of {}: {how}", self.address))
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if let Some(reader) = &self.reader {
            reader.abort();
        }
    }
}
