//! A cluster as providers run it: TLS with a certificate of a private authority, passwords by SCRAM, and a line of
//! `pg_hba.conf` per role. In: the home of the binaries and the method of each role. Out: a server, and URLs to log in.

use super::cluster::Cluster;
use super::proxy::Authority;
use std::path::Path;

/// The cluster and the authority that signed its certificate. Its superuser `postgres` is trusted, without TLS too.
pub struct Secured {
    pub cluster: Cluster,
    pub authority: Authority,
}

/// Names of the server's certificate: not the address of the loopback.
pub const CERTIFIED: &str = "localhost";

impl Secured {
    /// Every role but the superuser logs in over TLS by SCRAM.
    pub fn start(home: &Path) -> Self {
        Self::with_access(home, "hostssl all all 127.0.0.1/32 scram-sha-256\n", "")
    }

    /// With these lines for the other roles, and more configuration.
    pub fn with_access(home: &Path, access: &str, configuration: &str) -> Self {
        let authority = Authority::new();
        let (certificate, key) = authority.server(&[CERTIFIED]);
        let files = [("server.crt", certificate), ("server.key", key), ("root.crt", authority.pem())];
        let configuration =
            format!("ssl = on\nssl_ca_file = 'root.crt'\npassword_encryption = 'scram-sha-256'\n{configuration}\n");
        let access = format!("host all postgres 127.0.0.1/32 trust\n{access}");
        Self { cluster: Cluster::prepare(home, &configuration, &access, &files), authority }
    }

    /// A role's URL by the certified name, with `sslmode=verify-full`.
    pub fn url(&self, role: &str, password: &str, database: &str) -> String {
        let root = self.authority.file();
        let parameters = format!("sslmode=verify-full&sslrootcert={}", root.display());
        format!("postgresql://{role}:{}@{CERTIFIED}:{}/{database}?{parameters}", escaped(password), self.cluster.port())
    }
}

/// Percent-encodes all but letters and digits.
pub fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
