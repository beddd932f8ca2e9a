//! What stands in the way of following a database, and the statement that mends it. In: what each side was found to be. Out:
//! findings. The sides look at themselves (`source/*/doctor`, `sink/*/doctor`); here is what they say it in. Nobody who looks
//! changes anything.

mod hosting;

pub(crate) use hosting::Hosting;

use crate::Error;
use serde::Serialize;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Severity {
    /// It cannot work like this.
    InTheWay,
    /// It works, until something happens.
    Risk,
    /// Good to know.
    Note,
}

impl Severity {
    /// For people.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::InTheWay => "in the way",
            Self::Risk => "risk",
            Self::Note => "note",
        }
    }
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    /// A name that does not change, for machines: `wal_level`.
    pub(crate) about: &'static str,
    pub(crate) found: String,
    /// What is needed, or recommended.
    pub(crate) needed: String,
    /// What mends it: a statement, a command, or a setting of whoever hosts the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mend: Option<String>,
}

impl Finding {
    pub(crate) fn in_the_way(about: &'static str, found: impl Into<String>, needed: impl Into<String>) -> Self {
        Self { severity: Severity::InTheWay, about, found: found.into(), needed: needed.into(), mend: None }
    }

    pub(crate) fn risk(about: &'static str, found: impl Into<String>, needed: impl Into<String>) -> Self {
        Self { severity: Severity::Risk, ..Self::in_the_way(about, found, needed) }
    }

    pub(crate) fn note(about: &'static str, found: impl Into<String>, needed: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::in_the_way(about, found, needed) }
    }

    /// What mends it.
    pub(crate) fn mend(mut self, statement: impl Into<String>) -> Self {
        self.mend = Some(statement.into());
        self
    }

    /// What a start would end with.
    pub(crate) fn of_error(about: &'static str, error: &Error) -> Self {
        let code =
            error.code().map(|code| format!("a start ends with {code}")).unwrap_or_else(|| "a start ends so".into());
        let finding = Self::in_the_way(about, error.to_string(), code);
        match error.next_step() {
            Some(help) => finding.mend(help),
            None => finding,
        }
    }
}
