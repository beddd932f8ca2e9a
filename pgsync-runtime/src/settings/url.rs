//! A connection URL of a database: PostgreSQL's as libpq reads it, MySQL's and MariaDB's in the same form. In: its text. Out:
//! its parts, decoded.
//!
//! Must not: repeat any of the text in an error. A password with an unescaped character lands in any part.

use super::Family;
use percent_encoding::percent_decode_str;
use secrecy::SecretString;

/// What a URL says.
#[derive(Debug)]
pub(super) struct DatabaseUrl {
    pub(super) family: Family,
    pub(super) user: Option<String>,
    pub(super) password: Option<SecretString>,
    /// Hosts with their ports, as far as they are named.
    pub(super) hosts: Vec<(String, Option<u16>)>,
    pub(super) database: Option<String>,
    /// Names and values behind the question mark.
    pub(super) parameters: Vec<(String, String)>,
}

/// What is said of a URL that cannot be read.
const ESCAPE: &str = "PG_URL holds an unescaped character: in user and password write / as %2F, ? as %3F, # as %23, \
     @ as %40, : as %3A and % as %25";

impl DatabaseUrl {
    /// Takes a URL apart.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let scheme = "PG_URL is not the URL of a database, accepted are postgresql://user:password@host:port/database, and \
                      mysql:// and mariadb:// in the same form";
        let (before, rest) = text.split_once("://").ok_or(scheme)?;
        let driver = before.split('+').next().unwrap_or_default();
        let family = match driver.to_ascii_lowercase().as_str() {
            "postgres" | "postgresql" => Family::Postgres,
            "mysql" | "mariadb" => Family::MySql,
            _ => return Err(scheme),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        if rest.contains(['@', '#']) {
            return Err(ESCAPE);
        }
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut found =
            Self { family, user: None, password: None, hosts: Vec::new(), database: None, parameters: Vec::new() };
        let hosts = match authority.rsplit_once('@') {
            None => authority,
            Some((login, hosts)) => {
                let (user, password) = login.split_once(':').map_or((login, None), |(user, word)| (user, Some(word)));
                found.user = Some(decoded(user)?).filter(|user| !user.is_empty());
                found.password = password.map(decoded).transpose()?.map(SecretString::from);
                hosts
            }
        };
        found.hosts = hosts.split(',').filter(|host| !host.is_empty()).map(host).collect::<Result<_, _>>()?;
        found.database = Some(decoded(path.trim_start_matches('/'))?).filter(|name| !name.is_empty());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').ok_or("PG_URL has a parameter without a value")?;
            found.parameters.push((decoded(name)?, decoded(value)?));
        }
        Ok(found)
    }
}

/// `name`, `name:port`, `[address]`, `[address]:port`; a directory of a Unix socket is escaped: `%2Fvar%2Frun`.
fn host(text: &str) -> Result<(String, Option<u16>), &'static str> {
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']').ok_or("PG_URL has an address without its closing bracket")?,
        None => text.find(':').map_or((text, ""), |at| text.split_at(at)),
    };
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => None,
        Some("") => None,
        Some(number) => Some(number.parse().ok().filter(|port| *port > 0).ok_or(PORT)?),
        None => return Err(PORT),
    };
    Ok((decoded(name)?, port))
}

pub(super) const PORT: &str = "PG_URL has a port that is no number from 1 to 65535; if that is a part of the password, \
     it holds an unescaped character";

fn decoded(text: &str) -> Result<String, &'static str> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| "PG_URL has an escape that is not UTF-8")?;
    if text.contains('\0') { Err("PG_URL holds a zero byte") } else { Ok(text.into_owned()) }
}
