//! What the terminal on stderr can and may show. In: the environment, and whether a machine listens. Out: whether to
//! colour, whether to draw a bar.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};

/// A machine listens: nothing but its lines.
static MACHINE: AtomicBool = AtomicBool::new(false);

/// From now on only lines are written, as with `--json`.
pub(crate) fn lines_only() {
    MACHINE.store(true, Ordering::Relaxed);
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
