//! How long an answer may take. In: what is sent and what arrives on a connection. Out: an error once something was asked
//! and nothing has arrived for too long.
//!
//! It sits below the driver, so that no query anywhere can wait for a peer that takes everything and never answers.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep};

/// The server's last message of every answer, up to its one byte of content.
const READY_FOR_QUERY: [u8; 5] = [b'Z', 0, 0, 0, 5];

/// The clock of one connection.
#[derive(Debug)]
pub(super) struct Patience {
    limit: Duration,
    /// When something was asked, or has arrived of an answer that is not complete.
    since: Option<Instant>,
    /// The last bytes that arrived.
    tail: [u8; 6],
    /// Any byte is an answer.
    streams: bool,
    /// Set anew only when it has run out: moving it with every read would cost more.
    timer: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, since: None, tail: [0; 6], streams: false, timer: None }
    }

    pub(super) fn streams(&mut self) {
        self.streams = true;
        self.since = None;
    }

    /// Something is sent.
    pub(super) fn asked(&mut self) {
        self.since.get_or_insert_with(Instant::now);
    }

    /// Something has arrived; nothing at the end of the stream.
    pub(super) fn answered(&mut self, bytes: &[u8]) {
        if self.since.is_none() {
            return;
        }
        match bytes.last_chunk::<6>() {
            Some(last) => self.tail = *last,
            None => {
                self.tail.rotate_left(bytes.len());
                let kept = self.tail.len() - bytes.len();
                self.tail[kept..].copy_from_slice(bytes);
            }
        }
        let complete = self.streams || self.tail.starts_with(&READY_FOR_QUERY);
        self.since = if complete { None } else { Some(Instant::now()) };
    }

    /// Fails when the answer is late; otherwise the task is woken when it will be.
    pub(super) fn check(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(since) = self.since else { return Poll::Pending };
        let due = since + self.limit;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(self.limit)));
        while timer.as_mut().poll(cx).is_ready() {
            if Instant::now() >= due {
                let text = format!("PostgreSQL has not answered for {} s", self.limit.as_secs_f32());
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, text)));
            }
            timer.as_mut().reset(due);
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;

    const LIMIT: Duration = Duration::from_millis(50);

    async fn late(patience: &mut Patience) -> bool {
        let wait = poll_fn(|cx| patience.check(cx));
        tokio::time::timeout(Duration::from_millis(200), wait).await.is_ok_and(|result| result.is_err())
    }

    #[tokio::test]
    async fn a_question_without_an_answer_is_late() {
        let mut patience = Patience::new(LIMIT);
        assert!(!late(&mut patience).await, "nothing was asked");
        patience.asked();
        assert!(late(&mut patience).await);
    }

    #[tokio::test]
    async fn an_answer_is_complete_with_its_last_message() {
        let mut patience = Patience::new(LIMIT);
        patience.asked();
        patience.answered(b"D\0\0\0\x04");
        assert!(late(&mut patience).await, "a row, and then silence");
        patience.answered(b"Z\0\0");
        patience.answered(b"\0\x05");
        patience.answered(b"I");
        assert!(!late(&mut patience).await);
        // A notice while nothing is asked begins nothing.
        patience.answered(b"N\0\0\0\x05\0");
        assert!(!late(&mut patience).await);
    }

    #[tokio::test]
    async fn a_stream_is_alive_with_any_byte() {
        let mut patience = Patience::new(LIMIT);
        patience.streams();
        patience.asked();
        patience.answered(b"d");
        assert!(!late(&mut patience).await);
        patience.asked();
        assert!(late(&mut patience).await);
    }
}
