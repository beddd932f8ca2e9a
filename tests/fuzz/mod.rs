//! Damaged bytes for everything that reads what comes from outside. In: real bytes of real servers and files, a seed. Out: a
//! failure where a reader panics, takes long, takes much memory, or refuses without a word.
//!
//! Five seconds for each reader, or `PGSYNC_FUZZ_SECONDS`; `PGSYNC_FUZZ_SEED` repeats what a failure has said.
//! `cargo xtask fuzz` runs them alone.

mod damage;
mod files;
mod stream;
mod values;

use crate::support::seed::Seed;
use damage::damaged;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// How long a reader may take for one input, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(10);
/// Megabytes by which the address space may grow while damaged bytes are read, other tests beside it.
const SPACE: u64 = 4096;

/// Gives damaged bytes to a reader until the time is over. It says whether it took them.
fn withstands(what: &str, corpus: &[Vec<u8>], mut read: impl FnMut(&[u8]) -> bool) {
    assert!(!corpus.is_empty(), "{what}: there is nothing to damage");
    let seconds = Seed::from_environment("PGSYNC_FUZZ_SECONDS", 5);
    let asked = std::env::var("PGSYNC_FUZZ_SEED").is_ok();
    let first = Seed::from_environment("PGSYNC_FUZZ_SEED", 1);
    let (end, before) = (Instant::now() + Duration::from_secs(seconds), space());
    let (mut taken, mut refused) = (0_u64, 0_u64);
    for number in first.. {
        let input = damaged(corpus, &mut Seed(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1));
        let began = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| read(&input)));
        let how =
            || format!("{what}, PGSYNC_FUZZ_SEED={number}, {} bytes, kept in {}", input.len(), kept(what, &input));
        match outcome {
            Ok(true) => taken += 1,
            Ok(false) => refused += 1,
            Err(_) => panic!("it panics: {}", how()),
        }
        assert!(began.elapsed() < PATIENCE, "it takes {:?}: {}", began.elapsed(), how());
        if asked || Instant::now() > end {
            break;
        }
        if number.is_multiple_of(256) {
            assert!(space() < before + SPACE, "it has taken {} MB: {}", space() - before, how());
        }
    }
    println!("{what}: {taken} inputs taken, {refused} refused");
    assert!(
        asked || (taken > 0 && refused > 0),
        "{what}: {taken} taken, {refused} refused: the damage is of the wrong size"
    );
}

/// Keeps an input for a person to look at. Its path.
fn kept(what: &str, input: &[u8]) -> String {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz {what}"));
    std::fs::write(&path, input).unwrap();
    path.display().to_string()
}

/// The most address space that this process has had, in megabytes.
fn space() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmPeak:")).expect("a peak of the memory");
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}
