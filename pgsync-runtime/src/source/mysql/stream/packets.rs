//! The connection below a stream. In: the driver's stream. Out: each event as the server sent it, or why there are no more.
//!
//! The driver takes the header off an event and, behind a compressed transaction, gives the events in it as well. Here the
//! header is put back, and what was in it is left out: it is inflated by the decoder, which refuses what is damaged.

use crate::source::mysql::failure;
use crate::{Error, ErrorKind, Result};
use futures_util::StreamExt;
use mysql_async::BinlogStream;
use mysql_async::binlog::events::Event;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

const FORMAT_DESCRIPTION: u8 = 15;
const PAYLOAD: u8 = 40;

/// Reads until the connection ends or nobody listens. `silence` is how long the server may say nothing, not even that nothing
/// has happened.
pub(super) async fn read(
    mut stream: BinlogStream,
    address: String,
    silence: Duration,
    events: Sender<Result<Vec<u8>>>,
) {
    let mut payload = Inside::default();
    loop {
        let next = tokio::select! {
            next = tokio::time::timeout(silence, stream.next()) => next,
            () = events.closed() => return,
        };
        let read = match next {
            Err(_) => Err(Error::new(
                ErrorKind::Unavailable,
                format!("the log of {address}: the server was silent for {} s, without a heartbeat", silence.as_secs()),
            )),
            Ok(None) => {
                Err(Error::new(ErrorKind::Unavailable, format!("the log of {address}: the server ended the stream")))
            }
            Ok(Some(Err(error))) => Err(failure::of_server("reading the log", &address, error)),
            Ok(Some(Ok(event))) => {
                let event = whole(&event);
                if payload.holds(&event) {
                    continue;
                }
                payload = Inside::of(&event);
                Ok(event)
            }
        };
        let over = read.is_err();
        if events.send(read).await.is_err() || over {
            return;
        }
    }
}

/// The bytes of an event, header and checksum included.
fn whole(event: &Event) -> Vec<u8> {
    let header = event.header();
    let mut bytes = Vec::with_capacity(event.data().len() + 32);
    bytes.extend_from_slice(&header.timestamp().to_le_bytes());
    bytes.push(header.event_type_raw());
    bytes.extend_from_slice(&header.server_id().to_le_bytes());
    bytes.extend_from_slice(&header.event_size().to_le_bytes());
    bytes.extend_from_slice(&header.log_pos().to_le_bytes());
    bytes.extend_from_slice(&header.flags_raw().to_le_bytes());
    bytes.extend_from_slice(event.data());
    // A description holds the kind of checksum before its own.
    let missing = (header.event_size() as usize).saturating_sub(bytes.len());
    if header.event_type_raw() == FORMAT_DESCRIPTION && missing == 5 {
        bytes.push(u8::from(matches!(event.footer().get_checksum_alg(), Ok(Some(kind)) if kind as u8 == 1)));
    }
    if let Some(checksum) = event.checksum()
        && bytes.len() < header.event_size() as usize
    {
        bytes.extend_from_slice(&checksum);
    }
    bytes
}

/// What the driver gives of a compressed transaction behind it.
#[derive(Default)]
struct Inside {
    events: Vec<u8>,
    at: usize,
}

impl Inside {
    /// Nothing is in an event that is not compressed, or that is damaged: then the driver gives nothing either.
    fn of(event: &[u8]) -> Self {
        let inflated = match event.get(4) {
            Some(&PAYLOAD) => crate::source::mysql::binlog::inflated(event),
            _ => None,
        };
        Self { events: inflated.unwrap_or_default(), at: 0 }
    }

    /// Whether an event is the next one of those inside. They are compared, not counted: where the driver lost some, what
    /// comes is an event of the stream.
    fn holds(&mut self, event: &[u8]) -> bool {
        let holds = self.events.get(self.at..).is_some_and(|rest| !rest.is_empty() && rest.starts_with(event));
        if holds {
            self.at += event.len();
        }
        holds
    }
}
