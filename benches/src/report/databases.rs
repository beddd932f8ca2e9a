//! The databases side by side. In: figures. Out: a table with a column for each database: what pgsync did, what PGSync did in the
//! same run, and the one beside the other. Nothing where no figure is of a second database.

use super::tables::number;
use crate::database::Database;
use crate::figures::Figures;
use std::fmt::Write as _;

/// A row: what it is called, the case, what follows the case's name, which figure.
struct Row {
    what: &'static str,
    case: &'static str,
    rest: &'static str,
    figure: &'static str,
    better: Better,
}

/// Which of two figures is the better one.
#[derive(Clone, Copy, PartialEq)]
enum Better {
    Greater,
    Less,
}

const ROWS: [Row; 8] = [
    Row::new(
        "first load of the library, null engine, documents/s",
        "first-load",
        "library/null",
        "rate",
        Better::Greater,
    ),
    Row::new("... of books with reviews, documents/s", "reviews-load", "null", "rate", Better::Greater),
    Row::new("... of the library, peak memory, MB", "first-load", "library/null", "peak memory", Better::Less),
    Row::new("updates of roots, null engine, transactions/s", "root-updates", "null", "rate", Better::Greater),
    Row::new("updates of children, null engine, transactions/s", "child-updates", "null", "rate", Better::Greater),
    Row::new("... OpenSearch, transactions/s", "child-updates", "opensearch", "rate", Better::Greater),
    Row::new("commit to indexed, OpenSearch, median, ms", "latency", "opensearch", "median", Better::Less),
    Row::new("... 99th percentile, ms", "latency", "opensearch", "99th percentile", Better::Less),
];

impl Row {
    const fn new(
        what: &'static str,
        case: &'static str,
        rest: &'static str,
        figure: &'static str,
        better: Better,
    ) -> Self {
        Self { what, case, rest, figure, better }
    }

    fn cell(&self, figures: &Figures, database: Database) -> String {
        let case = format!("{}/{}", database.case(self.case), self.rest);
        let Some(ours) = figures.find(&case, "pgsync", self.figure).map(|figure| figure.median()) else {
            return String::new();
        };
        match peer(figures, &case, self.figure, self.better == Better::Greater) {
            Some(peer) => {
                let times = if self.better == Better::Greater { ours / peer } else { peer / ours };
                format!("{}; PGSync {}: {} x", number(ours), number(peer), number(times))
            }
            None => number(ours),
        }
    }
}

/// The best that PGSync reached in any of its modes.
pub(super) fn peer(figures: &Figures, case: &str, what: &str, greatest: bool) -> Option<f64> {
    let of_peer = figures.figures.iter().filter(|figure| {
        figure.case == case && figure.what == what && figure.who.starts_with("PGSync") && !figure.runs.is_empty()
    });
    of_peer.map(|figure| figure.median()).reduce(if greatest { f64::max } else { f64::min })
}

/// Writes the table.
pub(super) fn table(out: &mut String, figures: &Figures) -> std::fmt::Result {
    let of_another = |row: &Row| Database::WITH_BINLOG.iter().any(|other| !row.cell(figures, *other).is_empty());
    if !ROWS.iter().any(of_another) {
        return Ok(());
    }
    let titles: Vec<&str> = Database::ALL.iter().map(|database| database.title()).collect();
    writeln!(out, "| medians | {} |\n|---|---|---|---|", titles.join(" | "))?;
    for row in &ROWS {
        let cells: Vec<String> = Database::ALL.iter().map(|database| row.cell(figures, *database)).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            writeln!(out, "| {} | {} |", row.what, cells.join(" | "))?;
        }
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_has_a_column_and_the_best_of_the_peer() {
        let mut figures = Figures::default();
        let mut out = String::new();
        figures.add("root-updates/null", "pgsync", "rate", "x", 30_000.0);
        figures.add("root-updates/null", "PGSync, triggers", "rate", "x", 2_000.0);
        figures.add("root-updates/null", "PGSync, WAL", "rate", "x", 80.0);
        table(&mut out, &figures).unwrap();
        assert_eq!(out, "", "one database needs no columns");
        figures.add("root-updates-mysql/null", "pgsync", "rate", "x", 20_000.0);
        figures.add("latency-mysql/opensearch", "pgsync", "median", "ms", 10.0);
        figures.add("latency-mysql/opensearch", "PGSync, polling", "median", "ms", 500.0);
        table(&mut out, &figures).unwrap();
        assert!(out.contains("transactions/s | 30,000; PGSync 2,000: 15.0 x |  | 20,000 |"), "{out}");
        assert!(out.contains("median, ms |  |  | 10.0; PGSync 500: 50.0 x |"), "{out}");
    }
}
