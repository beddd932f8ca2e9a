//! The task that owns a stream's socket. In: bytes of the server, acknowledgements. Out: a queue of frames bounded by
//! bytes, status reports.
//!
//! When the queue is full, reading stops and reports go on: the server ends a connection that does not report, and a
//! large transaction would start again, for ever.

use super::frames::Run;
use super::stream::failure;
use super::wire::{Connection, Message, broken, ended, server_failure, take_message, unexpected};
use crate::Result;
use crate::source::postgres::Lsn;
use bytes::{BufMut, Bytes, BytesMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

/// Least time between two reports of acknowledgements.
const REPORT_PAUSE: Duration = Duration::from_millis(100);

/// What an entry costs in the queue besides its bytes.
const ENTRY_BYTES: usize = 64;

/// Frames that were read at once, and what they cost in the queue.
pub(super) struct Queued {
    run: Bytes,
    cost: u32,
}

/// What the task and the stream's handles share.
pub(super) struct StreamState {
    acknowledged: AtomicU64,
    received: AtomicU64,
    closing: AtomicBool,
    wake: Notify,
    /// Bytes left in the queue.
    room: Semaphore,
}

impl Default for StreamState {
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

impl StreamState {
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
    pub(super) fn release(&self, queued: Queued) -> Bytes {
        self.room.add_permits(queued.cost as usize);
        queued.run
    }
}

/// The task's own state.
pub(super) struct Socket {
    connection: Connection,
    names: (String, String),
    shared: Arc<StreamState>,
    queue: UnboundedSender<Result<Queued>>,
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
        shared: Arc<StreamState>,
        queue: UnboundedSender<Result<Queued>>,
        capacity: u32,
        interval: Duration,
    ) -> Self {
        shared.room.add_permits(capacity as usize);
        let reported_at = Instant::now();
        Self { connection, names, shared, queue, capacity, interval, reported: Lsn::ZERO, reported_at }
    }

    /// Runs until the stream is closed or broken. Returns whether it was closed in good order; an error becomes the last
    /// item of the queue.
    pub(super) async fn run(mut self) -> bool {
        match self.stream().await {
            Ok(()) => true,
            Err(error) => {
                // Nobody is left to be told when the stream was dropped.
                let _ = self.queue.send(Err(error));
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
                waiting = self.arrived().await?;
                if waiting.is_none() {
                    break;
                }
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
            let _ = self.queue.send(Ok(queued));
        }
    }

    /// The frames that have come, as an entry of the queue. Answers the server where it asks.
    async fn arrived(&mut self) -> Result<Option<Queued>> {
        loop {
            let run = Run::at_front_of(&self.connection.input)?;
            if run.length > 0 {
                self.shared.received.fetch_max(run.received.0, Ordering::AcqRel);
                if run.asked {
                    self.report(false).await?;
                }
                // A run larger than the queue waits until the queue is empty.
                let cost = u32::try_from(run.length + ENTRY_BYTES).unwrap_or(u32::MAX).min(self.capacity);
                return Ok(Some(Queued { run: self.connection.input.split_to(run.length).freeze(), cost }));
            }
            match take_message(&mut self.connection.input)? {
                Some(message) => self.aside(&message)?,
                None => return Ok(None),
            }
        }
    }

    /// Looks at a message that is not a frame.
    fn aside(&self, message: &Message) -> Result<()> {
        match message.tag {
            b'E' => Err(failure(&self.names, &server_failure(&message.body))),
            b'c' | b'C' => Err(ended()),
            // From version 18 on a publication that is missing is a warning, and its changes are skipped.
            b'N' => match server_failure(&message.body) {
                notice if notice.code == "55000" => Err(failure(&self.names, &notice)),
                _ => Ok(()),
            },
            b'S' => Ok(()),
            _ => Err(unexpected("a message that does not belong into a stream")),
        }
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
