//! The one error of the runtime: what happened, what to do next, whether to try again and how to exit. No message may
//! hold a row's values or a secret.

mod code;
mod printable;

pub use code::Code;
pub(crate) use printable::printable;

use std::fmt;

/// A result whose error is [`Error`], unless another is named.
///
/// ```
/// fn settings(app: pgsync_runtime::App) -> pgsync_runtime::Result<pgsync_runtime::Settings> {
///     app.settings()
/// }
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What an error means for the process.
///
/// ```
/// # fn example(error: &pgsync_runtime::Error) -> bool {
/// // Worth another attempt later.
/// error.kind() == pgsync_runtime::ErrorKind::Unavailable
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Wrong usage, settings or schema: exit code 2.
    Usage,
    /// The plan was compiled for another catalogue than the live one: exit code 2.
    Drift,
    /// The database or the engine is not reachable or answered "later": tried again with back-off, for ever.
    Unavailable,
    /// The surroundings refuse: missing rights, `wal_level`, a foreign index. Exit code 1.
    Refused,
    /// A document the engine will never take: exit code 1, position unmoved.
    Document,
    /// What was indexed can no longer be brought up to date from the stream (a gap, a lost index, another server, a
    /// change that the stream does not carry): the documents concerned are loaded again.
    Reload,
    /// A promise of the design does not hold any more (for example a version from the future): exit code 1.
    Fatal,
    /// Asked to stop before the work was done: exit code 3.
    Stopped,
}

impl ErrorKind {
    /// The name of the kind in the documentation and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Drift => "drift",
            Self::Unavailable => "unavailable",
            Self::Refused => "refused",
            Self::Document => "document",
            Self::Reload => "reload",
            Self::Fatal => "fatal",
            Self::Stopped => "stopped",
        }
    }

    /// What the program does about it, in one sentence.
    pub fn consequence(self) -> &'static str {
        match self {
            Self::Usage => "It ends with exit code 2 and has changed nothing.",
            Self::Drift => "It ends with exit code 2, before it writes a document of other tables than it knows.",
            Self::Unavailable => {
                "At the start it tries for PGSYNC_WAIT seconds, then ends with exit code 1; later it tries again for ever, and loses nothing."
            }
            Self::Refused => "It ends with exit code 1; what is written stays, and the next start goes on from there.",
            Self::Document => {
                "It ends with exit code 1; no other document is lost, and the refused ones stand in the quarantine."
            }
            Self::Reload => {
                "It loads the documents concerned again, into a new generation where the whole index is concerned."
            }
            Self::Fatal => "It ends with exit code 1 and writes nothing more: going on might replace what is newer.",
            Self::Stopped => "It ends with exit code 3; what is written stays.",
        }
    }
}

/// An error with its next step.
///
/// ```
/// # fn example(error: &pgsync_runtime::Error) {
/// eprintln!("{}: {error}", error.code().map_or("error", pgsync_runtime::Code::id));
/// if let Some(help) = error.next_step() {
///     eprintln!("help: {help}");
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    code: Option<Code>,
    message: String,
    help: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of this kind. `message` names the thing, what was found and what is accepted.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, code: None, message: message.into(), help: None, source: None }
    }

    /// An error with a stable code, which says of what kind it is.
    pub fn coded(code: Code, message: impl Into<String>) -> Self {
        Self { code: Some(code), ..Self::new(code.kind(), message) }
    }

    /// Adds the next step: a command, a setting.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the cause. Its text is shown after the message.
    #[must_use]
    pub fn source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Says which database it is about, where there are several.
    #[must_use]
    pub(crate) fn of_database(self, name: &str) -> Self {
        Self { message: format!("database `{name}`: {}", self.message), ..self }
    }

    /// What it means for the process.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Its stable code, where it has one.
    pub fn code(&self) -> Option<Code> {
        self.code
    }

    /// The next step, if one is known.
    pub fn next_step(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The exit code of a process that ends with this error: 2 for usage and schema, 3 for work that was stopped before
    /// it was done, 1 for the surroundings.
    pub fn exit_code(&self) -> u8 {
        match self.kind {
            ErrorKind::Usage | ErrorKind::Drift => 2,
            ErrorKind::Stopped => 3,
            _ => 1,
        }
    }
}

impl From<pgsync_plan::CaptureError> for Error {
    fn from(error: pgsync_plan::CaptureError) -> Self {
        Self::coded(Code::OtherCapture, error.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        let mut cause = self.source.as_deref().map(|source| source as &dyn std::error::Error);
        while let Some(error) = cause {
            let text = error.to_string();
            if !self.message.contains(&text) {
                write!(f, ": {text}")?;
            }
            cause = error.source();
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
