//! Running programs. In: a command. Out: its success or its output, or an error that holds the command and what it said.

use crate::Outcome;
use std::process::{Command, Stdio};

/// The command as a person would type it.
fn shown(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

/// Runs a command whose output is for the person who started the task.
pub(crate) fn show(command: &mut Command) -> Outcome {
    let text = shown(command);
    eprintln!("$ {text}");
    let status = command.status().map_err(|error| format!("cannot start `{text}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{text}` failed: {status}")) }
}

/// Runs a command in silence and gives its standard output; both outputs are in the error.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let text = shown(command);
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("cannot start `{text}`: {error}"))?;
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(out);
    }
    let said = format!("{out}{}", String::from_utf8_lossy(&output.stderr));
    let mut last: Vec<&str> = said.lines().rev().take(15).collect();
    last.reverse();
    Err(format!("`{text}` failed: {}\n{}", output.status, last.join("\n")))
}

/// Whether a program is on the PATH.
pub(crate) fn found(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|at| at.join(program).is_file()))
}

/// Whether this process is root.
pub(crate) fn is_root() -> bool {
    // The owner of /proc/self is the effective user: asked without unsafe code.
    std::fs::metadata("/proc/self").is_ok_and(|found| std::os::unix::fs::MetadataExt::uid(&found) == 0)
}
