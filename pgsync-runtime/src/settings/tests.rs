//! Settings from variables.

use super::load::read;
use super::reader::Reader;
use super::table::{Status, Type, VARIABLES};
use super::{CheckpointSettings, EngineAuth, Family, Overrides, Settings, SslMode};
use crate::{ErrorKind, Result};
use secrecy::ExposeSecret;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

fn variables(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn load(pairs: &[(&str, &str)]) -> Result<(Settings, Vec<String>)> {
    Settings::from_variables(variables(pairs), &Overrides::default())
}

#[test]
fn defaults() {
    let (settings, warnings) = load(&[("PG_USER", "u"), ("PG_PASSWORD", "")]).unwrap();
    let database = settings.database;
    assert_eq!((database.host.as_str(), database.port, database.database.as_str()), ("localhost", 5432, "postgres"));
    assert!(database.password.is_none() && database.ssl_mode == SslMode::Prefer);
    assert_eq!(settings.engine.url, "http://localhost:9200");
    assert_eq!(settings.engine.max_chunk_bytes, 8 << 20);
    assert_eq!(settings.run.wait, Duration::from_secs(30));
    assert!(warnings.is_empty());
}

#[test]
fn every_wrong_value_is_reported_and_no_secret_is() {
    let error = load(&[
        ("PG_PORT", "54x"),
        ("PG_SSLMODE", "sometimes"),
        ("PG_URL", "oracle://u:geheim@h/d"),
        ("ELASTICSEARCH_BASIC_AUTH", "geheim"),
        ("ELASTICSEARCH_TIMEOUT", "-1"),
        ("ELASTICSEARCH_VERIFY_CERTS", "perhaps"),
        ("PG_SSLCERT", "a.pem"),
    ])
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    let text = error.to_string();
    for part in [
        "PG_PORT is `54x`",
        "PG_SSLMODE is `sometimes`",
        "PG_URL",
        "BASIC_AUTH",
        "TIMEOUT is `-1`",
        "perhaps",
        "PG_SSLKEY",
        "PG_USER",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("geheim"), "{text}");
}

#[test]
fn urls_are_decoded_and_flags_win() {
    let pairs = [
        ("PG_URL", "postgres://us%40er:p%2Fw@db.example:5433/my%20db?sslmode=verify-full&connect_timeout=3"),
        ("PG_HOST", "elsewhere"),
        ("ELASTICSEARCH_URL", "https://el%3Aastic:se%40cret@es.example:9243/path/"),
    ];
    let (settings, _) = load(&pairs).unwrap();
    let database = &settings.database;
    assert_eq!((database.host.as_str(), database.port), ("db.example", 5433));
    assert_eq!((database.user.as_str(), database.database.as_str()), ("us@er", "my db"));
    assert_eq!(database.password.as_ref().unwrap().expose_secret(), "p/w");
    assert_eq!((database.ssl_mode, database.connect_timeout), (SslMode::VerifyFull, Duration::from_secs(3)));
    assert_eq!(settings.engine.url, "https://es.example:9243/path");
    let EngineAuth::Basic(user, password) = &settings.engine.auth else { panic!("basic") };
    assert_eq!((user.as_str(), password.expose_secret()), ("el:astic", "se@cret"));
    let shown = format!("{settings:?}");
    assert!(!shown.contains("p/w") && !shown.contains("se@cret"), "{shown}");

    let overrides = Overrides { database: Some("other".into()), port: Some(1), ..Overrides::default() };
    let (settings, _) = Settings::from_variables(variables(&pairs), &overrides).unwrap();
    assert_eq!((settings.database.database.as_str(), settings.database.port), ("other", 1));
}

#[test]
fn ways_to_authenticate() {
    let (settings, _) =
        load(&[("PG_USER", "u"), ("ELASTICSEARCH_API_KEY_ID", "id"), ("ELASTICSEARCH_API_KEY", "key")]).unwrap();
    let EngineAuth::ApiKey(key) = settings.engine.auth else { panic!("API key") };
    assert_eq!(key.expose_secret(), "aWQ6a2V5");
    let both = load(&[("PG_USER", "u"), ("ELASTICSEARCH_BEARER_AUTH", "b"), ("ELASTICSEARCH_HTTP_AUTH", "u,p")]);
    assert!(both.unwrap_err().to_string().contains("one way"));
}

#[test]
fn variables_without_effect_warn() {
    let (_, warnings) = load(&[("PG_USER", "u"), ("REDIS_HOST", "r"), ("OPENSEARCH", "true")]).unwrap();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with("REDIS_HOST has no effect"));
}

