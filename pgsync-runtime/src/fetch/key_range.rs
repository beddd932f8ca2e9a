//! Ranges of the root's key. In: keys as they were read. Out: the statement for a range, and what it is asked with.

use crate::source::Arguments;
use pgsync_plan::BoundedStatements;

/// A key of the root table in the binary form it was read in: the end of a range.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bound(pub(super) Vec<Vec<u8>>);

/// What is read: after one key, up to and including another; open where there is none.
pub(super) struct KeyRange<'a> {
    pub(super) after: Option<&'a Bound>,
    pub(super) until: Option<&'a Bound>,
}

impl KeyRange<'_> {
    /// The statement for these bounds.
    pub(super) fn of<'s>(&self, statements: &'s BoundedStatements) -> &'s pgsync_plan::Statement {
        match (self.after, self.until) {
            (None, None) => &statements.all,
            (None, Some(_)) => &statements.until,
            (Some(_), None) => &statements.after,
            (Some(_), Some(_)) => &statements.between,
        }
    }

    pub(super) fn arguments(&self) -> Arguments<'_> {
        Arguments::Range { bounds: [self.after, self.until], number: None }
    }
}

impl Bound {
    /// A key of these values.
    pub(crate) fn of_values(values: Vec<Vec<u8>>) -> Self {
        Self(values)
    }

    /// The values of the key.
    pub(crate) fn values(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(Vec::as_slice)
    }
}
