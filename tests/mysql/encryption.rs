//! Every `ssl-mode`, as people write it in a URL, against servers with the right certificate, with that of another host, and with
//! none: what is connected is encrypted or not as it was asked for, and what is refused is refused.

use super::*;
use crate::support::proxy::Authority;
use pgsync_runtime::internals::settings::{Overrides, Settings};
use pgsync_runtime::internals::source::mysql::connect_to_compile;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Whether a session is encrypted; none where there is no session.
async fn encrypted(server: &BinlogServer, mode: &str, authority: Option<&Path>) -> Option<bool> {
    let file = authority.map(|file| format!("&ssl-ca={}", file.display())).unwrap_or_default();
    let url = format!("mysql://repl:repl@127.0.0.1:{}/shop?ssl-mode={mode}{file}", server.port());
    let variables = [("PG_URL".to_owned(), url), ("ELASTICSEARCH_URL".to_owned(), "http://127.0.0.1:1".to_owned())];
    let settings = Settings::from_variables(variables.into(), &Overrides::default()).unwrap().0;
    let mut session = connect_to_compile(&settings.database).await.ok()?;
    let cipher: Option<(String, String)> = session.query_first("SHOW SESSION STATUS LIKE 'Ssl_cipher'").await.unwrap();
    Some(cipher.is_some_and(|(_, cipher)| !cipher.is_empty()))
}

async fn modes(family: Family) {
    let authority = Authority::new();
    let file = authority.file();
    let directory = tempfile::tempdir().unwrap();
    std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let secured = |name: &str| {
        let (certificate, key) = authority.server(&[name]);
        let of = |part: &str| directory.path().join(format!("{name}.{part}"));
        std::fs::write(of("pem"), certificate).unwrap();
        std::fs::write(of("key"), key).unwrap();
        let (certificate, key) =
            (format!("--ssl-cert={}", of("pem").display()), format!("--ssl-key={}", of("key").display()));
        BinlogServer::start(family, &[&certificate, &key])
    };
    let ours = secured("127.0.0.1");
    let another = secured("elsewhere.example");
    let none = match family {
        Family::MySql => BinlogServer::start(family, &["--tls-version="]),
        Family::MariaDb => BinlogServer::start(family, &["--skip-ssl"]),
    };
    // Mode, whether the authority is named, and what comes of it on the three servers.
    const CLEAR: Option<bool> = Some(false);
    const TLS: Option<bool> = Some(true);
    for (mode, named, expected) in [
        ("DISABLED", false, [CLEAR, CLEAR, CLEAR]),
        ("DISABLED", true, [CLEAR, CLEAR, CLEAR]),
        ("PREFERRED", false, [TLS, TLS, CLEAR]),
        ("REQUIRED", false, [TLS, TLS, None]),
        // An authority that is named is asked for; with it the host is, too, as the driver does not leave that out.
        ("REQUIRED", true, [TLS, None, None]),
        ("VERIFY_CA", false, [None, None, None]),
        ("VERIFY_CA", true, [TLS, None, None]),
        ("VERIFY_IDENTITY", false, [None, None, None]),
        ("VERIFY_IDENTITY", true, [TLS, None, None]),
    ] {
        for (server, expected) in [&ours, &another, &none].into_iter().zip(expected) {
            let found = encrypted(server, mode, named.then_some(&*file)).await;
            assert_eq!(found, expected, "{family:?}, {mode}, {named}, port {}", server.port());
        }
    }
    // One of another authority.
    let stranger = Authority::new();
    for mode in ["REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY"] {
        assert_eq!(encrypted(&ours, mode, Some(&stranger.file())).await, None, "{family:?}, {mode}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_every_mode_of_encryption_is_what_it_says_on_mariadb() {
    modes(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_every_mode_of_encryption_is_what_it_says_on_mysql() {
    modes(Family::MySql).await;
}
