//! Putting right what is wrong. In: what was found in an index. Out: documents written from rows that are read again, deletes of
//! documents without a row, and for each whether it is right now.
//!
//! The version. Whatever is written here carries the established one, E: the position that is recorded when the rows are about to
//! be read. Everything before it is visible to the read, so E says the truth of what was read; and whatever the follower writes
//! from then on belongs to a later commit, has a higher version and wins, whoever comes first. It is written as a repair: it takes
//! the place of a document at the same version. A document that stands above E is waited for, where E gets there.
//!
//! A version that E never reaches (one beyond the log; or, where nobody follows, one above the recorded position) cannot be
//! written over, and must not: at a higher one still, every later change of the row would be dropped, and a follower that meets it
//! ends (`P0608`). It has to begin again below. Engines lower no version, and remember that of a deleted document for
//! minutes. What works, on each engine that the tests run on: for a moment the index is told to keep no versions of deletes; the
//! document is deleted by a request that names the write it follows, which needs no version; then E is written. Meanwhile other
//! documents' deletes keep no versions either. The pipeline does not depend on them (`ARCHITECTURE.md`, what always holds, 8),
//! and the one writer that could bring a deleted document back then is this: so what was written is looked at once more, and what
//! has lost its row meanwhile is deleted. Should this end in the middle, the next run of it sets the index right first.
//!
//! Deletes go first: two routings may lead to one shard, where the copy of a document stands in the place of the document.

use super::access::Following;
use super::finding::{Finding, Kind};
use super::sides::{Purpose, Seen, Sides};
use crate::fetch::Documents;
use crate::sink::{Listed, ReadStored as _, Sink, WriteDocuments as _};
use crate::source::{Lease as _, Source};
use crate::{Code, Position, Result, Version};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// So often it is tried.
const ATTEMPTS: u32 = 4;
/// An engine's clock for versions of deletes may be this coarse.
const CLOCK: Duration = Duration::from_millis(1200);

impl<S: Source, K: Sink> Sides<S, K> {
    /// Puts right what was found, and says of each whether that was done.
    ///
    /// # Errors
    /// Those of both sides.
    pub(super) async fn mend(&self, session: &mut S::Session, findings: &mut [Finding]) -> Result<()> {
        let mut left: Vec<Listed> = findings.iter().map(|finding| finding.place.clone()).collect();
        let mut refused: HashMap<String, String> = HashMap::new();
        for _ in 0..ATTEMPTS {
            let wrong: Vec<Seen> = self.look(session, &left).await?.into_iter().flatten().collect();
            if wrong.is_empty() {
                left.clear();
                break;
            }
            let established = self.established_above(&wrong).await?;
            let (above, below): (Vec<Seen>, Vec<Seen>) =
                wrong.into_iter().partition(|seen| seen.stored.is_some_and(|(version, _)| version > established.0));
            if !above.is_empty() {
                self.begin_again(session, &above, established, &mut refused).await?;
            }
            match self.write(session, &below, established, &mut refused).await {
                // A document that is gone has left a version from beyond the log.
                Err(error) if error.code() == Some(Code::ForeignVersion) => {
                    self.begin_again(session, &below, established, &mut refused).await?;
                }
                written => drop(written?),
            }
            let written: Vec<Seen> = above.into_iter().chain(below).collect();
            left = self.look_once_more(session, &written, established).await?;
            left.retain(|place| !refused.contains_key(&place.id));
            if left.is_empty() {
                break;
            }
        }
        let left: HashSet<Listed> = left.into_iter().collect();
        for finding in findings {
            finding.mended = Some(match refused.remove(&finding.place.id) {
                Some(reason) => Err(reason),
                None if left.contains(&finding.place) => {
                    Err(format!("it was written {ATTEMPTS} times and is not right"))
                }
                None => Ok(()),
            });
        }
        Ok(())
    }

    /// The established version, once it has reached what stands there, where it can.
    async fn established_above(&self, wrong: &[Seen]) -> Result<Version> {
        let highest = wrong.iter().filter_map(|seen| seen.stored).map(|(version, _)| version);
        let end = self.access.lease.log_end().await?;
        let reachable = highest.filter(|version| *version <= end.offset()).max();
        if let Some(version) = reachable {
            self.access.reached(Position::at(version)).await?;
        }
        self.established().await
    }

