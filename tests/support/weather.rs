//! What becomes of requests by chance. In: a seed and how bad it is. Out: the fate of one request after the other.

use super::seed::Seed;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Pass,
    /// The connection breaks before the engine has it.
    Lost,
    /// The engine has carried it out; the answer is cut.
    Cut,
    /// It is answered with this status and never reaches the engine.
    Answer(u16),
    /// It arrives after a while, also when who has sent it is gone.
    Late(Duration),
    /// It arrives, and once more: a bulk request after a while, another one at once.
    Twice(Duration),
}

/// Requests that go wrong, so many of a hundred.
#[derive(Debug)]
pub struct Weather {
    seed: Seed,
    percent: u64,
    /// How many went wrong so far.
    pub faults: Arc<AtomicU64>,
}

impl Weather {
    pub fn new(seed: u64, percent: u64, faults: Arc<AtomicU64>) -> Self {
        Self { seed: Seed(seed | 1), percent, faults }
    }

    pub fn next(&mut self) -> Fate {
        if self.seed.below(100) >= self.percent {
            return Fate::Pass;
        }
        self.faults.fetch_add(1, Ordering::SeqCst);
        let pause = Duration::from_millis(self.seed.below(400));
        match self.seed.below(6) {
            0 => Fate::Lost,
            1 => Fate::Cut,
            2 => Fate::Answer([429, 502, 503][self.seed.below(3) as usize]),
            3 | 4 => Fate::Late(pause),
            _ => Fate::Twice(pause),
        }
    }
}

#[test]
fn every_fate_comes_in_bad_weather_and_none_in_good() {
    let mut bad = Weather::new(7, 100, Arc::default());
    let fates: Vec<Fate> = (0..100).map(|_| bad.next()).collect();
    for wanted in [Fate::Lost, Fate::Cut, Fate::Answer(429), Fate::Answer(503)] {
        assert!(fates.contains(&wanted), "{wanted:?}");
    }
    assert!(fates.iter().any(|fate| matches!(fate, Fate::Twice(_))));
    assert_eq!(bad.faults.load(Ordering::SeqCst), 100);
    let mut good = Weather::new(7, 0, Arc::default());
    assert!((0..100).all(|_| good.next() == Fate::Pass));
}