#[test]
fn a_redis_is_named_by_a_url_or_by_parts() {
    let redis = |pairs: &[(&str, &str)]| {
        let all = [&[("PG_USER", "u"), ("REDIS_CHECKPOINT", "true"), ("CHECKPOINT_PATH", "/state")], pairs].concat();
        load(&all).map(|(settings, warnings)| {
            assert_eq!(warnings, [""; 0]);
            let CheckpointSettings::Redis(redis) = settings.engine.checkpoint else { panic!("no Redis") };
            redis
        })
    };
    let found = redis(&[]).unwrap();
    assert_eq!((found.host.as_str(), found.port, found.tls, found.database), ("localhost", 6379, false, 0));
    let parts = [
        ("REDIS_HOST", "r"),
        ("REDIS_PORT", "1"),
        ("REDIS_SCHEME", "rediss"),
        ("REDIS_AUTH", "word"),
        ("REDIS_DB", "3"),
    ];
    let found = redis(&parts).unwrap();
    assert_eq!((found.host.as_str(), found.port, found.tls, found.database), ("r", 1, true, 3));
    let url = ("REDIS_URL", "valkey://me:hu%2Fsh@[::1]:7/2");
    let found = redis(&[&parts[..], &[url]].concat()).unwrap();
    assert_eq!((found.host.as_str(), found.port, found.tls, found.database), ("::1", 7, false, 2));
    assert_eq!((found.user.as_deref(), found.password.as_ref().unwrap().expose_secret()), (Some("me"), "hu/sh"));
    assert!(!format!("{found:?}").contains("hu/sh"));
    for (pairs, word) in [
        (&[("REDIS_URL", "redis://me:hu/sh@r")][..], "REDIS_URL is not a URL"),
        (&[("REDIS_URL", "http://r")], "REDIS_URL is not a URL"),
        (&[("REDIS_URL", "redis://r/one")], "REDIS_URL is not a URL"),
        (&[("REDIS_USER", "me")], "without REDIS_AUTH"),
        (&[("REDIS_SCHEME", "tcp")], "accepted is redis or rediss"),
        (&[("REDIS_CLIENT_CERT", "a")], "without REDIS_CLIENT_KEY"),
    ] {
        let wrong = redis(pairs).unwrap_err().to_string();
        assert!(wrong.contains(word) && !wrong.contains("hu/sh"), "{wrong}");
    }
}

#[test]
fn what_the_table_calls_used_is_read() {
    let mut reader = Reader::new(variables(&[("PG_USER", "u")]));
    read(&mut reader, &Overrides::default());
    let used: BTreeSet<_> = VARIABLES.iter().filter(|row| row.status == Status::Used).map(|row| row.name).collect();
    assert_eq!(reader.names_read(), used);
}

#[test]
fn an_address_that_nobody_gave_is_told() {
    let assumed = |given: &[(&str, &str)]| load(given).unwrap().0.run.assumed;
    let nothing = assumed(&[("PG_USER", "u")]);
    assert_eq!(nothing.len(), 2, "{nothing:?}");
    assert!(nothing[0].contains("PG_HOST") && nothing[0].contains("localhost"), "{nothing:?}");
    assert!(nothing[1].contains("ELASTICSEARCH_URL") && nothing[1].contains("http://localhost:9200"), "{nothing:?}");
    for given in [
        [("PG_HOST", "db"), ("ELASTICSEARCH_HOST", "es")],
        [("PG_URL", "postgresql://db"), ("ELASTICSEARCH_URL", "http://es")],
    ] {
        let given = [("PG_USER", "u"), given[0], given[1]];
        assert!(assumed(&given).is_empty(), "{given:?}");
    }
    assert_eq!(assumed(&[("PG_URL", "postgresql:///shop"), ("PG_USER", "u"), ("ELASTICSEARCH_HOST", "es")]).len(), 1);
}

fn url(text: &str) -> super::DatabaseSettings {
    load(&[("PG_URL", text), ("PG_PORT", "6000"), ("PG_USER", "fallback")])
        .unwrap_or_else(|error| panic!("{error}"))
        .0
        .database
}

#[test]
fn urls_as_providers_hand_them_out() {
    let found = url("postgresql://u:p@ep-a.example/db?sslmode=require&channel_binding=require&options=endpoint%3Dep-a");
    assert_eq!((found.channel_binding, found.ssl_mode), (super::Binding::Require, SslMode::Require));
    assert_eq!(found.options.as_deref(), Some("endpoint=ep-a"));
    assert_eq!((found.host.as_str(), found.port), ("ep-a.example", 6000), "PG_PORT counts where the URL names none");
    let found = url("postgres://u@a:1,b,[::1]:3/db?target_session_attrs=read-write&connect_timeout=10");
    assert_eq!((found.host.as_str(), found.port), ("a", 1));
    assert_eq!(found.further_hosts, [("b".to_owned(), 6000), ("::1".to_owned(), 3)]);
    let found = url("postgresql://u@/db?host=a,b&port=7,8");
    assert_eq!((found.host.as_str(), found.port, found.further_hosts), ("a", 7, vec![("b".to_owned(), 8)]));
    let found = url("postgresql://u@h/db?port=7");
    assert_eq!((found.host.as_str(), found.port), ("h", 7));
    let found = url("postgresql://u@%2Fvar%2Frun%2Fpostgresql:7/db");
    assert_eq!((found.host.as_str(), found.port), ("/var/run/postgresql", 7));
    let found = url("postgresql+psycopg2://u@h");
    assert_eq!((found.user.as_str(), found.database.as_str()), ("u", "postgres"));
    let found = url("postgresql:///db?user=other&password=word");
    assert_eq!((found.user.as_str(), found.password.unwrap().expose_secret()), ("other", "word"));
}

