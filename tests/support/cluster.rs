//! A PostgreSQL cluster of a test's own, for what a shared server cannot be put through: other configuration, restarts,
//! crashes, a position that goes back. In: the home of the binaries and configuration lines. Out: a server on a free
//! port of the loopback, ended with the test.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A cluster; dropped, it is ended and its data removed.
pub struct Cluster {
    home: PathBuf,
    directory: tempfile::TempDir,
    port: u16,
    server: Option<Child>,
}

pub(super) fn directory_named(variable: &str) -> PathBuf {
    std::env::var_os(variable)
        .unwrap_or_else(|| {
            panic!("{variable} is not set: run the tests with `cargo xtask test`, which fetches the servers")
        })
        .into()
}

/// Binaries of the newest supported PostgreSQL.
pub fn newest_home() -> PathBuf {
    directory_named("PGSYNC_TEST_POSTGRES_NEWEST_HOME")
}

/// Binaries of PostgreSQL 15.
pub fn middle_home() -> PathBuf {
    directory_named("PGSYNC_TEST_POSTGRES_MIDDLE_HOME")
}

/// Binaries of the oldest supported PostgreSQL.
pub fn oldest_home() -> PathBuf {
    directory_named("PGSYNC_TEST_POSTGRES_OLDEST_HOME")
}

/// Binaries of the version that [`Cluster::reset_wal`] can work on.
pub fn resetwal_home() -> PathBuf {
    directory_named("PGSYNC_TEST_PG_RESETWAL_HOME")
}

impl Cluster {
    /// Makes a cluster and starts it. `configuration` is appended to `postgresql.conf`, after lines that make it listen
    /// on the loopback, decode logically and prepare transactions.
    pub fn start(home: &Path, configuration: &str) -> Self {
        Self::prepare(
            home,
            configuration,
            "host all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n",
            &[],
        )
    }

