//! Transactions of every form, from both servers: what a stream says of them, and how far it is afterwards.

use super::*;
use crate::position::Version;

const BOTH: [Log; 2] = [log!("mysql-9-transactions", MySql), log!("mariadb-10.11-transactions", MariaDb)];
const COMPRESSED: [Log; 2] = [log!("mysql-9-compressed", MySql), log!("mariadb-10.11-compressed", MariaDb)];

/// The lines between a begin and its commit, one transaction each, without those that say nothing of concern.
fn told(steps: &[Step]) -> Vec<String> {
    let all = lines(steps).join("; ");
    let transactions =
        all.split("begin; ").map(|one| one.trim_end_matches("; ").trim_end_matches("commit").trim_end_matches("; "));
    transactions.filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

const UNNAMED: [Log; 2] = [log!("mysql-5.6-transactions", MySql), log!("mariadb-10.2-transactions", MariaDb)];

#[test]
fn a_log_that_names_no_columns_is_refused_and_read_where_its_tables_are_of_no_concern() {
    for log in UNNAMED {
        assert_eq!(log.steps(item(&["id"])), Err(Refusal::NoNames { table: "shop.item".into() }));
        let other = Wanted::default().with(RelationId(2), SHOP, "other", &["id"]);
        let commits = lines(&log.steps(other).unwrap()).iter().filter(|line| *line == "commit").count();
        assert_eq!(commits, 5, "a definition, a transaction, an update, a delete, a table emptied");
    }
}

#[test]
fn a_log_of_mariadb_11_4_is_read() {
    let told = told(&log!("mariadb-11.4-transactions", MariaDb).steps(item(&["id", "name"])).unwrap());
    assert_eq!(
        told,
        ["1 is id! name; 1: - => 1 one; 1: - => 2 two", "1: 2 two => 2 TWO", "1: 1 one => -", "redefined 1"]
    );
}

#[test]
fn only_what_was_committed_is_told_in_the_order_of_commits() {
    for log in BOTH {
        assert_eq!(
            told(&log.steps(item(&["id", "name", "extra"])).unwrap()),
            [
                // With a savepoint, and a row that was taken back.
                "1 is id! name; 1: - => 1 one; 1: - => 2 two; 1: 2 two => 2 TWO",
                // Minimal images: the rest of the row after it is as it was, the rest of the one before unknown.
                "1: 2 absent => unchanged deux",
                "1: 1 absent => -",
                // A transaction of two phases was prepared before this one and committed after it.
                "1: - => 5 five",
                "1 is id! name; 1: - => 4 four",
                // ALTER TABLE
                "redefined 1",
                "1 is extra id! name; 1: - => 3 6 six",
                // RENAME TABLE
                "redefined 1",
            ]
        );
    }
}

#[test]
fn a_group_without_transactions_ends_by_a_statement() {
    for log in BOTH {
        let wanted = Wanted::default().with(RelationId(3), SHOP, "plain", &["id"]);
        let told = told(&log.steps(wanted).unwrap());
        // INSERT, TRUNCATE, DROP.
        assert_eq!(told, ["3 is id!; 3: - => 1", "redefined 3", "redefined 3"]);
    }
}

#[test]
fn versions_grow_by_one_and_a_restart_begins_before_what_is_undecided() {
    for log in BOTH {
        let steps = log.steps(item(&["id"])).unwrap();
        let mut last = None;
        let mut held_back = 0;
        for step in &steps {
            match step {
                Step::Begin { version, .. } => {
                    assert!(last.is_none_or(|last: Version| *version > last), "{version} after {last:?}");
                    last = Some(*version);
                }
                Step::Commit { version, resume, .. } => {
                    assert_eq!(Some(*version), last);
                    if resume.version() < *version {
                        held_back += 1;
                        // Before the prepared one and the other one.
                        assert_eq!(resume.version().0 + 2, version.0);
                    }
                }
                _ => {}
            }
        }
        assert_eq!(held_back, 1, "one transaction was committed while another was prepared");
    }
}

#[test]
fn streaming_again_from_where_it_says_tells_the_rest_once() {
    for log in BOTH.into_iter().chain(COMPRESSED) {
        let events = log.events();
        let whole = log.steps(item(&["id", "name"])).unwrap();
        let resumes: Vec<&GtidSet> = whole
            .iter()
            .filter_map(|step| match step {
                Step::Commit { resume, .. } => Some(resume),
                _ => None,
            })
            .collect();
        for resume in resumes {
            // What the server does: it leaves out the transactions of the set.
            let mut probe = log.decoder(item(&[]));
            let mut decoder = Decoder::new(resume.clone(), item(&["id", "name"]), true);
            let (mut steps, mut ignored) = (Vec::new(), Vec::new());
            let mut pending: Vec<&[u8]> = Vec::new();
            for event in &events {
                let before = probe.processed().clone();
                probe.decode(event, &mut ignored).unwrap();
                pending.push(event);
                if *probe.processed() != before {
                    let known = resume.contains_all(probe.processed());
                    for event in pending.drain(..).filter(|event| !known || event[4] == 15) {
                        decoder.decode(event, &mut steps).unwrap();
                    }
                }
            }
            assert_eq!(decoder.processed(), probe.processed());
            // The numbers of versions differ, as the recorded set begins in the middle: the ids do not.
            let ids = |steps: &[Step]| -> Vec<String> {
                let begun = steps.iter().filter_map(|step| match step {
                    Step::Begin { gtid, .. } if !resume.contains(gtid) => Some(gtid.to_string()),
                    _ => None,
                });
                begun.collect()
            };
            assert_eq!(ids(&steps), ids(&whole), "from {resume}");
            let after = whole.iter().position(|step| matches!(step, Step::Commit { resume: at, .. } if at == resume));
            let rows = |steps: &[Step]| -> Vec<String> {
                lines(steps).into_iter().filter(|line| line.contains("=>")).collect()
            };
            let rest = rows(&whole[after.unwrap()..]);
            assert!(rows(&steps).ends_with(&rest), "from {resume}: {:?} and {rest:?}", rows(&steps));
        }
    }
}

#[test]
fn compressed_transactions_rows_and_statements_are_read_like_others() {
    for log in COMPRESSED {
        let told = told(&log.steps(item(&["id"])).unwrap());
        assert_eq!(told, ["1 is id!; 1: - => 1; 1: - => 2", "1: 1 => 1", "1: 2 => -"]);
        // The last one is a definition.
        let commits = log.steps(item(&[])).unwrap().iter().filter(|step| matches!(step, Step::Commit { .. })).count();
        assert_eq!(commits, 5);
    }
}

#[test]
fn a_tag_is_an_origin_of_its_own_and_partial_json_is_passed_over() {
    let log = log!("mysql-9-tagged", MySql);
    let mut decoder = log.decoder(item(&["id", "name"]));
    let mut steps = Vec::new();
    for event in log.events() {
        decoder.decode(event, &mut steps).unwrap();
    }
    assert_eq!(
        told(&steps),
        ["1 is id! name; 1: - => 10 tag", "1: - => 11 NULL", "1: 11 NULL => 11 after"],
        "the rest is of other tables"
    );
    assert!(decoder.processed().to_string().ends_with(":blue:1"), "{}", decoder.processed());
}

#[test]
fn rows_that_a_foreign_key_removed_are_told_where_the_server_logs_them() {
    let wanted = Wanted::default().with(RelationId(5), SHOP, "kid", &["id", "p"]);
    let told = told(&log!("mysql-9-tagged", MySql).steps(wanted).unwrap());
    assert!(told.contains(&"5: 7 1 => -".to_owned()), "{told:?}");
}

#[test]
fn changes_that_cause_others_are_told_of_the_others() {
    for log in BOTH {
        let cause = Cause {
            columns: ["Name".to_owned()].into(),
            on_delete: [8].into(),
            on_update: [9].into(),
            searches: Vec::new(),
        };
        let wanted = Wanted::default().causing(SHOP, "item", cause.clone());
        let caused = ["unlogged 9", "unlogged 9", "unlogged 8"];
        assert_eq!(
            told(&log.steps(wanted).unwrap()),
            caused,
            "two names were changed, one of them is not known before"
        );
        // Nobody refers to this column.
        let other = Cause { columns: ["id".to_owned()].into(), ..cause };
        assert_eq!(told(&log.steps(Wanted::default().causing(SHOP, "item", other)).unwrap()), ["unlogged 8"]);
    }
}

#[test]
fn rows_that_follow_a_definition_are_of_its_transaction() {
    for (log, created) in [
        (log!("mysql-9-tagged", MySql), "6 is id; 6: - => 1; 6: - => 10; 6: - => 11"),
        (log!("mariadb-10.11-more", MariaDb), "6 is id; 6: - => 1"),
    ] {
        let mut decoder = log.decoder(Wanted::default().with(RelationId(6), SHOP, "copied", &["id"]));
        let mut steps = Vec::new();
        let _ = log.events().into_iter().try_for_each(|event| decoder.decode(event, &mut steps));
        assert!(told(&steps).contains(&created.to_owned()), "{:?}", told(&steps));
    }
}

#[test]
fn domains_are_counted_apart_and_a_logged_statement_is_refused() {
    let log = log!("mariadb-10.11-more", MariaDb);
    let mut decoder = log.decoder(item(&["id"]));
    let mut steps = Vec::new();
    let refused = log.events().into_iter().try_for_each(|event| decoder.decode(event, &mut steps));
    assert_eq!(refused, Err(Refusal::Statement { word: "UPDATE".into() }));
    assert!(lines(&steps).contains(&"1: - => 20".to_owned()));
    assert_eq!(decoder.processed().to_string().split(',').count(), 2, "{}", decoder.processed());
}
