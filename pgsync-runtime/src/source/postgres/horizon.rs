//! How far the log had come when rows were read last. In: reads and changes of the stream, as they happen; what an earlier
//! process has left in the state. Out: whether a server that has taken the place of another has all that was ever read.
//!
//! Documents are read, not replayed: one that was read for an early change shows every later commit that could be seen by then,
//! also one that is not streamed yet. A standby that is promoted may lack it, although it has the slot and the position. So the
//! end of the log is asked for in each snapshot, and after a promotion everything is loaded again unless the server left its time
//! line behind all of these. What a killed process has read last is not known, and nothing is guessed.

use super::Lsn;
use super::connection::Operation;
use super::log_functions::LogFunctions;
use super::replication::Connection;
use crate::state::State;
use crate::{Code, Error, ErrorKind, Result};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// What the state says while a process reads, followed by its name.
const BY: &str = "read by ";
/// What it says after one that has ended in good order, followed by how far that had come.
const TO: &str = "read to ";

/// The statement that asks for the end of the log and the time line, in the snapshot that rows are read in; it finds nothing on a
/// standby.
pub(super) fn log_end(LogFunctions { insert, file, .. }: LogFunctions) -> String {
    format!(
        "SELECT e::pg_catalog.text, pg_catalog.left(pg_catalog.{file}(e), 8) \
         FROM (SELECT pg_catalog.{insert} AS e WHERE NOT pg_catalog.pg_is_in_recovery()) AS t"
    )
}

/// Where a server has left a time line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Branch {
    timeline: u32,
    end: Lsn,
}

/// How far was read, on which time line.
#[derive(Debug)]
pub(crate) struct Horizon {
    /// Tells this process from every other.
    process: String,
    /// The time line that the lease has found; 0 before.
    timeline: AtomicU32,
    /// Every commit that was seen is before it.
    seen: AtomicU64,
    /// Nothing is read any more.
    rests: AtomicBool,
    at_start: Mutex<AtStart>,
}

/// What a start finds.
#[derive(Debug, Default)]
struct AtStart {
    end: Lsn,
    branches: Vec<Branch>,
}

impl Horizon {
    pub(super) fn new() -> Self {
        Self {
            process: crate::state::writer(),
            timeline: AtomicU32::new(0),
            seen: AtomicU64::new(0),
            rests: AtomicBool::new(false),
            at_start: Mutex::default(),
        }
    }

    /// The time line that is followed, once it is known.
    pub(super) fn timeline(&self) -> Option<u32> {
        Some(self.timeline.load(Ordering::SeqCst)).filter(|timeline| *timeline > 0)
    }

    /// A start has found the server on this time line, with a log that ends there.
    pub(super) fn found(&self, timeline: u32, end: Lsn, branches: Vec<Branch>) {
        self.timeline.store(timeline, Ordering::SeqCst);
        *self.at_start.lock().unwrap_or_else(PoisonError::into_inner) = AtStart { end, branches };
    }

    /// Something was seen that is before this point.
    pub(super) fn see(&self, end: Lsn) {
        self.seen.fetch_max(end.0, Ordering::SeqCst);
    }

    /// A snapshot was opened. `found` is the answer to [`log_end`].
    ///
    /// # Errors
    /// [`Code::Standby`] on another server than the one that is followed.
    pub(super) fn snapshot(&self, found: Option<(&str, &str)>) -> Result<()> {
        let Some((end, timeline)) = found else {
            return Err(Error::coded(Code::Standby, "a session that reads is on a standby"));
        };
        let timeline = u32::from_str_radix(timeline, 16).unwrap_or_default();
        if let Some(followed) = self.timeline().filter(|followed| *followed != timeline) {
            let what = format!(
                "a session that reads is on time line {timeline}, and what is followed is on time line {followed}: the \
                 address leads to another server by now"
            );
            return Err(Error::new(ErrorKind::Unavailable, what));
        }
        if self.rests.load(Ordering::SeqCst) {
            return Err(Error::coded(Code::Stopped, "nothing is read any more: it is ending"));
        }
        self.see(end.parse().map_err(|error: String| Error::new(ErrorKind::Fatal, error))?);
        Ok(())
    }

    /// Nothing is read from here on.
    pub(super) fn rest(&self) {
        self.rests.store(true, Ordering::SeqCst);
    }

    /// What the state is to say.
    pub(super) fn said(&self) -> String {
        if self.rests.load(Ordering::SeqCst) {
            return format!("{TO}{}", self.seen());
        }
        format!("{BY}{}", self.process)
    }

    fn seen(&self) -> Lsn {
        Lsn(self.seen.load(Ordering::SeqCst)).end_of_record()
    }

    /// How far was read by whoever left a state; none where nobody knows.
    fn left(&self, state: &State) -> Option<Lsn> {
        let said = state.continuation.as_deref()?;
        if said.strip_prefix(BY) == Some(self.process.as_str()) {
            return Some(self.seen());
        }
        said.strip_prefix(TO)?.parse().ok()
    }

    /// This state is worked from now on. Of one that was left by a killed process, nothing is known but that it cannot have seen
    /// more than there is.
    pub(super) fn resume(&self, state: &State) {
        let at_start = self.at_start.lock().unwrap_or_else(PoisonError::into_inner).end;
        let seen = if state.indexes.is_empty() { Lsn::ZERO } else { self.left(state).unwrap_or(at_start) };
        self.seen.store(seen.0, Ordering::SeqCst);
    }

