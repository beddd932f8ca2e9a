//! The stream of one slot. In: a slot, a publication. Out: frames, in order; positions are acknowledged the other way.
//!
//! A task of its own owns the connection: it reads into a queue bounded by bytes, and it sends status reports on a timer
//! whatever the pipeline is doing. Were reading and reporting one activity, a pipeline that is busy for longer than
//! `wal_sender_timeout` would be cut off, and a large transaction would start again for ever.

use super::startup;
use super::wire::{Wire, server_error};
use crate::settings::DatabaseSettings;
use crate::{Error, ErrorKind, Lsn, Result};
use bytes::{Buf, Bytes};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;

/// Most bytes in the queue. A larger frame still passes, alone.
const QUEUE_BYTES: u32 = 16 << 20;
/// Status reports are sent at least this often; sooner where `wal_sender_timeout` is short.
const REPORT_EVERY: Duration = Duration::from_secs(10);
/// How long the server may be silent although it was asked to answer.
const SILENCE: Duration = Duration::from_secs(60);

/// One frame of the stream.
#[derive(Debug)]
pub enum Frame {
    /// A `pgoutput` message.
    Data {
        /// Where its record starts.
        wal_start: Lsn,
        /// The message.
        payload: Bytes,
    },
    /// Nothing to tell; everything before `wal_end` has been sent.
    Keepalive {
        /// How far the server has read.
        wal_end: Lsn,
    },
}

/// The receiving end.
#[derive(Debug)]
pub struct ReplicationStream {
    queue: mpsc::UnboundedReceiver<Result<Chunk>>,
    current: VecDeque<Frame>,
    /// Held until the frames of `current` are taken.
    room: Option<OwnedSemaphorePermit>,
    shared: Arc<Shared>,
    pid: i32,
    task: JoinHandle<Result<()>>,
}

#[derive(Debug)]
struct Chunk {
    frames: VecDeque<Frame>,
    room: OwnedSemaphorePermit,
}

#[derive(Debug, Default)]
struct Shared {
    acknowledged: AtomicU64,
    changed: Notify,
    close: Notify,
}

/// Reports positions as durable. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Acknowledge(Arc<Shared>);

impl Acknowledge {
    /// Everything before `position`, the end of a transaction or of a keepalive, is durable.
    pub fn acknowledge(&self, position: Lsn) {
        self.0.acknowledged.fetch_max(position.0, Ordering::Release);
        self.0.changed.notify_one();
    }
}

impl ReplicationStream {
    /// Starts streaming from where the slot is. The position asked for is always 0/0: one beyond the log's end would be
    /// believed, and changes skipped.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] when the slot is in use or the server does not answer, [`ErrorKind::Reload`] when slot
    /// or publication are gone, [`ErrorKind::Refused`] when the role may not.
    pub async fn start(settings: &DatabaseSettings, slot: &str, publication: &str) -> Result<Self> {
        let (mut wire, pid) = startup::open(settings).await?;
        let timeout = wire.query("SELECT setting FROM pg_settings WHERE name = 'wal_sender_timeout'").await?;
        let timeout = timeout.first().and_then(|row| row.first()?.as_ref()?.parse().ok()).unwrap_or(0);
        let every = match Duration::from_millis(timeout) / 3 {
            Duration::ZERO => REPORT_EVERY,
            third => third.min(REPORT_EVERY),
        };
        let publication = publication.replace('"', "\"\"").replace('\'', "''");
        let slot = slot.replace('"', "\"\"");
        let command = format!(
            "START_REPLICATION SLOT \"{slot}\" LOGICAL 0/0 (proto_version '1', publication_names '\"{publication}\"')"
        );
        wire.send(|out| postgres_protocol::message::frontend::query(&command, out)).await?;
        loop {
            let message = wire.receive().await?;
            match message.tag {
                b'W' => break,
                b'E' => return Err(server_error(&message.body)),
                _ => {}
            }
        }
        let shared = Arc::new(Shared::default());
        let (send, queue) = mpsc::unbounded_channel();
        let receiver = Receiver {
            wire,
            shared: Arc::clone(&shared),
            queue: send.clone(),
            room: Arc::new(Semaphore::new(QUEUE_BYTES as usize)),
            received: Lsn::ZERO,
            every,
        };
        let task = tokio::spawn(async move {
            match receiver.run().await {
                Err(error) => {
                    // The receiving end may have gone: then nobody is left to tell.
                    let _ = send.send(Err(error));
                    Ok(())
                }
                done => done,
            }
        });
        Ok(Self { queue, current: VecDeque::new(), room: None, shared, pid, task })
    }

