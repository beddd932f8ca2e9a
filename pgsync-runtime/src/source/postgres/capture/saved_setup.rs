//! What bootstrap leaves behind so that a publication is recognised as ours and teardown can undo it, in the comment of
//! the publication. In and out: that comment's text. Whoever owns the publication may have written it: see
//! [`Replacements`].

use super::replaced::Replacements;
use crate::{Code, Error, Result};
use pgsync_plan::Program;
use serde::{Deserialize, Serialize};

/// The comment of a publication of ours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SavedSetup {
    /// What the tables had that had not enough.
    #[serde(rename = "pgsync_replaced_replica_identities")]
    pub replaced: Replacements,
    /// The slot that streams this publication. Earlier versions did not write it: there it has the publication's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// Name of the schema file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The indexes it feeds, so that a person recognises it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<String>,
}

/// The member by which a comment is recognised.
const MARK: &str = "pgsync_replaced_replica_identities";

impl SavedSetup {
    /// Reads the comment of a publication. `None`: it is not one of ours.
    ///
    /// # Errors
    /// [`Code::Comment`] for one that is ours and says something that bootstrap does not write.
    pub(crate) fn parse(publication: &str, comment: Option<&str>) -> Result<Option<Self>> {
        let Some(value) = comment.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok()) else {
            return Ok(None);
        };
        if value.get(MARK).is_none() {
            return Ok(None);
        }
        let read = serde_json::from_value(value).map(Some);
        read.map_err(|error| {
            Error::coded(Code::Comment, format!("the comment of publication `{publication}` is not one that bootstrap wrote"))
                .source(error)
                .help(format!(
                    "look at it with `\\dRp+` in psql and correct it; COMMENT ON PUBLICATION \"{publication}\" IS '{{\"{MARK}\":{{}}}}' \
                     forgets what was replaced"
                ))
        })
    }

    /// The comment's text.
    #[expect(clippy::expect_used, reason = "nothing from outside decides whether our own maps can be written")]
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).expect("maps of strings and strings")
    }

    /// Names what a program feeds through it.
    ///
    /// # Errors
    /// Where the program follows another kind of log.
    pub(crate) fn name(&mut self, program: &Program) -> Result<()> {
        let names = program.capture.logical_replication()?;
        self.slot = Some(names.slot.clone());
        self.name.clone_from(&names.file);
        self.indexes = program.plan.documents.iter().map(|document| document.index.clone()).collect();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_others_are_not_ours() {
        for comment in [None, Some(""), Some("books"), Some("{}"), Some("[1]"), Some(r#"{"slot":"a"}"#)] {
            assert_eq!(SavedSetup::parse("p", comment).unwrap(), None, "{comment:?}");
        }
    }

    #[test]
    fn what_earlier_versions_wrote_is_read() {
        let text = r#"{"pgsync_replaced_replica_identities":{"\"public\".\"t\"":"USING INDEX \"a b\""}}"#;
        let memory = SavedSetup::parse("p", Some(text)).unwrap().unwrap();
        assert_eq!(memory.text(), text);
    }

    #[test]
    fn what_bootstrap_does_not_write_is_refused() {
        for comment in [
            r#"{"pgsync_replaced_replica_identities":{"\"public\".\"t\"":"DEFAULT; DROP TABLE t"}}"#,
            r#"{"pgsync_replaced_replica_identities":{"t; DROP TABLE t":"DEFAULT"}}"#,
            r#"{"pgsync_replaced_replica_identities":7}"#,
        ] {
            assert_eq!(SavedSetup::parse("p", Some(comment)).unwrap_err().code(), Some(Code::Comment), "{comment}");
        }
    }
}
