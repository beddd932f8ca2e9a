//! What a transform is given: documents with their `_id`s. In: documents as they were read. Out: what a transform has made
//! of each: changed it, added fields, left it out, refused it.

use super::TransformError;
use serde::Serialize;
use std::ops::{Deref, DerefMut};

/// Documents that go through a transform together.
///
/// ```
/// use pgsync_runtime::Batch;
///
/// // As a test of a transform makes it.
/// let mut batch: Batch<String> = [("1", "a".to_owned()), ("2", "b".to_owned())].into_iter().collect();
/// batch.iter_mut().for_each(|item| item.push('!'));
/// assert_eq!(batch.iter().map(|item| item.as_str()).collect::<Vec<_>>(), ["a!", "b!"]);
/// ```
#[derive(Debug)]
pub struct Batch<D> {
    pub(super) items: Vec<Item<D>>,
}

/// One document. It is used like the struct itself.
#[derive(Debug)]
pub struct Item<D> {
    /// Where it stands among the documents of its read.
    pub(super) position: usize,
    pub(super) id: String,
    document: D,
    /// Fields beside those of the struct, as JSON.
    pub(super) added: Vec<(String, String)>,
    pub(super) fate: Fate,
}

/// What is to become of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Written,
    LeftOut,
    Refused(String),
}

impl<D> Batch<D> {
    /// How many there are; at least one.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Each of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Item<D>> {
        self.items.iter()
    }

    /// Each of them, to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Item<D>> {
        self.items.iter_mut()
    }
}

impl<'a, D> IntoIterator for &'a Batch<D> {
    type Item = &'a Item<D>;
    type IntoIter = std::slice::Iter<'a, Item<D>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, D> IntoIterator for &'a mut Batch<D> {
    type Item = &'a mut Item<D>;
    type IntoIter = std::slice::IterMut<'a, Item<D>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

/// Of `_id`s and documents, for tests of a transform.
impl<D, I: Into<String>> FromIterator<(I, D)> for Batch<D> {
    fn from_iter<T: IntoIterator<Item = (I, D)>>(documents: T) -> Self {
        let item = |(position, (id, document)): (usize, (I, D))| Item::new(position, id.into(), document);
        Self { items: documents.into_iter().enumerate().map(item).collect() }
    }
}

impl<D> Item<D> {
    pub(super) fn new(position: usize, id: String, document: D) -> Self {
        Self { position, id, document, added: Vec::new(), fate: Fate::Written }
    }

    /// The `_id`, which stays what it is.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Keeps the document out of the index: what is there of it is deleted.
    pub fn leave_out(&mut self) {
        self.fate = Fate::LeftOut;
    }

    /// Whether it was left out.
    pub fn is_left_out(&self) -> bool {
        self.fate == Fate::LeftOut
    }

    /// Refuses the document: it stands in the quarantine, and what the index holds of it stays, until its rows change or it
    /// is tried again. Let the reason hold no value of a row that must not be seen there.
    pub fn refuse(&mut self, reason: impl Into<String>) {
        self.fate = Fate::Refused(reason.into());
    }

    /// Adds a field beside those of the struct, or puts another value into one that was added. What it is indexed as is said
    /// by `mapping` of the schema file.
    ///
    /// # Errors
    /// Where the value has no JSON form.
    pub fn add(&mut self, field: &str, value: &(impl Serialize + ?Sized)) -> Result<(), TransformError> {
        let json = serde_json::to_string(value)
            .map_err(|_| TransformError::refuse(format!("the value of `{field}` has no JSON form")))?;
        match self.added.iter_mut().find(|(known, _)| known == field) {
            Some((_, known)) => *known = json,
            None => self.added.push((field.to_owned(), json)),
        }
        Ok(())
    }

    /// The JSON of a field that was added.
    pub fn added(&self, field: &str) -> Option<&str> {
        self.added.iter().find(|(known, _)| known == field).map(|(_, json)| json.as_str())
    }
}

impl<D> Deref for Item<D> {
    type Target = D;

    fn deref(&self) -> &D {
        &self.document
    }
}

impl<D> DerefMut for Item<D> {
    fn deref_mut(&mut self) -> &mut D {
        &mut self.document
    }
}
