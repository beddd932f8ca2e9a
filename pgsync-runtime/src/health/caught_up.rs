//! `/caught-up`: whoever has committed something waits until searches can find it. In: a point of the source's log, how long to
//! wait, and whether searches have to see it. Out: that it is written, or why not. A wait costs a place and nothing else: no
//! session, no request to the engine but a refresh, which everybody who waits for one shares.

use super::Health;
use crate::Result;
use crate::error::printable;
use crate::source::{Goal, LogPoint};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::Instant;

/// How long is waited where nothing else is asked for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long is waited at most: proxies and clients give up by then.
pub(super) const MOST: Duration = Duration::from_secs(60);
/// What is not reached by then may be a point that this log will never have: the server is asked.
const SURPRISING: Duration = Duration::from_secs(1);
/// How long the server may take to say where its log ends: it is only asked in passing.
const ASKING: Duration = Duration::from_secs(2);

/// An answer that comes later, from behind a pointer.
pub(crate) type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What is asked of both sides while somebody waits.
pub(crate) trait Followed: Send + Sync {
    /// Reads a point of the log as clients spell it.
    fn goal(&self, text: &str) -> Result<Goal, String>;
    /// What stands at the position up to which everything is written.
    fn point(&self, position: crate::Position) -> LogPoint;
    /// The end of the log.
    fn now(&self) -> Later<'_, Result<LogPoint>>;
    /// Lets searches find everything that was written before this was asked for.
    fn refresh(&self) -> Later<'_, Result<()>>;
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The point of the log.
    pub(crate) lsn: String,
    /// How long to wait.
    pub(crate) patience: Duration,
    /// Whether searches have to find it.
    pub(crate) refresh: bool,
    /// Whose log, where several are followed.
    pub(crate) database: Option<String>,
}

/// The status of the answer, and its body.
pub(super) type Answer = (u16, Value);

/// An answer that says no, and why.
pub(super) fn no(status: u16, why: impl Into<String>) -> Answer {
    (status, json!({ "caught_up": false, "why": why.into() }))
}

impl Asked {
    /// Reads the part of an address behind `?`.
    ///
    /// # Errors
    /// What is accepted.
    pub(super) fn read(query: &str) -> Result<Self, String> {
        let mut asked = Self { lsn: String::new(), patience: PATIENCE, refresh: false, database: None };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = value.replace('+', " ");
            let value = percent_decode_str(&value).decode_utf8().map_err(|_| format!("`{name}` is not UTF-8 text"))?;
            match name {
                "lsn" | "position" => asked.lsn = value.trim().to_owned(),
                "timeout" => asked.patience = patience(&value)?,
                "refresh" => {
                    asked.refresh = match value.as_ref() {
                        "" | "true" => true,
                        "false" => false,
                        _ => return Err("`refresh` is true or false".to_owned()),
                    }
                }
                "database" => asked.database = Some(value.into_owned()),
                _ => {
                    let name = printable(name);
                    return Err(format!("`{name}` is unknown: known are lsn, timeout, refresh and database"));
                }
            }
        }
        if asked.lsn.is_empty() {
            return Err("`lsn` is missing: the point of the log that is waited for".to_owned());
        }
        Ok(asked)
    }

    /// As an address has it.
    pub(crate) fn query(&self) -> String {
        use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
        let text = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let database = self.database.as_deref().map(|name| format!("&database={}", text(name))).unwrap_or_default();
        let seconds = self.patience.min(MOST).as_secs_f64();
        format!("lsn={}&timeout={seconds}&refresh={}{database}", text(&self.lsn), self.refresh)
    }
}

/// Seconds, within what may be asked for.
fn patience(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let most = MOST.as_secs();
    seconds.filter(|wait| *wait <= MOST).ok_or_else(|| format!("`timeout` is a number of seconds from 0 to {most}"))
}

/// Waits, and says what came of it.
pub(super) async fn answer(health: &Health, asked: &Asked) -> Answer {
    let Some(followed) = health.followed() else { return no(503, "nothing is followed yet") };
    let goal = match followed.goal(&asked.lsn) {
        Ok(goal) => goal,
        Err(why) => return no(400, why),
    };
    let began = Instant::now();
    let end = began + asked.patience;
    let mut due = (began + SURPRISING).min(end);
    let written = loop {
        let moved = health.moved();
        tokio::pin!(moved);
        // What moves from here on is noticed, before or after the look.
        moved.as_mut().enable();
        let Some(position) = health.reached() else {
            let report = health.report();
            let why = report.waiting_for.map(|what| format!("; it waits for {what}")).unwrap_or_default();
            let phase = serde_json::to_value(report.phase).unwrap_or_default();
            return no(503, format!("it does not follow now, it is {}{why}", phase.as_str().unwrap_or("starting")));
        };
        let point = followed.point(position);
        if goal.is_reached_by(&point) {
            break point;
        }
        tokio::select! {
            () = &mut moved => continue,
            () = tokio::time::sleep_until(due) => {}
        }
        if due == began + SURPRISING.min(asked.patience)
            && let Some(log_end) = beyond(&**followed, &goal).await
        {
            return no(409, format!("`{}` is not in this log, which ends at {log_end}", printable(&asked.lsn)));
        }
        if Instant::now() >= end {
            let (wanted, written) = (&asked.lsn, point.to_string());
            return (
                202,
                json!({ "caught_up": false, "wanted": wanted, "written": written, "why": "not written yet" }),
            );
        }
        due = end;
    };
    if asked.refresh
        && let Err(error) = followed.refresh().await
    {
        return no(503, format!("it is written, and the engine does not refresh: {error}"));
    }
    let (wanted, written) = (&asked.lsn, written.to_string());
    (200, json!({ "caught_up": true, "wanted": wanted, "written": written, "refreshed": asked.refresh }))
}

