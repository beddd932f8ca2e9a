//! The hot paths, a given number of times. In: a path's name and how often. Out: nothing but the work, so that the
//! difference between two runs under callgrind is what the path costs; with `time` how many a second one core does.
//!
//! `route`: frames of the stream to link values, per transaction of one row. `assemble`: rows to bulk body, per document.
#![allow(clippy::print_stdout)]

use pgsync_runtime::measure::Measured;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

/// What one round is made of.
const ROUND: u32 = 1000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (path, rounds, timed) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [path, rounds] => (path, rounds, false),
        [path, rounds, "time"] => (path, rounds, true),
        _ => return usage(),
    };
    let Ok(rounds) = rounds.parse::<u32>() else { return usage() };
    let measured = Measured::new(door_generate::PROGRAM);
    let began = Instant::now();
    let messages = match path {
        "route" => {
            let frames = measured.frames(ROUND);
            let mut changes = measured.changes();
            for _ in 0..rounds {
                frames.iter().for_each(|frame| changes.take(frame));
                black_box(changes.hand_on());
            }
            frames.len() as u64
        }
        "assemble" => {
            for _ in 0..rounds {
                black_box(measured.assemble(ROUND as usize));
            }
            ROUND.into()
        }
        _ => return usage(),
    };
    if timed {
        let rate = (messages * u64::from(rounds)) as f64 / began.elapsed().as_secs_f64();
        println!("{rate:.0}");
    }
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("usage: pgsync-instructions route|assemble ROUNDS [time]");
    ExitCode::from(2)
}
