//! Instruction counts of the hot paths. In: what they are expected to cost. Out: what they cost now, and an error where
//! that is notably more. Counts do not vary with what else the machine does, so they are a check that times could not be.

use crate::{Outcome, checks, command, packages, places};
use std::path::PathBuf;
use std::process::Command;

/// What is counted, and what one of it is.
const PATHS: [(&str, &str); 2] = [("route", "transaction of one row"), ("assemble", "document")];
/// Rounds of a short and a long run: the difference leaves out what starting costs.
const ROUNDS: (u64, u64) = (1, 5);
/// What one round is made of, as the counted program has it.
const ROUND: u64 = 1000;
/// A path may cost this much more than expected, in percent. Hash seeds differ from run to run.
const TOLERANCE: u64 = 5;

/// Counts, and compares with what is expected, or with `bless` writes that.
pub(crate) fn run(bless: bool) -> Outcome {
    packages::need(&["valgrind"])?;
    command::show(checks::cargo().args(["build", "--quiet", "--profile", "counted", "--package", "pgsync-instructions"]))?;
    let mut counted = Vec::new();
    for (path, unit) in PATHS {
        let one = (count(path, ROUNDS.1)? - count(path, ROUNDS.0)?) / ((ROUNDS.1 - ROUNDS.0) * ROUND);
        println!("{path}: {one} instructions per {unit}");
        counted.push(format!("{path} {one}\n"));
    }
    if bless {
        return places::write(&expected(), &counted.concat());
    }
    let text = std::fs::read_to_string(expected()).map_err(|error| format!("expected.txt: {error}"))?;
    let mut grown = Vec::new();
    for (was, is) in text.lines().zip(&counted) {
        let number = |line: &str| line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok());
        let (Some(before), Some(after)) = (number(was), number(is)) else {
            return Err(format!("expected.txt: `{was}` is not a path and a number"));
        };
        if after * 100 > before * (100 + TOLERANCE) {
            grown.push(format!("{}: {before} instructions were expected, {after} are needed", is.trim()));
        }
    }
    match grown.as_slice() {
        [] if text.lines().count() == PATHS.len() => Ok(()),
        [] => Err("expected.txt does not name every path: cargo xtask instructions --bless".into()),
        _ => Err(format!("{}; if that is as it should be: cargo xtask instructions --bless", grown.join("; "))),
    }
}

fn expected() -> PathBuf {
    places::workspace().join("benches/instructions/expected.txt")
}

/// The instructions of a run.
fn count(path: &str, rounds: u64) -> Outcome<u64> {
    let program = places::target().join("counted/pgsync-instructions");
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program).args([path, &rounds.to_string()]);
    let output = valgrind.output().map_err(|error| format!("valgrind: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split("Collected : ").nth(1)?.trim().parse().ok());
    collected.filter(|_| output.status.success()).ok_or_else(|| format!("valgrind gave no count:\n{said}"))
}
