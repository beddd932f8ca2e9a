//! Pauses between attempts. In: how often something has failed in a row. Out: how long to wait before the next attempt:
//! it doubles up to a few seconds, so that work goes on soon after trouble ends, and varies, so that many processes do
//! not come back in the same moment.

use std::time::{Duration, Instant};

/// The first pause, before it varies.
const FIRST: Duration = Duration::from_millis(100);
/// No pause is longer.
const LONGEST: Duration = Duration::from_secs(5);

/// Counts the failures of one thing in a row.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    attempts: u32,
    since: Option<Instant>,
}

impl Backoff {
    /// One more failure: how long to wait now.
    pub(crate) fn next(&mut self) -> Duration {
        self.since.get_or_insert_with(Instant::now);
        let full = (FIRST * (1 << self.attempts.min(6))).min(LONGEST);
        self.attempts = self.attempts.saturating_add(1);
        full.mul_f64(0.5 + fastrand::f64() / 2.0)
    }

    /// How many failures there were in a row.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long the trouble has lasted, where there is any.
    pub(crate) fn lasted(&self) -> Option<Duration> {
        self.since.map(|since| since.elapsed())
    }

    /// It has succeeded: starts anew. How long the trouble lasted, where there was any.
    pub(crate) fn over(&mut self) -> Option<Duration> {
        self.attempts = 0;
        let lasted = self.lasted();
        self.since = None;
        lasted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_limit_and_vary() {
        let mut backoff = Backoff::default();
        let pauses: Vec<Duration> = (0..200).map(|_| backoff.next()).collect();
        assert!(pauses[0] >= FIRST / 2 && pauses[0] <= FIRST);
        assert!(pauses[3] >= FIRST * 4 && pauses[3] <= FIRST * 8);
        assert!(pauses.iter().all(|pause| *pause <= LONGEST));
        let late = &pauses[10..];
        assert!(late.iter().all(|pause| *pause >= LONGEST / 2));
        assert!(late.iter().any(|pause| *pause != late[0]), "they vary");
        assert_eq!(backoff.attempts(), 200);
        assert!(backoff.over().is_some());
        assert!(backoff.over().is_none());
        assert!(backoff.next() <= FIRST, "it starts anew");
    }
}
