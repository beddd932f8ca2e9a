//! Reading anew the documents that an index finds: those that show rows which a foreign key has changed, of which the stream says
//! nothing more than the values that the rows had. In: a document, its index, words, an established version. Out: every
//! document that has shown such a row is written, or deleted, at that version.
//!
//! Why that finds all of them. A document holds the words of the rows that it shows, as it was read. Whatever was changed of
//! those rows before, and the stream has said, has led to the document, and is written by now: nothing is on its way that was
//! read for an earlier change, and a search finds everything that is written. So a document that shows a row which is gone
//! holds the word of it; or it was read later, and shows it no more. That rests on nothing else being on its way:
//!
//! - The writing stage calls this in its turn, after everything that was read before; nothing is read ahead meanwhile, which
//!   would hold the memory that this needs.
//! - What is put off is read later, and sees what is gone.
//! - Ranges of a load that are read at that moment are waited for; later ones see it too.
//! - A refused document is not in the index with the words of its rows. So those are read again as well.
//! - A request of a process that was killed may bring a document in which the search would have found a word. Until none can
//!   be on its way all documents are read again, unless this process has made the index.
//!
//! A document without any word was written by something that does not know of them, and is found too.

use super::Context;
use super::quarantine::Destination;
use crate::fetch::{DocumentReader, Documents, KeySet, Read, RowCache};
use crate::sink::{ListIds as _, Listed, Sink};
use crate::source::{ReadSession, Source};
use crate::{Code, Result, Version};
use std::collections::{BTreeSet, HashSet};

/// Words of one search.
const WORDS: usize = 1000;
/// Documents that are read together.
const TOGETHER: usize = 256;

/// Reads what is found. No write of an older version may be on its way. Returns false where it cannot be told what has to be
/// read: then everything has to.
///
/// # Errors
/// Those of both sides.
pub(super) async fn read_found<S: Source, K: Sink>(
    context: &Context,
    source: &S,
    (document, to): (usize, &Destination<K>),
    version: Version,
    words: &BTreeSet<String>,
) -> Result<bool> {
    let index = &context.program.plan.documents[document].index;
    let reader = &context.readers[document];
    let mut session = source.session().await?;
    let mut count = 0;
    let refused: Vec<Listed> = to.refused().into_iter().map(|id| Listed { id, routing: String::new() }).collect();
    if !refused.is_empty() && !read(context, (reader, &mut session), to, version, &refused).await? {
        return Ok(false);
    }
    let words: Vec<String> = words.iter().cloned().collect();
    for words in words.chunks(WORDS) {
        let mut found = to.holding(words).await?;
        while let Some(page) = found.next().await? {
            if !read(context, (reader, &mut session), to, version, &page).await? {
                return Ok(false);
            }
            count += page.len();
        }
    }
    tracing::debug!(%index, %version, documents = count, "what was changed without a word is read again");
    Ok(true)
}

/// Reads the documents of these places, and deletes what has no row. False where a place is not one of this document.
async fn read<S: ReadSession, K: Sink>(
    context: &Context,
    (reader, session): (&DocumentReader, &mut S),
    to: &Destination<K>,
    version: Version,
    places: &[Listed],
) -> Result<bool> {
    let (mut next, mut size, mut alone) = (0, TOGETHER, false);
    while next < places.len() {
        let some = &places[next..places.len().min(next + size)];
        let mut keys = KeySet::new(reader.key_arity());
        for place in some {
            let Some(key) = reader.key_of(&place.id) else { return Ok(false) };
            keys.extend(&key);
        }
        let budget = &context.budget;
        let share = if alone { budget.whole().await } else { budget.part().await };
        let mut documents = Documents::within(version, share);
        match reader.read_keys(session, (&keys, 0..keys.len()), &RowCache::new(), &mut documents).await {
            Ok(Read::Complete) => {}
            Ok(Read::TooMuch { fitting }) => {
                alone = some.len() == 1;
                size = fitting.min(some.len() / 2).max(1);
                continue;
            }
            // An `_id` that somebody else has made up need not be a value of the key's type.
            Err(error) if error.code() == Some(Code::Statement) => return Ok(false),
            Err(error) => return Err(error),
        }
        next += some.len();
        delete_misplaced(some, &mut documents);
        let count = to.write(documents).await?;
        context.health.wrote(count);
    }
    Ok(true)
}

/// A document is asked for by its key. What stands under a routing that its row has no more, or of a row that is gone, is
/// deleted where it stands.
fn delete_misplaced(places: &[Listed], documents: &mut Documents) {
    let written: HashSet<Listed> = documents
        .iter()
        .filter(|document| document.body.is_some())
        .map(|document| Listed::at(&document.id, document.routing))
        .collect();
    let named: HashSet<&str> = written.iter().map(|place| place.id.as_str()).collect();
    for place in places.iter().filter(|place| !place.routing.is_empty() && !written.contains(*place)) {
        let (id, routing) = (place.id.as_bytes(), place.routing.as_bytes());
        if named.contains(place.id.as_str()) {
            documents.delete_copy(id, routing);
        } else {
            documents.delete_at(id, routing);
        }
    }
}
