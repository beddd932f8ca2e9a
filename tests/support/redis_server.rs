//! A Redis of a test's own. In: arguments. Out: a server on a free port of the loopback that writes everything to its log on the
//! disk before it answers, ended with the test.

use super::cluster::{directory_named, unprivileged};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server; dropped, it is ended and its data removed.
pub struct RedisServer {
    directory: tempfile::TempDir,
    port: u16,
    /// How it listens: `port`, or `tls-port`.
    listens: &'static str,
    arguments: Vec<String>,
    server: Option<Child>,
}

impl RedisServer {
    /// Starts one.
    pub fn start(arguments: &[&str]) -> Self {
        Self::prepare("port", &[], arguments)
    }

    /// One that listens as it is told, with files beside its data.
    pub fn prepare(listens: &'static str, files: &[(&str, String)], arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o777)).unwrap();
        for (name, text) in files {
            let path = directory.path().join(name);
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let mut server = Self { directory, port, listens, arguments, server: None };
        server.resume();
        server
    }

    /// Its port on the loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Starts it, after it was killed, and waits until it takes connections.
    pub fn resume(&mut self) {
        assert!(self.server.is_none(), "the server runs already");
        let mut server = unprivileged(&directory_named("PGSYNC_TEST_REDIS_HOME").join("usr/bin/redis-server"));
        if self.listens != "port" {
            server.args(["--port", "0"]);
        }
        server
            .args([&format!("--{}", self.listens), &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""])
            .args(["--appendonly", "yes", "--appendfsync", "always"])
            .args(&self.arguments)
            .current_dir(self.directory.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        self.server = Some(server.spawn().unwrap());
        let end = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < end, "the server did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it as a crash of the machine would.
    pub fn kill(&mut self) {
        let mut server = self.server.take().expect("it does not run");
        server.kill().unwrap();
        server.wait().unwrap();
    }

    /// What it answers to a command.
    pub fn ask(&self, command: &[&str]) -> String {
        let mut client = Command::new(directory_named("PGSYNC_TEST_REDIS_HOME").join("usr/bin/redis-cli"));
        client.args(["-p", &self.port.to_string()]).args(command);
        let output = client.output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}
