//! Credentials and certificates towards an engine: what is accepted, and which setting an error names where not.

use crate::sink::settings;
use crate::support::proxy::{Authority, Manner, Proxy};
use crate::support::servers::opensearch;
use pgsync_runtime::internals::settings::{EngineAuth, EngineSettings};
use pgsync_runtime::internals::sink::Engine;
use pgsync_runtime::internals::{Error, ErrorKind};
use std::sync::Arc;

async fn refused(settings: &EngineSettings) -> (Error, String) {
    let error = Engine::connect(settings).await.unwrap_err();
    assert_eq!((error.kind(), error.exit_code()), (ErrorKind::Refused, 1), "{error}");
    let help = error.next_step().unwrap_or_default().to_owned();
    (error, help)
}

#[tokio::test]
async fn credentials_are_sent_and_wrong_ones_refused() {
    // The first two as RFC 7617 and engines write them.
    let ways = [
        ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", EngineAuth::Basic("Aladdin".to_owned(), "open sesame".into())),
        ("ApiKey aWQ6a2V5", EngineAuth::ApiKey("aWQ6a2V5".into())),
        ("Bearer a.long.token", EngineAuth::Bearer("a.long.token".into())),
    ];
    for (expected, auth) in ways {
        let manner = Manner { authorization: Some(expected.to_owned()), ..Manner::default() };
        let proxy = Proxy::start(&opensearch(), manner).await;
        let mut settings = settings(&proxy.url, "sink2-auth");
        settings.auth = auth;
        let engine = Engine::connect(&settings).await.unwrap();
        assert!(engine.to_string().starts_with("OpenSearch "), "{engine}");

        let wrong = [
            EngineAuth::None,
            EngineAuth::Basic("Aladdin".to_owned(), "wrong-secret".into()),
            EngineAuth::ApiKey("wrong-secret".into()),
            EngineAuth::Bearer("wrong-secret".into()),
        ];
        for auth in wrong {
            settings.auth = auth;
            let (error, help) = refused(&settings).await;
            for name in ["ELASTICSEARCH_USER", "ELASTICSEARCH_API_KEY", "ELASTICSEARCH_BEARER_AUTH"] {
                assert!(help.contains(name), "{help}");
            }
            assert!(!format!("{error} {error:?} {settings:?}").contains("wrong-secret"));
        }
    }
}

#[tokio::test]
async fn a_private_authority_has_to_be_named() {
    let authority = Arc::new(Authority::new());
    let proxy =
        Proxy::start(&opensearch(), Manner { tls: Some((authority.clone(), false)), ..Manner::default() }).await;
    let mut settings = settings(&proxy.url, "sink2-tls");
    let (error, help) = refused(&settings).await;
    assert!(help.contains("ELASTICSEARCH_CA_CERTS"), "{error} {help}");
    assert!(error.to_string().contains(&proxy.url), "{error}");

    let another = Authority::new();
    settings.ca_certs = Some(another.file());
    let (error, help) = refused(&settings).await;
    assert!(help.contains("ELASTICSEARCH_CA_CERTS"), "another authority does not help: {error}");

    settings.ca_certs = Some(authority.file());
    Engine::connect(&settings).await.unwrap();
    settings.ca_certs = None;
    settings.verify_certs = false;
    Engine::connect(&settings).await.unwrap();
}

#[tokio::test]
async fn a_certificate_of_another_host_is_refused() {
    let authority = Arc::new(Authority::new());
    let proxy =
        Proxy::start(&opensearch(), Manner { tls: Some((authority.clone(), false)), ..Manner::default() }).await;
    let mut settings = settings(&proxy.url.replace("127.0.0.1", "localhost"), "sink2-tls");
    settings.ca_certs = Some(authority.file());
    let (error, help) = refused(&settings).await;
    assert!(help.contains("ELASTICSEARCH_URL"), "{error} {help}");
}

#[tokio::test]
async fn a_client_certificate_is_shown_where_it_is_asked_for() {
    let authority = Arc::new(Authority::new());
    let proxy = Proxy::start(&opensearch(), Manner { tls: Some((authority.clone(), true)), ..Manner::default() }).await;
    let mut settings = settings(&proxy.url, "sink2-tls");
    settings.ca_certs = Some(authority.file());
    let (error, help) = refused(&settings).await;
    assert!(help.contains("ELASTICSEARCH_CLIENT_CERT") && help.contains("ELASTICSEARCH_CLIENT_KEY"), "{error} {help}");

    settings.client = Some(authority.client());
    Engine::connect(&settings).await.unwrap();
    let another = Authority::new();
    settings.client = Some(another.client());
    let (error, help) = refused(&settings).await;
    assert!(help.contains("ELASTICSEARCH_CLIENT_CERT"), "{error} {help}");
}

#[tokio::test]
async fn files_that_cannot_be_used_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let empty = directory.path().join("empty.pem");
    std::fs::write(&empty, "no certificate").unwrap();
    let mut settings = settings(&opensearch(), "sink2-tls");
    for file in [empty.clone(), directory.path().join("missing.pem")] {
        settings.ca_certs = Some(file.clone());
        let error = Engine::connect(&settings).await.unwrap_err();
        assert_eq!((error.kind(), error.exit_code()), (ErrorKind::Usage, 2), "{error}");
        let text = error.to_string();
        assert!(text.contains("ELASTICSEARCH_CA_CERTS") && text.contains(&*file.to_string_lossy()), "{text}");
    }
    settings.ca_certs = None;
    settings.client = Some((empty.clone(), empty));
    let error = Engine::connect(&settings).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.to_string().contains("ELASTICSEARCH_CLIENT_CERT"), "{error}");
}
