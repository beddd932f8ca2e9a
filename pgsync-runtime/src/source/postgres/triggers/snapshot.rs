//! What a session sees, as the server writes it. In: `xmin:xmax:xid,xid`. Out: which transactions one snapshot sees that an
//! earlier one did not.

/// A snapshot with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Snapshot {
    text: String,
    /// Nothing from here on is seen.
    xmax: i64,
    /// Below that and not seen.
    in_progress: Vec<i64>,
}

/// Transactions that a snapshot may see and an earlier one did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Newer {
    /// In progress then, ended now.
    pub late: Vec<i64>,
    /// And all from here on.
    pub from: i64,
}

impl Snapshot {
    /// One that sees nothing.
    pub(super) fn nothing() -> Self {
        Self { text: "1:1:".to_owned(), xmax: 1, in_progress: Vec::new() }
    }

    /// Reads the server's text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let _xmin: i64 = parts.next()?.parse().ok()?;
        let xmax = parts.next()?.parse().ok()?;
        let list = parts.next()?.split(',').filter(|xid| !xid.is_empty());
        let in_progress = list.map(|xid| xid.parse().ok()).collect::<Option<_>>()?;
        Some(Self { text: text.to_owned(), xmax, in_progress })
    }

    /// As the server takes it back.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    fn sees(&self, xid: i64) -> bool {
        xid < self.xmax && !self.in_progress.contains(&xid)
    }

    /// What it may see that an earlier one did not.
    pub(super) fn newer_than(&self, earlier: &Self) -> Newer {
        let late = earlier.in_progress.iter().copied().filter(|xid| self.sees(*xid)).collect();
        Newer { late, from: earlier.xmax }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(text: &str) -> Snapshot {
        Snapshot::parse(text).unwrap()
    }

    #[test]
    fn who_commits_late_is_new_and_who_was_seen_is_not() {
        let first = snapshot("10:20:10,14");
        // 14 has ended, 10 has not, 21 began in between.
        let second = snapshot("10:25:10,21");
        assert_eq!(second.newer_than(&first), Newer { late: vec![14], from: 20 });
        assert_eq!(snapshot("30:30:").newer_than(&second), Newer { late: vec![10, 21], from: 25 });
    }

    #[test]
    fn to_who_has_seen_nothing_all_is_new() {
        assert_eq!(snapshot("10:20:10").newer_than(&Snapshot::nothing()), Newer { late: vec![], from: 1 });
        assert_eq!(snapshot(Snapshot::nothing().text()), Snapshot::nothing());
    }

    #[test]
    fn what_is_no_snapshot_is_refused() {
        for text in ["", "7", "7:7", "a:7:", "7:8:x"] {
            assert_eq!(Snapshot::parse(text), None, "{text}");
        }
    }
}
