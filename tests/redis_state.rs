//! The state in Redis: kept over kills of either side, waited for while Redis is away, older or gone without a lost change; with
//! TLS and few rights, and in a cluster.

use crate::support::engine::request;
use crate::support::proxy::Authority;
use crate::support::redis_server::RedisServer;
use crate::support::servers;
use crate::support::site::{LIMIT, Site, stop, until};
use reqwest::Method;

/// A site whose state index is its own, and stays unused.
async fn site(name: &str) -> Site {
    let mut site = Site::between(name, &servers::postgres_newest(), servers::opensearch()).await;
    request(&site.engine, Method::DELETE, &format!("/{name}-state-1"), None).await;
    site.settings = vec![
        ("PGSYNC_STATE_INDEX".to_owned(), format!("{name}-state")),
        ("REDIS_CHECKPOINT".to_owned(), "true".to_owned()),
        ("REDIS_SOCKET_TIMEOUT".to_owned(), "2".to_owned()),
        ("PGSYNC_WAIT".to_owned(), "3".to_owned()),
    ];
    site
}

fn in_redis(site: &mut Site, url: &str) {
    site.settings.retain(|(name, _)| name != "REDIS_URL");
    site.settings.push(("REDIS_URL".to_owned(), url.to_owned()));
}

async fn change(site: &Site, title: &str) {
    site.database.run(&format!("UPDATE book SET title = '{title}' WHERE id <= 10")).await;
}

/// Everything that is in it.
fn keys(redis: &RedisServer) -> Vec<String> {
    let mut keys: Vec<String> = redis.ask(&["KEYS", "*"]).lines().map(str::to_owned).collect();
    keys.retain(|key| !key.is_empty());
    keys.sort_unstable();
    keys
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_in_redis_outlives_kills() {
    let mut site = site("redis_kept").await;
    let mut redis = RedisServer::start(&[]);
    in_redis(&mut site, &format!("redis://127.0.0.1:{}/3", redis.port()));
    let process = site.follow();
    let slot = site.slot().await;
    process.kill();
    assert_eq!(keys(&redis), [""; 0], "another database than the one that is named");
    redis.kill();
    change(&site, "while both were away").await;
    redis.resume();
    let process = site.follow();
    site.converges(&process).await;
    assert_eq!(site.written().await, 210, "nothing is loaded again");
    let state = request(&site.engine, Method::HEAD, "/redis_kept-state-1", None).await.0;
    assert_eq!(state, 404, "there is a state index besides");
    let (status, said) = site.start(&["wait", "--now", "--refresh"]).wait(LIMIT);
    assert!(status.success() && said.join("\n").contains("the state in the Redis at"), "{}", said.join("\n"));
    assert_eq!(
        redis.ask(&["-n", "3", "EXISTS", &format!("pgsync:state:{slot}"), &format!("pgsync:state:{slot}.indexes")]),
        "2"
    );
    stop(process);
    let (status, said) = site.start(&["teardown", "--indexes"]).wait(LIMIT);
    assert!(status.success(), "{}", said.join("\n"));
    assert_eq!(redis.ask(&["-n", "3", "DBSIZE"]), "0");
}

/// Nothing is acknowledged that is not in it.
#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_is_away_is_waited_for() {
    let mut site = site("redis_away").await;
    let mut redis = RedisServer::start(&[]);
    in_redis(&mut site, &format!("redis://127.0.0.1:{}", redis.port()));
    let process = site.follow();
    redis.kill();
    change(&site, "away").await;
    let end = site.log_end().await;
    let acknowledged = async || site.acknowledged(&end).await;
    let said = async || process.lines().iter().any(|line| line.contains("the state in the Redis at"));
    until(&process, "it does not say what it waits for", said).await;
    assert!(!acknowledged().await);
    redis.resume();
    until(&process, "it is not acknowledged", acknowledged).await;
    site.converges(&process).await;
    assert_eq!(site.written().await, 210, "nothing is loaded again");
    stop(process);
    redis.kill();
    site.fails(&["run", "-b"], 1, &["cannot reach the state in the Redis at 127.0.0.1"]);
    site.fails(&["doctor"], 1, &["in the way [state] cannot reach the state in the Redis"]);
}