#[test]
fn the_scheme_or_the_driver_says_what_is_spoken() {
    let found = url("mariadb://u:p@h/shop?ssl-mode=VERIFY_CA&ssl-ca=/ca.pem");
    assert_eq!((found.family, found.database.as_str(), found.port), (Family::MySql, "shop", 6000));
    assert_eq!((found.ssl_mode, found.ssl_root_cert), (SslMode::VerifyCa, Some("/ca.pem".into())));
    let driver = [("PG_DRIVER", "pymysql"), ("PG_USER", "u"), ("PG_HOST", "h")];
    let found = load(&[&driver[..], &[("PG_DATABASE", "shop")]].concat()).unwrap().0.database;
    assert_eq!((found.family, found.port), (Family::MySql, 3306));
    let error = load(&driver).unwrap_err().to_string();
    assert!(error.contains("PG_DATABASE"), "{error}");
    let both = [("PG_DRIVER", "pymysql"), ("PG_URL", "postgres://u@h/d")];
    assert_eq!(load(&both).unwrap().0.database.family, Family::Postgres, "the URL wins");
    assert!(load(&[("PG_DRIVER", "oracledb"), ("PG_USER", "u")]).is_err());
}

#[test]
fn parameters_without_effect_warn() {
    let (_, warnings) =
        load(&[("PG_URL", "postgres://u@h/db?keepalives=1&keepalives_idle=30&gssencmode=disable")]).unwrap();
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    for wrong in ["gssencmode=require", "target_session_attrs=standby", "port=0", "port=1,2", "sslmode"] {
        assert!(load(&[("PG_URL", &format!("postgres://u@h/db?{wrong}"))]).is_err(), "{wrong}");
    }
}

#[test]
fn no_part_of_a_password_is_repeated() {
    for password in [
        "top?secret",
        "top/secret",
        "top#secret",
        "top@secret",
        "top?secret=1&x",
        "12/secret",
        "%ff%secret",
        "a:top/secret@x",
    ] {
        let text = format!("postgresql://user:{password}@db.example/shop?sslmode=require");
        if let Err(error) = load(&[("PG_URL", &text)]) {
            let shown = error.to_string();
            for part in ["top", "secret", "12"] {
                assert!(!shown.contains(part), "{password}: {shown}");
            }
        } else {
            // An `@` before the last one belongs to the password.
            assert_eq!(password, "top@secret");
            assert_eq!(url(&text).password.unwrap().expose_secret(), password);
        }
    }
}

/// Each is read as the table says: a wrong value is named, a right one is taken.
#[test]
fn every_variable_is_of_the_type_that_the_table_says() {
    for row in VARIABLES.iter().filter(|row| row.status == Status::Used) {
        let (wrong, right) = match row.ty {
            Type::Number(least, most) => (
                vec![format!("{}", most + 1), "-1".to_owned(), "1.5".to_owned()],
                vec![least.to_string(), most.to_string()],
            ),
            Type::Seconds => (vec!["0".to_owned(), "soon".to_owned()], vec!["0.5".to_owned(), "30".to_owned()]),
            Type::Switch => (vec!["perhaps".to_owned()], vec!["false".to_owned(), "off".to_owned()]),
            Type::Command => (vec!["false".to_owned()], vec![]),
            Type::Text | Type::Secret | Type::Path | Type::Form(_) => continue,
        };
        for value in wrong {
            let said =
                load(&[("PG_USER", "u"), ("REDIS_CHECKPOINT", "true"), (row.name, &value)]).unwrap_err().to_string();
            assert!(said.contains(row.name), "{value}: {said}");
        }
        for value in right {
            assert!(
                load(&[("PG_USER", "u"), ("REDIS_CHECKPOINT", "true"), (row.name, &value)]).is_ok(),
                "{} {value}",
                row.name
            );
        }
    }
}

#[test]
fn secrets_may_be_printed_by_commands() {
    let pairs = [
        ("PG_USER", "u"),
        ("PG_PASSWORD_COMMAND", "echo geheim"),
        ("ELASTICSEARCH_USER", "e"),
        ("ELASTICSEARCH_PASSWORD_COMMAND", "printf gehei; echo mer"),
    ];
    let (settings, _) = load(&pairs).unwrap();
    assert_eq!(settings.database.password.as_ref().unwrap().expose_secret(), "geheim");
    let EngineAuth::Basic(_, password) = &settings.engine.auth else { panic!("basic") };
    assert_eq!(password.expose_secret(), "geheimer");
    let both = load(&[("PG_USER", "u"), ("PG_PASSWORD", "geheim"), ("PG_PASSWORD_COMMAND", "echo x")]).unwrap_err();
    assert!(both.to_string().contains("one of them") && !both.to_string().contains("geheim"), "{both}");
    let key = load(&[("PG_USER", "u"), ("ELASTICSEARCH_API_KEY_COMMAND", "echo key")]).unwrap().0.engine.auth;
    assert!(matches!(key, EngineAuth::ApiKey(key) if key.expose_secret() == "key"));
}