    /// Writes at a version what rows say, and deletes what has none. How many the engine has had at a higher version.
    async fn write(
        &self,
        session: &mut S::Session,
        wrong: &[Seen],
        version: Version,
        refused: &mut HashMap<String, String>,
    ) -> Result<u64> {
        let mut conflicts = 0;
        let mut gone = Documents::repairing(version);
        for seen in wrong.iter().filter(|seen| seen.kind == Kind::Extra) {
            gone.delete_at(seen.place.id.as_bytes(), seen.place.routing.as_bytes());
        }
        if !gone.is_empty() {
            conflicts += self.writer.write(gone).await?.conflicts;
        }
        let others: Vec<Listed> =
            wrong.iter().filter(|seen| seen.kind != Kind::Extra).map(|seen| seen.place.clone()).collect();
        let mut next = 0;
        while next < others.len() {
            let (expected, count) = self.rows(session, &others[next..], Purpose::Repair(version)).await?;
            next += count;
            let report = self.writer.write(expected.into_documents()).await?;
            conflicts += report.conflicts;
            refused.extend(report.refused.into_iter().map(|one| (one.id, format!("{}: {}", one.kind, one.reason))));
        }
        Ok(conflicts)
    }

    /// Takes documents away whatever their versions are, and writes them at this one.
    async fn begin_again(
        &self,
        session: &mut S::Session,
        wrong: &[Seen],
        version: Version,
        refused: &mut HashMap<String, String>,
    ) -> Result<()> {
        self.stored.forget().await?;
        let done = async {
            let places: Vec<_> = wrong.iter().filter_map(|seen| Some((seen.place.clone(), seen.stored?.1))).collect();
            if !places.is_empty() {
                self.stored.delete_unchanged(&places).await?;
            }
            let mut attempt = 0;
            loop {
                tokio::time::sleep(CLOCK).await;
                attempt += 1;
                match self.write(session, wrong, version, refused).await {
                    // The engine has not forgotten the version yet.
                    Err(error) if error.code() == Some(Code::ForeignVersion) && attempt < ATTEMPTS => {}
                    Ok(conflicts) if conflicts > 0 && attempt < ATTEMPTS => {}
                    written => return written.map(drop),
                }
            }
        };
        let done = done.await;
        self.stored.remember().await?;
        done
    }

    /// Deletes what was written of rows that are gone by now, and gives what is not right yet.
    async fn look_once_more(
        &self,
        session: &mut S::Session,
        written: &[Seen],
        version: Version,
    ) -> Result<Vec<Listed>> {
        let mut left = Vec::new();
        let mut gone = Documents::repairing(version);
        let places: Vec<Listed> = written.iter().map(|seen| seen.place.clone()).collect();
        for (before, seen) in written.iter().zip(self.look(session, &places).await?) {
            let Some(seen) = seen else { continue };
            let stands = seen.stored.map(|(version, _)| version);
            if seen.kind == Kind::Extra && stands == Some(version.0) {
                gone.delete_at(seen.place.id.as_bytes(), seen.place.routing.as_bytes());
            }
            // Our own write, or one of the follower after it: what is different now is on its way. Not where the log may not name
            // the row: the follower may have searched for it before this was written.
            let followed = !matches!(self.access.following, Following::Nobody) && !self.searched;
            let another = seen.stored.map(|(_, write)| write) != before.stored.map(|(_, write)| write);
            let ours = another && stands.is_some_and(|stands| stands >= version.0) && self.is_honest(stands).await?;
            if !(followed && ours && seen.kind == Kind::Different) {
                left.push(seen.place);
            }
        }
        if !gone.is_empty() {
            self.writer.write(gone).await?;
        }
        Ok(left)
    }

    async fn is_honest(&self, version: Option<u64>) -> Result<bool> {
        let Some(version) = version else { return Ok(false) };
        let exceeded = self.ceiling.exceeded_by(version).await?;
        Ok(exceeded.is_none() && self.access.lease.writes(Version(version)))
    }
}
