//! A primary that is lost while its standby has the slot, synchronised by the server (PostgreSQL 17 and later). In: two real
//! servers, one streaming from the other. Out: after the promotion the program goes on from the slot without a load where the
//! standby has all that was ever read, and loads again where it has not, or where nobody can tell.

use crate::support::cluster::{Cluster, newest_home};
use crate::support::database::connect;
use crate::support::process::Process;
use crate::support::servers;
use crate::support::site::{FILLED, FOLLOWS, Site, stop};
use std::time::{Duration, Instant};

/// A start that finds another address looks for fifteen seconds whether somebody else is at work.
const PATIENCE: Duration = Duration::from_secs(90);

const SYNCHRONISED: &str = "sync_replication_slots = on";
/// Nothing is sent to a failover slot before the standby has it.
const HELD_BACK: &str = "synchronized_standby_slots = 'standby'";

/// A primary, its standby, and a site on both.
struct Pair {
    primary: Cluster,
    standby: Cluster,
    site: Site,
}

impl Pair {
    async fn start(name: &str, on_primary: &str, on_standby: &str) -> Self {
        let mut primary = Cluster::start(&newest_home(), "");
        let admin = connect(&primary.url()).await;
        admin.batch_execute("SELECT pg_create_physical_replication_slot('standby', true)").await.unwrap();
        primary.stop();
        let standby = primary.standby(on_standby);
        primary.configure(on_primary);
        primary.resume();
        let mut site = Site::between(name, &primary.url(), servers::opensearch()).await;
        let both = format!("postgresql://postgres@127.0.0.1:{},127.0.0.1:{}/{name}", primary.port(), standby.port());
        site.settings.push(("PG_URL".to_owned(), both));
        Self { primary, standby, site }
    }

    /// One whose index is filled and followed, and whose standby has everything. The process, and the index behind the alias.
    async fn filled(name: &str, on_primary: &str, on_standby: &str) -> (Self, Process, String) {
        let pair = Self::start(name, on_primary, on_standby).await;
        let process = pair.site.follow();
        pair.site.converges(&process).await;
        pair.standby_has_everything(on_standby == SYNCHRONISED).await;
        let filled = pair.site.physical().await;
        (pair, process, filled)
    }

    /// Waits until the standby has all of the log, and the slot where it is to have it.
    async fn standby_has_everything(&self, slot: bool) {
        // A slot is taken over once the server may forget what is before it, which it finds out at such records.
        self.site.database.run("SELECT pg_log_standby_snapshot()").await;
        let end = self.site.log_end().await;
        let standby = connect(&self.standby.url()).await;
        let sql = "SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn AND (NOT $2 OR EXISTS (
            SELECT FROM pg_replication_slots WHERE synced AND failover AND NOT temporary))";
        let limit = Instant::now() + PATIENCE;
        while !standby.query_one(sql, &[&end, &slot]).await.unwrap().get::<_, bool>(0) {
            assert!(Instant::now() < limit, "the standby does not follow");
            tokio::time::sleep(Duration::from_millis(200)).await;
            if slot {
                self.site.database.run("SELECT pg_log_standby_snapshot()").await;
            }
        }
    }

    /// The primary is lost, the standby takes its place.
    async fn fail_over(&mut self) {
        self.primary.crash();
        self.promote().await;
    }

    async fn promote(&mut self) {
        connect(&self.standby.url()).await.batch_execute("SELECT pg_promote()").await.unwrap();
        let place = |cluster: &Cluster| format!("127.0.0.1:{}", cluster.port());
        self.site.database.url = self.site.database.url.replace(&place(&self.primary), &place(&self.standby));
        self.site.database.reconnect().await;
    }

    /// Waits until the index holds what the new primary holds, and goes on doing so.
    async fn converges(&self, process: &Process) {
        let said = process.lines().len();
        let limit = Instant::now() + PATIENCE;
        while !process.lines().iter().skip(said.saturating_sub(3)).any(|line| line.contains(FOLLOWS)) {
            assert!(Instant::now() < limit, "it does not follow: {}", process.lines().join("\n"));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.site.converges(process).await;
        self.site
            .database
            .run("UPDATE book SET title = 'after' WHERE id <= 20; DELETE FROM review WHERE id = 30")
            .await;
        self.site.converges(process).await;
    }
}

