//! A way to PostgreSQL that can turn into a black hole. In: the server's address. Out: an address; everything passes
//! until it is held: then connections are accepted, bytes are taken, and nothing comes through in either direction, the
//! end of a connection neither.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, watch};

/// A running way; it ends with the test's runtime.
pub struct Hole {
    pub port: u16,
    held: Arc<watch::Sender<bool>>,
    forged: broadcast::Sender<Vec<u8>>,
}

impl Hole {
    /// Starts one in front of `host:port`.
    pub async fn start(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let held = Arc::new(watch::Sender::new(false));
        let forged = broadcast::Sender::new(4);
        let (hold, forge, server) = (Arc::clone(&held), forged.clone(), server.to_owned());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (mut held, forge, server) = (hold.subscribe(), forge.clone(), server.clone());
                tokio::spawn(async move {
                    let _ = held.wait_for(|held| !held).await;
                    let Ok(server) = TcpStream::connect(&server).await else { return };
                    let ((from_client, to_client), (from_server, to_server)) =
                        (client.into_split(), server.into_split());
                    let streams = Arc::new(AtomicBool::new(false));
                    tokio::spawn(pass(from_client, to_server, held.clone(), None, Arc::clone(&streams)));
                    pass(from_server, to_client, held, Some(forge.subscribe()), streams).await;
                });
            }
        });
        Self { port, held, forged }
    }

    /// Puts bytes into every stream, as if the server had sent them.
    pub fn forge(&self, bytes: Vec<u8>) {
        let _ = self.forged.send(bytes);
    }

    /// Begins or ends the hole.
    pub fn hold(&self, held: bool) {
        self.held.send_replace(held);
    }
}

/// Passes bytes on. A connection that asks to stream is the one that forged bytes go into.
async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut held: watch::Receiver<bool>,
    mut forged: Option<broadcast::Receiver<Vec<u8>>>,
    streams: Arc<AtomicBool>,
) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let forgery = async {
            match &mut forged {
                Some(forged) => forged.recv().await.unwrap_or_default(),
                None => std::future::pending().await,
            }
        };
        let read = tokio::select! {
            read = from.read(&mut buffer) => read.unwrap_or(0),
            forgery = forgery => {
                if streams.load(Ordering::SeqCst) {
                    let _ = to.write_all(&forgery).await;
                }
                continue;
            }
        };
        if buffer[..read].windows(17).any(|window| window == b"START_REPLICATION") {
            streams.store(true, Ordering::SeqCst);
        }
        let _ = held.wait_for(|held| !held).await;
        if read == 0 || to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
