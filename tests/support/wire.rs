//! The way to a database of any kind, which breaks. In: the server's port. Out: a port; everything passes until the connections are cut,
//! or the one that streams is, after so many more bytes: in the middle of a transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A running way; it ends with the test's runtime.
pub struct Wire {
    pub port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    server: u16,
    /// Counts the cuts of everything.
    cut: watch::Sender<u64>,
    /// Bytes that the stream may still carry; below zero there is no end.
    left: AtomicI64,
    armed: AtomicBool,
    cuts: AtomicU64,
}

impl Wire {
    pub async fn start(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            server,
            cut: watch::Sender::new(0),
            left: AtomicI64::new(0),
            armed: AtomicBool::new(false),
            cuts: AtomicU64::new(0),
        });
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connection(Arc::clone(&serving), client));
            }
        });
        Self { port, shared }
    }

    /// Cuts every connection.
    pub fn cut(&self) {
        self.shared.cut.send_modify(|count| *count += 1);
        self.shared.cuts.fetch_add(1, Ordering::SeqCst);
    }

    /// Cuts the connection that streams, when it has carried so many more bytes.
    pub fn cut_stream_after(&self, bytes: u64) {
        self.shared.left.store(bytes as i64, Ordering::SeqCst);
        self.shared.armed.store(true, Ordering::SeqCst);
    }

    pub fn cuts(&self) -> u64 {
        self.shared.cuts.load(Ordering::SeqCst)
    }
}

async fn connection(shared: Arc<Shared>, client: TcpStream) {
    let mut cut = shared.cut.subscribe();
    cut.mark_unchanged();
    let Ok(server) = TcpStream::connect(("127.0.0.1", shared.server)).await else { return };
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    let streams = AtomicBool::new(false);
    // Both ends are dropped together, whichever way ends first.
    tokio::select! {
        () = up(from_client, to_server, &streams) => {}
        () = down(&shared, from_server, to_client, &streams) => {}
        _ = cut.changed() => {}
    }
}

async fn up(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, streams: &AtomicBool) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if begins_a_stream(&buffer[..read]) {
            streams.store(true, Ordering::SeqCst);
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

/// The statement of PostgreSQL, or one of the two commands of MySQL and MariaDB, which stand alone behind the four bytes of
/// their packet: its length, and that it is the first one.
fn begins_a_stream(asked: &[u8]) -> bool {
    let command = |asked: &[u8]| match asked {
        [low, middle, high, 0, 0x12 | 0x1e, rest @ ..] => {
            u32::from_le_bytes([*low, *middle, *high, 0]) as usize == rest.len() + 1
        }
        _ => false,
    };
    command(asked) || asked.windows(17).any(|window| window == b"START_REPLICATION")
}

async fn down(shared: &Shared, mut from: OwnedReadHalf, mut to: OwnedWriteHalf, streams: &AtomicBool) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let mut passing = read;
        let mut last = false;
        if streams.load(Ordering::SeqCst) && shared.armed.load(Ordering::SeqCst) {
            let left = shared.left.fetch_sub(read as i64, Ordering::SeqCst);
            if left < read as i64 && shared.armed.swap(false, Ordering::SeqCst) {
                (passing, last) = (left.max(0) as usize, true);
                shared.cuts.fetch_add(1, Ordering::SeqCst);
            }
        }
        if to.write_all(&buffer[..passing]).await.is_err() || last {
            return;
        }
    }
}
