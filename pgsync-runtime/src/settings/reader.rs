//! Reads typed values out of variables. In: names and texts. Out: values; what is wrong is collected, not returned one
//! by one.
//!
//! Must not: repeat the text of a secret.

use super::secret;
use super::table::{self, Type};
use crate::{Error, ErrorKind, Result};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Variables, and what was found wrong with them.
pub(super) struct Reader {
    variables: BTreeMap<String, String>,
    wrong: Vec<String>,
    assumed: Vec<String>,
    warnings: Vec<String>,
    read: std::cell::RefCell<std::collections::BTreeSet<&'static str>>,
}

impl Reader {
    /// Variables without a value count as unset.
    pub(super) fn new(variables: BTreeMap<String, String>) -> Self {
        let variables = variables.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        Self {
            variables,
            wrong: Vec::new(),
            assumed: Vec::new(),
            warnings: Vec::new(),
            read: std::cell::RefCell::default(),
        }
    }

    /// Notes something wrong.
    pub(super) fn reject(&mut self, message: impl Into<String>) {
        self.wrong.push(message.into());
    }

    /// Notes that something was taken from a default that is better given.
    pub(super) fn assume(&mut self, message: impl Into<String>) {
        self.assumed.push(message.into());
    }

    /// Notes something that is accepted and does nothing.
    pub(super) fn warn(&mut self, message: impl Into<String>) {
        self.warnings.push(message.into());
    }

    /// What is accepted and does nothing.
    pub(super) fn warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }

    /// What was assumed so far.
    pub(super) fn assumed(&self) -> Vec<String> {
        self.assumed.clone()
    }

    /// The text of a variable.
    pub(super) fn text(&self, name: &'static str) -> Option<String> {
        self.read.borrow_mut().insert(name);
        self.variables.get(name).cloned()
    }

    /// The text, or the default of the table.
    pub(super) fn text_or_default(&self, name: &'static str) -> String {
        self.text(name).unwrap_or_else(|| default(name).to_owned())
    }

    /// A secret, which may stand in a variable or be printed by the command that another names.
    pub(super) fn secret(&mut self, name: &'static str, command: &'static str) -> Option<SecretString> {
        match (self.text(name), self.text(command)) {
            (Some(_), Some(_)) => {
                self.reject(format!("{name} and {command} are set, accepted is one of them"));
                None
            }
            (secret, None) => secret.map(SecretString::from),
            (None, Some(text)) => {
                secret::printed(&text).map_err(|wrong| self.reject(format!("the command of {command} {wrong}"))).ok()
            }
        }
    }

    /// A path.
    pub(super) fn path(&self, name: &'static str) -> Option<PathBuf> {
        self.text(name).map(PathBuf::from)
    }

    /// Two files that need each other.
    pub(super) fn pair(&mut self, first: &'static str, second: &'static str) -> Option<(PathBuf, PathBuf)> {
        match (self.path(first), self.path(second)) {
            (Some(one), Some(other)) => Some((one, other)),
            (None, None) => None,
            (Some(_), None) => {
                self.reject(format!("{first} is set without {second}"));
                None
            }
            (None, Some(_)) => {
                self.reject(format!("{second} is set without {first}"));
                None
            }
        }
    }

    /// A yes or no.
    pub(super) fn switch(&mut self, name: &'static str) -> bool {
        let text = self.text_or_default(name);
        match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "on" | "yes" | "y" | "ok" | "1" => true,
            "" | "false" | "f" | "off" | "no" | "n" | "0" => false,
            _ => {
                self.reject(format!("{name} is `{text}`, accepted is true or false"));
                false
            }
        }
    }

    /// A whole number within the bounds of the table.
    pub(super) fn number(&mut self, name: &'static str) -> usize {
        let text = self.text_or_default(name);
        self.parse_number(name, &text)
    }

    /// As [`Self::number`], of a text from elsewhere.
    pub(super) fn parse_number(&mut self, name: &'static str, text: &str) -> usize {
        let (least, most) = match table::find(name).map(|variable| variable.ty) {
            Some(Type::Number(least, most)) => (least, most),
            _ => (0, usize::MAX),
        };
        match text.trim().parse() {
            Ok(number) if (least..=most).contains(&number) => number,
            _ => {
                self.reject(format!("{name} is `{text}`, accepted is a whole number from {least} to {most}"));
                least
            }
        }
    }

    /// Seconds.
    pub(super) fn seconds(&mut self, name: &'static str) -> Duration {
        let text = self.text_or_default(name);
        self.parse_seconds(name, &text)
    }

    /// As [`Self::seconds`], of a text from elsewhere.
    pub(super) fn parse_seconds(&mut self, name: &str, text: &str) -> Duration {
        let seconds = text.trim().parse().ok().filter(|seconds| (0.001..=1e8).contains(seconds));
        seconds.map_or_else(
            || {
                self.reject(format!("{name} is `{text}`, accepted is a number of seconds above 0, such as 30 or 0.5"));
                Duration::from_secs(1)
            },
            Duration::from_secs_f64,
        )
    }

    /// All that was wrong, as one error.
    pub(super) fn finish(self) -> Result<()> {
        debug_assert!(
            self.read.borrow().iter().all(|name| table::find(name).is_some()),
            "a variable is not in the table"
        );
        if self.wrong.is_empty() {
            return Ok(());
        }
        let help = "the settings are listed in docs/settings.md";
        Err(Error::new(ErrorKind::Usage, format!("wrong settings: {}", self.wrong.join("; "))).help(help))
    }

    #[cfg(test)]
    pub(super) fn names_read(&self) -> std::collections::BTreeSet<&'static str> {
        self.read.borrow().clone()
    }
}

fn default(name: &str) -> &'static str {
    table::find(name).map_or("", |variable| variable.default)
}
