//! Every way to log in to PostgreSQL and every `sslmode`, with a right and a wrong authority and name, for the sessions
//! and for the replication connection, on the oldest, the middle and the newest supported version.

use crate::source::settings as of_url;
use crate::support::cluster::{middle_home, newest_home, oldest_home};
use crate::support::database::connect;
use crate::support::proxy::Authority;
use crate::support::secured::{CERTIFIED, Secured};
use pgsync_runtime::internals::settings::{Binding, DatabaseSettings, SslMode};
use pgsync_runtime::internals::source::postgres::Connection;
use pgsync_runtime::internals::{Code, ErrorKind, database};
use rcgen::{CertificateParams, IsCa, KeyPair};
use std::path::{Path, PathBuf};

/// A role per method. The plain password has a line of its own before the others, without TLS.
const ACCESS: &str = "
    host    all trusted   127.0.0.1/32 trust
    hostssl all scram     127.0.0.1/32 scram-sha-256
    host    all plain     127.0.0.1/32 password
    host    all md5       127.0.0.1/32 md5
    hostssl all certified 127.0.0.1/32 cert
    hostnossl all naked   127.0.0.1/32 scram-sha-256
";

const ROLES: &str = "
    CREATE ROLE trusted LOGIN REPLICATION;
    CREATE ROLE scram LOGIN REPLICATION PASSWORD 'geheim';
    CREATE ROLE plain LOGIN REPLICATION PASSWORD 'geheim';
    CREATE ROLE naked LOGIN REPLICATION PASSWORD 'geheim';
    CREATE ROLE certified LOGIN REPLICATION;
    SET password_encryption = 'md5';
    CREATE ROLE md5 LOGIN REPLICATION PASSWORD 'geheim';";

async fn secured(home: &Path) -> Secured {
    let secured = Secured::with_access(home, ACCESS, "");
    connect(&secured.cluster.url()).await.batch_execute(ROLES).await.unwrap();
    secured
}

fn settings(secured: &Secured, role: &str) -> DatabaseSettings {
    let mut settings = of_url(&secured.cluster.url());
    settings.user = role.to_owned();
    settings.host = CERTIFIED.to_owned();
    settings.ssl_mode = SslMode::VerifyFull;
    settings.ssl_root_cert = Some(secured.authority.file());
    settings
}

/// Opens a session and a replication connection: both succeed, or both fail with this code.
async fn both(settings: &DatabaseSettings, code: Option<Code>, what: &str) {
    let session = database::connect(settings).await.map(drop);
    let stream = Connection::open(settings).await.map(drop);
    for (side, result) in [("session", session), ("stream", stream)] {
        let found =
            result.as_ref().err().map(|error| error.code().unwrap_or_else(|| panic!("{what}, {side}: {error}")));
        assert_eq!(found, code, "{what}, {side}: {result:?}");
        if let Err(error) = result {
            assert_eq!(error.kind(), ErrorKind::Refused, "{what}, {side}: {error}");
            assert!(error.next_step().is_some(), "{what}, {side}: {error}");
            assert!(!error.to_string().contains("geheim"), "{error}");
        }
    }
}

async fn methods(home: PathBuf) {
    let secured = secured(&home).await;
    let another = Authority::new();
    both(&settings(&secured, "trusted"), None, "trust").await;
    for role in ["scram", "plain", "md5"] {
        let mut settings = settings(&secured, role);
        settings.password = Some("geheim".into());
        both(&settings, None, role).await;
        settings.password = Some("falsch".into());
        both(&settings, Some(Code::Login), &format!("{role} with a wrong password")).await;
        settings.password = None;
        both(&settings, Some(Code::Login), &format!("{role} without a password")).await;
    }
    let mut settings = settings(&secured, "certified");
    settings.ssl_client = Some(secured.authority.client_named("certified"));
    both(&settings, None, "a client certificate").await;
    settings.ssl_client = None;
    both(&settings, Some(Code::Login), "no client certificate").await;
    settings.ssl_client = Some(secured.authority.client_named("somebody"));
    both(&settings, Some(Code::Login), "a client certificate of another role").await;
    // The server's refusal comes by TLS after the handshake and may be lost in a reset: another attempt says it again.
    settings.ssl_client = Some(another.client_named("certified"));
    let error = database::connect(&settings).await.unwrap_err();
    assert!(matches!(error.code(), Some(Code::Certificate | Code::Unreachable)), "{error:?}");
}

