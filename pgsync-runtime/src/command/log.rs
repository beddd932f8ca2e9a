//! What is said, and how. In: `--json`, `-v`, `PGSYNC_LOG`. Out: what was asked for on stdout, events on stderr, one error
//! at the end.

use crate::error::printable;
use crate::{Error, ErrorKind, Result, terminal};
use clap::{Args, Parser};
use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{ErrorKind as Io, IsTerminal as _, Write as _};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// How to speak.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Log {
    /// Say everything as JSON, one object per line
    #[arg(long, global = true)]
    pub json: bool,
    /// Say more: -v for each batch
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// Reads the command line; wrong usage, and what is only asked about, ends the process here.
pub fn arguments<T: Parser>() -> T {
    T::try_parse_from(in_our_spelling(std::env::args_os())).unwrap_or_else(|error| {
        if !error.use_stderr() || !std::env::args_os().any(|argument| argument == "--json") {
            error.exit()
        }
        let text = error.to_string();
        let error = Error::new(ErrorKind::Usage, text.trim_start_matches("error: ").trim_end());
        let code = error.exit_code();
        report(Log { json: true, verbose: 0 }, &error);
        std::process::exit(code.into())
    })
}

/// PGSync has one flag of two letters behind one hyphen.
pub(super) fn in_our_spelling(words: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    words.map(|word| if word == "-nc" { "--no-create".into() } else { word })
}

/// Whether messages on stderr are coloured.
pub fn colour() -> bool {
    terminal::colour()
}

/// Prints to stdout, and says whether somebody still reads: a reader that has had enough, such as `head`, is no failure. A
/// terminal is shown what it would act on; everybody else gets each byte.
///
/// # Errors
/// [`ErrorKind::Refused`] when stdout cannot be written.
pub fn print(text: &str) -> Result<bool> {
    let mut out = std::io::stdout().lock();
    let text = if out.is_terminal() { Cow::Owned(lines(text)) } else { Cow::Borrowed(text) };
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == Io::BrokenPipe => Ok(false),
        Err(error) => Err(Error::new(ErrorKind::Refused, "stdout cannot be written").source(error)),
    }
}

/// The text with everything escaped that a terminal would act on, but for the ends of lines.
fn lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

/// Starts logging to stderr. Only the first call counts.
pub fn init(log: Log) {
    let default = match log.verbose {
        0 => "info",
        1 => "info,pgsync_runtime=debug",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("PGSYNC_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    if log.json {
        terminal::lines_only();
    }
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call finds a subscriber in place, which is fine.
    let _ =
        if log.json { builder.json().try_init() } else { builder.with_target(false).with_ansi(colour()).try_init() };
}

/// Prints an error with its next step and gives its exit code.
#[allow(clippy::print_stderr)]
pub fn report(log: Log, error: &Error) -> ExitCode {
    if log.json {
        let (kind, code) = (error.kind().name(), error.code().map(crate::Code::id));
        let help = error.next_step();
        eprintln!("{}", serde_json::json!({ "error": error.to_string(), "kind": kind, "code": code, "help": help }));
    } else {
        let code = error.code().map(|code| format!("[{code}]")).unwrap_or_default();
        eprintln!("error{code}: {}", lines(&error.to_string()));
        if let Some(help) = error.next_step() {
            eprintln!("  help: {}", lines(help));
        }
    }
    ExitCode::from(error.exit_code())
}