fn loads(process: &Process) -> usize {
    process.lines().iter().filter(|line| line.contains(FILLED)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn failover_to_a_standby_with_the_slot_goes_on_without_a_load() {
    let mut pair = Pair::start("failover_alive", HELD_BACK, SYNCHRONISED).await;
    let process = pair.site.follow();
    pair.site
        .database
        .run("UPDATE book SET title = 'while' WHERE id BETWEEN 10 AND 60; DELETE FROM review WHERE id = 7")
        .await;
    pair.site.converges(&process).await;
    pair.standby_has_everything(true).await;
    let filled = pair.site.physical().await;
    let written = pair.site.written().await;
    pair.fail_over().await;
    pair.site.database.run("INSERT INTO book SELECT n, 'new ' || n FROM generate_series(1001, 1050) n").await;
    pair.converges(&process).await;
    assert_eq!(pair.site.physical().await, filled, "{}", process.lines().join("\n"));
    assert_eq!(loads(&process), 1, "{}", process.lines().join("\n"));
    let written = pair.site.written().await - written;
    assert!(written < 150, "{written} documents were written for 71 that changed");
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn failover_while_the_program_is_stopped_needs_no_load() {
    let mut pair = Pair::start("failover_stopped", "", SYNCHRONISED).await;
    let process = pair.site.follow();
    pair.site.database.run("UPDATE book SET title = 'while' WHERE id <= 10").await;
    pair.site.converges(&process).await;
    pair.standby_has_everything(true).await;
    stop(process);
    pair.site.database.run("UPDATE book SET title = 'unseen' WHERE id BETWEEN 5 AND 15").await;
    pair.standby_has_everything(true).await;
    let filled = pair.site.physical().await;
    pair.fail_over().await;
    let process = pair.site.start(&["run"]);
    process.wait_for(FOLLOWS, PATIENCE);
    pair.converges(&process).await;
    assert_eq!(pair.site.physical().await, filled, "{}", process.lines().join("\n"));
    assert_eq!(loads(&process), 0);
    stop(process);
}

/// What a killed process has read last is known to nobody.
#[tokio::test(flavor = "multi_thread")]
async fn failover_after_a_kill_loads_again() {
    let (mut pair, process, filled) = Pair::filled("failover_killed", "", SYNCHRONISED).await;
    process.kill();
    pair.standby_has_everything(true).await;
    pair.fail_over().await;
    let process = pair.site.start(&["run"]);
    process.wait_for(FOLLOWS, PATIENCE);
    pair.converges(&process).await;
    assert_ne!(pair.site.physical().await, filled);
    stop(process);
}

/// The index is ahead of the database: of a change that the lost primary has sent and acknowledged, the standby knows nothing.
#[tokio::test(flavor = "multi_thread")]
async fn failover_to_a_standby_that_is_behind_the_index_loads_again() {
    let (mut pair, process, filled) = Pair::filled("failover_ahead", "", SYNCHRONISED).await;
    pair.standby.stop();
    pair.site.database.run("UPDATE book SET title = 'lost' WHERE id = 1; INSERT INTO book VALUES (5000, 'lost')").await;
    pair.site.converges(&process).await;
    pair.primary.crash();
    pair.standby.resume();
    pair.promote().await;
    pair.converges(&process).await;
    assert_ne!(pair.site.physical().await, filled, "{}", process.lines().join("\n"));
    process.wait_for("what is indexed cannot be continued", PATIENCE);
    stop(process);
}

/// Slot and position are such that nothing seems to be missing. But a document was read for an early change when a later one could
/// be seen already, which was held back from the stream, and which the standby never got.
#[tokio::test(flavor = "multi_thread")]
async fn failover_never_leaves_in_a_document_what_only_the_lost_server_had() {
    let (mut pair, process, filled) = Pair::filled("failover_read", HELD_BACK, SYNCHRONISED).await;
    process.signal("-STOP");
    let before = pair.site.log_end().await;
    pair.site.database.run("UPDATE book SET title = 'early' WHERE id = 1").await;
    pair.standby_has_everything(true).await;
    // From here on the standby gets nothing more.
    let sender = "SELECT pid FROM pg_stat_replication WHERE application_name = 'standby'";
    let sender: i32 = pair.site.database.client.query_one(sender, &[]).await.unwrap().get(0);
    let stopped = std::process::Command::new("kill").args(["-STOP", &sender.to_string()]).status().unwrap();
    assert!(stopped.success());
    pair.site.database.run("UPDATE review SET body = 'lost' WHERE book_id = 1").await;
    process.signal("-CONT");
    pair.site.converges(&process).await;
    // The slot of the standby moves past the early change.
    let standby = connect(&pair.standby.url()).await;
    let sql = "SELECT confirmed_flush_lsn > $1::text::pg_lsn FROM pg_replication_slots WHERE synced";
    let limit = Instant::now() + PATIENCE;
    while !standby.query_one(sql, &[&before]).await.unwrap().get::<_, bool>(0) {
        assert!(Instant::now() < limit, "the slot is not taken over: {}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    pair.fail_over().await;
    pair.converges(&process).await;
    assert_ne!(pair.site.physical().await, filled);
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn failover_to_a_standby_without_the_slot_loads_again() {
    let (mut pair, process, filled) = Pair::filled("failover_no_slot", "", "").await;
    pair.fail_over().await;
    pair.site.database.run("UPDATE book SET title = 'new' WHERE id BETWEEN 40 AND 60").await;
    pair.converges(&process).await;
    assert_ne!(pair.site.physical().await, filled);
    stop(process);
}

/// Between the loss and the promotion every host is a standby, or gone: that is waited for.
#[tokio::test(flavor = "multi_thread")]
async fn failover_that_takes_its_time_is_waited_for() {
    let (mut pair, process, filled) = Pair::filled("failover_slow", "", SYNCHRONISED).await;
    pair.primary.stop();
    tokio::time::sleep(Duration::from_secs(4)).await;
    pair.promote().await;
    pair.site.database.run("UPDATE book SET title = 'new' WHERE id BETWEEN 40 AND 60").await;
    pair.converges(&process).await;
    assert_eq!(pair.site.physical().await, filled, "{}", process.lines().join("\n"));
    stop(process);
}
