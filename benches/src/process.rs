//! Programs under measurement. In: a command. Out: a child whose processor time and peak memory can be asked, and that is
//! always ended. Reads /proc; must not signal anything it did not start.

use crate::Outcome;
use crate::null_engine::now;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// Clock ticks a second in /proc; 100 on every Linux that matters.
const TICKS: f64 = 100.0;

/// What a process has used.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    /// Seconds of processor time, user and system.
    pub(crate) cpu: f64,
    /// Peak of resident memory, in bytes.
    pub(crate) peak: u64,
}

/// Between two looks at a program.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A program that runs, and its log.
pub(crate) struct Program {
    child: Child,
    log: PathBuf,
    /// When it was started, in microseconds since 1970.
    pub(crate) born: u64,
}

impl Program {
    /// Starts a command whose output goes to a log.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Outcome<Self> {
        let file = std::fs::File::create(log)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).kill_on_drop(true);
        let born = now();
        let child =
            command.spawn().map_err(|error| format!("cannot start {:?}: {error}", command.as_std().get_program()))?;
        Ok(Self { child, log: log.to_owned(), born })
    }

    /// Runs a command to its end; anything but success is an error that holds the end of its log.
    pub(crate) async fn finish(command: &mut Command, log: &Path) -> Outcome {
        let mut program = Self::start(command, log)?;
        let status = program.child.wait().await?;
        if status.success() { Ok(()) } else { Err(program.failure(&format!("{status}"))) }
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id().unwrap_or(0)
    }

    /// An error when it has ended.
    pub(crate) fn alive(&mut self) -> Outcome {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(self.failure(&format!("it ended too early: {status}"))),
        }
    }

    /// Whether it goes on; an end that is no success is an error.
    pub(crate) fn goes_on(&mut self) -> Outcome<bool> {
        match self.child.try_wait()? {
            None => Ok(true),
            Some(status) if status.success() => Ok(false),
            Some(status) => Err(self.failure(&format!("{status}"))),
        }
    }

    fn failure(&self, what: &str) -> crate::Error {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let mut last: Vec<&str> = text.lines().rev().take(20).collect();
        last.reverse();
        format!("{}: {what}\n{}", self.log.display(), last.join("\n")).into()
    }

    /// What it has used so far.
    pub(crate) fn usage(&self) -> Usage {
        Usage { cpu: cpu(self.pid()), peak: peak(self.pid()) }
    }

    /// The same, as long as it is there to be asked.
    pub(crate) fn look(&self, usage: &mut Usage) {
        let used = self.usage();
        if used.peak > 0 {
            *usage = used;
        }
    }

    /// Lets it come to its end, or stops it when the time is over. Gives what it used, and whether it ended.
    pub(crate) async fn run_out(mut self, limit: Duration) -> Outcome<(Usage, bool)> {
        let end = now() + limit.as_micros() as u64;
        let mut usage = Usage::default();
        while self.goes_on()? {
            self.look(&mut usage);
            if now() > end {
                self.kill().await?;
                return Ok((usage, false));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok((usage, true))
    }

    /// Asks it to end, by force after 20 seconds, and gives what it had used when asked.
    pub(crate) async fn stop(mut self) -> Outcome<Usage> {
        let usage = self.usage();
        signal(self.pid(), "-TERM").await?;
        if tokio::time::timeout(Duration::from_secs(20), self.child.wait()).await.is_err() {
            self.child.kill().await?;
        }
        Ok(usage)
    }

    /// Ends it by force: what does not listen to signals.
    pub(crate) async fn kill(mut self) -> Outcome<Usage> {
        let usage = self.usage();
        self.child.kill().await?;
        Ok(usage)
    }
}

/// Sends a signal to a process that this driver started.
pub(crate) async fn signal(pid: u32, name: &str) -> Outcome {
    let status = Command::new("kill").args([name, &pid.to_string()]).status().await?;
    if status.success() { Ok(()) } else { Err(format!("kill {name} {pid}: {status}").into()) }
}

/// The fields of /proc/PID/stat after the name, which may hold anything.
fn stat(pid: u32) -> Option<Vec<u64>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields = text.rsplit_once(')')?.1.split_whitespace();
    Some(fields.map(|field| field.parse().unwrap_or(0)).collect())
}

/// Seconds of processor time of one process, without its children.
pub(crate) fn cpu(pid: u32) -> f64 {
    stat(pid).map_or(0.0, |fields| (fields[11] + fields[12]) as f64 / TICKS)
}

/// Seconds of processor time of a process, of everything below it, and of those below it that have ended.
pub(crate) fn cpu_of_tree(root: u32) -> f64 {
    let mut processes = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        if let Some(fields) = stat(pid) {
            processes.insert(pid, fields);
        }
    }
    let below = |pid: u32| {
        let mut at = pid;
        loop {
            if at == root {
                return true;
            }
            match processes.get(&at) {
                Some(fields) if fields[1] > 1 => at = fields[1] as u32,
                _ => return false,
            }
        }
    };
    let ticks: u64 = processes
        .iter()
        .filter(|(pid, _)| below(**pid))
        .map(|(_, fields)| fields[11] + fields[12] + fields[13] + fields[14])
        .sum();
    ticks as f64 / TICKS
}

/// Seconds a process was on a processor, to the nanosecond: for one whose main thread does all its work.
pub(crate) fn cpu_exact(pid: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/schedstat")).unwrap_or_default();
    text.split_whitespace().next().and_then(|first| first.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

/// Keeps a process and all its threads on some processors (`0`, `0-3`), so that what runs beside it does not cost it its
/// caches.
pub(crate) fn pin(pid: u32, processors: &str) {
    // Without the program, or with one processor, it is measured as it comes.
    let mut taskset = std::process::Command::new("taskset");
    taskset.args(["-apc", processors, &pid.to_string()]);
    let _ = taskset.stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// Peak of resident memory of a process, in bytes.
pub(crate) fn peak(pid: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
}