/// One that was set back, and one that is empty: it is loaded again rather than guessed.
#[tokio::test(flavor = "multi_thread")]
async fn what_redis_forgets_is_not_lost() {
    let mut site = site("redis_forgets").await;
    let mut redis = RedisServer::start(&["--appendonly", "no"]);
    in_redis(&mut site, &format!("redis://127.0.0.1:{}", redis.port()));
    let mut process = site.follow();
    redis.ask(&["SAVE"]);
    for round in 0..4 {
        for step in 0..5 {
            change(&site, &format!("round {round}, step {step}")).await;
            site.database.run(&format!("DELETE FROM review WHERE id = {}", 20 + round * 10 + step)).await;
            site.converges(&process).await;
        }
        site.database
            .run(&format!("DELETE FROM review WHERE book_id = {0}; DELETE FROM book WHERE id = {0}", 100 + round))
            .await;
        site.converges(&process).await;
        if round % 2 == 0 {
            // Back to where it was saved, with the program running.
            redis.kill();
            redis.resume();
        } else {
            redis.ask(&["FLUSHALL"]);
            process.kill();
            process = site.follow();
        }
        change(&site, &format!("after round {round}")).await;
        site.converges(&process).await;
        process.kill();
        site.database
            .run(&format!("DELETE FROM review WHERE book_id = {0}; DELETE FROM book WHERE id = {0}", 120 + round))
            .await;
        process = site.follow();
        site.converges(&process).await;
    }
    stop(process);
}

/// What the message names is enough; a wrong password, and a certificate of a stranger, are refused in words without a secret.
#[tokio::test(flavor = "multi_thread")]
async fn redis_by_tls_with_few_rights() {
    let mut site = site("redis_tls").await;
    let authority = Authority::new();
    let (certificate, key) = authority.server(&["localhost"]);
    let files = [
        ("crt", certificate),
        ("key", key),
        ("ca", authority.pem()),
        (
            "acl",
            "user default off\nuser sync on >hush ~pgsync:state:* +ping +hmget +eval +hget +hmset +hset +hincrby +del\nuser few on >hush ~other:* +ping\n"
                .to_owned(),
        ),
    ];
    let redis = RedisServer::prepare(
        "tls-port",
        &files,
        &[
            "--tls-cert-file",
            "crt",
            "--tls-key-file",
            "key",
            "--tls-ca-cert-file",
            "ca",
            "--tls-auth-clients",
            "no",
            "--aclfile",
            "acl",
        ],
    );
    let url = |user: &str, password: &str| format!("rediss://{user}:{password}@localhost:{}", redis.port());
    in_redis(&mut site, &url("sync", "hush"));
    site.fails(&["run", "-b"], 1, &["cannot reach the state", "ertificate"]);
    site.settings.push(("REDIS_CA_CERTS".to_owned(), authority.file().to_str().unwrap().to_owned()));
    for (user, password, word) in [("sync", "secret", "REDIS_USER and REDIS_AUTH"), ("few", "hush", "ACL SETUSER")] {
        in_redis(&mut site, &url(user, password));
        let (status, said) = site.start(&["run", "-b"]).wait(LIMIT);
        let said = said.join("\n");
        assert!(status.code() == Some(1) && said.contains(word), "{said}");
        assert!(!said.contains("secret") && !said.contains("hush"), "{said}");
    }
    in_redis(&mut site, &url("sync", "hush"));
    let process = site.follow();
    site.converges(&process).await;
    process.kill();
    change(&site, "away").await;
    let process = site.follow();
    site.converges(&process).await;
    assert_eq!(site.written().await, 210, "nothing is loaded again");
    stop(process);
    let (status, said) = site.start(&["teardown", "--indexes"]).wait(LIMIT);
    assert!(status.success(), "{}", said.join("\n"));
}

/// Each of the two nodes has half of the keys, and any of them is a way in.
#[tokio::test(flavor = "multi_thread")]
async fn a_state_in_a_cluster_of_redis() {
    let mut site = site("redis_cluster").await;
    let mut nodes = [0, 1].map(|_| RedisServer::start(&["--cluster-enabled", "yes"]));
    nodes[0].ask(&["CLUSTER", "ADDSLOTSRANGE", "0", "8191"]);
    nodes[1].ask(&["CLUSTER", "ADDSLOTSRANGE", "8192", "16383"]);
    nodes[0].ask(&["CLUSTER", "MEET", "127.0.0.1", &nodes[1].port().to_string()]);
    let end = std::time::Instant::now() + LIMIT;
    while nodes.iter().any(|node| !node.ask(&["CLUSTER", "INFO"]).contains("cluster_state:ok")) {
        assert!(std::time::Instant::now() < end, "the cluster does not form");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    for (round, way) in [0, 1, 0].into_iter().enumerate() {
        in_redis(&mut site, &format!("redis://127.0.0.1:{}", nodes[way].port()));
        let process = site.follow();
        change(&site, &format!("round {round}")).await;
        site.converges(&process).await;
        let keys = nodes.each_ref().map(|node| keys(node).len());
        assert_eq!(keys.iter().sum::<usize>(), 3, "{keys:?}");
        // One node away: what it keeps is waited for, whichever it is.
        nodes[1 - way].kill();
        change(&site, &format!("beside round {round}")).await;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        nodes[1 - way].resume();
        site.converges(&process).await;
        process.kill();
    }
    let process = site.follow();
    site.converges(&process).await;
    assert_eq!(site.written().await, 260, "nothing is loaded again");
    stop(process);
    let (status, said) = site.start(&["teardown", "--indexes"]).wait(LIMIT);
    assert!(status.success(), "{}", said.join("\n"));
}
