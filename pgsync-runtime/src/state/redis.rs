//! The documents of a state as hashes of a Redis or Valkey, alone or a cluster. In: an id and JSON. Out: the same, with the
//! sequence number that the next write has to name. A script compares and writes at once, on one key, as every version since
//! 3.1 and every cluster can.
//!
//! What Redis forgets with a crash or a failover is older than what the source was told: the start sees that, and loads again.

use super::place::{Put, SequenceNumber};
use crate::settings::RedisSettings;
use crate::{Code, Error, ErrorKind, Result};
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::{
    AsyncConnectionConfig, Client, ClientTlsConfig, Cmd, ConnectionAddr, ConnectionInfo, FromRedisValue,
    IntoConnectionInfo as _, ProtocolVersion, RedisConnectionInfo, RedisError, RedisResult, ServerErrorKind,
    TlsCertificates,
};
use rustls::CertificateError;
use secrecy::ExposeSecret as _;
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Writes a hash that has this sequence number, or is not there where none is named: the new number, or nothing.
const PUT: &str = "local last = redis.call('HGET', KEYS[1], 'sequence') or ''
if last ~= ARGV[1] then return false end
local next = (tonumber(last) or 0) + 1
redis.call('HMSET', KEYS[1], 'sequence', string.format('%d', next), 'document', ARGV[2])
return next";

/// Writes it, whatever is there.
const REPLACE: &str = "redis.call('HINCRBY', KEYS[1], 'sequence', 1)
return redis.call('HSET', KEYS[1], 'document', ARGV[1])";

/// A Redis, or a cluster.
#[derive(Debug)]
pub(crate) struct Redis {
    settings: RedisSettings,
    open: Mutex<Option<Connection>>,
}

enum Connection {
    One(redis::aio::MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::One(_) => "One",
            Self::Cluster(_) => "Cluster",
        })
    }
}

impl std::fmt::Display for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.settings.fmt(f)
    }
}

impl Redis {
    pub(super) fn new(settings: &RedisSettings) -> Self {
        Self { settings: settings.clone(), open: Mutex::default() }
    }

    /// That it answers.
    pub(super) async fn open(&self) -> Result<()> {
        self.ask("reach", &redis::cmd("PING")).await.map(|_: redis::Value| ())
    }

    pub(super) async fn get(&self, id: &str) -> Result<Option<(Value, SequenceNumber)>> {
        let mut command = redis::cmd("HMGET");
        command.arg(key(id)).arg(&["sequence", "document"]);
        let (sequence, document): (Option<u64>, Option<String>) = self.ask("read", &command).await?;
        let Some(sequence) = sequence else { return Ok(None) };
        let document = serde_json::from_str(&document.unwrap_or_default()).map_err(|error| {
            Error::coded(Code::StateUnreadable, format!("the hash `{}` at {self} holds no state: {error}", key(id)))
                .help("delete it: then everything is loaded again")
        })?;
        Ok(Some((document, number(sequence))))
    }

    pub(super) async fn put(&self, id: &str, body: &Value, after: Option<SequenceNumber>) -> Result<Put> {
        let after = after.map(|after| after.sequence.to_string()).unwrap_or_default();
        let mut command = redis::cmd("EVAL");
        command.arg(PUT).arg(1).arg(key(id)).arg(after).arg(body.to_string());
        let sequence: Option<u64> = self.ask("write", &command).await?;
        Ok(sequence.map_or(Put::Conflict, |sequence| Put::Done(number(sequence))))
    }

    pub(super) async fn replace(&self, id: &str, body: &Value) -> Result<()> {
        let mut command = redis::cmd("EVAL");
        command.arg(REPLACE).arg(1).arg(key(id)).arg(body.to_string());
        self.ask("write", &command).await.map(|_: redis::Value| ())
    }

    pub(super) async fn delete(&self, id: &str) -> Result<()> {
        self.ask("delete", redis::cmd("DEL").arg(key(id))).await.map(|_: redis::Value| ())
    }

    /// Sends a command, and opens a connection for it where there is none. One that fails is not used again.
    async fn ask<T: FromRedisValue>(&self, what: &str, command: &Cmd) -> Result<T> {
        let mut open = self.open.lock().await;
        let mut connection = match open.take() {
            Some(connection) => connection,
            None => self.limited(what, self.one()).await?.map_err(|error| self.failed(what, &error))?,
        };
        let mut answer = self.limited(what, connection.ask(command)).await?;
        if matches!(connection, Connection::One(_)) && answer.as_ref().is_err_and(is_elsewhere) {
            // It is a node of a cluster, and the key is another's.
            connection = self.limited(what, self.cluster()).await?.map_err(|error| self.failed(what, &error))?;
            answer = self.limited(what, connection.ask(command)).await?;
        }
        let answer = answer.map_err(|error| self.failed(what, &error))?;
        *open = Some(connection);
        redis::from_redis_value(answer).map_err(|error| {
            Error::coded(
                Code::StateUnreadable,
                format!("what stands at {self} for the state is of another kind: {error}"),
            )
            .help("give the state a database of its own, REDIS_DB")
        })
    }