async fn modes(home: PathBuf) {
    let secured = secured(&home).await;
    let another = Authority::new();
    let own = settings(&secured, "scram");
    let with = |mode: &str, root: Option<PathBuf>, host: &str| {
        let mut settings = own.clone();
        settings.password = Some("geheim".into());
        settings.ssl_mode = mode.parse().unwrap();
        settings.ssl_root_cert = root;
        settings.host = host.to_owned();
        settings
    };
    let (right, wrong) = (secured.authority.file(), another.file());
    let address = "127.0.0.1";
    for (mode, root, host, code) in [
        // The role is let in over TLS only.
        ("disable", None, CERTIFIED, Some(Code::Login)),
        ("allow", None, address, None),
        ("prefer", None, address, None),
        ("prefer", Some(&wrong), address, None),
        ("require", None, address, None),
        ("require", Some(&right), address, None),
        ("require", Some(&wrong), address, Some(Code::Certificate)),
        ("verify-ca", Some(&right), address, None),
        ("verify-ca", Some(&right), CERTIFIED, None),
        ("verify-ca", Some(&wrong), CERTIFIED, Some(Code::Certificate)),
        ("verify-full", Some(&right), CERTIFIED, None),
        ("verify-full", Some(&right), address, Some(Code::Certificate)),
        ("verify-full", Some(&wrong), CERTIFIED, Some(Code::Certificate)),
        // The system's authorities did not sign it.
        ("verify-full", None, CERTIFIED, Some(Code::Certificate)),
    ] {
        both(&with(mode, root.cloned(), host), code, &format!("{mode} {root:?} {host}")).await;
    }
    // A role that is let in without TLS only.
    let naked = |mode: &str| DatabaseSettings { user: "naked".into(), ..with(mode, Some(right.clone()), CERTIFIED) };
    for (mode, code) in [("disable", None), ("prefer", None), ("allow", None), ("require", Some(Code::Login))] {
        both(&naked(mode), code, &format!("without TLS, {mode}")).await;
    }
}

/// `channel_binding=require` is kept with SCRAM over TLS, and refused with everything else.
async fn bindings(home: PathBuf) {
    let secured = secured(&home).await;
    let required = |role: &str, mode: SslMode| DatabaseSettings {
        password: Some("geheim".into()),
        channel_binding: Binding::Require,
        ssl_mode: mode,
        ..settings(&secured, role)
    };
    both(&required("scram", SslMode::VerifyFull), None, "SCRAM").await;
    both(&required("scram", SslMode::Require), None, "SCRAM, TLS without a name").await;
    for role in ["trusted", "plain", "md5"] {
        both(&required(role, SslMode::VerifyFull), Some(Code::ChannelBinding), role).await;
    }
    both(&required("naked", SslMode::Disable), Some(Code::ChannelBinding), "SCRAM without TLS").await;
    let off = DatabaseSettings { channel_binding: Binding::Disable, ..required("scram", SslMode::VerifyFull) };
    both(&off, None, "SCRAM that is not bound").await;
}

/// A server's certificate that is its own authority, as `openssl req -x509` makes it.
async fn own_authority(home: PathBuf) {
    let make = |ca: bool, expired: bool| {
        let mut params = CertificateParams::new(vec![CERTIFIED.to_owned()]).unwrap();
        if ca {
            params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        }
        if expired {
            params.not_before = rcgen::date_time_ymd(2001, 1, 1);
            params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
    };
    let directory = tempfile::tempdir().unwrap();
    for (ca, expired, code) in [(true, false, None), (false, false, None), (true, true, Some(Code::Certificate))] {
        let (certificate, key) = make(ca, expired);
        let root = directory.path().join("root.pem");
        std::fs::write(&root, &certificate).unwrap();
        let files = [("server.crt", certificate), ("server.key", key)];
        let access = "host all all 127.0.0.1/32 trust\n";
        let cluster = crate::support::cluster::Cluster::prepare(&home, "ssl = on\n", access, &files);
        let mut settings = of_url(&cluster.url());
        settings.ssl_root_cert = Some(root);
        for (mode, host) in [(SslMode::VerifyFull, CERTIFIED), (SslMode::VerifyCa, "127.0.0.1")] {
            (settings.ssl_mode, settings.host) = (mode, host.to_owned());
            both(&settings, code, &format!("its own authority: CA {ca}, expired {expired}, {mode:?}")).await;
        }
        // Another certificate of the same names is not the one that is named.
        std::fs::write(directory.path().join("other.pem"), make(ca, false).0).unwrap();
        settings.ssl_root_cert = Some(directory.path().join("other.pem"));
        both(&settings, Some(Code::Certificate), "another certificate").await;
    }
}

/// One test per version and subject.
macro_rules! on_each_version {
    ($($subject:ident: $oldest:ident, $middle:ident, $newest:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $oldest() {
            $subject(oldest_home()).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn $middle() {
            $subject(middle_home()).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn $newest() {
            $subject(newest_home()).await;
        }
    )*};
}

on_each_version! {
    methods: methods_on_the_oldest, methods_on_the_middle, methods_on_the_newest;
    modes: modes_on_the_oldest, modes_on_the_middle, modes_on_the_newest;
    bindings: bindings_on_the_oldest, bindings_on_the_middle, bindings_on_the_newest;
    own_authority: own_authority_on_the_oldest, own_authority_on_the_middle, own_authority_on_the_newest;
}
