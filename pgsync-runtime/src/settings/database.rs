//! How to reach the database. In: `PG_*` variables, among them a URL, and overrides of flags and schema. Out:
//! [`DatabaseSettings`].

use super::reader::Reader;
use super::url::{DatabaseUrl, PORT};
use super::{Binding, CaptureMethod, DatabaseSettings, Family, Overrides, SslMode};
use std::path::PathBuf;

/// Reads the variables; the URL wins over them, overrides over both.
pub(super) fn database(reader: &mut Reader, overrides: &Overrides) -> DatabaseSettings {
    let family = match reader.text("PG_DRIVER") {
        None => Family::Postgres,
        Some(driver) if driver.starts_with("psycopg") => Family::Postgres,
        Some(driver) if driver == "pymysql" => Family::MySql,
        Some(driver) => {
            reader.reject(format!("PG_DRIVER is `{driver}`, accepted are psycopg2 and pymysql"));
            Family::Postgres
        }
    };
    let port = reader.text_or_default("PG_PORT");
    let mut found = DatabaseSettings {
        family,
        capture: capture(reader),
        host: reader.text("PG_HOST").unwrap_or_default(),
        port: 0,
        further_hosts: Vec::new(),
        user: reader.text("PG_USER").unwrap_or_default(),
        password: reader.secret("PG_PASSWORD", "PG_PASSWORD_COMMAND"),
        database: reader.text("PG_DATABASE").unwrap_or_default(),
        ssl_mode: SslMode::Prefer,
        ssl_root_cert: reader.path("PG_SSLROOTCERT"),
        ssl_client: reader.pair("PG_SSLCERT", "PG_SSLKEY"),
        channel_binding: Binding::Prefer,
        application_name: reader.text_or_default("PG_APPLICATION_NAME"),
        options: None,
        connect_timeout: reader.seconds("PG_CONNECT_TIMEOUT"),
        patience: reader.seconds("PGSYNC_PATIENCE"),
        statement_timeout: reader.seconds("PGSYNC_STATEMENT_TIMEOUT"),
    };
    let mode = reader.text_or_default("PG_SSLMODE");
    found.ssl_mode = mode.parse().unwrap_or_else(|accepted| {
        reader.reject(format!("PG_SSLMODE is `{mode}`, {accepted}"));
        SslMode::Prefer
    });
    let binding = reader.text_or_default("PG_CHANNEL_BINDING");
    found.channel_binding = binding.parse().unwrap_or_else(|accepted| {
        reader.reject(format!("PG_CHANNEL_BINDING is `{binding}`, {accepted}"));
        Binding::Prefer
    });
    #[expect(clippy::cast_possible_truncation, reason = "the number is bounded")]
    let port = reader.parse_number("PG_PORT", &port) as u16;
    found.port = port;
    let url = reader.text("PG_URL").and_then(|url| DatabaseUrl::parse(&url).map_err(|wrong| reader.reject(wrong)).ok());
    found.family = url.as_ref().map_or(family, |url| url.family);
    if found.family == Family::MySql && found.capture == CaptureMethod::Triggers {
        reader.reject(
            "PGSYNC_CAPTURE is `triggers`, which is for PostgreSQL; MySQL and MariaDB are followed by their log",
        );
    }
    if found.family == Family::MySql && reader.text("PG_PORT").is_none() {
        found.port = 3306;
    }
    if let Some(url) = url {
        apply(reader, url, &mut found);
    }
    let Overrides { database, host, port, user, password, ssl_mode: mode, ssl_root_cert, .. } = overrides.clone();
    found.database = database.unwrap_or(found.database);
    if let Some(host) = host {
        found.host = host;
        found.further_hosts.clear();
    }
    found.port = port.unwrap_or(found.port);
    found.user = user.unwrap_or(found.user);
    found.password = password.or(found.password);
    found.ssl_mode = mode.unwrap_or(found.ssl_mode);
    found.ssl_root_cert = ssl_root_cert.or(found.ssl_root_cert);
    if found.database.is_empty() {
        match found.family {
            Family::Postgres => found.database = reader.text_or_default("PG_DATABASE"),
            Family::MySql => {
                reader.reject("PG_DATABASE is not set, and neither PG_URL nor the schema names a database");
            }
        }
    }
    if found.host.is_empty() {
        found.host = reader.text_or_default("PG_HOST");
        reader.assume(format!("neither PG_URL nor PG_HOST names a host: the database is looked for at {}", found.host));
    }
    if found.user.is_empty() {
        reader.reject("PG_USER is not set, and PG_URL names no role");
    }
    found
}

