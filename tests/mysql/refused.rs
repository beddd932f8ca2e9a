//! What ends a stream, and what the operator is told.

use super::*;
use pgsync_runtime::{Error, ErrorKind};

const FAMILIES: [Family; 2] = [Family::MySql, Family::MariaDb];

async fn fails(stream: &mut Stream) -> Error {
    loop {
        if let Err(error) = next(stream).await {
            return error;
        }
    }
}

fn said(error: &Error) -> String {
    format!("{error} / {}", error.next_step().unwrap_or_default())
}

#[tokio::test]
async fn a_stream_that_cannot_go_on_says_why() {
    for family in FAMILIES {
        let server = BinlogServer::start(family, &["--max-allowed-packet=1M"]);
        let mut root = session(&server).await;
        run(&mut root, "CREATE TABLE item (id INT PRIMARY KEY, note LONGTEXT)").await;
        let begin = executed(&server).await;

        // An event that is larger than what the server takes from clients.
        let mut stream = open(&server, begin.clone()).await.unwrap();
        run(&mut root, "INSERT INTO item VALUES (1, REPEAT('x', 900000))").await;
        run(&mut root, "UPDATE item SET note = REPEAT('y', 900000)").await;
        let mut rows = 0;
        while rows < 2 {
            rows += u32::from(matches!(next(&mut stream).await.unwrap(), Step::Row(_)));
        }

        // An id that another one has.
        let mut second = open(&server, begin.clone()).await.unwrap();
        let error = fails(&mut stream).await;
        assert_eq!(error.kind(), ErrorKind::Refused, "{family:?}: {}", said(&error));
        assert!(said(&error).contains("another replica reads with this server id"), "{}", said(&error));

        // The id of the server itself.
        let itself = StreamSettings { server_id: 7, ..settings("test") };
        let error = Stream::open(&address(&server), &itself, Start::After(begin.clone()), wanted()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage, "{}", said(&error));

        // Names of columns that are no longer logged.
        run(&mut root, "SET GLOBAL binlog_row_metadata = MINIMAL").await;
        run(&mut root, "FLUSH TABLES").await;
        let mut late = session(&server).await;
        run(&mut late, "INSERT INTO item VALUES (2, NULL)").await;
        let error = fails(&mut second).await;
        assert!(said(&error).contains("SET GLOBAL binlog_row_metadata = 'FULL'"), "{family:?}: {}", said(&error));
        assert_eq!(error.kind(), ErrorKind::Refused);
        for _ in 0..2 {
            let again = next(&mut second).await.unwrap_err();
            assert!(again.to_string().contains("the stream is over"), "{again}");
        }
        let error = open(&server, begin.clone()).await.unwrap_err();
        assert!(error.to_string().contains("binlog_row_metadata is `MINIMAL`"), "{error}");
        run(&mut root, "SET GLOBAL binlog_row_metadata = FULL").await;

        // Transactions that the server never had, and logs that it no longer has.
        let foreign = match family {
            Family::MySql => "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5",
            Family::MariaDb => "0-7-9999",
        };
        let foreign = GtidSet::parse(flavour(family), foreign).unwrap();
        assert_eq!(open(&server, foreign).await.unwrap_err().kind(), ErrorKind::Reload);
        drop((stream, second));
        run(&mut root, "FLUSH BINARY LOGS").await;
        // A log that the session of a stream still has open stays for a while.
        let _ = root.query_drop("SET GLOBAL slave_connections_needed_for_purge = 0").await;
        for attempt in 0.. {
            let files: Vec<mysql_async::Row> = root.query("SHOW BINARY LOGS").await.unwrap();
            if files.len() == 1 {
                break;
            }
            assert!(attempt < 100, "{family:?} keeps its logs");
            let last: String = files.last().unwrap().get(0).unwrap();
            run(&mut root, &format!("PURGE BINARY LOGS TO '{last}'")).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let error = match open(&server, begin).await {
            Err(error) => error,
            Ok(mut stream) => fails(&mut stream).await,
        };
        assert_eq!(error.kind(), ErrorKind::Reload, "{family:?}: {}", said(&error));

        // A password that is wrong.
        let wrong = Address { password: Some("x".to_owned().into()), ..address(&server) };
        let now = executed(&server).await;
        let error = Stream::open(&wrong, &settings("test"), Start::After(now), wanted()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused, "{}", said(&error));
        assert!(said(&error).contains("PG_PASSWORD"), "{}", said(&error));
    }
}

#[tokio::test]
async fn an_idle_server_is_heard_and_a_silent_one_is_given_up() {
    for family in FAMILIES {
        let server = BinlogServer::start(family, &[]);
        session(&server).await;
        let mut stream = open(&server, executed(&server).await).await.unwrap();
        for _ in 0..3 {
            let step = tokio::time::timeout(HEARTBEAT * 4, stream.next()).await.expect("a heartbeat").unwrap();
            assert!(matches!(step, Step::Idle { .. }), "{family:?}: {step:?}");
        }
        server.freeze(true);
        let error = fails(&mut stream).await;
        server.freeze(false);
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert!(error.to_string().contains("without a heartbeat"), "{error}");
    }
}

#[tokio::test]
async fn a_stream_begins_at_a_place_of_a_log_too() {
    for family in FAMILIES {
        let server = BinlogServer::start(family, &[]);
        let mut root = session(&server).await;
        run(&mut root, "CREATE TABLE item (id INT PRIMARY KEY)").await;
        let after = executed(&server).await;
        run(&mut root, "FLUSH BINARY LOGS").await;
        run(&mut root, "INSERT INTO item VALUES (5)").await;
        let files: Vec<mysql_async::Row> = root.query("SHOW BINARY LOGS").await.unwrap();
        let file: String = files.last().unwrap().get(0).unwrap();
        let start = Start::Place { file, offset: 4, after };
        let mut stream = Stream::open(&address(&server), &settings("place"), start, wanted()).await.unwrap();
        let mut steps = Vec::new();
        while !matches!(steps.last(), Some(Step::Commit { .. })) {
            steps.push(next(&mut stream).await.unwrap());
        }
        assert!(
            matches!(&steps[..], [Step::Begin { .. }, Step::Relation(_), Step::Row(_), Step::Commit { .. }]),
            "{steps:?}"
        );
    }
}

#[tokio::test]
async fn encryption_is_verified_as_it_was_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::set_permissions(directory.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let (certificate, key) = (directory.path().join("certificate.pem"), directory.path().join("key.pem"));
    std::fs::write(&certificate, own.cert.pem()).unwrap();
    std::fs::write(&key, own.signing_key.serialize_pem()).unwrap();
    for family in FAMILIES {
        let server = BinlogServer::start(
            family,
            &[&format!("--ssl-cert={}", certificate.display()), &format!("--ssl-key={}", key.display())],
        );
        let mut root = session(&server).await;
        run(&mut root, "CREATE USER 'strict'@'%' IDENTIFIED BY 'strict' REQUIRE SSL").await;
        run(&mut root, "GRANT REPLICATION SLAVE, REPLICATION CLIENT, SELECT ON *.* TO 'strict'@'%'").await;
        let now = executed(&server).await;
        let with = |encryption| {
            let password = Some("strict".to_owned().into());
            let address = Address { encryption, user: "strict".into(), password, ..address(&server) };
            let start = Start::After(now.clone());
            async move { Stream::open(&address, &settings("test"), start, wanted()).await.map(drop) }
        };
        with(Encryption::Unverified).await.unwrap();
        with(Encryption::Verified(Some(certificate.clone()))).await.unwrap();
        assert!(with(Encryption::Verified(None)).await.is_err(), "nobody knows the authority");
        assert!(with(Encryption::None).await.is_err(), "the user has to encrypt");
    }
}
