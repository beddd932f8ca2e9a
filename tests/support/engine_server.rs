//! An OpenSearch of a test's own, to be killed. In: nothing. Out: a node on a free port of the loopback, ended with the test.

use super::cluster::{directory_named, unprivileged};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A node; dropped, it is ended and its data removed.
pub struct EngineServer {
    directory: tempfile::TempDir,
    port: u16,
    server: Option<Child>,
}

impl EngineServer {
    /// Starts one.
    pub fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o777)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { directory, port, server: None };
        server.resume();
        server
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts it, after it was killed, and waits until its indexes can be written to.
    pub fn resume(&mut self) {
        assert!(self.server.is_none(), "the engine runs already");
        let log = std::fs::File::create(self.directory.path().join("log")).unwrap();
        let mut server = unprivileged(&directory_named("PGSYNC_TEST_OPENSEARCH_START"));
        server.arg(self.directory.path()).arg(self.port.to_string());
        server.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        self.server = Some(server.spawn().unwrap());
        let end = Instant::now() + Duration::from_secs(180);
        while !self.answers().unwrap_or(false) {
            let ended = self.server.as_mut().is_none_or(|server| server.try_wait().unwrap().is_some());
            let said = || std::fs::read_to_string(self.directory.path().join("log")).unwrap_or_default();
            assert!(!ended && Instant::now() < end, "the engine did not start:\n{}", said());
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Ends it wherever it is.
    pub fn kill(&mut self) {
        let mut server = self.server.take().expect("it does not run");
        server.kill().unwrap();
        server.wait().unwrap();
    }

    fn answers(&self) -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(
            b"GET /_cluster/health?wait_for_status=yellow&timeout=2s HTTP/1.0\r\nConnection: close\r\n\r\n",
        )?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        Ok(text.lines().next().is_some_and(|line| line.contains(" 200 ")))
    }
}

impl Drop for EngineServer {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}
