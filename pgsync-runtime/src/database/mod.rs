//! Sessions of the source database. In: [`DatabaseSettings`]. Out: a session in which every value looks the same
//! whatever the server, the database or the role was configured to, and in which a row is never hidden silently.

mod tls;

pub(crate) use tls::client_config;

use crate::settings::{DatabaseSettings, SslMode};
use crate::{Error, ErrorKind, Result};
use secrecy::ExposeSecret;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What every session pins, in the startup packet, so that nothing set for the role or the database gets in between.
///
/// `row_security = off` turns a policy that would hide rows into an error: a hidden row would read as a deleted one.
/// `synchronous_commit = local` keeps our own statements from waiting for a standby.
pub const PINNED: [(&str, &str); 9] = [
    ("client_encoding", "UTF8"),
    ("DateStyle", "ISO"),
    ("TimeZone", "UTC"),
    ("IntervalStyle", "postgres"),
    ("bytea_output", "hex"),
    ("extra_float_digits", "3"),
    ("row_security", "off"),
    ("synchronous_commit", "local"),
    ("search_path", "pg_catalog"),
];

/// Time-outs that a role may have set and that must not end a long read or an idle session.
const UNLIMITED: [&str; 3] = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];

/// Opens a session.
///
/// # Errors
/// [`ErrorKind::Unavailable`] when the server does not answer or says "later"; [`ErrorKind::Refused`] when it refuses
/// the role, the password or the database; [`ErrorKind::Usage`] for certificates that cannot be read.
pub async fn connect(settings: &DatabaseSettings) -> Result<Client> {
    let mut config = Config::new();
    config
        .host(&settings.host)
        .port(settings.port)
        .user(&settings.user)
        .dbname(&settings.database)
        .application_name(&settings.application_name)
        .connect_timeout(settings.connect_timeout)
        .options(options())
        .ssl_mode(match settings.ssl_mode {
            SslMode::Disable => tokio_postgres::config::SslMode::Disable,
            SslMode::Prefer => tokio_postgres::config::SslMode::Prefer,
            SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => tokio_postgres::config::SslMode::Require,
        });
    if let Some(password) = &settings.password {
        config.password(password.expose_secret());
    }
    let tls = MakeRustlsConnect::new(client_config(settings)?);
    let (client, connection) = config.connect(tls).await.map_err(|error| unreachable_error(settings, error))?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a database session ended");
        }
    });
    verify(&client).await?;
    Ok(client)
}

/// The `options` of the startup packet.
fn options() -> String {
    let pinned = PINNED.iter().map(|(name, value)| format!("-c {name}={value}"));
    pinned.chain(UNLIMITED.iter().map(|name| format!("-c {name}=0"))).collect::<Vec<_>>().join(" ")
}

/// A pooler between us and the server may drop startup options without a word.
async fn verify(client: &Client) -> Result<()> {
    let names: Vec<&str> = PINNED.iter().map(|(name, _)| *name).collect();
    let rows = client
        .query("SELECT n, current_setting(n) FROM unnest($1::text[]) n", &[&names])
        .await
        .map_err(|error| Error::new(ErrorKind::Unavailable, "the session could not be verified").source(error))?;
    for row in rows {
        let (name, found): (&str, &str) = (row.get(0), row.get(1));
        let wanted = PINNED.iter().find(|(pinned, _)| *pinned == name).map_or("", |(_, value)| value);
        if !found.split(',').any(|part| part.trim().eq_ignore_ascii_case(wanted)) {
            return Err(Error::new(
                ErrorKind::Refused,
                format!("the session has {name} = `{found}`, it has to be `{wanted}`"),
            )
            .help("connect to the server itself: a pooler in between drops startup options"));
        }
    }
    Ok(())
}

fn unreachable_error(settings: &DatabaseSettings, error: tokio_postgres::Error) -> Error {
    let place = format!("{}:{}", settings.host, settings.port);
    let Some(code) = error.code().cloned() else {
        return Error::new(ErrorKind::Unavailable, format!("PostgreSQL at {place} cannot be reached"))
            .source(error)
            .help("check PG_URL, or PG_HOST and PG_PORT, and that the server is up");
    };
    let later = [SqlState::CANNOT_CONNECT_NOW, SqlState::TOO_MANY_CONNECTIONS, SqlState::ADMIN_SHUTDOWN];
    if later.contains(&code) {
        return Error::new(ErrorKind::Unavailable, format!("PostgreSQL at {place} takes no connections now"))
            .source(error);
    }
    let help = match code {
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            "check PG_USER and PG_PASSWORD (or PG_URL), and the server's pg_hba.conf"
        }
        SqlState::INVALID_CATALOG_NAME => "check the `database` of the schema file, or the one in PG_URL",
        _ => "see the server's log for more",
    };
    Error::new(
        ErrorKind::Refused,
        format!("PostgreSQL at {place} refuses role `{}` in database `{}`", settings.user, settings.database),
    )
    .source(error)
    .help(help)
}
