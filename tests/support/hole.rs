//! A way to PostgreSQL that can turn into a black hole. In: the server's address. Out: an address; everything passes
//! until it is held: then connections are accepted, bytes are taken, and nothing comes through in either direction, the
//! end of a connection neither.

use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A running way; it ends with the test's runtime.
pub struct Hole {
    pub port: u16,
    held: Arc<watch::Sender<bool>>,
}

impl Hole {
    /// Starts one in front of `host:port`.
    pub async fn start(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let held = Arc::new(watch::Sender::new(false));
        let (hold, server) = (Arc::clone(&held), server.to_owned());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (mut held, server) = (hold.subscribe(), server.clone());
                tokio::spawn(async move {
                    let _ = held.wait_for(|held| !held).await;
                    let Ok(server) = TcpStream::connect(&server).await else { return };
                    let ((from_client, to_client), (from_server, to_server)) =
                        (client.into_split(), server.into_split());
                    tokio::spawn(pass(from_client, to_server, held.clone()));
                    pass(from_server, to_client, held).await;
                });
            }
        });
        Self { port, held }
    }

    /// Begins or ends the hole.
    pub fn hold(&self, held: bool) {
        self.held.send_replace(held);
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut held: watch::Receiver<bool>) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut buffer).await.unwrap_or(0);
        let _ = held.wait_for(|held| !held).await;
        if read == 0 || to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