    /// Process id of the walsender.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// A handle to acknowledge with.
    pub fn acknowledger(&self) -> Acknowledge {
        Acknowledge(Arc::clone(&self.shared))
    }

    /// The next frame. Nothing is lost when it is dropped while waiting.
    ///
    /// # Errors
    /// Why the stream ended.
    pub async fn next(&mut self) -> Result<Frame> {
        loop {
            if let Some(frame) = self.current.pop_front() {
                return Ok(frame);
            }
            self.room = None;
            let chunk = self.queue.recv().await.unwrap_or_else(|| Err(ended()))?;
            self.current = chunk.frames;
            self.room = Some(chunk.room);
        }
    }

    /// The next frame, if one has arrived.
    ///
    /// # Errors
    /// Why the stream ended.
    pub fn try_next(&mut self) -> Result<Option<Frame>> {
        loop {
            if let Some(frame) = self.current.pop_front() {
                return Ok(Some(frame));
            }
            self.room = None;
            match self.queue.try_recv() {
                Ok(chunk) => {
                    let chunk = chunk?;
                    self.current = chunk.frames;
                    self.room = Some(chunk.room);
                }
                Err(mpsc::error::TryRecvError::Empty) => return Ok(None),
                Err(mpsc::error::TryRecvError::Disconnected) => return Err(ended()),
            }
        }
    }

    /// Sends what was acknowledged last, ends the stream and waits for the server to agree, so that no acknowledgement
    /// is lost.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] when the server does not agree in time: it will send some transactions again.
    pub async fn close(mut self) -> Result<()> {
        self.shared.close.notify_one();
        self.queue.close();
        while self.queue.recv().await.is_some() {}
        (&mut self.task).await.unwrap_or_else(|_| Err(ended()))
    }
}

impl Drop for ReplicationStream {
    fn drop(&mut self) {
        // The walsender must not linger behind a process that starts over: the slot would still be in use.
        self.task.abort();
    }
}

fn ended() -> Error {
    Error::new(ErrorKind::Unavailable, "the replication stream has ended")
}

/// The task that owns the connection.
struct Receiver {
    wire: Wire,
    shared: Arc<Shared>,
    queue: mpsc::UnboundedSender<Result<Chunk>>,
    room: Arc<Semaphore>,
    received: Lsn,
    every: Duration,
}

impl Receiver {
    async fn run(mut self) -> Result<()> {
        let shared = Arc::clone(&self.shared);
        let mut timer = tokio::time::interval(self.every);
        let mut waiting: Option<(VecDeque<Frame>, u32)> = None;
        let mut heard = Instant::now();
        loop {
            let need = waiting.as_ref().map_or(0, |(_, bytes)| *bytes);
            tokio::select! {
                biased;
                () = shared.close.notified() => return self.finish().await,
                _ = timer.tick() => {
                    if waiting.is_some() {
                        heard = Instant::now();
                    } else if heard.elapsed() > SILENCE.max(self.every * 3) {
                        return Err(Error::new(ErrorKind::Unavailable, "the server has been silent for a minute"));
                    }
                    self.report(true).await?;
                }
                () = shared.changed.notified() => self.report(false).await?,
                room = Arc::clone(&self.room).acquire_many_owned(need), if waiting.is_some() => {
                    let room = room.map_err(|_| ended())?;
                    if let Some((frames, _)) = waiting.take()
                        && self.queue.send(Ok(Chunk { frames, room })).is_err()
                    {
                        return Ok(());
                    }
                }
                filled = self.wire.fill(), if waiting.is_none() => {
                    filled?;
                    heard = Instant::now();
                    waiting = self.take().await?;
                }
            }
        }
    }