/// The way of capture that a variable names.
pub(super) fn capture(reader: &mut Reader) -> CaptureMethod {
    match reader.text_or_default("PGSYNC_CAPTURE").as_str() {
        "replication" => CaptureMethod::Replication,
        "triggers" => CaptureMethod::Triggers,
        other => {
            reader.reject(format!("PGSYNC_CAPTURE is `{other}`, accepted are replication and triggers"));
            CaptureMethod::default()
        }
    }
}

/// What the URL says. Of its text only the names of parameters that are known are ever repeated.
fn apply(reader: &mut Reader, url: DatabaseUrl, found: &mut DatabaseSettings) {
    let DatabaseUrl { user, password, mut hosts, database, parameters, .. } = url;
    found.user = user.unwrap_or_else(|| found.user.clone());
    found.password = password.or_else(|| found.password.clone());
    found.database = database.unwrap_or_else(|| found.database.clone());
    let (mut certificate, mut key, mut ports) = (None, None, None);
    for (name, value) in parameters {
        let mut wrong = |accepted: &str| reader.reject(format!("PG_URL's {name} is not known, {accepted}"));
        match name.as_str() {
            "sslmode" | "ssl-mode" => match value.parse() {
                Ok(mode) => found.ssl_mode = mode,
                Err(accepted) => wrong(accepted),
            },
            "channel_binding" => match value.parse() {
                Ok(binding) => found.channel_binding = binding,
                Err(accepted) => wrong(accepted),
            },
            "sslrootcert" | "ssl-ca" | "ssl_ca" => found.ssl_root_cert = Some(PathBuf::from(value)),
            "sslcert" => certificate = Some(PathBuf::from(value)),
            "sslkey" => key = Some(PathBuf::from(value)),
            "application_name" => found.application_name = value,
            "options" => found.options = Some(value),
            "connect_timeout" => found.connect_timeout = reader.parse_seconds("PG_URL's connect_timeout", &value),
            "host" | "hostaddr" => hosts = value.split(',').map(|host| (host.to_owned(), None)).collect(),
            "port" => ports = Some(value),
            "user" => found.user = value,
            "dbname" => found.database = value,
            "password" => found.password = Some(value.into()),
            // A slot is read on the primary server whatever is asked for.
            "target_session_attrs" => match value.as_str() {
                "any" | "read-write" | "primary" => {}
                _ => wrong("accepted are any, read-write, primary: changes are streamed from the primary server"),
            },
            "keepalives" | "keepalives_idle" | "keepalives_interval" | "keepalives_count" | "tcp_user_timeout" => {
                reader.warn(format!("PG_URL's {name} has no effect: keepalives are always sent, see PGSYNC_PATIENCE"));
            }
            "gssencmode" if value == "require" => wrong("accepted are disable and prefer: GSSAPI is not supported"),
            "gssencmode"
            | "krbsrvname"
            | "sslcompression"
            | "sslsni"
            | "fallback_application_name"
            | "client_encoding"
            | "charset"
            | "load_balance_hosts" => {
                reader.warn(format!("PG_URL's {name} has no effect"));
            }
            _ => reader.reject(
                "PG_URL has a parameter that is not known (it is not repeated: it may be part of a password with an \
                 unescaped character), accepted are sslmode, sslrootcert, sslcert, sslkey, channel_binding, \
                 application_name, options, connect_timeout, host, port, user, password, dbname, target_session_attrs",
            ),
        }
    }
    match (certificate, key) {
        (Some(certificate), Some(key)) => found.ssl_client = Some((certificate, key)),
        (None, None) => {}
        _ => reader.reject("PG_URL has only one of sslcert and sslkey"),
    }
    if let Some(ports) = ports {
        let ports: Option<Vec<u16>> = ports.split(',').map(|port| port.parse().ok().filter(|port| *port > 0)).collect();
        match ports.as_deref() {
            Some([port]) => {
                found.port = *port;
                hosts.iter_mut().for_each(|(_, of)| *of = Some(*port));
            }
            Some(ports) if ports.len() == hosts.len() => {
                hosts.iter_mut().zip(ports).for_each(|((_, of), port)| *of = Some(*port));
            }
            Some(_) => reader.reject("PG_URL has another number of ports than of hosts"),
            None => reader.reject(PORT),
        }
    }
    let mut hosts =
        hosts.into_iter().map(|(host, port)| (host, port.unwrap_or(found.port))).collect::<Vec<_>>().into_iter();
    if let Some((host, port)) = hosts.next() {
        (found.host, found.port) = (host, port);
        found.further_hosts = hosts.collect();
    }
}
