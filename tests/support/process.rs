//! A program under test as a process of its own. In: arguments and environment. Out: what it says line by line, its exit
//! code; it can be ended politely or at once, and never outlives the test.

use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::time::{Duration, Instant};

/// The `cargo-pgsync` of this workspace: the file that `PGSYNC_TEST_CARGO_PGSYNC` names, else built once.
pub fn cargo_pgsync() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let given = std::env::var_os("PGSYNC_TEST_CARGO_PGSYNC");
        given.map_or_else(|| built("cargo-pgsync"), PathBuf::from)
    })
}

/// The program of the example with transforms, built once.
pub fn plugins() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| built("plugins"))
}

/// The program of a package of this workspace.
fn built(package: &str) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .current_dir(workspace)
        .args(["build", "--quiet", "--package", package, "--message-format", "json"])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo build --package {package}: {}", output.status);
    // The last artifact with an executable is the program; its path follows whatever target directory is in use.
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .next_back()
        .expect("cargo names the program it built")
}

/// What a program has said so far on both outputs, in the order of arrival.
#[derive(Default)]
struct Said {
    lines: Mutex<Vec<String>>,
    more: Condvar,
}

/// A running program; dropped, it is killed.
pub struct Process {
    child: Child,
    said: Arc<Said>,
    readers: Vec<std::thread::JoinHandle<()>>,
}

impl Process {
    /// Starts a program in `directory`. The variables this project reads are taken from `environment` alone: what the
    /// test itself was started with stays out.
    pub fn start(program: &Path, arguments: &[&str], environment: &[(&str, &str)], directory: &Path) -> Self {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(directory);
        for (name, _) in std::env::vars_os() {
            let foreign = ["PG", "ELASTICSEARCH", "OPENSEARCH", "QUERY_", "FILTER_", "NUM_WORKERS"];
            if foreign.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        command.envs(environment.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let said = Arc::<Said>::default();
        let out = child.stdout.take().unwrap();
        let err = child.stderr.take().unwrap();
        let readers = vec![listen(out, Arc::clone(&said)), listen(err, Arc::clone(&said))];
        Self { child, said, readers }
    }

    /// Process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The most resident memory it has had, in megabytes.
    pub fn peak_megabytes(&self) -> u64 {
        self.peak("VmHWM:")
    }

    /// The most address space it has had, in megabytes.
    pub fn peak_space_megabytes(&self) -> u64 {
        self.peak("VmPeak:")
    }

    fn peak(&self, of: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(of)).expect("a peak of the memory");
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }

    /// Everything said so far.
    pub fn lines(&self) -> Vec<String> {
        self.said.lines.lock().unwrap().clone()
    }

    /// Waits for a line that holds `text`, said before or from now on, and gives it; fails after `limit`.
    pub fn wait_for(&self, text: &str, limit: Duration) -> String {
        let end = Instant::now() + limit;
        let mut lines = self.said.lines.lock().unwrap();
        loop {
            if let Some(line) = lines.iter().find(|line| line.contains(text)) {
                return line.clone();
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "no line with {text:?} within {limit:?}; it said:\n{}", lines.join("\n"));
            lines = self.said.more.wait_timeout(lines, left).unwrap().0;
        }
    }

    /// Asks it to end (SIGTERM) and returns at once.
    pub fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Sends a signal, as `kill` names it. Not yet waited for, the number is still its own.
    pub fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.id().to_string()]).status().unwrap();
        assert!(status.success(), "kill {signal} {}: {status}", self.id());
    }

    /// Ends it at once (SIGKILL) and waits until it is gone.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for its end and gives the status and all it said; fails after `limit`.
    pub fn wait(mut self, limit: Duration) -> (ExitStatus, Vec<String>) {
        let end = Instant::now() + limit;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < end, "did not end within {limit:?}; it said:\n{}", self.lines().join("\n"));
            std::thread::sleep(Duration::from_millis(10));
        };
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        (status, self.lines())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(from: impl Read + Send + 'static, said: Arc<Said>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
            said.lines.lock().unwrap().push(String::from_utf8_lossy(&line).into_owned());
            said.more.notify_all();
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(20);

    fn shell(script: &str) -> Process {
        Process::start(Path::new("/bin/sh"), &["-c", script], &[("NAME", "given")], &std::env::temp_dir())
    }

    #[test]
    fn lines_of_both_outputs_and_the_exit_code_are_seen() {
        let process = shell("echo $NAME; echo bad >&2; exit 3");
        assert_eq!(process.wait_for("given", LIMIT), "given");
        let (status, mut lines) = process.wait(LIMIT);
        lines.sort();
        assert_eq!((status.code(), lines), (Some(3), vec!["bad".to_owned(), "given".to_owned()]));
    }

    #[test]
    fn what_is_asked_to_end_may_end_in_its_own_way() {
        let process = shell("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
        process.wait_for("up", LIMIT);
        process.terminate();
        let (status, lines) = process.wait(LIMIT);
        assert_eq!((status.code(), lines.last().map(String::as_str)), (Some(0), Some("bye")));
    }

    #[test]
    fn what_is_killed_is_gone() {
        let mut process = shell("echo up; exec sleep 60");
        process.wait_for("up", LIMIT);
        assert!(process.runs());
        let entry = format!("/proc/{}", process.id());
        process.kill();
        assert!(!Path::new(&entry).exists());
    }

    #[test]
    fn the_program_under_test_is_built() {
        assert!(cargo_pgsync().is_file());
    }
}