    /// Every whole message that has arrived, as one chunk.
    async fn take(&mut self) -> Result<Option<(VecDeque<Frame>, u32)>> {
        let mut frames = VecDeque::new();
        let mut bytes = 0;
        while let Some(message) = self.wire.buffered()? {
            match message.tag {
                b'd' => {
                    bytes += message.body.len();
                    let (frame, reply) = frame(message.body)?;
                    match &frame {
                        Frame::Keepalive { wal_end } => self.received = self.received.max(*wal_end),
                        Frame::Data { wal_start, .. } => self.received = self.received.max(*wal_start),
                    }
                    frames.push_back(frame);
                    if reply {
                        self.report(false).await?;
                    }
                }
                b'E' => return Err(server_error(&message.body)),
                b'c' => return Err(Error::new(ErrorKind::Unavailable, "the server ended the replication stream")),
                _ => {}
            }
        }
        let cost = u32::try_from(bytes).unwrap_or(u32::MAX).min(QUEUE_BYTES);
        Ok((!frames.is_empty()).then_some((frames, cost)))
    }

    /// A standby status update. Only what was acknowledged is reported as flushed.
    async fn report(&mut self, reply: bool) -> Result<()> {
        let flushed = self.shared.acknowledged.load(Ordering::Acquire);
        let since_2000 = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH + Duration::from_secs(946_684_800))
            .map_or(0, |time| time.as_micros() as i64);
        let mut status = [0; 34];
        status[0] = b'r';
        status[1..9].copy_from_slice(&self.received.0.max(flushed).to_be_bytes());
        status[9..17].copy_from_slice(&flushed.to_be_bytes());
        status[17..25].copy_from_slice(&flushed.to_be_bytes());
        status[25..33].copy_from_slice(&since_2000.to_be_bytes());
        status[33] = u8::from(reply);
        self.wire.copy_data(&status).await
    }

    /// The last report, then the end of the copy, then whatever the server still sends until it agrees.
    async fn finish(mut self) -> Result<()> {
        self.report(false).await?;
        self.wire
            .send(|out| {
                postgres_protocol::message::frontend::copy_done(out);
                Ok(())
            })
            .await?;
        let agreed = async {
            loop {
                let message = self.wire.receive().await?;
                match message.tag {
                    b'E' => return Err(server_error(&message.body)),
                    b'Z' => return Ok(()),
                    _ => {}
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), agreed).await.unwrap_or_else(|_| Err(ended()))
    }
}

/// A CopyData body: XLogData or a keepalive, and whether an answer is asked for.
fn frame(mut body: Bytes) -> Result<(Frame, bool)> {
    let malformed = |_| Error::new(ErrorKind::Fatal, "the server sent a malformed replication frame");
    match body.try_get_u8().map_err(malformed)? {
        b'w' => {
            let wal_start = Lsn(body.try_get_u64().map_err(malformed)?);
            body.try_get_u64().map_err(malformed)?;
            body.try_get_u64().map_err(malformed)?;
            Ok((Frame::Data { wal_start, payload: body }, false))
        }
        b'k' => {
            let wal_end = Lsn(body.try_get_u64().map_err(malformed)?);
            body.try_get_u64().map_err(malformed)?;
            let reply = body.try_get_u8().map_err(malformed)? == 1;
            Ok((Frame::Keepalive { wal_end }, reply))
        }
        _ => Err(Error::new(ErrorKind::Fatal, "the server sent an unknown replication frame")),
    }
}
