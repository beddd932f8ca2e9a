//! A proxy in front of an engine. In: the engine's address, what goes wrong with bulk requests, TLS and the credentials
//! to ask for. Out: an address; everything that passes is answered by the engine itself, one request per connection.

use super::weather::{Fate, Weather};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// What goes wrong with bulk requests, in this order.
#[derive(Debug, Default)]
pub struct Faults {
    /// This many requests are lost: the connection breaks before the engine has them.
    pub lose: usize,
    /// This many answers are cut in the middle: the engine has carried the request out.
    pub cut: usize,
    /// This many requests are answered with this status and never reach the engine.
    pub refuse: (u16, usize),
    /// Bodies above it are answered with 413.
    pub largest: Option<usize>,
    /// What else goes wrong, with bulk requests and all others.
    pub weather: Option<Weather>,
}

/// Other requests that the proxy answers itself.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Part of the request line, such as `PUT /pgsync-state`.
    pub request: String,
    pub status: u16,
    /// Body of the answer.
    pub body: String,
    /// How many requests it is for.
    pub times: usize,
}

/// What the proxy does.
#[derive(Default)]
pub struct Manner {
    pub faults: Faults,
    /// The `Authorization` header it asks for.
    pub authorization: Option<String>,
    /// TLS with a certificate of this authority; whether a client certificate is asked for.
    pub tls: Option<(Arc<Authority>, bool)>,
}

/// A certificate authority and files of its certificate and of a client's.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    directory: tempfile::TempDir,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "authority of the tests");
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("ca.pem"), issuer.as_ref().pem()).unwrap();
        Self { issuer, directory }
    }

    /// PEM file with its certificate.
    pub fn file(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    /// PEM texts of a server's certificate and key.
    pub fn server(&self, names: &[&str]) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }

    /// PEM text of its certificate.
    pub fn pem(&self) -> String {
        self.issuer.as_ref().pem()
    }

    /// PEM files with a client's certificate and key.
    pub fn client(&self) -> (PathBuf, PathBuf) {
        self.client_named("client")
    }

    /// PEM files with the certificate and key of a client of this common name.
    pub fn client_named(&self, name: &str) -> (PathBuf, PathBuf) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["client".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let files = (self.directory.path().join("client.pem"), self.directory.path().join("client.key"));
        std::fs::write(&files.0, certificate.pem()).unwrap();
        std::fs::write(&files.1, key.serialize_pem()).unwrap();
        files
    }

    fn acceptor(&self, client_certificate: bool) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = if client_certificate {
            let mut roots = rustls::RootCertStore::empty();
            roots.add(self.issuer.as_ref().der().clone()).unwrap();
            let verifier =
                rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        TlsAcceptor::from(Arc::new(builder.with_single_cert(vec![certificate.der().clone()], key).unwrap()))
    }
}

/// A running proxy; it ends with the test's runtime.
pub struct Proxy {
    pub url: String,
    shared: Arc<RowCache>,
}

struct RowCache {
    engine: String,
    faults: Mutex<Faults>,
    rules: Mutex<Vec<Rule>>,
    authorization: Option<String>,
    bulks: AtomicUsize,
    held: watch::Sender<bool>,
    /// Requests that are on their way to the engine.
    underway: AtomicUsize,
}

