//! The task that owns a stream's socket. In: bytes of the server, acknowledgements. Out: a queue of frames bounded by
//! bytes, status reports.
//!
//! When the queue is full, reading stops and reports go on: the server ends a connection that does not report, and a
//! large transaction would start again, for ever.

use super::stream::{Frame, failure};
use super::wire::{Connection, Message, broken, ended, server_failure, take_message, unexpected};
use crate::{Lsn, Result};
use bytes::{Buf, BufMut, BytesMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

/// Least time between two reports of acknowledgements.
const REPORT_PAUSE: Duration = Duration::from_millis(100);

/// What a frame costs in the queue besides its payload.
const FRAME_BYTES: usize = 64;

/// A frame and what it costs in the queue.
pub(super) struct Queued {
    frame: Frame,
    cost: u32,
}

/// What the task and the stream's handles share.
pub(super) struct Shared {
    acknowledged: AtomicU64,
    received: AtomicU64,
    closing: AtomicBool,
    wake: Notify,
    /// Bytes left in the queue.
    room: Semaphore,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            acknowledged: AtomicU64::new(0),
            received: AtomicU64::new(0),
            closing: AtomicBool::new(false),
            wake: Notify::new(),
            room: Semaphore::new(0),
        }
    }
}

impl Shared {
    pub(super) fn acknowledge(&self, mark: Lsn) {
        if self.acknowledged.fetch_max(mark.0, Ordering::AcqRel) < mark.0 {
            self.wake.notify_one();
        }
    }

    pub(super) fn received(&self) -> Lsn {
        Lsn(self.received.load(Ordering::Acquire))
    }

    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// Makes room for what is taken out of the queue.
    pub(super) fn release(&self, queued: Queued) -> Frame {
        self.room.add_permits(queued.cost as usize);
        queued.frame
    }
}

/// The task's own state.
pub(super) struct Socket {
    connection: Connection,
    names: (String, String),
    shared: Arc<Shared>,
    frames: UnboundedSender<Result<Queued>>,
    capacity: u32,
    interval: Duration,
    /// The flushed position of the last report, and when that was.
    reported: Lsn,
    reported_at: Instant,
}

impl Socket {
    pub(super) fn new(
        connection: Connection,
        names: (String, String),
        shared: Arc<Shared>,
        frames: UnboundedSender<Result<Queued>>,
        capacity: u32,
        interval: Duration,
    ) -> Self {
        shared.room.add_permits(capacity as usize);
        let reported_at = Instant::now();
        Self { connection, names, shared, frames, capacity, interval, reported: Lsn::ZERO, reported_at }
    }

    /// Runs until the stream is closed or broken. Returns whether it was closed in good order; an error becomes the last
    /// item of the queue.
    pub(super) async fn run(mut self) -> bool {
        match self.stream().await {
            Ok(()) => true,
            Err(error) => {
                // Nobody is left to be told when the stream was dropped.
                let _ = self.frames.send(Err(error));
                false
            }
        }
    }

    async fn stream(&mut self) -> Result<()> {
        // The first report asks for an answer, so that a position is known even where nothing happens.
        self.report(true).await?;
        let mut timer = interval_at(Instant::now() + self.interval, self.interval);
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut waiting: Option<Queued> = None;
        loop {
            while waiting.is_none() {
                let Some(message) = take_message(&mut self.connection.input)? else { break };
                waiting = self.frame(message).await?;
                let granted = waiting.as_ref().is_some_and(|queued| {
                    self.shared.room.try_acquire_many(queued.cost).map(tokio::sync::SemaphorePermit::forget).is_ok()
                });
                if granted {
                    self.push(waiting.take());
                }
            }
            if self.shared.closing.load(Ordering::Acquire) {
                return self.finish().await;
            }
            let due = (self.reportable() > self.reported).then(|| self.reported_at + REPORT_PAUSE);
            let shared = self.shared.clone();
            tokio::select! {
                biased;
                _ = timer.tick() => self.report(true).await?,
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => self.report(false).await?,
                () = shared.wake.notified() => {}
                permit = shared.room.acquire_many(waiting.as_ref().map_or(0, |queued| queued.cost)), if waiting.is_some() => {
                    if let Ok(permit) = permit {
                        permit.forget();
                    }
                    self.push(waiting.take());
                }
                read = self.connection.transport.read_buf(&mut self.connection.input), if waiting.is_none() => {
                    if read.map_err(broken)? == 0 {
                        return Err(ended());
                    }
                }
            }
        }
    }

