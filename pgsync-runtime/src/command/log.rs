//! What is said, and how. In: `--json`, `-v`, `PGSYNC_LOG`. Out: events on stderr, one error at the end.

use crate::Error;
use clap::Args;
use std::io::IsTerminal;
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

/// Starts logging to stderr. Only the first call counts.
pub fn init(log: Log) {
    let default = match log.verbose {
        0 => "info",
        1 => "info,pgsync_runtime=debug",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("PGSYNC_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call finds a subscriber in place, which is fine.
    let _ = if log.json {
        builder.json().try_init()
    } else {
        builder.with_target(false).with_ansi(std::io::stderr().is_terminal()).try_init()
    };
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
        eprintln!("error{code}: {error}");
        if let Some(help) = error.next_step() {
            eprintln!("  help: {help}");
        }
    }
    ExitCode::from(error.exit_code())
}