    async fn limited<T>(&self, what: &str, asked: impl Future<Output = T>) -> Result<T> {
        tokio::time::timeout(self.settings.timeout, asked).await.map_err(|_| {
            let seconds = self.settings.timeout.as_secs_f64();
            Error::new(
                ErrorKind::Unavailable,
                format!("cannot {what} the state in the Redis at {self}: no answer in {seconds} s"),
            )
        })
    }

    async fn one(&self) -> RedisResult<Connection> {
        let client = if self.settings.tls {
            Client::build_with_tls(self.address()?, self.certificates()?)?
        } else {
            Client::open(self.address()?)?
        };
        let timeout = Some(self.settings.timeout);
        let config = AsyncConnectionConfig::new().set_connection_timeout(timeout).set_response_timeout(timeout);
        client.get_multiplexed_async_connection_with_config(&config).await.map(Connection::One)
    }

    async fn cluster(&self) -> RedisResult<Connection> {
        let timeout = self.settings.timeout;
        let mut builder =
            ClusterClient::builder([self.address()?]).connection_timeout(timeout).response_timeout(timeout);
        if self.settings.tls {
            builder = builder.certs(self.certificates()?);
        }
        builder.build()?.get_async_connection().await.map(Connection::Cluster)
    }

    fn address(&self) -> RedisResult<ConnectionInfo> {
        let RedisSettings { host, port, tls, user, password, database, .. } = &self.settings;
        let address = if *tls {
            ConnectionAddr::TcpTls { host: host.clone(), port: *port, insecure: false, tls_params: None }
        } else {
            ConnectionAddr::Tcp(host.clone(), *port)
        };
        let mut login = RedisConnectionInfo::default().set_db((*database).into()).set_protocol(ProtocolVersion::RESP2);
        if let Some(user) = user {
            login = login.set_username(user);
        }
        if let Some(password) = password {
            login = login.set_password(password.expose_secret());
        }
        Ok(address.into_connection_info()?.set_redis_settings(login))
    }

    fn certificates(&self) -> RedisResult<TlsCertificates> {
        let client = self.settings.client.as_ref().map(|(certificate, key)| {
            Ok::<_, RedisError>(ClientTlsConfig {
                client_cert: std::fs::read(certificate)?,
                client_key: std::fs::read(key)?,
            })
        });
        let root = self.settings.ca_certs.as_ref().map(std::fs::read);
        Ok(TlsCertificates { client_tls: client.transpose()?, root_cert: root.transpose()? })
    }

    fn failed(&self, what: &str, error: &RedisError) -> Error {
        let text = format!("cannot {what} the state in the Redis at {self}: {error}");
        let refused = |help| Error::new(ErrorKind::Refused, text.clone()).help(help);
        if let Some(reason) = certificate(error) {
            return refused(match reason {
                CertificateError::UnknownIssuer => "name a PEM file with the authority's certificate in REDIS_CA_CERTS",
                _ => "check the host name, and REDIS_CA_CERTS",
            });
        }
        match (error.kind(), error.code()) {
            (redis::ErrorKind::AuthenticationFailed, _) | (_, Some("NOAUTH" | "WRONGPASS")) => {
                refused("name user and password in REDIS_USER and REDIS_AUTH, or in REDIS_URL")
            }
            (redis::ErrorKind::Server(ServerErrorKind::NoPerm), _) => {
                refused("ACL SETUSER the user ~pgsync:state:* +ping +hmget +eval +hget +hmset +hset +hincrby +del")
            }
            (redis::ErrorKind::InvalidClientConfig, _) => {
                refused("see REDIS_CA_CERTS, REDIS_CLIENT_CERT and REDIS_CLIENT_KEY")
            }
            _ => Error::new(ErrorKind::Unavailable, text),
        }
    }
}

impl Connection {
    async fn ask(&mut self, command: &Cmd) -> RedisResult<redis::Value> {
        match self {
            Self::One(connection) => command.query_async(connection).await,
            Self::Cluster(connection) => command.query_async(connection).await,
        }
    }
}

/// What is wrong with the certificate of the server, where that is why: no waiting mends it.
fn certificate(error: &RedisError) -> Option<&CertificateError> {
    let cause = std::error::Error::source(error)?.downcast_ref::<Arc<std::io::Error>>()?;
    match cause.get_ref()?.downcast_ref::<rustls::Error>()? {
        rustls::Error::InvalidCertificate(reason) => Some(reason),
        _ => None,
    }
}

/// Whether another node of a cluster is the one to ask.
fn is_elsewhere(error: &RedisError) -> bool {
    let elsewhere = [ServerErrorKind::Moved, ServerErrorKind::Ask].map(redis::ErrorKind::Server);
    elsewhere.contains(&error.kind())
}

fn key(id: &str) -> String {
    format!("pgsync:state:{id}")
}

fn number(sequence: u64) -> SequenceNumber {
    SequenceNumber { sequence, term: 0 }
}
