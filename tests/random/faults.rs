//! What goes wrong during a history. In: a seed. Out: kills, restarts and crashes of the database, cut connections, requests
//! to the engine that are lost, answered and lost, late or sent twice, an engine that is away, indexes that are closed
//! and opened, which makes their shards forget what was deleted.

use super::program::Program;
use super::run::World;
use super::tally::Tally;
use crate::support::engine::request;
use crate::support::proxy::{self, Proxy};
use crate::support::seed::Seed;
use crate::support::weather::Weather;
use crate::support::wire::Wire;
use reqwest::Method;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub(super) struct Faults<'a> {
    seed: Seed,
    on: bool,
    /// Whether the load is over before the changes begin.
    pub(super) waits: bool,
    /// Whether requests go on to go wrong until the end.
    to_the_end: bool,
    proxy: &'a Proxy,
    wire: &'a Wire,
    indexes: Vec<String>,
    requests: Arc<AtomicU64>,
}

impl<'a> Faults<'a> {
    pub(super) fn new(seed: &mut Seed, on: bool, proxy: &'a Proxy, wire: &'a Wire, indexes: Vec<String>) -> Self {
        let requests = Arc::<AtomicU64>::default();
        let (waits, to_the_end) = (seed.below(3) > 0, seed.below(2) == 0);
        let percent = [0, 3, 8, 15][seed.below(4) as usize];
        // A seed of its own: what goes wrong changes nothing in what is changed.
        let mut own = Seed(seed.below(1 << 40) | 1);
        if on {
            let weather = Some(Weather::new(own.below(1 << 40), percent, Arc::clone(&requests)));
            proxy.fail(proxy::Faults { weather, ..proxy::Faults::default() });
        }
        Self { seed: own, on, waits: waits || !on, to_the_end, proxy, wire, indexes, requests }
    }

    /// Lets something go wrong, or nothing. Whether the server was away meanwhile.
    pub(super) async fn next(&mut self, world: &mut World, program: &mut Program, tally: &mut Tally) -> bool {
        if !self.on {
            return false;
        }
        // One for each step: what the program does meanwhile changes nothing in what comes later.
        let mut seed = Seed(self.seed.below(1 << 40) | 1);
        if !program.runs(tally) && seed.below(20) == 0 {
            program.start_anyhow(&mut seed);
        }
        let mut seed = Seed(self.seed.below(1 << 40) | 1);
        match seed.below(1000) {
            // It gets the time to come to the middle of something.
            0..160 => tokio::time::sleep(Duration::from_millis(seed.below(120))).await,
            160..169 => program.kill(tally),
            169..181 => self.wire.cut_stream_after(seed.below(3000)),
            181..185 => self.wire.cut(),
            185..190 => self.close(&mut seed, tally).await,
            190..193 => self.proxy.lose(4),
            193..195 => {
                let crash = seed.below(2) == 0;
                tokio::task::block_in_place(|| world.server.again(crash));
                let counted = if crash { &mut tally.crashes } else { &mut tally.restarts };
                *counted += 1;
                return true;
            }
            _ => {}
        }
        false
    }

    /// Closes an index and opens it: its shards start anew, and know of nothing that was deleted.
    async fn close(&self, seed: &mut Seed, tally: &mut Tally) {
        let index = &self.indexes[seed.below(self.indexes.len() as u64) as usize];
        self.proxy.quiet().await;
        let engine = self.proxy.engine();
        let (_, found) = request(&engine, Method::GET, &format!("/{index}/_alias"), None).await;
        for physical in found.as_object().into_iter().flat_map(|found| found.keys()) {
            if request(&engine, Method::POST, &format!("/{physical}/_close"), None).await.0 == 200 {
                tally.closed += 1;
                let opened = request(&engine, Method::POST, &format!("/{physical}/_open"), None).await;
                assert_eq!(opened.0, 200, "{opened:?}");
            }
        }
    }

    /// Silence, but for requests that may go on to go wrong; the program runs.
    pub(super) fn end(&mut self, program: &mut Program, tally: &mut Tally) {
        if !self.to_the_end {
            self.proxy.fail(proxy::Faults::default());
        }
        if !program.runs(tally) {
            program.start(None);
        }
        tally.faults += self.requests.load(Ordering::SeqCst);
    }
}
