//! The replication stream as the pipeline sees it. In: a [`Connection`], a slot, who writes its output. Out: frames in order;
//! acknowledgements go back.
//!
//! Must not: report a position as flushed that was not acknowledged. The socket belongs to a task of its own (see
//! `socket`), which keeps the server satisfied whatever the reader of the frames does.

use super::frames::{Frame, take_frame};
use super::socket::{Queued, Socket, StreamState};
use super::wire::{Connection, server_failure, unexpected};
use crate::source::postgres::Lsn;
use crate::source::postgres::connection::{Operation, ServerFailure, quote_identifier};
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tracing::Instrument as _;

/// How many bytes of frames are queued before reading pauses.
pub const QUEUE_BYTES: u32 = 2 << 20;

/// How long the server is given to finish the stream when it is closed.
const CLOSE: Duration = Duration::from_secs(10);

/// A running stream. Dropped without [`Self::close`], an acknowledgement of the last moments may be lost (which only
/// makes the server send again what was acknowledged).
pub struct ReplicationStream {
    queue: UnboundedReceiver<Result<Queued>>,
    /// The entry of the queue that is being taken apart.
    run: Bytes,
    shared: Arc<StreamState>,
    task: JoinHandle<bool>,
    pid: i32,
}

/// Who writes what a slot streams, with what it has to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output<'a> {
    /// `pgoutput`: the changes that this publication publishes.
    Pgoutput {
        /// Its name.
        publication: &'a str,
    },
    /// `test_decoding`: the changes of all tables, see [`super::test_decoding`].
    TestDecoding,
}

/// Acknowledges from anywhere; cheap to clone.
#[derive(Clone)]
pub struct Acknowledger(Arc<StreamState>);

impl ReplicationStream {
    /// Starts to stream from where the slot stands, with a queue of [`QUEUE_BYTES`].
    ///
    /// Fails with [`ErrorKind::Unavailable`] while another process uses the slot, with [`ErrorKind::Reload`] where slot
    /// or publication is gone or the slot was invalidated (no retry brings back what it would have sent; the next step
    /// is a load with a new slot), else with [`ErrorKind::Refused`]. A publication that is missing shows only once the
    /// server decodes the first change, so the same errors come out of [`Self::next`].
    pub async fn start(connection: Connection, slot: &str, output: Output<'_>) -> Result<Self> {
        Self::start_with_queue(connection, slot, output, QUEUE_BYTES).await
    }

    /// As [`Self::start`], with a queue of this many bytes.
    pub async fn start_with_queue(
        mut connection: Connection,
        slot: &str,
        output: Output<'_>,
        queue_bytes: u32,
    ) -> Result<Self> {
        let interval = if connection.takes_sql { prepare(&mut connection).await? } else { UNASKED };

        // Position 0/0 stands for the slot's own: a later one would skip changes without a word.
        let command = format!("START_REPLICATION SLOT {} LOGICAL 0/0 ({})", quote_identifier(slot), output.options());
        connection.send_query(&command).await?;
        let names = (slot.to_owned(), output.to_string());
        loop {
            let message = connection.read().await?;
            match message.tag {
                b'W' => break,
                b'E' => return Err(failure(&names, &server_failure(&message.body))),
                b'N' | b'S' => {}
                _ => return Err(unexpected("the answer to START_REPLICATION")),
            }
        }
        connection.transport.streams();
        let interval = interval.min(connection.patience / 3);
        let pid = connection.pid;
        let shared = Arc::new(StreamState::default());
        let (sender, queue) = unbounded_channel();
        let socket = Socket::new(connection, names, shared.clone(), sender, queue_bytes, interval);
        Ok(Self { queue, run: Bytes::new(), shared, task: tokio::spawn(socket.run().in_current_span()), pid })
    }

    /// The next frame, waiting for it. Cancelling the wait loses nothing. After an error the stream is over.
    pub async fn next(&mut self) -> Result<Frame> {
        loop {
            if let Some(frame) = take_frame(&mut self.run)? {
                return Ok(frame);
            }
            let queued = self.queue.recv().await.ok_or_else(over)??;
            self.run = self.shared.release(queued);
        }
    }

    /// The next frame if one is queued.
    pub fn try_next(&mut self) -> Result<Option<Frame>> {
        use tokio::sync::mpsc::error::TryRecvError;
        loop {
            if let Some(frame) = take_frame(&mut self.run)? {
                return Ok(Some(frame));
            }
            match self.queue.try_recv() {
                Ok(queued) => self.run = self.shared.release(queued?),
                Err(TryRecvError::Empty) => return Ok(None),
                Err(TryRecvError::Disconnected) => return Err(over()),
            }
        }
    }

