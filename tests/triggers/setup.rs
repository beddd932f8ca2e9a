//! What is made in the database and removed again, who has to be allowed what, and what is said beforehand.

use super::{by_triggers, follow, is_emptied, newest, outbox, site, status};
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop};

/// Everything of the catalogue that a set-up might leave behind.
async fn traces(site: &Site) -> Vec<String> {
    let sql = "SELECT format('schema %s', nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'
               UNION ALL SELECT format('function %s', p.oid::regprocedure) FROM pg_proc p WHERE p.oid > 16383
               UNION ALL SELECT format('trigger %s', tgname) FROM pg_trigger WHERE NOT tgisinternal
               UNION ALL SELECT format('relation %s', oid::regclass) FROM pg_class WHERE oid > 16383 AND relkind IN ('r', 'S')
               UNION ALL SELECT format('publication %s', pubname) FROM pg_publication
               UNION ALL SELECT format('slot %s', slot_name) FROM pg_replication_slots WHERE database = current_database()
               UNION ALL SELECT format('identity %s', oid::regclass) FROM pg_class WHERE oid > 16383 AND relreplident = 'f'
               ORDER BY 1";
    let rows = site.database.client.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn triggers_are_shown_beforehand_made_once_and_removed() {
    let site = newest("triggers_set_up").await;
    let before = traces(&site).await;
    let (done, said) = site.start(&["bootstrap", "--dry-run"]).wait(LIMIT);
    let shown = said.join("\n");
    assert!(done.success() && shown.contains("CREATE TRIGGER") && shown.contains("ENABLE ALWAYS"), "{shown}");
    assert_eq!(traces(&site).await, before, "nothing is changed");
    // What is shown is what is executed: an owner may do it by hand.
    let script: String = said.iter().map(|line| format!("{line}\n")).collect();
    site.database.run(&script).await;
    let (done, said) = site.start(&["bootstrap", "--dry-run"]).wait(LIMIT);
    assert!(done.success() && said.join("\n").contains("nothing to do"), "{}", said.join("\n"));
    let process = follow(&site);
    site.converges(&process).await;
    stop(process);
    site.database.run("UPDATE book SET title = 'waits' WHERE id < 4").await;
    let said = status(&site);
    assert_eq!((&said["outbox_rows"], &said["slot_exists"]), (&3.into(), &true.into()), "{said}");
    let (done, said) = site.start(&["teardown", "--indexes"]).wait(LIMIT);
    assert!(done.success(), "{}", said.join("\n"));
    assert_eq!(traces(&site).await, before, "nothing is left");
    site.fails(&["run"], 1, &["there is no outbox", "bootstrap"]);
}

/// What `explain` shows without a database is what bootstrap executes in one.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_are_explained() {
    let site = newest("triggers_explained").await;
    let (done, said) = site.start(&["explain", "--stage", "setup"]).wait(LIMIT);
    let said = said.join("\n");
    assert!(done.success(), "{said}");
    for text in ["CREATE TABLE", "SECURITY DEFINER", "SET search_path = pg_catalog, pg_temp", "DROP SCHEMA"] {
        assert!(said.contains(text), "{text}: {said}");
    }
    assert!(!said.contains("CREATE PUBLICATION"), "{said}");
}

