//! `/metrics`: the report for a monitor. In: reports, by database. Out: lines in the text format of Prometheus.

use super::Report;
use std::fmt::Write as _;

/// One number of a report, where there is one.
type Number = fn(&Report) -> Option<f64>;

/// Name, kind, meaning, number.
const METRICS: [(&str, &str, &str, Number); 10] = [
    ("healthy", "gauge", "1 while work advances, or there is none", |report| Some(f64::from(u8::from(report.healthy)))),
    ("following", "gauge", "1 while the stream is followed", |report| {
        Some(f64::from(u8::from(report.phase == super::Phase::Following)))
    }),
    ("lag_seconds", "gauge", "age of the oldest commit that is received and not written", |report| {
        Some(report.lag_seconds as f64)
    }),
    ("advanced_seconds_ago", "gauge", "how long ago something advanced", |report| {
        Some(report.advanced_seconds_ago as f64)
    }),
    ("documents_total", "counter", "documents written or deleted since the start", |report| {
        Some(report.documents as f64)
    }),
    ("quarantined", "gauge", "documents that stand in the quarantine", |report| Some(report.quarantined as f64)),
    ("log_lag_bytes", "gauge", "bytes of the server's log that are not acknowledged", |report| {
        report.log_kept.as_ref().map(|kept| kept.lag_bytes as f64)
    }),
    ("log_retained_bytes", "gauge", "bytes of the server's log that are kept for this program", |report| {
        report.log_kept.as_ref().map(|kept| kept.retained_bytes as f64)
    }),
    ("log_safe_bytes", "gauge", "bytes that may be written before the server throws away what is kept", |report| {
        report.log_kept.as_ref().and_then(|kept| kept.safe_wal_size).map(|bytes| bytes as f64)
    }),
    ("log_lost", "gauge", "1 when the server has thrown away log that is needed, or is about to", |report| {
        let status = report.log_kept.as_ref()?.wal_status.as_deref()?;
        Some(f64::from(u8::from(matches!(status, "unreserved" | "lost"))))
    }),
];

/// The page.
pub(super) fn page(reports: &[(String, Report)]) -> String {
    let mut page = String::new();
    for (name, kind, meaning, number) in METRICS {
        let numbers: Vec<(&str, f64)> =
            reports.iter().filter_map(|(database, report)| Some((database.as_str(), number(report)?))).collect();
        if numbers.is_empty() {
            continue;
        }
        let _ = writeln!(page, "# HELP pgsync_{name} {meaning}\n# TYPE pgsync_{name} {kind}");
        for (database, number) in numbers {
            let _ = writeln!(page, "pgsync_{name}{{database=\"{}\"}} {number}", escaped(database));
        }
    }
    page
}

/// The value of a label.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::Health;
    use crate::source::Retention;

    #[test]
    fn each_database_has_its_line_and_what_is_not_known_has_none() {
        let (shop, library) = (Health::default(), Health::default());
        library.retains(Some(Retention { lag_bytes: 7, retained_bytes: 9, ..Retention::default() }));
        let page = page(&[("a \"shop\"".to_owned(), shop.report()), ("library".to_owned(), library.report())]);
        assert!(page.contains("pgsync_healthy{database=\"a \\\"shop\\\"\"} 1\n"), "{page}");
        assert!(page.contains("pgsync_log_lag_bytes{database=\"library\"} 7\n"), "{page}");
        assert!(!page.contains("pgsync_log_lag_bytes{database=\"a"), "{page}");
        assert!(!page.contains("pgsync_log_safe_bytes"), "{page}");
    }
}
