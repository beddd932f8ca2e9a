//! The goals. In: figures. Out: for each goal what was measured, in words, and whether it was reached; nothing where a
//! figure it needs is missing.

use super::databases::peer;
use crate::database::Database;
use crate::figures::Figures;

/// A goal, compared.
pub(super) struct Compared {
    /// What is looked at.
    pub(super) what: String,
    /// What must come out.
    pub(super) goal: &'static str,
    /// What came out; nothing where it was not run.
    pub(super) measured: Option<(String, bool)>,
}

/// Compares everything.
pub(super) fn compare(figures: &Figures) -> Vec<Compared> {
    let mut compared = on_postgres(figures);
    compared.extend(Database::WITH_BINLOG.into_iter().flat_map(|database| with_binlog(figures, database)));
    compared
}

fn at_least(ratio: Option<f64>, goal: f64) -> Option<(String, bool)> {
    ratio.map(|it| (format!("{it:.2} x"), it >= goal))
}

fn at_most(value: Option<f64>, goal: f64, unit: &str) -> Option<(String, bool)> {
    value.map(|it| (format!("{it:.2} {unit}"), it < goal))
}

/// MariaDB or MySQL, beside PGSync on the same server.
fn with_binlog(figures: &Figures, database: Database) -> Vec<Compared> {
    let case = |case: &str, rest: &str| format!("{}/{rest}", database.case(case));
    let ours = |case: &str, what: &str| figures.find(case, "pgsync", what).map(|figure| figure.median());
    let beside = |case: &str| ours(case, "rate").zip(peer(figures, case, "rate", true)).map(|(ours, peer)| ours / peer);
    let names = ["first-load", "reviews-load", "root-updates", "child-updates"].map(|name| database.case(name));
    let memory = figures
        .figures
        .iter()
        .filter(|figure| figure.who == "pgsync" && figure.what == "peak memory")
        .filter(|figure| figure.case.split('/').next().is_some_and(|name| names.iter().any(|known| known == name)))
        .map(|figure| figure.spread().1)
        .reduce(f64::max);
    let compared = |what: &str, goal, measured| Compared { what: what.to_owned(), goal, measured };
    let library = case("first-load", "library/null");
    // PGSync may write nothing at all of it in the time it is given.
    let none = figures.find(&library, "PGSync", "documents written").is_some_and(|figure| figure.median() == 0.0);
    let of_library = match at_least(beside(&library), 20.0) {
        None if none && ours(&library, "rate").is_some() => Some(("PGSync wrote nothing".to_owned(), true)),
        measured => measured,
    };
    let title = format!("{}: first load of the library, null engine, beside PGSync", database.title());
    vec![
        compared(&title, "at least 20 x", of_library),
        compared(
            "... of books with reviews, which PGSync reads rightly",
            "at least 20 x",
            at_least(beside(&case("reviews-load", "null")), 20.0),
        ),
        compared(
            "... updates of root rows, null engine, beside PGSync's reading of the log",
            "at least 20 x",
            at_least(beside(&case("root-updates", "null")), 20.0),
        ),
        compared(
            "... updates of children, OpenSearch, likewise",
            "at least 20 x",
            at_least(beside(&case("child-updates", "opensearch")), 20.0),
        ),
        compared(
            "... commit to indexed, OpenSearch, median",
            "under 15 ms",
            at_most(ours(&case("latency", "opensearch"), "median"), 15.0, "ms"),
        ),
        compared("... peak memory of loads and backlogs", "under 64 MB", at_most(memory, 64.0, "MB")),
    ]
}

