//! A `PgBouncer` of a test's own. In: the server behind it, how it pools, further lines of its settings. Out: the same server
//! under another port of the loopback, until the test ends.

use super::cluster::{directory_named, unprivileged};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A pooler; dropped, it is ended.
pub struct Pooler {
    directory: tempfile::TempDir,
    port: u16,
    server: Option<Child>,
}

impl Pooler {
    /// In front of the server of this URL. `mode` is `session` or `transaction`.
    pub fn start(server: &str, mode: &str, lines: &str) -> Self {
        let address = server.rsplit_once('@').unwrap().1.split('/').next().unwrap();
        let behind = address.rsplit_once(':').unwrap().1;
        let directory = tempfile::tempdir().unwrap();
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let users = directory.path().join("users");
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={behind}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = trust\nauth_file = {}\npool_mode = {mode}\n{lines}\n",
            users.display()
        );
        for (file, text) in
            [(users.clone(), "\"postgres\" \"\"\n".to_owned()), (directory.path().join("ini"), settings)]
        {
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
        }
        let home = directory_named("PGSYNC_TEST_PGBOUNCER_HOME");
        let libraries = home.join("usr/lib").join(format!("{}-linux-gnu", std::env::consts::ARCH));
        // It was built for another C library than this system's.
        let mut server = unprivileged(&loader(&libraries));
        server.arg("--library-path").arg(&libraries).arg(home.join("usr/sbin/pgbouncer")).arg("-q");
        server.arg(directory.path().join("ini")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut pooler = Self { directory, port, server: Some(server.spawn().unwrap()) };
        let end = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = pooler.server.as_mut().is_none_or(|server| server.try_wait().unwrap().is_some());
            assert!(!ended && Instant::now() < end, "the pooler did not start: {}", pooler.directory.path().display());
            std::thread::sleep(Duration::from_millis(20));
        }
        pooler
    }

    /// A database behind it.
    pub fn url(&self, database: &str) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

fn loader(libraries: &std::path::Path) -> PathBuf {
    let named = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("ld-linux-"));
    let mut files = std::fs::read_dir(libraries).unwrap().map(|entry| entry.unwrap().path());
    files.find(named).expect("the home of PgBouncer holds a loader")
}

impl Drop for Pooler {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}