    /// Process id of the server's side.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// The highest position the server has sent, queued frames included.
    pub fn received(&self) -> Lsn {
        self.shared.received()
    }

    /// Says that everything before this mark is durable: a commit's `end_lsn`, or a keepalive's `wal_end` when nothing
    /// received before it is in work. Reported within about 100 ms; a smaller position than before changes nothing, one
    /// beyond what was received is held back.
    pub fn acknowledge(&self, mark: Lsn) {
        self.shared.acknowledge(mark);
    }

    /// A handle that acknowledges while the stream is being read.
    pub fn acknowledger(&self) -> Acknowledger {
        Acknowledger(self.shared.clone())
    }

    /// Reports the last acknowledgement, ends the stream and waits until the server has ended it too. Frames that were
    /// not taken are dropped; the slot sends them again.
    pub async fn close(mut self) -> Result<()> {
        self.shared.close();
        match tokio::time::timeout(CLOSE, &mut self.task).await {
            Ok(Ok(true)) => Ok(()),
            Ok(_) => {
                while let Some(queued) = self.queue.recv().await {
                    queued?;
                }
                Err(over())
            }
            Err(_) => Err(Error::new(
                ErrorKind::Unavailable,
                format!("PostgreSQL did not end the replication stream within {} s", CLOSE.as_secs()),
            )),
        }
    }
}

impl Drop for ReplicationStream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Acknowledger {
    /// See [`ReplicationStream::acknowledge`].
    pub fn acknowledge(&self, mark: Lsn) {
        self.0.acknowledge(mark);
    }

    /// See [`ReplicationStream::received`].
    pub fn received(&self) -> Lsn {
        self.0.received()
    }
}

/// What a refusal of the server means for a stream.
pub(super) fn failure((slot, output): &(String, String), server: &ServerFailure) -> Error {
    server.error(Operation::Stream, &format!("the stream of slot `{slot}`, {output}"))
}

impl Output<'_> {
    /// What the plugin is asked for.
    fn options(&self) -> String {
        match self {
            Self::Pgoutput { publication } => {
                format!("proto_version '1', publication_names {}", publication_names(publication))
            }
            Self::TestDecoding => {
                "\"include-xids\" 'true', \"include-timestamp\" 'true', \"skip-empty-xacts\" 'true'".to_owned()
            }
        }
    }
}

impl std::fmt::Display for Output<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pgoutput { publication } => write!(f, "publication `{publication}`"),
            Self::TestDecoding => f.write_str("written by test_decoding"),
        }
    }
}

fn over() -> Error {
    Error::new(ErrorKind::Unavailable, "the replication stream is over")
}

/// How often a server is told how far we are that cannot be asked how patient it is: often enough for any.
const UNASKED: Duration = Duration::from_secs(1);

/// Whether the server can stream, and how often it wants to be told how far we are.
async fn prepare(connection: &mut Connection) -> Result<Duration> {
    let rows = connection
        .query(
            "SELECT pg_catalog.current_setting('wal_level'), \
             (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout')",
        )
        .await?;
    let value = |column: usize| rows.first().and_then(|row| row.get(column)?.as_deref());
    // Checked apart: the server gives one and the same SQLSTATE for this and for an invalidated slot.
    if value(0) != Some("logical") {
        return Err(Error::new(
            ErrorKind::Refused,
            format!("wal_level is `{}`, needed is `logical`", value(0).unwrap_or_default()),
        )
        .help("set wal_level = logical in postgresql.conf and restart the server"));
    }
    Ok(report_interval(value(1).and_then(|text| text.parse().ok()).unwrap_or(0)))
}

/// A third of the server's patience (milliseconds, 0 for endless), 10 s at most.
fn report_interval(wal_sender_timeout: u64) -> Duration {
    match wal_sender_timeout {
        0 => Duration::from_secs(10),
        patience => Duration::from_millis((patience / 3).clamp(1, 10_000)),
    }
}

/// The option's value: a list of identifiers inside a string constant. The replication grammar knows no backslashes.
fn publication_names(publication: &str) -> String {
    format!("'{}'", quote_identifier(publication).replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_come_in_time() {
        assert_eq!(report_interval(60_000), Duration::from_secs(10));
        assert_eq!(report_interval(2_000), Duration::from_millis(666));
        assert_eq!(report_interval(0), Duration::from_secs(10));
    }

    #[test]
    fn names_are_quoted_twice() {
        assert_eq!(publication_names("it's \"x\", y"), "'\"it''s \"\"x\"\", y\"'");
    }
}
