//! A server in the background. In: a command. Out: a record of its pid and birth, by which it, and nothing else, is
//! found and ended later.

use crate::{Outcome, places};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A server's own directory: record, log, data.
pub(crate) struct Daemon {
    directory: PathBuf,
}

/// What is on record about a server that runs.
pub(crate) struct Record {
    /// Process id.
    pub(crate) pid: u32,
    /// Port it listens on.
    pub(crate) port: u16,
}

impl Daemon {
    /// The server of that name.
    pub(crate) fn named(name: &str) -> Outcome<Self> {
        Ok(Self { directory: places::running()?.join(name) })
    }

    /// Where it keeps its data.
    pub(crate) fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// What it prints.
    pub(crate) fn log(&self) -> PathBuf {
        self.directory.join("log")
    }

    fn record_file(&self) -> PathBuf {
        self.directory.join("record")
    }

    /// The server, if it runs.
    pub(crate) fn record(&self) -> Option<Record> {
        let text = std::fs::read_to_string(self.record_file()).ok()?;
        let mut words = text.split_whitespace();
        let pid = words.next()?.parse().ok()?;
        let born = words.next()?;
        let port = words.next()?.parse().ok()?;
        // A number that another process has since been given is not the server.
        (birth(pid)? == born).then_some(Record { pid, port })
    }

    /// Removes what an earlier run left, and makes an empty data directory that the server may write.
    pub(crate) fn clear(&self) -> Outcome {
        places::remove(&self.directory)?;
        owned(&self.data())
    }

    /// Starts the command, detached from this terminal, in `place`, and records it.
    pub(crate) fn start(&self, command: &Command, place: &Path, port: u16) -> Outcome {
        let log = std::fs::File::create(self.log()).map_err(|error| format!("{}: {error}", self.log().display()))?;
        let errors = log.try_clone().map_err(|error| format!("{}: {error}", self.log().display()))?;
        let mut command = unprivileged(command);
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command
            .current_dir(place)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}", command.get_program().to_string_lossy()))?;
        let born = birth(child.id()).unwrap_or_default();
        places::write(&self.record_file(), &format!("{} {born} {port}\n", child.id()))
    }

    /// Waits until `ready` holds; the end of the log is in the error when the server ends or stays silent.
    pub(crate) fn wait(&self, limit: Duration, mut ready: impl FnMut() -> bool) -> Outcome {
        let end = Instant::now() + limit;
        while !ready() {
            if self.record().is_none() || Instant::now() > end {
                let text = std::fs::read_to_string(self.log()).unwrap_or_default();
                let mut last: Vec<&str> = text.lines().rev().take(30).collect();
                last.reverse();
                let _ = self.stop("-KILL");
                return Err(format!(
                    "{} did not come up; its last words:\n{}",
                    self.directory.display(),
                    last.join("\n")
                ));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Ends the server by a signal, by force after 30 seconds. False when it did not run.
    pub(crate) fn stop(&self, signal: &str) -> Outcome<bool> {
        let Some(record) = self.record() else {
            return Ok(false);
        };
        let pid = record.pid.to_string();
        crate::command::output(Command::new("kill").args([signal, &pid]))?;
        let end = Instant::now() + Duration::from_secs(30);
        while self.record().is_some() {
            if Instant::now() > end {
                crate::command::output(Command::new("kill").args(["-KILL", &pid]))?;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = std::fs::remove_file(self.record_file());
        Ok(true)
    }
}

/// When a process was born, in clock ticks since boot; nothing for one that has ended, waited for or not.
fn birth(pid: u32) -> Option<String> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses and may hold anything: fields are counted after the last one.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    if fields.next()? == "Z" {
        return None;
    }
    fields.nth(18).map(str::to_owned)
}

/// Makes a directory that a server may write.
pub(crate) fn owned(directory: &Path) -> Outcome {
    places::create(directory)?;
    if crate::command::is_root() {
        crate::command::output(Command::new("chown").arg("nobody:").arg(directory))?;
    }
    std::fs::set_permissions(directory, std::os::unix::fs::PermissionsExt::from_mode(0o700))
        .map_err(|error| format!("{}: {error}", directory.display()))
}

/// The same command as a user servers accept: they refuse root, which runs them as `nobody`.
pub(crate) fn unprivileged(command: &Command) -> Command {
    let mut same = if crate::command::is_root() {
        let mut changed = Command::new("setpriv");
        changed.args(["--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]);
        // One capability is left to that user, so that it can walk into a private home directory. A container may have
        // taken the one that only reads from root itself.
        if let Some(capability) = ["dac_read_search", "dac_override"].into_iter().find(|name| held(name)) {
            let add = format!("+{capability}");
            changed.args(["--inh-caps", &add, "--ambient-caps", &add, "--securebits", "+no_setuid_fixup"]);
        }
        changed.arg("--").arg(command.get_program());
        changed
    } else {
        Command::new(command.get_program())
    };
    same.args(command.get_args());
    for (key, value) in command.get_envs() {
        match value {
            Some(value) => same.env(key, value),
            None => same.env_remove(key),
        };
    }
    same
}

fn held(capability: &str) -> bool {
    let bit = if capability == "dac_override" { 1 } else { 2 };
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|text| {
            let set = text.lines().find_map(|line| line.strip_prefix("CapBnd:"))?;
            u64::from_str_radix(set.trim(), 16).ok()
        })
        .is_some_and(|set| set >> bit & 1 == 1)
}