impl Proxy {
    /// Starts one in front of an engine (`http://host:port`).
    pub async fn start(engine: &str, manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if manner.tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let acceptor = manner.tls.map(|(authority, client)| authority.acceptor(client));
        let shared = Arc::new(RowCache {
            engine: engine.trim_start_matches("http://").trim_end_matches('/').to_owned(),
            faults: Mutex::new(manner.faults),
            rules: Mutex::default(),
            authorization: manner.authorization,
            bulks: AtomicUsize::new(0),
            held: watch::Sender::new(false),
            underway: AtomicUsize::new(0),
        });
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (shared, acceptor) = (Arc::clone(&serving), acceptor.clone());
                tokio::spawn(async move {
                    // A client that hangs up or is refused by TLS is what some tests are about.
                    let _ = match acceptor {
                        Some(acceptor) => match acceptor.accept(stream).await {
                            Ok(stream) => shared.serve(stream).await,
                            Err(error) => Err(error),
                        },
                        None => shared.serve(stream).await,
                    };
                });
            }
        });
        Self { url, shared }
    }

    /// How many bulk requests have arrived.
    pub fn bulks(&self) -> usize {
        self.shared.bulks.load(Ordering::SeqCst)
    }

    /// Lets something else go wrong from now on.
    pub fn fail(&self, faults: Faults) {
        *self.shared.faults.lock().unwrap() = faults;
    }

    /// Loses the next bulk requests besides.
    pub fn lose(&self, requests: usize) {
        self.shared.faults.lock().unwrap().lose = requests;
    }

    /// Answers these requests itself from now on, and no others.
    pub fn rules(&self, rules: Vec<Rule>) {
        *self.shared.rules.lock().unwrap() = rules;
    }

    /// How many answers the first rule is still to give.
    pub fn left(&self) -> usize {
        self.shared.rules.lock().unwrap().first().map_or(0, |rule| rule.times)
    }

    /// The engine behind it.
    pub fn engine(&self) -> String {
        format!("http://{}", self.shared.engine)
    }

    /// Waits until no request is on its way, none that comes late either; for two seconds at most.
    pub async fn quiet(&self) {
        for _ in 0..200 {
            if self.shared.underway.load(Ordering::SeqCst) == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Keeps bulk requests waiting for their answers, or lets them all go.
    pub fn hold(&self, held: bool) {
        self.shared.held.send_replace(held);
    }
}

impl RowCache {
    async fn serve(self: Arc<Self>, mut client: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
        let mut request = Vec::new();
        let end = loop {
            if let Some(at) = request.windows(4).position(|window| window == b"\r\n\r\n") {
                break at;
            }
            if client.read_buf(&mut request).await? == 0 {
                return Ok(());
            }
        };
        let head = String::from_utf8(request[..end].to_vec()).unwrap();
        let mut body = request.split_off(end + 4);
        let length = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
        while body.len() < length {
            if client.read_buf(&mut body).await? == 0 {
                return Ok(());
            }
        }
        if let Some(answer) = self.by_rule(&head) {
            client.write_all(answer.as_bytes()).await?;
            return client.shutdown().await;
        }
        let answer = match self.fate(&head, body.len()) {
            Fate::Answer(status) => {
                let text = format!(r#"{{"error":{{"type":"proxy","reason":"says {status}"}},"status":{status}}}"#);
                let length = text.len();
                format!("HTTP/1.1 {status} No\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{text}").into()
            }
            Fate::Lost => return Ok(()),
            Fate::Pass => {
                if is_bulk(&head) {
                    let _ = self.held.subscribe().wait_for(|held| !held).await;
                }
                self.ask(&head, &body).await?
            }
            Fate::Cut => {
                let mut answer = self.ask(&head, &body).await?;
                answer.truncate(answer.len() - 10);
                answer
            }
            Fate::Late(pause) => {
                // It arrives whatever becomes of who has sent it.
                let (sender, head, body) = (Arc::clone(&self), head.clone(), body.clone());
                let asked = tokio::spawn(async move { sender.ask_after(pause, &head, &body).await });
                asked.await.map_err(std::io::Error::other)??
            }
            Fate::Twice(pause) if is_bulk(&head) => {
                let answer = self.ask(&head, &body).await?;
                let sender = Arc::clone(&self);
                tokio::spawn(async move { sender.ask_after(pause, &head, &body).await });
                answer
            }
            Fate::Twice(_) => {
                let answer = self.ask(&head, &body).await?;
                self.ask(&head, &body).await?;
                answer
            }
        };
        client.write_all(&answer).await?;
        client.shutdown().await
    }

    fn by_rule(&self, head: &str) -> Option<String> {
        let line = head.lines().next()?;
        let mut rules = self.rules.lock().unwrap();
        let rule = rules.iter_mut().find(|rule| rule.times > 0 && line.contains(&rule.request))?;
        rule.times -= 1;
        let (status, body) = (rule.status, &rule.body);
        Some(format!(
            "HTTP/1.1 {status} Rule\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        ))
    }

    fn fate(&self, head: &str, size: usize) -> Fate {
        if self.authorization.as_deref().is_some_and(|wanted| header(head, "authorization") != Some(wanted)) {
            return Fate::Answer(401);
        }
        let mut faults = self.faults.lock().unwrap();
        if !is_bulk(head) {
            return faults.weather.as_mut().map_or(Fate::Pass, Weather::next);
        }
        self.bulks.fetch_add(1, Ordering::SeqCst);
        if faults.largest.is_some_and(|largest| size > largest) {
            return Fate::Answer(413);
        }
        if faults.lose > 0 {
            faults.lose -= 1;
            return Fate::Lost;
        }
        if faults.cut > 0 {
            faults.cut -= 1;
            return Fate::Cut;
        }
        if faults.refuse.1 > 0 {
            faults.refuse.1 -= 1;
            return Fate::Answer(faults.refuse.0);
        }
        faults.weather.as_mut().map_or(Fate::Pass, Weather::next)
    }

    /// As [`Self::ask`], later.
    async fn ask_after(&self, pause: Duration, head: &str, body: &[u8]) -> std::io::Result<Vec<u8>> {
        self.underway.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(pause).await;
        let answer = self.ask(head, body).await;
        self.underway.fetch_sub(1, Ordering::SeqCst);
        answer
    }

    /// The engine's whole answer, on a connection of its own.
    async fn ask(&self, head: &str, body: &[u8]) -> std::io::Result<Vec<u8>> {
        self.underway.fetch_add(1, Ordering::SeqCst);
        let answer = self.answer(head, body).await;
        self.underway.fetch_sub(1, Ordering::SeqCst);
        answer
    }

    async fn answer(&self, head: &str, body: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut engine = TcpStream::connect(&self.engine).await?;
        let kept = head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
        let head = kept.collect::<Vec<_>>().join("\r\n");
        engine.write_all(format!("{head}\r\nconnection: close\r\n\r\n").as_bytes()).await?;
        engine.write_all(body).await?;
        let mut answer = Vec::new();
        engine.read_to_end(&mut answer).await?;
        // Said so that no client sends its next request on a connection that is about to end.
        if let Some(at) = answer.windows(2).position(|window| window == b"\r\n") {
            answer.splice(at..at, *b"\r\nconnection: close");
        }
        Ok(answer)
    }
}

fn is_bulk(head: &str) -> bool {
    head.lines().next().is_some_and(|line| line.contains("/_bulk"))
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().skip(1).find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
