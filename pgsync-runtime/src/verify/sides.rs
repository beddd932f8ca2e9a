//! One index and its rows, looked at. In: places of documents. Out: which of them do not hold what their rows say. Whether that
//! is a difference, or a change on its way, is `settle`'s question.

use super::access::Access;
use super::compare::{Field, differences};
use super::expected::Expected;
use super::finding::{Finding, Kind, Why};
use crate::fetch::{DocumentReader, Documents, KeySet, Read, RowCache};
use crate::sink::{Listed, MaxVersion, ReadStored as _, Sink, StoreRefused as _, StoredDocument, Target};
use crate::source::{Lease as _, Source};
use crate::state::IndexState;
use crate::transform::Passage;
use crate::{Code, Error, Result, Version};
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// Documents whose rows are asked for together.
const ROWS: usize = 256;

/// One index and its rows.
pub(crate) struct Sides<S: Source, K: Sink> {
    pub(super) access: Arc<Access<S, K>>,
    pub(super) reader: DocumentReader,
    /// Reads documents as the index shows them.
    pub(super) shown: DocumentReader,
    pub(super) passage: Option<Passage>,
    pub(super) stored: K::Stored,
    pub(super) writer: K::Writer,
    pub(super) index: String,
    /// The generation, as it was at the beginning.
    pub(super) known: IndexState,
    /// Whether documents are searched for where the log does not name a changed row.
    pub(super) searched: bool,
    quarantine: K::Quarantine,
    /// Tells which versions can be.
    pub(super) ceiling: MaxVersion,
    hashes: RandomState,
}

/// What is read for: to be compared, or to be written at a version.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Compare,
    Repair(Version),
}

/// A place that does not hold what its row says.
pub(super) struct Seen {
    pub(super) place: Listed,
    pub(super) kind: Kind,
    /// The version that stands there, and the write it is of.
    pub(super) stored: Option<(u64, (u64, u64))>,
    pub(super) fields: Vec<Field>,
    /// Of what the row says.
    row: Option<u64>,
    /// What the place itself says of why.
    why: Option<Why>,
    /// How often it was seen before, the same on both sides.
    pub(super) looks: u32,
}

impl Seen {
    /// Whether nothing has moved between two looks.
    pub(super) fn is_still(&self, before: &Self) -> bool {
        self.kind == before.kind
            && self.row == before.row
            && self.stored.map(|(_, write)| write) == before.stored.map(|(_, write)| write)
    }
}

impl<S: Source, K: Sink> Sides<S, K> {
    /// For the document of the program at a position.
    ///
    /// # Errors
    /// [`Code::NotComparable`] while its index is not filled.
    pub(crate) fn open(access: Arc<Access<S, K>>, document: usize) -> Result<Self> {
        let program = &access.program;
        let definition = &program.plan.documents[document];
        let index = definition.index.clone();
        let known = access.state.indexes.get(&index).filter(|known| known.loaded).cloned().ok_or_else(|| {
            Error::coded(Code::NotComparable, format!("index `{index}` is not filled yet"))
                .help("wait until `run` says that it is filled and searchable, or leave it out with --index")
        })?;
        let target = Target { physical: known.physical.clone(), pipeline: definition.pipeline.clone() };
        let (engine, patience) = (&access.engine, access.patience.clone());
        let ceiling = access.lease.ceiling();
        let writer = engine.writer(&target, ceiling.clone(), patience.clone());
        let stored = engine.stored(&target, program.indexes.get(document), patience.clone());
        let quarantine = engine.quarantine(program.capture.name(), patience.clone());
        let reader = DocumentReader::new(Arc::clone(program), document, access.settings.run.keys_per_statement)?;
        let passage = access.transforms.of(document).map(|chain| Passage::new(chain, patience));
        Ok(Self {
            shown: reader.clone().as_shown(),
            reader,
            passage,
            stored,
            writer,
            searched: !program.plan.documents[document].index_routes.is_empty(),
            index,
            known,
            quarantine,
            ceiling,
            hashes: RandomState::new(),
            access,
        })
    }

    /// The `_id`s of refused documents of this generation.
    pub(super) async fn quarantined(&self) -> Result<HashSet<String>> {
        let entries = self.quarantine.list().await?;
        Ok(entries.into_iter().filter(|entry| entry.index_uuid == self.known.uuid).map(|entry| entry.id).collect())
    }

    /// What is different in places whose rows were read just now.
    pub(super) async fn suspects(&self, expected: &Expected) -> Result<Vec<Listed>> {
        let places = expected.places();
        let found = self.stored.get(&places).await?;
        let highest = self.highest(&found).await?;
        let differ = |(place, found): &(Listed, Option<StoredDocument>)| {
            !expected.is_refused(&place.id) && !is_same(expected.at(place), found.as_ref(), highest)
        };
        Ok(places.into_iter().zip(found).filter(differ).map(|(place, _)| place).collect())
    }

    /// Looks at places: at the index first, then at the rows, which `settle` relies on. In their order; `None` where nothing is
    /// wrong, or where the document is refused.
    pub(super) async fn look(&self, session: &mut S::Session, places: &[Listed]) -> Result<Vec<Option<Seen>>> {
        let mut seen = Vec::with_capacity(places.len());
        for some in places.chunks(ROWS) {
            let found = self.stored.get(some).await?;
            let highest = self.highest(&found).await?;
            let mut next = 0;
            while next < some.len() {
                let (expected, count) = self.rows(session, &some[next..], Purpose::Compare).await?;
                let both = some[next..next + count].iter().zip(&found[next..next + count]);
                seen.extend(both.map(|(place, found)| self.seen(place, found.as_ref(), &expected, highest)));
                next += count;
            }
        }
        Ok(seen)
    }

