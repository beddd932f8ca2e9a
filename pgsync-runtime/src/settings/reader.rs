//! Reads typed values out of variables. In: names and texts. Out: values; what is wrong is collected, not returned one
//! by one.
//!
//! Must not: repeat the text of a secret.

use super::table;
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

    /// A secret.
    pub(super) fn secret(&self, name: &'static str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
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

    /// A whole number from `least` to `most`.
    pub(super) fn number(&mut self, name: &'static str, least: usize, most: usize) -> usize {
        let text = self.text_or_default(name);
        self.parse_number(name, &text, least, most)
    }

    /// As [`Self::number`], of a text from elsewhere.
    pub(super) fn parse_number(&mut self, name: &str, text: &str, least: usize, most: usize) -> usize {
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