    /// As [`Self::start`], with these lines in `pg_hba.conf` and these files beside it, which only the server may read.
    pub fn prepare(home: &Path, configuration: &str, access: &str, files: &[(&str, String)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let mut cluster = Self { home: home.to_owned(), directory, port, server: None };
        std::fs::create_dir(cluster.data()).unwrap();
        std::fs::set_permissions(cluster.directory.path(), PermissionsExt::from_mode(0o755)).unwrap();
        std::fs::set_permissions(cluster.data(), PermissionsExt::from_mode(0o700)).unwrap();
        if is_root() {
            success(Command::new("chown").arg("nobody:").arg(cluster.data()));
        }
        let mut initdb = cluster.command(&home.join("bin/initdb"));
        success(initdb.arg("-D").arg(cluster.data()).args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]));
        cluster.configure(&format!(
            "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nwal_level = logical\nfsync = off\n\
             max_prepared_transactions = 10\n{configuration}\n"
        ));
        std::fs::write(cluster.data().join("pg_hba.conf"), access).unwrap();
        for (name, text) in files {
            let file = cluster.data().join(name);
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
            if is_root() {
                success(Command::new("chown").arg("nobody:").arg(&file));
            }
        }
        cluster.resume();
        cluster
    }

    /// A copy of a cluster that is stopped, on a port of its own, as a snapshot of the disk gives it: the system
    /// identifier is the same. It runs.
    pub fn copy(&self) -> Self {
        let mut copy = self.copied();
        copy.resume();
        copy
    }

    /// A standby of a cluster that is stopped: a copy that streams from it, once it runs again, through the physical slot
    /// `standby`. It has the logical slots of the other as far as `configuration` has it keep them.
    pub fn standby(&self, configuration: &str) -> Self {
        let mut standby = self.copied();
        std::fs::write(standby.data().join("standby.signal"), "").unwrap();
        standby.configure(&format!(
            "primary_conninfo = 'host=127.0.0.1 port={} user=postgres dbname=postgres application_name=standby'\n\
             primary_slot_name = 'standby'\nhot_standby_feedback = on\nwal_retrieve_retry_interval = '100ms'\n\
             {configuration}",
            self.port
        ));
        standby.resume();
        standby
    }

    fn copied(&self) -> Self {
        assert!(self.server.is_none(), "stop the cluster first");
        let directory = tempfile::tempdir().unwrap();
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o755)).unwrap();
        success(Command::new("cp").arg("-a").arg(self.data()).arg(directory.path()));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        Self { home: self.home.clone(), directory, port, server: None }
    }

    /// Where it keeps its data.
    pub fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// Its port on the loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Superuser, database `postgres`; the same after every restart.
    pub fn url(&self) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Appends lines to `postgresql.conf`; they count from the next start or reload.
    pub fn configure(&self, lines: &str) {
        let file = self.data().join("postgresql.conf");
        let before = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, format!("{before}\n{lines}\n")).unwrap();
    }

    /// Starts a cluster that was stopped or crashed, and waits until it takes connections.
    pub fn resume(&mut self) {
        assert!(self.server.is_none(), "the cluster runs already");
        let log = self.directory.path().join("log");
        let out = std::fs::File::create(&log).unwrap();
        let mut server = self.command(&self.home.join("bin/postgres"));
        server.arg("-D").arg(self.data()).args(["-p", &self.port.to_string()]);
        server.stdin(Stdio::null()).stdout(out.try_clone().unwrap()).stderr(out);
        self.server = Some(server.spawn().unwrap());
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            if said.contains("database system is ready to accept") {
                return;
            }
            let ended = self.server.as_mut().is_none_or(|server| server.try_wait().unwrap().is_some());
            assert!(!ended && Instant::now() < end, "the cluster did not start:\n{said}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Fast shutdown: sessions are ended, a checkpoint is written.
    pub fn stop(&mut self) {
        self.end("-INT");
    }

    /// Fast shutdown and start.
    pub fn restart(&mut self) {
        self.stop();
        self.resume();
    }

    /// Ends it without a checkpoint, as a crash does: the next start recovers.
    pub fn crash(&mut self) {
        self.end("-QUIT");
    }

    /// Sets the epoch of transaction ids, which starts anew with each wraparound, on a cluster that is stopped.
    pub fn reset_wal(&self, epoch: u32) {
        assert!(self.server.is_none(), "stop the cluster first");
        let mut reset = self.command(&directory_named("PGSYNC_TEST_PG_RESETWAL"));
        success(reset.args(["-e", &epoch.to_string(), "-D"]).arg(self.data()));
    }

    fn end(&mut self, signal: &str) {
        let Some(mut server) = self.server.take() else {
            return;
        };
        // By the pid of our own child, not yet waited for: it cannot be anybody else's.
        success(Command::new("kill").args([signal, &server.id().to_string()]));
        let end = Instant::now() + Duration::from_secs(30);
        while server.try_wait().unwrap().is_none() {
            if Instant::now() > end {
                let _ = server.kill();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn command(&self, program: &Path) -> Command {
        unprivileged(program)
    }
}

/// A program as a user that servers accept: they refuse root. One capability lets that user read binaries below a private
/// home directory.
pub(super) fn unprivileged(program: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]);
        if let Some(capability) = capability() {
            command.args(["--inh-caps", &capability, "--ambient-caps", &capability]);
            command.args(["--securebits", "+no_setuid_fixup"]);
        }
        command.arg("--").arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            // Immediate shutdown ends the children too; a killed postmaster would leave them behind for a while.
            let _ = Command::new("kill").args(["-QUIT", &server.id().to_string()]).status();
            let _ = server.wait();
        }
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

/// The capability that root may hand on here; containers keep different ones.
fn capability() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let set = status.lines().find_map(|line| line.strip_prefix("CapBnd:"))?;
    let set = u64::from_str_radix(set.trim(), 16).ok()?;
    [(2, "+dac_read_search"), (1, "+dac_override")]
        .into_iter()
        .find(|(bit, _)| set >> bit & 1 == 1)
        .map(|(_, name)| name.to_owned())
}

pub(super) fn success(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::database::connect;

    #[tokio::test]
    async fn committed_rows_outlive_a_crash() {
        let mut cluster = Cluster::start(&oldest_home(), "synchronous_commit = on");
        connect(&cluster.url()).await.batch_execute("CREATE TABLE kept AS SELECT 1 AS one").await.unwrap();
        cluster.crash();
        cluster.configure("work_mem = '5MB'");
        cluster.resume();
        let client = connect(&cluster.url()).await;
        assert_eq!(client.query_one("SELECT one FROM kept", &[]).await.unwrap().get::<_, i32>(0), 1);
        assert_eq!(client.query_one("SHOW work_mem", &[]).await.unwrap().get::<_, String>(0), "5MB");
    }

    #[tokio::test]
    async fn the_epoch_of_transaction_ids_is_set_with_the_version_it_fits() {
        let mut cluster = Cluster::start(&resetwal_home(), "");
        cluster.stop();
        cluster.reset_wal(7);
        cluster.resume();
        let client = connect(&cluster.url()).await;
        let epoch: i64 = client.query_one("SELECT txid_current() >> 32", &[]).await.unwrap().get(0);
        assert_eq!(epoch, 7);
        cluster.restart();
    }

    #[tokio::test]
    async fn the_newest_version_starts_too() {
        let cluster = Cluster::start(&newest_home(), "");
        let client = connect(&cluster.url()).await;
        let level: String = client.query_one("SHOW wal_level", &[]).await.unwrap().get(0);
        assert_eq!(level, "logical");
    }
}
