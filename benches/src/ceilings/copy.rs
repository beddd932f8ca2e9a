//! What the servers can do without us. In: a database copy. Out: how long it takes to read exactly the used columns of all
//! its tables as text, over as many connections as a load of ours has, into a client that drops what it reads.
//!
//! The client is a bare socket: any driver would cost more than the reading, and make the ceiling look lower.

use crate::copies::Copy;
use crate::site::Site;
use crate::{Error, Outcome};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// Pages of a table that one statement reads: small enough that the connections end together.
const PAGES: i64 = 1024;

/// What was read, and in what time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CopyRead {
    /// From the first statement to the end of the last.
    pub(crate) seconds: f64,
    /// Rows of all tables.
    pub(crate) rows: u64,
    /// Bytes that came.
    pub(crate) bytes: u64,
}

/// Reads everything once.
pub(crate) async fn everything(copy: &Copy) -> Outcome<CopyRead> {
    let mut statements = Vec::new();
    for (table, columns) in copy.dataset.used_columns() {
        let row = copy
            .client()?
            .query_one("SELECT relpages::bigint FROM pg_class WHERE oid = $1::text::regclass", &[table])
            .await?;
        let pages = row.get::<_, i64>(0);
        for first in (0..pages.max(1)).step_by(PAGES as usize) {
            let until =
                if first + PAGES >= pages { String::new() } else { format!(" AND ctid < '({},0)'", first + PAGES) };
            statements
                .push(format!("COPY (SELECT {columns} FROM {table} WHERE ctid >= '({first},0)'{until}) TO STDOUT"));
        }
    }
    statements.reverse();
    let config: Config = copy.url.parse()?;
    let statements = Arc::new(Mutex::new(statements));
    let started = Instant::now();
    let workers: Vec<_> = (0..Site::readers())
        .map(|_| {
            let (config, statements) = (config.clone(), Arc::clone(&statements));
            tokio::task::spawn_blocking(move || -> Outcome<(u64, u64)> {
                let mut session = Bare::connect(&config)?;
                let (mut rows, mut bytes) = (0, 0);
                while let Some(statement) = { statements.lock().unwrap_or_else(PoisonError::into_inner).pop() } {
                    let read = session.run(&statement)?;
                    rows += read.0;
                    bytes += read.1;
                }
                Ok((rows, bytes))
            })
        })
        .collect();
    let (mut rows, mut bytes) = (0, 0);
    for worker in workers {
        let read = worker.await??;
        rows += read.0;
        bytes += read.1;
    }
    Ok(CopyRead { seconds: started.elapsed().as_secs_f64(), rows, bytes })
}

/// A session that only looks at the heads of messages.
struct Bare {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Bare {
    fn connect(config: &Config) -> Outcome<Self> {
        let Some(Host::Tcp(host)) = config.get_hosts().first() else { return Err("a host is needed".into()) };
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let stream = TcpStream::connect((host.as_str(), port))?;
        stream.set_nodelay(true)?;
        let mut session = Self { stream, buffer: vec![0; 256 << 10] };
        let (user, database) = (config.get_user().unwrap_or("postgres"), config.get_dbname().unwrap_or("postgres"));
        let parameters = format!("user\0{user}\0database\0{database}\0\0");
        let mut start = (parameters.len() as u32 + 8).to_be_bytes().to_vec();
        start.extend(196_608u32.to_be_bytes());
        start.extend(parameters.as_bytes());
        session.stream.write_all(&start)?;
        session.drain()?;
        Ok(session)
    }

    /// Runs a statement; gives rows and bytes that came.
    fn run(&mut self, statement: &str) -> Outcome<(u64, u64)> {
        let mut message = vec![b'Q'];
        message.extend((statement.len() as u32 + 5).to_be_bytes());
        message.extend(statement.as_bytes());
        message.push(0);
        self.stream.write_all(&message)?;
        self.drain()
    }

    /// Reads to the next ReadyForQuery.
    fn drain(&mut self) -> Outcome<(u64, u64)> {
        let (mut rows, mut bytes) = (0, 0);
        // The head of a message may come in two parts: what is left of one is moved to the front.
        let mut filled = 0;
        let mut skip = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[filled..])?;
            if read == 0 {
                return Err::<_, Error>("the server ended the session".into());
            }
            bytes += read as u64;
            filled += read;
            let mut at = skip.min(filled);
            skip -= at;
            while skip == 0 && filled - at >= 5 {
                let tag = self.buffer[at];
                let length = u32::from_be_bytes([
                    self.buffer[at + 1],
                    self.buffer[at + 2],
                    self.buffer[at + 3],
                    self.buffer[at + 4],
                ]);
                match tag {
                    b'd' => rows += 1,
                    b'E' => return Err(String::from_utf8_lossy(&self.buffer[at..filled]).into_owned().into()),
                    b'Z' => return Ok((rows, bytes)),
                    _ => {}
                }
                let end = at + 1 + length as usize;
                at = end.min(filled);
                skip = end - at;
            }
            self.buffer.copy_within(at..filled, 0);
            filled -= at;
        }
    }
}
