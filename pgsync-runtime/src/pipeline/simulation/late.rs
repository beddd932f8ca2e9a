//! What a process that was killed has sent, and what arrives when the next one has swept an index. In: a seed.
//! Out: whether it stays.

use super::{LATE, life, model, paused};
use crate::sink::memory::MemoryEngine;
use crate::source::memory::{Change, Database, Faults, Value};
use std::time::Duration;

/// A load is killed while it writes, its table is emptied, and the next process sweeps the index. In some cases that process
/// is stopped soon after, and a third one goes on.
async fn swept(seed: u64) -> Option<Vec<String>> {
    let mut random = fastrand::Rng::with_seed(seed);
    let faults = Faults::new(random.u64(..));
    faults.calm();
    let (database, engine) = (Database::new(faults.clone()), MemoryEngine::new(faults));
    let rows = (0..9).map(|id| {
        let after = Some(vec![Value::Null, Value::Int(id), Value::Text("text 1".to_owned())]);
        Change::Row { table: "book", before: None, after }
    });
    database.commit(rows.collect(), Duration::ZERO);
    let killed_after = Duration::from_millis(random.u64(1..40));
    let _ = tokio::time::timeout(killed_after, life(&database, &engine, &mut random, None).run()).await;
    if !engine.is_on_the_way("book") {
        return None;
    }
    database.commit(vec![Change::Truncate { table: "book" }], Duration::ZERO);
    let stopped_between = random.bool();
    let mut wrong = Vec::new();
    for length in [Duration::from_secs(5), LATE * 3].into_iter().skip(usize::from(!stopped_between)) {
        let life = life(&database, &engine, &mut random, None);
        let stop = life.context.stop.clone();
        let run = tokio::spawn(async move { life.run().await });
        tokio::time::sleep(Duration::from_secs(5)).await;
        if length > LATE {
            engine.carry_out();
            tokio::time::sleep(length).await;
        }
        stop.cancel();
        wrong.extend(run.await.unwrap().err().map(|error| error.to_string()));
    }
    wrong.extend(model::at_rest(&database, &engine, false));
    Some(wrong)
}

#[test]
fn what_arrives_after_a_sweep_does_not_stay() {
    let (mut met, mut failed) = (0, Vec::new());
    for seed in 0..400 {
        if let Some(wrong) = paused(seed).block_on(swept(seed)) {
            met += 1;
            failed.extend((!wrong.is_empty()).then(|| format!("seed {seed}: {}", wrong.join(", "))));
        }
    }
    assert!(met >= 10, "only {met} kills left something on the way");
    assert!(failed.is_empty(), "{} of {met}\n{}", failed.len(), failed.join("\n"));
}
