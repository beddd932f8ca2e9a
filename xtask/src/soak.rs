//! The soak and the fuzzing: tests of `pgsync-tests` that run as long as they are told. In: minutes or seconds, a seed. Out:
//! the lines that the tests print, counts among them.

use crate::test::{Report, Servers};
use crate::{Outcome, checks};
use std::process::Command;

/// Random schemas, random histories and faults, seed after seed, until the minutes are over.
pub(crate) fn soak(minutes: u64, seed: u64) -> Outcome {
    let servers = Servers::start()?;
    let mut cargo = tests("random::soak");
    cargo.args(["--ignored", "--exact"]);
    servers.environment(&mut cargo);
    cargo.env("PGSYNC_SOAK_MINUTES", minutes.to_string()).env("PGSYNC_SEED", seed.to_string());
    run(&mut cargo)
}

/// Damaged bytes for everything that reads what comes from outside, so many seconds for each reader.
pub(crate) fn fuzz(seconds: u64, seed: Option<u64>) -> Outcome {
    let servers = Servers::start()?;
    let mut cargo = tests("fuzz::");
    servers.environment(&mut cargo);
    cargo.env("PGSYNC_FUZZ_SECONDS", seconds.to_string());
    cargo.envs(seed.map(|seed| ("PGSYNC_FUZZ_SEED", seed.to_string())));
    run(&mut cargo)
}

/// Tests by their names, built as all tests are, so that nothing is built twice.
fn tests(name: &str) -> Command {
    let mut cargo = checks::cargo();
    cargo.args(["test", "--workspace", "--test", "pgsync", "--", "--nocapture", name]);
    cargo
}

fn run(cargo: &mut Command) -> Outcome {
    let mut report = Report::default();
    report.run(cargo)?;
    if report.passed() == 0 { Err("no test has this name".to_owned()) } else { Ok(()) }
}
