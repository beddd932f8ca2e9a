//! A script of faults and delays. In: a seed and how often. Out: the same decisions for the same seed.

use crate::{Error, ErrorKind, Result};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What goes wrong, and when. A clone shares its randomness.
#[derive(Clone)]
pub(crate) struct Faults(Arc<Mutex<Script>>);

struct Script {
    random: fastrand::Rng,
    /// Of a thousand steps so many fail; none once it is calm.
    failing: u32,
    /// Most milliseconds that a step takes.
    slow: u64,
}

impl Faults {
    /// For a seed: some schedules are calm, some are not.
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let failing = if random.bool() { 0 } else { random.u32(1..30) };
        let slow = if random.bool() { 3 } else { random.u64(3..60) };
        Self(Arc::new(Mutex::new(Script { random, failing, slow })))
    }

    /// Nothing fails any more.
    pub(crate) fn calm(&self) {
        let mut script = self.0.lock().unwrap();
        (script.failing, script.slow) = (0, 3);
    }

    /// Whether a step fails now.
    pub(crate) fn strikes(&self) -> bool {
        let mut script = self.0.lock().unwrap();
        let failing = script.failing;
        script.random.u32(0..1000) < failing
    }

    /// One of `of` cases.
    pub(crate) fn one_of(&self, of: u32) -> bool {
        self.0.lock().unwrap().random.u32(0..of) == 0
    }

    /// A step that takes a while.
    pub(crate) async fn delay(&self) {
        let pause = {
            let mut script = self.0.lock().unwrap();
            let slow = script.slow;
            if script.random.u32(0..3) == 0 { script.random.u64(0..slow) } else { 0 }
        };
        if pause > 0 {
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }

    /// A step that takes a while and may fail.
    pub(crate) async fn meet(&self, what: &str) -> Result<()> {
        self.delay().await;
        if self.strikes() { Err(broken(what)) } else { Ok(()) }
    }
}

/// The failure of a connection.
pub(crate) fn broken(what: &str) -> Error {
    Error::new(ErrorKind::Unavailable, format!("{what} broke"))
}
