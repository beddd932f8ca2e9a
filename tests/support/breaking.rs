//! A way to a server whose connections can be cut. In: the server's address. Out: an address; everything passes until all
//! connections of the moment are cut at once, wherever they are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;

/// A running way; it ends with the test's runtime.
pub struct Breaking {
    pub port: u16,
    cut: broadcast::Sender<()>,
    cuts: Arc<AtomicUsize>,
}

impl Breaking {
    /// Starts one in front of `host:port`.
    pub async fn start(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let cut = broadcast::Sender::new(1);
        let cuts = Arc::new(AtomicUsize::new(0));
        let (cutting, counted, server) = (cut.clone(), Arc::clone(&cuts), server.to_owned());
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (mut cut, cuts, server) = (cutting.subscribe(), Arc::clone(&counted), server.clone());
                tokio::spawn(async move {
                    let Ok(mut server) = TcpStream::connect(&server).await else { return };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                        _ = cut.recv() => { cuts.fetch_add(1, Ordering::SeqCst); }
                    }
                });
            }
        });
        Self { port, cut, cuts }
    }

    /// Cuts what is connected.
    pub fn cut(&self) {
        let _ = self.cut.send(());
    }

    /// How many connections were cut.
    pub fn cuts(&self) -> usize {
        self.cuts.load(Ordering::SeqCst)
    }
}
