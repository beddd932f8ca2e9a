//! What an index should hold of documents that were read. In: documents of one read, and what goes over documents before they
//! are kept: transforms of the application, an ingest pipeline of the engine. Out: the JSON that should be found in each place.

use crate::Result;
use crate::fetch::Documents;
use crate::sink::{Listed, Piped, ReadStored};
use crate::transform::Passage;
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};

/// What should be found.
pub(super) struct Expected {
    documents: Documents,
    /// What an ingest pipeline makes of those that are written, in their order.
    piped: Option<Vec<Piped>>,
    /// Those that a transform or a pipeline refuses: whatever stands there is right until the row changes.
    refused: HashSet<String>,
    /// The places of documents that have a row, with the position among the documents of those that should be found.
    places: HashMap<Listed, Option<Wanted>>,
    /// Where the document of an `_id` should be.
    routings: HashMap<String, String>,
}

#[derive(Clone, Copy)]
enum Wanted {
    Read(usize),
    Piped(usize),
}

impl Expected {
    /// Leads what was read through what goes over it.
    ///
    /// # Errors
    /// Those of the engine, and a stop while a transform cannot do its work.
    pub(super) async fn of(read: Documents, passage: Option<&Passage>, stored: &impl ReadStored) -> Result<Self> {
        let place = |document: &crate::fetch::Document<'_>| Listed::at(&document.id, document.routing);
        let rows: Vec<Listed> = read.iter().filter(|one| one.body.is_some()).map(|one| place(&one)).collect();
        let mut refused = HashSet::new();
        let documents = match passage {
            None => read,
            Some(passage) => {
                let mut made = read.another();
                for part in passage.parts(&read) {
                    let outcome = passage.through(&read, part).await?;
                    made.append(outcome.documents);
                    refused.extend(outcome.refused.into_iter().map(|refused| refused.id));
                }
                made
            }
        };
        let piped = stored.through_pipeline(&documents).await?;
        let routings = rows.iter().map(|row| (row.id.clone(), row.routing.clone())).collect();
        let mut places: HashMap<Listed, Option<Wanted>> = rows.into_iter().map(|row| (row, None)).collect();
        let written = documents.iter().enumerate().filter(|(_, document)| document.body.is_some());
        for (number, (position, document)) in written.enumerate() {
            let wanted = match piped.as_ref().map(|piped| &piped[number]) {
                None => Some(Wanted::Read(position)),
                Some(Piped::Document(_)) => Some(Wanted::Piped(number)),
                Some(Piped::Dropped) => None,
                Some(Piped::Refused) => {
                    refused.insert(document.id.clone().into_owned());
                    None
                }
            };
            places.insert(place(&document), wanted);
        }
        Ok(Self { documents, piped, refused, places, routings })
    }

    /// The places of documents that have a row.
    pub(super) fn places(&self) -> Vec<Listed> {
        self.places.keys().cloned().collect()
    }

    /// What should be found in a place; `None` where nothing should.
    pub(super) fn at(&self, place: &Listed) -> Option<&str> {
        match self.places.get(place)?.as_ref()? {
            Wanted::Read(position) => std::str::from_utf8(self.documents.get(*position).body?).ok(),
            Wanted::Piped(number) => match self.piped.as_ref()?.get(*number)? {
                Piped::Document(source) => Some(RawValue::get(source)),
                Piped::Dropped | Piped::Refused => None,
            },
        }
    }

    /// Whether the place is one of a row.
    pub(super) fn has_row(&self, place: &Listed) -> bool {
        self.places.contains_key(place)
    }

    /// Where the document of an `_id` should be, where it has a row.
    pub(super) fn routing_of(&self, id: &str) -> Option<&str> {
        self.routings.get(id).map(String::as_str)
    }

    /// Whether the document is refused.
    pub(super) fn is_refused(&self, id: &str) -> bool {
        self.refused.contains(id)
    }

    /// How many documents there are, how large they are, and what reading them took.
    pub(super) fn size(&self) -> (usize, usize, usize) {
        (self.documents.len(), self.documents.bytes(), self.documents.cost())
    }

    /// The documents themselves, to be written.
    pub(super) fn into_documents(self) -> Documents {
        self.documents
    }
}