/// The role that runs the program may read, and delete from the outbox. The roles that write know nothing of it.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_need_few_rights() {
    for server in [servers::postgres_newest(), servers::postgres_oldest()] {
        let mut site = site("triggers_rights", &server, servers::opensearch()).await;
        let (done, said) = site.start(&["bootstrap"]).wait(LIMIT);
        assert!(done.success(), "{}", said.join("\n"));
        let outbox = outbox(&site).await;
        let schema = outbox.split('.').next().unwrap();
        site.database
            .run(
                "DO $$ DECLARE r text; BEGIN FOREACH r IN ARRAY ARRAY['triggers_reader', 'triggers_writer'] LOOP
                   IF EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
                     EXECUTE 'DROP OWNED BY ' || r; EXECUTE 'DROP ROLE ' || r; END IF; END LOOP; END $$;
                 CREATE ROLE triggers_reader LOGIN; CREATE ROLE triggers_writer LOGIN;
                 GRANT USAGE ON SCHEMA public TO triggers_reader, triggers_writer;
                 GRANT SELECT ON book, review TO triggers_reader;
                 GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON book, review TO triggers_writer;",
            )
            .await;
        let url = site.database.url.replace("postgres@", "triggers_reader@");
        site.settings.push(("PG_URL".to_owned(), url));
        site.fails(&["run"], 1, &["P0302", "may not read and delete", "GRANT SELECT, DELETE"]);
        site.database
            .run(&format!(
                "GRANT USAGE ON SCHEMA {schema} TO triggers_reader; GRANT SELECT, DELETE ON {outbox} TO triggers_reader"
            ))
            .await;
        let process = follow(&site);
        site.converges(&process).await;
        let writer =
            crate::support::database::connect(&site.database.url.replace("postgres@", "triggers_writer@")).await;
        writer
            .batch_execute("UPDATE book SET title = 'by the writer' WHERE id < 9; DELETE FROM review WHERE id = 1")
            .await
            .unwrap();
        assert!(writer.batch_execute(&format!("DELETE FROM {outbox}")).await.is_err());
        site.converges(&process).await;
        is_emptied(&site).await;
        stop(process);
        site.settings.pop();
        let (done, said) = site.start(&["teardown", "--indexes"]).wait(LIMIT);
        assert!(done.success(), "{}", said.join("\n"));
        site.database
            .run("DROP OWNED BY triggers_reader, triggers_writer; DROP ROLE triggers_reader, triggers_writer")
            .await;
    }
}

/// A schema of somebody else that has the name is left alone.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_leave_a_foreign_schema_alone() {
    let mut site = newest("triggers_foreign").await;
    site.database.run("CREATE SCHEMA taken; CREATE TABLE taken.outbox (id integer)").await;
    site.settings.push(("PGSYNC_SLOT".to_owned(), "taken".to_owned()));
    site.fails(&["bootstrap"], 1, &["P0922", "was not made by pgsync"]);
    site.fails(&["teardown"], 1, &["P0922"]);
    site.database.run("INSERT INTO taken.outbox VALUES (1)").await;
}

/// From one way of capture to the other and back: what was changed in between is in neither.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_do_not_go_on_from_what_was_captured_otherwise() {
    let mut site = Site::new("triggers_changed_over").await;
    let process = site.start(&["run", "-b"]);
    process.wait_for(FOLLOWS, LIMIT);
    site.converges(&process).await;
    let first = site.physical().await;
    stop(process);
    site.leave().await;
    site.database.run("UPDATE book SET title = 'in between' WHERE id = 1").await;
    by_triggers(&mut site);
    let process = site.start(&["run", "-b"]);
    process.wait_for("captured in another way", LIMIT);
    process.wait_for(FOLLOWS, LIMIT);
    site.converges(&process).await;
    assert_ne!(site.physical().await, first);
    stop(process);
}

/// While a table is locked, bootstrap waits in short attempts, and who writes does not queue behind it.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_are_made_without_a_queue_behind_them() {
    let site = newest("triggers_locked").await;
    let holder = site.database.session().await;
    holder.batch_execute("BEGIN; UPDATE book SET title = 'held' WHERE id = 1").await.unwrap();
    let process = site.start(&["run", "-b"]);
    process.wait_for("waiting for a table lock", LIMIT);
    site.database.run("SET statement_timeout = '10s'; UPDATE book SET title = 'beside' WHERE id = 2").await;
    holder.batch_execute("COMMIT").await.unwrap();
    process.wait_for(FOLLOWS, LIMIT);
    site.converges(&process).await;
    stop(process);
}

/// The schema file was given another name: what it was called before is found, named and can be removed.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_of_the_same_file_under_another_name_are_named() {
    let mut site = newest("triggers_renamed").await;
    let process = site.follow();
    site.converges(&process).await;
    stop(process);
    let first = outbox(&site).await.split('.').next().unwrap().to_owned();
    site.settings.push(("PGSYNC_SLOT".to_owned(), "called_otherwise".to_owned()));
    site.fails(&["run", "-b"], 1, &["P0322", &first]);
    site.settings.pop();
    site.settings.push(("PGSYNC_SLOT".to_owned(), first));
    let (done, said) = site.start(&["teardown", "--indexes"]).wait(LIMIT);
    assert!(done.success(), "{}", said.join("\n"));
    site.settings.pop();
    site.settings.push(("PGSYNC_SLOT".to_owned(), "called_otherwise".to_owned()));
    let process = site.start(&["run", "-b"]);
    process.wait_for(FOLLOWS, LIMIT);
    site.converges(&process).await;
    stop(process);
}