fn on_postgres(figures: &Figures) -> Vec<Compared> {
    let median = |case: &str, who: &str, what: &str| figures.find(case, who, what).map(|figure| figure.median());
    let ratio = |case: &str, what: &str, one: &str, other: &str| {
        median(case, one, what).zip(median(case, other, what)).map(|(one, other)| one / other)
    };
    let (library, engine) = ("first-load/library/null", "first-load/library/opensearch");
    let memory: Vec<f64> = figures
        .figures
        .iter()
        .filter(|figure| figure.who == "pgsync" && figure.case == "memory/null" && figure.unit == "MB")
        .map(|figure| figure.spread().1)
        .collect();
    let most = (!memory.is_empty()).then(|| memory.iter().copied().fold(0.0, f64::max));
    let ready = figures
        .figures
        .iter()
        .filter(|figure| figure.case == engine && figure.what == "rate" && figure.who.starts_with("_bulk"))
        .map(|figure| figure.median())
        .reduce(f64::max);
    let shared = "shared-row/null";
    let overtaken = median(shared, "pgsync", "small change meanwhile, most").zip(median(shared, "pgsync", "wall"));
    // The least of the rounds: what disturbs a round can only add to it.
    let least = |who: &str| figures.find("source-load", who, "CPU of the backends").map(|figure| figure.spread().0);
    let on_source = least("pgsync").zip(least("identities only")).map(|(on, off)| on / off);
    let compared = |what: &str, goal, measured| Compared { what: what.to_owned(), goal, measured };
    vec![
        compared(
            "first load into the null engine, beside PGSync",
            "at least 30 x",
            at_least(ratio(library, "rate", "pgsync", "PGSync"), 30.0),
        ),
        compared(
            "... beside `COPY` of what documents show, wall time",
            "at most 3 x",
            at_most(ratio(library, "wall", "pgsync", "COPY"), 3.0, "x"),
        ),
        compared(
            "first load into OpenSearch, beside ready documents",
            "at least 0.8 x",
            at_least(median(engine, "pgsync", "rate").zip(ready).map(|(ours, ready)| ours / ready), 0.8),
        ),
        compared(
            "updates of root rows, null engine, beside PGSync's triggers",
            "at least 20 x",
            at_least(ratio("root-updates/null", "rate", "pgsync", "PGSync, triggers"), 20.0),
        ),
        compared(
            "... beside PGSync's WAL mode",
            "at least 400 x",
            at_least(ratio("root-updates/null", "rate", "pgsync", "PGSync, WAL"), 400.0),
        ),
        compared(
            "a row that 100,000 documents show: writes of each",
            "1",
            median(shared, "pgsync", "writes of a document").map(|it| (format!("{it:.3}"), it <= 1.0)),
        ),
        compared("... peak memory", "under 64 MB", at_most(median(shared, "pgsync", "peak memory"), 64.0, "MB")),
        compared(
            "... the longest a small change waits, beside the whole",
            "overtakes: at most 0.2 x",
            overtaken.map(|(wait, wall)| (format!("{:.3} x", wait / 1000.0 / wall), wait / 1000.0 / wall <= 0.2)),
        ),
        compared(
            "commit to indexed, OpenSearch, median",
            "under 8 ms",
            at_most(median("latency/opensearch", "pgsync", "median"), 8.0, "ms"),
        ),
        compared(
            "... 99th percentile",
            "under 30 ms",
            at_most(median("latency/opensearch", "pgsync", "99th percentile"), 30.0, "ms"),
        ),
        compared(
            "peak memory: loads of two sizes, transaction of a million rows",
            "under 64 MB",
            at_most(most, 64.0, "MB"),
        ),
        compared(
            "events of unused columns, beside a walsender's client",
            "keeps up: at least 0.9 x",
            at_least(ratio("unused-columns/null", "rate", "pgsync", "a walsender's client"), 0.9),
        ),
        compared(
            "the decoder alone",
            "at least 2 million rows/s",
            median("unused-columns/null", "the decoder alone", "rate")
                .map(|it| (format!("{:.2} million", it / 1e6), it >= 2e6)),
        ),
        compared(
            "`verify` of everything, OpenSearch, beside its load",
            "at least 0.2 x",
            at_least(ratio("verify/opensearch", "rate", "verify", "load"), 0.2),
        ),
        compared(
            "processor time of the application's backends, beside identities only",
            "at most 1.03 x",
            at_most(on_source, 1.03, "x"),
        ),
    ]
}
