//! A MySQL or MariaDB of a test's own: with settings of its own, restarted, stopped in its tracks. In: which of the two, and
//! arguments. Out: a server on a free port of the loopback, ended with the test; `root` has no password, `repl` may read and
//! replicate with the password `repl`.

use super::cluster::{directory_named, success, unprivileged};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    MySql,
    MariaDb,
}

/// A server; dropped, it is ended and its data removed.
pub struct BinlogServer {
    pub family: Family,
    directory: tempfile::TempDir,
    port: u16,
    arguments: Vec<String>,
    server: Option<Child>,
}

impl BinlogServer {
    /// Makes one and starts it.
    pub fn start(family: Family, arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o777)).unwrap();
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let mut server = Self { family, directory, port, arguments, server: None };
        let users = server.directory.path().join("users.sql");
        let grants = match family {
            Family::MySql => "REPLICATION SLAVE, REPLICATION CLIENT, SELECT, SHOW VIEW",
            Family::MariaDb => "REPLICATION SLAVE, REPLICA MONITOR, BINLOG MONITOR, SELECT, SHOW VIEW",
        };
        std::fs::write(
            &users,
            format!(
                "SET sql_log_bin = 0;\nCREATE USER IF NOT EXISTS 'root'@'%';\nGRANT ALL ON *.* TO 'root'@'%';\n\
                 CREATE USER IF NOT EXISTS 'repl'@'%' IDENTIFIED BY 'repl';\nGRANT {grants} ON *.* TO 'repl'@'%';\n"
            ),
        )
        .unwrap();
        let mut first = match family {
            Family::MySql => {
                let mut first = mysqld();
                first.arg("--initialize-insecure");
                first
            }
            Family::MariaDb => {
                let home = directory_named("PGSYNC_TEST_MARIADB_HOME");
                let mut first = with_libraries(&home.join("usr/bin/mariadb-install-db"), &home);
                first.arg("--no-defaults").arg(format!("--basedir={}", home.join("usr").display()));
                first.args(["--skip-test-db", "--auth-root-authentication-method=normal"]);
                first
            }
        };
        first.arg(format!("--datadir={}", server.data().display()));
        // Servers that are made side by side would remove each other's temporary tables.
        first.env("TMPDIR", server.directory.path());
        success(&mut first);
        server.resume();
        server
    }

    /// Where it keeps its data.
    pub fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// Its port on the loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Starts it, after it was stopped, and waits until it takes connections.
    pub fn resume(&mut self) {
        assert!(self.server.is_none(), "the server runs already");
        let log = self.directory.path().join("log");
        let out = std::fs::File::create(&log).unwrap();
        let mut server = match self.family {
            Family::MySql => {
                let mut server = mysqld();
                server.args(["--mysqlx=OFF", "--gtid-mode=ON", "--enforce-gtid-consistency=ON"]);
                server.arg("--performance-schema=OFF");
                server
            }
            Family::MariaDb => {
                let home = directory_named("PGSYNC_TEST_MARIADB_HOME");
                let mut server = with_libraries(&home.join("usr/sbin/mariadbd"), &home);
                server.args(["--no-defaults", "--binlog-format=ROW", "--gtid-strict-mode=1"]);
                server
            }
        };
        server
            .arg(format!("--datadir={}", self.data().display()))
            .arg(format!("--socket={}", self.directory.path().join("sock").display()))
            .arg(format!("--pid-file={}", self.directory.path().join("pid").display()))
            .arg(format!("--init-file={}", self.directory.path().join("users.sql").display()))
            .arg(format!("--port={}", self.port))
            .args(["--server-id=7", "--bind-address=127.0.0.1", "--character-set-server=utf8mb4"])
            .args(["--log-bin=binlog", "--binlog-row-image=FULL", "--binlog-row-metadata=FULL"])
            .args(["--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0"])
            .args(&self.arguments)
            .env("TMPDIR", self.directory.path())
            .stdin(Stdio::null())
            .stdout(out.try_clone().unwrap())
            .stderr(out);
        self.server = Some(server.spawn().unwrap());
        let end = Instant::now() + Duration::from_secs(90);
        loop {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            if said.contains("ready for connections") {
                return;
            }
            let ended = self.server.as_mut().is_none_or(|server| server.try_wait().unwrap().is_some());
            assert!(!ended && Instant::now() < end, "the server did not start:\n{said}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ends it by its own shutdown.
    pub fn stop(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        signal(&server, "-TERM");
        let end = Instant::now() + Duration::from_secs(60);
        while server.try_wait().unwrap().is_none() {
            if Instant::now() > end {
                let _ = server.kill();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it in its tracks, as a crash does: the next start recovers.
    pub fn crash(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        server.kill().unwrap();
        server.wait().unwrap();
    }

    /// Shutdown and start.
    pub fn restart(&mut self) {
        self.stop();
        self.resume();
    }

    /// Stops it in its tracks, connections open, or lets it go on.
    pub fn freeze(&self, frozen: bool) {
        signal(self.server.as_ref().unwrap(), if frozen { "-STOP" } else { "-CONT" });
    }
}

impl Drop for BinlogServer {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

/// By the pid of our own child, not yet waited for: it cannot be anybody else's.
fn signal(server: &Child, signal: &str) {
    success(Command::new("kill").args([signal, &server.id().to_string()]));
}

/// The server of MySQL, run by the loader and with the libraries that were unpacked beside it.
fn mysqld() -> Command {
    let home = directory_named("PGSYNC_TEST_MYSQL_HOME");
    let libraries = libraries(&home);
    let loaders = [libraries.clone(), home.join("usr/lib64")];
    let loader = loaders
        .iter()
        .filter_map(|directory| std::fs::read_dir(directory).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path()))
        .find(|path| path.file_name().unwrap().to_string_lossy().starts_with("ld-linux-"))
        .expect("a loader");
    let mut server = unprivileged(&loader);
    server
        .arg("--library-path")
        .arg(libraries)
        .arg(home.join("usr/sbin/mysqld"))
        .arg("--no-defaults")
        .arg(format!("--basedir={}", home.join("usr").display()))
        .arg(format!("--lc-messages-dir={}", home.join("usr/share/mysql").display()))
        .arg(format!("--plugin-dir={}", home.join("usr/lib/mysql/plugin").display()))
        .arg("--secure-file-priv=");
    server
}

fn with_libraries(program: &Path, home: &Path) -> Command {
    let mut command = unprivileged(program);
    command.env("LD_LIBRARY_PATH", libraries(home));
    command
}

fn libraries(home: &Path) -> PathBuf {
    home.join("usr/lib").join(format!("{}-linux-gnu", std::env::consts::ARCH))
}
