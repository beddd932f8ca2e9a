//! A wire with a watch. In: connections for an engine. Out: the same bytes, and when the first byte of each answer to a
//! bulk request passed.

use crate::null_engine::now;
use crate::{Error, Outcome};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

type Times = Arc<Mutex<Vec<u64>>>;

/// A proxy that runs until it is dropped.
pub(crate) struct Proxy {
    /// Where it answers.
    pub(crate) url: String,
    answers: Times,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// Opens one before the engine at `url`.
    pub(crate) async fn before(url: &str) -> Outcome<Self> {
        let upstream = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let answers = Times::default();
        let noted = Arc::clone(&answers);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(join(client, upstream.clone(), Arc::clone(&noted)));
            }
        });
        Ok(Self { url: format!("http://127.0.0.1:{port}"), answers, task })
    }

    /// The first answer after a moment.
    pub(crate) fn first_after(&self, moment: u64) -> Option<u64> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().find(|at| *at > moment)
    }

    /// Forgets what passed.
    pub(crate) fn forget(&self) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn join(client: TcpStream, upstream: String, answers: Times) -> Outcome {
    let engine = TcpStream::connect(upstream).await?;
    client.set_nodelay(true)?;
    engine.set_nodelay(true)?;
    let ((from_client, to_client), (from_engine, to_engine)) = (client.into_split(), engine.into_split());
    // Set by a bulk request, taken by the first bytes that come back.
    let bulk = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&bulk);
    let up = forward(from_client, to_engine, move |bytes| {
        let line = bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
        if line.starts_with(b"POST ") && memchr::memmem::find(line, b"/_bulk").is_some() {
            asked.store(true, Ordering::SeqCst);
        }
    });
    let down = forward(from_engine, to_client, move |_| {
        if bulk.swap(false, Ordering::SeqCst) {
            answers.lock().unwrap_or_else(PoisonError::into_inner).push(now());
        }
    });
    tokio::try_join!(up, down)?;
    Ok(())
}

async fn forward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut note: impl FnMut(&[u8])) -> Outcome {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            to.shutdown().await?;
            return Ok::<(), Error>(());
        }
        note(&buffer[..read]);
        to.write_all(&buffer[..read]).await?;
    }
}