    /// The highest version that one of these may have.
    async fn highest(&self, found: &[Option<StoredDocument>]) -> Result<u64> {
        let highest = found.iter().flatten().map(|found| found.version).max().unwrap_or(0);
        let exceeded = self.ceiling.exceeded_by(highest).await?;
        Ok(exceeded.map_or(u64::MAX, |end| end.0.saturating_add(1)))
    }

    fn seen(&self, place: &Listed, found: Option<&StoredDocument>, expected: &Expected, highest: u64) -> Option<Seen> {
        let row = expected.at(place);
        if expected.is_refused(&place.id) || is_same(row, found, highest) {
            return None;
        }
        let (kind, fields) = match (row, found) {
            (Some(row), Some(found)) => {
                let source = found.source.as_ref().map_or("", |source| source.get());
                (Kind::Different, differences(row, source))
            }
            (Some(_), None) => (Kind::Missing, Vec::new()),
            (None, _) => (Kind::Extra, Vec::new()),
        };
        let why = match expected.routing_of(&place.id) {
            _ if kind != Kind::Extra => None,
            Some(_) if expected.has_row(place) => Some(Why::LeftOut),
            Some(routing) => Some(Why::OtherRouting(routing.to_owned())),
            None if self.reader.key_of(&place.id).is_none() => Some(Why::ForeignId),
            None => None,
        };
        Some(Seen {
            place: place.clone(),
            kind,
            stored: found.map(|found| (found.version, found.write)),
            fields,
            row: row.map(|row| self.hashes.hash_one(row)),
            why,
            looks: 0,
        })
    }

    /// Reads the rows of the first places, and says of how many.
    pub(super) async fn rows(
        &self,
        session: &mut S::Session,
        places: &[Listed],
        purpose: Purpose,
    ) -> Result<(Expected, usize)> {
        let mut size = places.len().min(ROWS);
        let mut alone = false;
        loop {
            let mut keys = KeySet::new(self.reader.key_arity());
            places[..size].iter().filter_map(|place| self.reader.key_of(&place.id)).for_each(|key| keys.extend(&key));
            let budget = &self.access.budget;
            let share = if alone { budget.whole().await } else { budget.part().await };
            let mut documents = match purpose {
                Purpose::Compare => Documents::within(Version(0), share),
                Purpose::Repair(version) => Documents::repairing_within(version, share),
            };
            let all = (&keys, 0..keys.len());
            let read = match purpose {
                Purpose::Compare => self.shown.read_keys(session, all, &RowCache::new(), &mut documents).await,
                Purpose::Repair(_) => self.reader.read_keys(session, all, &RowCache::new(), &mut documents).await,
            };
            match read {
                Ok(Read::Complete) => {}
                Ok(Read::TooMuch { fitting }) => {
                    alone = size == 1;
                    size = fitting.min(size / 2).max(1);
                    continue;
                }
                // An `_id` that somebody else has made up need not be a value of the key's type.
                Err(error) if error.code() == Some(Code::Statement) && size > 1 => {
                    size /= 2;
                    continue;
                }
                Err(error) if error.code() == Some(Code::Statement) => {
                    documents = Documents::new(documents.version());
                }
                Err(error) => return Err(error),
            }
            let expected = Expected::of(documents, self.passage.as_ref(), &self.stored).await?;
            return Ok((expected, size));
        }
    }

    /// Those of the places that are no place of a row.
    pub(super) async fn rowless(&self, session: &mut S::Session, listed: Vec<Listed>) -> Result<Vec<Listed>> {
        let mut rowless = Vec::new();
        let mut parts = vec![listed];
        while let Some(mut part) = parts.pop() {
            let mut keys = KeySet::new(self.reader.key_arity());
            part.iter().filter_map(|place| self.reader.key_of(&place.id)).for_each(|key| keys.extend(&key));
            match self.reader.addresses(session, &keys).await {
                Ok(found) => {
                    let found: HashSet<Listed> =
                        found.iter().map(|(id, routing)| Listed::at(&String::from_utf8_lossy(id), routing)).collect();
                    rowless.extend(part.into_iter().filter(|place| !found.contains(place)));
                }
                Err(error) if error.code() == Some(Code::Statement) && part.len() > 1 => {
                    let rest = part.split_off(part.len() / 2);
                    parts.extend([rest, part]);
                }
                Err(error) if error.code() == Some(Code::Statement) => rowless.append(&mut part),
                Err(error) => return Err(error),
            }
        }
        Ok(rowless)
    }

    /// What is known of a difference.
    pub(super) async fn finding(&self, seen: Seen, established: Version) -> Result<Finding> {
        let version = seen.stored.map(|(version, _)| version);
        let why = match version {
            None => Why::Unknown,
            Some(version) if self.ceiling.exceeded_by(version).await?.is_some() => Why::FutureVersion,
            Some(version) => match seen.why {
                Some(why) => why,
                None if version < self.known.low_mark.offset() || !self.access.lease.writes(Version(version)) => {
                    Why::ForeignVersion
                }
                None if version > established.0 => Why::LaterVersion,
                None => Why::OurVersion,
            },
        };
        Ok(Finding {
            index: self.index.clone(),
            place: seen.place,
            kind: seen.kind,
            fields: seen.fields,
            version,
            established: established.0,
            why,
            mended: None,
        })
    }
}

/// Whether what stands in a place is what should, and takes the next change of its row: one at a higher version than may be
/// does not. An index that keeps no source is taken at its word.
fn is_same(row: Option<&str>, found: Option<&StoredDocument>, highest: u64) -> bool {
    match (row, found) {
        (None, None) => true,
        (Some(row), Some(found)) => {
            found.version <= highest
                && found.source.as_ref().is_none_or(|source| differences(row, source.get()).is_empty())
        }
        _ => false,
    }
}