/// Where the log ends, if what is waited for is behind that. A server that does not answer has not said so.
async fn beyond(followed: &dyn Followed, goal: &Goal) -> Option<LogPoint> {
    let end = tokio::time::timeout(ASKING, followed.now()).await.ok()?.ok()?;
    (!goal.is_reached_by(&end)).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Position;
    use crate::health::Phase;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// A log that ends at 1000, and counts refreshes.
    #[derive(Default)]
    struct Log(AtomicU64);

    impl Followed for Log {
        fn goal(&self, text: &str) -> Result<Goal, String> {
            text.parse().map(Goal::position)
        }

        fn point(&self, position: Position) -> LogPoint {
            LogPoint { position, ..LogPoint::default() }
        }

        fn now(&self) -> Later<'_, Result<LogPoint>> {
            Box::pin(async { Ok(self.point(Position::at(0x1000))) })
        }

        fn refresh(&self) -> Later<'_, Result<()>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Box::pin(async { Ok(()) })
        }
    }

    fn following() -> (Health, Arc<Log>) {
        let (health, log) = (Health::default(), Arc::new(Log::default()));
        health.follows(Arc::clone(&log) as Arc<dyn Followed>);
        health.phase(Phase::Following);
        health.continues(Position::at(0x10));
        (health, log)
    }

    fn asked(query: &str) -> Asked {
        Asked::read(query).unwrap()
    }

    #[test]
    fn a_question_is_read_and_written() {
        let all = asked("lsn=0%2F16B3748&timeout=2.5&refresh=true&database=a%20b");
        assert_eq!(
            all,
            Asked {
                lsn: "0/16B3748".to_owned(),
                patience: Duration::from_millis(2500),
                refresh: true,
                database: Some("a b".to_owned()),
            }
        );
        assert_eq!(asked(&all.query()), all);
        assert_eq!(asked("lsn=0/16B3748").patience, PATIENCE);
        for (query, word) in [
            ("", "`lsn` is missing"),
            ("lsn=", "`lsn` is missing"),
            ("lsn=0/1&timeout=61", "0 to 60"),
            ("lsn=0/1&timeout=-1", "0 to 60"),
            ("lsn=0/1&timeout=NaN", "0 to 60"),
            ("lsn=0/1&refresh=yes", "true or false"),
            ("lsn=0/1&what=1", "`what` is unknown"),
            ("lsn=%FF", "UTF-8"),
        ] {
            let said = Asked::read(query).unwrap_err();
            assert!(said.contains(word), "{query}: {said}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_written_is_answered_at_once_and_the_rest_is_waited_for() {
        let (health, log) = following();
        assert_eq!(answer(&health, &asked("lsn=0/10")).await.0, 200);
        assert_eq!(answer(&health, &asked("lsn=0/20&timeout=3")).await.0, 202);
        assert_eq!(answer(&health, &asked("lsn=0/20&timeout=0")).await.0, 202);
        let later = health.clone();
        let waits = tokio::spawn(async move { answer(&later, &asked("lsn=0/20&refresh=true")).await });
        tokio::time::sleep(Duration::from_secs(2)).await;
        health.written(Position::at(0x1f));
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(!waits.is_finished() && log.0.load(Ordering::Relaxed) == 0);
        health.written(Position::at(0x20));
        let (status, body) = waits.await.unwrap();
        assert_eq!((status, &body["written"], &body["refreshed"]), (200, &json!("0/20"), &json!(true)));
        assert_eq!(log.0.load(Ordering::Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_be_waited_for_is_said() {
        let (health, _) = following();
        assert_eq!(answer(&Health::default(), &asked("lsn=0/20")).await.0, 503);
        assert_eq!(answer(&health, &asked("lsn=twenty")).await.0, 400);
        assert_eq!(answer(&health, &asked("lsn=0/2000")).await.0, 409, "behind the end of the log");
        assert_eq!(answer(&health, &asked("lsn=0/2000&timeout=0.1")).await.0, 409);
        let later = health.clone();
        let waits = tokio::spawn(async move { answer(&later, &asked("lsn=0/20")).await });
        tokio::time::sleep(Duration::from_millis(500)).await;
        health.phase(Phase::Starting);
        assert_eq!(waits.await.unwrap().0, 503, "it has stopped to follow");
        // A server that was set back: what was written before says nothing.
        health.written(Position::at(0x30));
        health.phase(Phase::Following);
        health.continues(Position::at(0x18));
        assert_eq!(answer(&health, &asked("lsn=0/20&timeout=0")).await.0, 202);
    }
}