    /// Why a state of an earlier time line cannot be continued on the one that was found, if so.
    pub(super) fn discontinuity(&self, state: &State, live: u32) -> Option<String> {
        if state.timeline == live {
            return None;
        }
        let mut why = format!("the server is on time line {live}, it was on {}", state.timeline);
        let at_start = self.at_start.lock().unwrap_or_else(PoisonError::into_inner);
        let branch = at_start.branches.iter().find(|branch| branch.timeline == state.timeline);
        // A text takes whatever is written.
        match (branch, self.left(state)) {
            (None, _) => why.push_str(", and does not say where it left that one"),
            (_, None) => why.push_str(", and a killed process has not left word how far that one was read"),
            (Some(branch), Some(read)) => {
                let read = read.max(state.position.into());
                if read <= branch.end {
                    return None;
                }
                let _ = write!(why, ", which it left at {}, and that one was read up to {read}", branch.end);
            }
        }
        Some(why)
    }
}

/// Asks where the server has left its earlier time lines; nothing where it does not know any more.
pub(super) async fn branches(connection: &mut Connection, timeline: u32) -> Result<Vec<Branch>> {
    if timeline <= 1 {
        return Ok(Vec::new());
    }
    match connection.timeline_history(timeline).await? {
        Ok(text) => Ok(parse(&text)),
        Err(server) => {
            let error = server.error(Operation::Ask, "the history of the time line");
            tracing::warn!(%error, "it is not known where the server left its earlier time lines");
            Ok(Vec::new())
        }
    }
}

/// Lines of a history: a time line, where it was left, and why.
fn parse(text: &str) -> Vec<Branch> {
    let branch = |line: &str| {
        let mut words = line.split_whitespace();
        Some(Branch { timeline: words.next()?.parse().ok()?, end: words.next()?.parse().ok()? })
    };
    text.lines().filter_map(branch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::Owner;
    use crate::state::IndexState;

    fn state(timeline: u32, position: u64, said: Option<String>) -> State {
        let mut state = State::new(Owner::default(), None, timeline);
        state.position = Lsn(position).into();
        state.continuation = said;
        let index = r#"{"physical":"b-1","uuid":"u","generation":1,"fingerprint":"f","low_mark":"0/0","loaded":true}"#;
        state.indexes.insert("b".to_owned(), serde_json::from_str::<IndexState>(index).unwrap());
        state
    }

    #[test]
    fn histories_are_read_by_line() {
        let text = "1\t0/3000148\tno recovery target specified\n\n2\t1/AB\tbefore 2000-01-01 00:00:00+00\n# other\n";
        let wanted = [Branch { timeline: 1, end: Lsn(0x300_0148) }, Branch { timeline: 2, end: Lsn(0x1_0000_00AB) }];
        assert_eq!(parse(text), wanted);
    }

    #[test]
    fn only_what_was_read_before_the_branch_is_continued() {
        let horizon = Horizon::new();
        horizon.found(1, Lsn(0x500), Vec::new());
        horizon.resume(&State::new(Owner::default(), None, 1));
        horizon.snapshot(Some(("0/900", "00000001"))).unwrap();
        horizon.found(2, Lsn(0x2000), vec![Branch { timeline: 1, end: Lsn(0x1000) }]);
        let ours = state(1, 0x800, Some(horizon.said()));
        assert_eq!(horizon.discontinuity(&ours, 2), None);
        // What was seen later than the position.
        horizon.see(Lsn(0x1008));
        assert!(
            horizon.discontinuity(&ours, 2).unwrap().contains("left at 0/1000, and that one was read up to 0/1008")
        );
        // After a load everything is of the new time line.
        horizon.resume(&State::new(Owner::default(), None, 2));
        assert_eq!(horizon.seen(), Lsn::ZERO);
    }

    #[test]
    fn a_process_that_ended_well_has_left_word_and_a_killed_one_has_not() {
        let first = Horizon::new();
        first.found(1, Lsn(0x500), Vec::new());
        first.see(Lsn(0x900));
        let killed = state(1, 0x800, Some(first.said()));
        first.rest();
        let ended = state(1, 0x800, Some(first.said()));
        assert!(first.snapshot(Some(("0/901", "00000001"))).is_err(), "its word is kept");
        let second = Horizon::new();
        second.found(2, Lsn(0x2000), vec![Branch { timeline: 1, end: Lsn(0x1000) }]);
        assert_eq!(second.discontinuity(&ended, 2), None);
        assert!(second.discontinuity(&killed, 2).unwrap().contains("killed"));
        assert!(second.discontinuity(&state(1, 0x1800, Some(first.said())), 2).is_some(), "the position is beyond");
        assert!(second.discontinuity(&state(3, 0x800, Some(first.said())), 2).unwrap().contains("does not say"));
        // On the same time line a killed process may have read as much as there is.
        second.resume(&killed);
        assert_eq!(second.seen(), Lsn(0x2000));
        second.resume(&ended);
        assert_eq!(second.seen(), Lsn(0x900));
    }

    #[test]
    fn what_reads_is_on_the_server_that_is_followed() {
        let horizon = Horizon::new();
        horizon.found(0x1F, Lsn(0x500), Vec::new());
        horizon.snapshot(Some(("0/600", "0000001F"))).unwrap();
        assert!(horizon.snapshot(Some(("0/600", "00000020"))).unwrap_err().to_string().contains("time line 32"));
        assert_eq!(horizon.snapshot(None).unwrap_err().code(), Some(Code::Standby));
    }
}
