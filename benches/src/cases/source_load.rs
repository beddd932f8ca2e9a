//! What capture costs the application. In: the same transactions over the same sessions, with capture off, with nothing
//! but the replica identities set, with a client of the stream that drops it, with ours following, and with PGSync's
//! triggers, in turns. Out: processor time of the application's own backends, which have a processor of their own, and
//! bytes of write-ahead log, for each transaction.

use super::backlog::{following, loaded};
use crate::ceilings::stream;
use crate::copies::Copy;
use crate::database::Database;
use crate::database::postgres::{connect, log_end};
use crate::dataset::Dataset;
use crate::figures::Figures;
use crate::peer::{self, Mode};
use crate::process::{cpu_exact, cpu_of_tree, pin};
use crate::site::Site;
use crate::target::Target;
use crate::{Outcome, ours};
use futures_util::future::try_join_all;
use tokio_postgres::Client;

const CASE: &str = "source-load";
const SESSIONS: usize = 2;

/// What is set up in the database.
struct Setting {
    who: &'static str,
    copy: Copy,
}

pub(super) async fn run(site: &Site, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    let dataset = Dataset::Library(site.scaled(20_000));
    let off = Setting { who: "capture off", copy: dataset.fresh(site).await? };
    let identities = Setting { who: "identities only", copy: dataset.fresh(site).await? };
    ours::bootstrap(site, &identities.copy, &null).await?;
    let client = identities.copy.client()?;
    client
        .execute(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()",
            &[],
        )
        .await?;
    let publication: String = client.query_one("SELECT quote_ident(pubname) FROM pg_publication", &[]).await?.get(0);
    client.batch_execute(&format!("DROP PUBLICATION {publication}")).await?;
    let on = Setting { who: "pgsync", copy: loaded(site, dataset.fresh(site).await?, &null).await? };
    let bare = Setting { who: "a walsender's client", copy: dataset.fresh(site).await? };
    ours::bootstrap(site, &bare.copy, &null).await?;
    let slots = "SELECT slot_name::text FROM pg_replication_slots WHERE database = current_database()";
    let slot: String = bare.copy.client()?.query_one(slots, &[]).await?.get(0);
    let triggers = Setting { who: Mode::Daemon.who(), copy: dataset.fresh(site).await? };
    peer::bootstrap(site, &triggers.copy, &null, Mode::Daemon).await?;
    on.copy.settle().await?;
    let postmaster = site.server(Database::Postgres)?.pid;
    let count = site.sized(20_000, 8_000);
    let rounds = if site.options.quick { 5 } else { 9 };
    let all = format!("0-{}", std::thread::available_parallelism()?.get().max(2) - 1);
    // The first round is not counted: it fills caches, and logs whole pages that were not touched since the checkpoint.
    for round in 0..=rounds {
        for setting in [&off, &identities, &triggers] {
            measure(setting, round, count, figures).await?;
        }
        let reader = tokio::spawn(stream::drop_everything(stream::open(&bare.copy, &slot).await?));
        measure(&bare, round, count, figures).await?;
        if reader.is_finished() {
            return Err("the bare stream has ended".into());
        }
        reader.abort();
        let mut program = ours::start(site, &on.copy, &null)?;
        following(&on.copy, &mut program).await?;
        pin(program.pid(), "1");
        let before = (program.usage().cpu, cpu_of_tree(postmaster));
        measure(&on, round, count, figures).await?;
        following(&on.copy, &mut program).await?;
        if round > 0 {
            // Beside the backends': what the walsender, our reads and the program itself take.
            let each = 1e6 / count as f64;
            let (own, all) = (program.usage().cpu - before.0, cpu_of_tree(postmaster) - before.1);
            figures.add(CASE, on.who, "CPU of the program", "us/transaction", own * each);
            figures.add(CASE, on.who, "CPU of the whole database", "us/transaction", all * each);
        }
        program.stop().await?;
    }
    pin(std::process::id(), &all);
    for setting in [off, identities, bare, on, triggers] {
        setting.copy.remove().await?;
    }
    Ok(())
}

async fn measure(setting: &Setting, round: u64, count: u64, figures: &mut Figures) -> Outcome {
    let Setting { who, copy } = setting;
    let mut sessions = Vec::new();
    for _ in 0..SESSIONS {
        let client = connect(&copy.url).await?;
        let pid: i32 = client.query_one("SELECT pg_backend_pid()", &[]).await?.get(0);
        // Caches of the session are filled before it counts.
        write(&client, copy.dataset.documents(), 0, 50, round).await?;
        pin(pid as u32, "0");
        sessions.push((client, pid as u32));
    }
    // Everything else, the walsender and whoever reads it among it, keeps off that processor.
    let others = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walsender' OR application_name = 'pgsync'";
    for row in copy.client()?.query(others, &[]).await? {
        pin(row.get::<_, i32>(0) as u32, "1");
    }
    pin(std::process::id(), "1");
    let cpu = || sessions.iter().map(|(_, pid)| cpu_exact(*pid)).sum::<f64>();
    let (log, used) = (log_end(copy.client()?).await?, cpu());
    let share = count / SESSIONS as u64;
    try_join_all(sessions.iter().enumerate().map(|(session, (client, _))| {
        write(client, copy.dataset.documents(), 50 + session as u64 * share, share, round)
    }))
    .await?;
    let (used, log) = (cpu() - used, log_end(copy.client()?).await? - log);
    if round == 0 {
        return Ok(());
    }
    let done = (share * SESSIONS as u64) as f64;
    figures.add(CASE, who, "CPU of the backends", "us/transaction", used * 1e6 / done);
    figures.add(CASE, who, "WAL", "bytes/transaction", log as f64 / done);
    Ok(())
}

/// Transactions as an application makes them: a root, a child, a new child.
async fn write(client: &Client, books: u64, first: u64, count: u64, round: u64) -> Outcome {
    let statements = [
        client.prepare("UPDATE book SET pages = pages + 1 WHERE id = $1").await?,
        client.prepare("UPDATE review SET stars = stars % 5 + 1 WHERE id = $1 * 3").await?,
        client
            .prepare("INSERT INTO review SELECT 10000000 + nextval('bench'), $1, 1, 5, 'inserted by an application', now(), 0")
            .await?,
    ];
    for number in first..first + count {
        let book = 1 + (number * 7919 + round) % books;
        client.execute(&statements[(number % 3) as usize], &[&i32::try_from(book)?]).await?;
    }
    Ok(())
}
