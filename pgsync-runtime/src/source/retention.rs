//! What a server keeps of its log because we have not acknowledged it. In: what it says. Out: numbers for people and for a
//! limit; nothing here decides what becomes of it.

use serde::Serialize;

/// What of a log is kept for us.
///
/// ```
/// let kept = pgsync_runtime::Retention { retained_bytes: 1 << 20, ..Default::default() };
/// assert_eq!(serde_json::to_value(&kept).unwrap()["retained_bytes"], 1 << 20);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Retention {
    /// Bytes of the log that the server keeps for us.
    pub retained_bytes: u64,
    /// Bytes of the log that are not acknowledged.
    pub lag_bytes: u64,
    /// How the server calls that: `reserved` and `extended` are well, `unreserved` is about to be `lost`. Old servers do not
    /// say.
    pub wal_status: Option<String>,
    /// Bytes that may still be written before the server throws away what is kept; none where it has no such limit.
    pub safe_wal_size: Option<i64>,
}
