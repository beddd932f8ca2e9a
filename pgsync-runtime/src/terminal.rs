//! The terminal. In: the environment, and whether a machine listens. Out: whether to colour, whether to draw a bar; a
//! password that is typed.

use crate::{Error, ErrorKind, Result};
use secrecy::SecretString;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};

/// A machine listens: nothing but its lines.
static MACHINE: AtomicBool = AtomicBool::new(false);

/// From now on only lines are written, as with `--json`.
pub(crate) fn lines_only() {
    MACHINE.store(true, Ordering::Relaxed);
}

/// A password that a person types, which is not shown; without a terminal, the first line of the input.
pub(crate) fn password() -> Result<SecretString> {
    /// The terminal shows what is typed again, however this ends.
    const ASK: &str = "exec </dev/tty; trap 'stty echo' EXIT; trap 'exit 130' INT TERM; stty -echo; \
        printf 'Password: ' >&2; IFS= read -r word; echo >&2; printf '%s' \"$word\"";
    let unread = |why: String| Error::new(ErrorKind::Usage, format!("the password cannot be read: {why}"));
    if !std::io::stdin().is_terminal() {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map_err(|error| unread(error.to_string()))?;
        return Ok(line.trim_end_matches(['\n', '\r']).to_owned().into());
    }
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", ASK]).stderr(std::process::Stdio::inherit());
    let output = shell.output().map_err(|error| unread(error.to_string()))?;
    if !output.status.success() {
        return Err(unread(output.status.to_string()));
    }
    String::from_utf8(output.stdout).map(SecretString::from).map_err(|_| unread("it is not UTF-8 text".to_owned()))
}

/// Whether stderr may be coloured: <https://no-color.org>, and `CLICOLOR`.
pub(crate) fn colour() -> bool {
    !MACHINE.load(Ordering::Relaxed) && wanted(|name| std::env::var(name).ok(), std::io::stderr().is_terminal())
}

/// Whether a line may be drawn over.
pub(crate) fn bars() -> bool {
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    std::io::stderr().is_terminal() && !dumb && !MACHINE.load(Ordering::Relaxed)
}

fn wanted(variable: impl Fn(&str) -> Option<String>, terminal: bool) -> bool {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    if set("NO_COLOR").is_some() {
        return false;
    }
    if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    terminal && set("CLICOLOR").is_none_or(|value| value != "0") && set("TERM").is_none_or(|value| value != "dumb")
}

#[cfg(test)]
mod tests {
    use super::wanted;

    #[test]
    fn variables_decide_before_the_terminal() {
        for (variables, terminal, colour) in [
            (&[][..], true, true),
            (&[], false, false),
            (&[("NO_COLOR", "1")], true, false),
            (&[("NO_COLOR", "")], true, true),
            (&[("CLICOLOR", "0")], true, false),
            (&[("CLICOLOR", "1")], true, true),
            (&[("CLICOLOR", "1")], false, false),
            (&[("CLICOLOR_FORCE", "1")], false, true),
            (&[("CLICOLOR_FORCE", "0")], false, false),
            (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], true, false),
            (&[("TERM", "dumb")], true, false),
            (&[("TERM", "xterm")], true, true),
        ] {
            let variable =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(wanted(variable, terminal), colour, "{variables:?} {terminal}");
        }
    }
}