    fn push(&self, queued: Option<Queued>) {
        if let Some(queued) = queued {
            // The receiver is gone only when the stream is dropped, which aborts this task.
            let _ = self.frames.send(Ok(queued));
        }
    }

    /// Turns a message into a frame, answers the server where it asks.
    async fn frame(&mut self, message: Message) -> Result<Option<Queued>> {
        let short = |_| unexpected("a frame that ends early");
        let mut body = message.body;
        let frame = match message.tag {
            b'd' => match body.try_get_u8().map_err(short)? {
                b'w' => {
                    let wal_start = Lsn(body.try_get_u64().map_err(short)?);
                    let wal_end = Lsn(body.try_get_u64().map_err(short)?);
                    body.try_get_i64().map_err(short)?;
                    self.shared.received.fetch_max(wal_start.max(wal_end).0, Ordering::AcqRel);
                    Frame::Data { wal_start, wal_end, payload: body }
                }
                b'k' => {
                    let wal_end = Lsn(body.try_get_u64().map_err(short)?);
                    body.try_get_i64().map_err(short)?;
                    self.shared.received.fetch_max(wal_end.0, Ordering::AcqRel);
                    if body.try_get_u8().map_err(short)? != 0 {
                        self.report(false).await?;
                    }
                    Frame::Keepalive { wal_end }
                }
                _ => return Err(unexpected("an unknown kind of frame")),
            },
            b'E' => return Err(failure(&self.names, &server_failure(&body))),
            b'c' | b'C' => return Err(ended()),
            // From version 18 on a publication that is missing is a warning, and its changes are skipped.
            b'N' => match server_failure(&body) {
                notice if notice.code == "55000" => return Err(failure(&self.names, &notice)),
                _ => return Ok(None),
            },
            b'S' => return Ok(None),
            _ => return Err(unexpected("a message that does not belong into a stream")),
        };
        let bytes = FRAME_BYTES + if let Frame::Data { payload, .. } = &frame { payload.len() } else { 0 };
        // A frame larger than the queue waits until the queue is empty.
        let cost = u32::try_from(bytes).unwrap_or(u32::MAX).min(self.capacity);
        Ok(Some(Queued { frame, cost }))
    }

    /// What was acknowledged, as far as it was received.
    fn reportable(&self) -> Lsn {
        Lsn(self.shared.acknowledged.load(Ordering::Acquire)).min(self.shared.received())
    }

    /// Sends a standby status update: written is what was received, flushed and applied what was acknowledged.
    async fn report(&mut self, answer: bool) -> Result<()> {
        let flushed = self.reportable().max(self.reported);
        let mut output = BytesMut::with_capacity(39);
        output.put_u8(b'd');
        output.put_u32(4 + 34);
        output.put_u8(b'r');
        output.put_u64(self.shared.received().0);
        output.put_u64(flushed.0);
        output.put_u64(flushed.0);
        output.put_i64(microseconds_since_2000());
        output.put_u8(answer.into());
        self.connection.send(&output).await?;
        self.reported = flushed;
        self.reported_at = Instant::now();
        Ok(())
    }

    /// The last report, then the end of the stream in both directions. The server reads the report before our end, so
    /// its own end proves that it has it.
    async fn finish(&mut self) -> Result<()> {
        self.report(false).await?;
        self.connection.send(&[b'c', 0, 0, 0, 4]).await?;
        loop {
            let message = self.connection.read().await?;
            match message.tag {
                b'E' => return Err(failure(&self.names, &server_failure(&message.body))),
                b'Z' => break,
                _ => {}
            }
        }
        self.connection.send(&[b'X', 0, 0, 0, 4]).await
    }
}

fn microseconds_since_2000() -> i64 {
    const EPOCH: Duration = Duration::from_secs(946_684_800);
    let since = SystemTime::now().duration_since(UNIX_EPOCH + EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
