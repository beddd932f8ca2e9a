//! Telling a difference from a change on its way. In: places where a first look found other values than their rows have. Out:
//! those that are wrong.
//!
//! A place is looked at in rounds. A round reads the index first (A), then the row (B), then asks where the log ends (E); it
//! waits until whoever follows has everything written that is before E; and the next round reads both again. What is the
//! same now is dropped. What is reported stood there under one write number in both rounds, other than the row, whose value did
//! not change between them either.
//!
//! Why that is an error of the index. Let c be the last commit that the row at B holds and that concerns the document. It is
//! visible at B, so it is before E, and when the wait ends the index holds what was read in a snapshot that sees c: that is
//! what a recorded position means. It is the very document of round one, because the write number is the same; and it stood
//! there at A, so it was read before A, which is before B. Between c and B nothing changed the document. So it was read when
//! its rows were as at B, and has to be what they say. It is not: so it was not read there, or not by us.
//!
//! The order matters. With the row read first, the index may show a commit between the two reads; if that is taken back before
//! the next round, the row is the same twice, and a right index is called wrong.
//!
//! An absent document has no write number, and one that is deleted and made again may be missed by both looks. So an absent
//! one has to be absent in three more rounds, at random distances. Who deletes and inserts one row all the time, the same
//! each time, and just then, would be told of it. What never stands still is not reported and counted: whatever is wrong
//! with it is overwritten by its next change.
//!
//! Documents that stand in the quarantine are left out: whatever stands in their place is right until the row changes. They
//! are looked up last, because an entry is written before the position passes it.

use super::access::{Access, Following};
use super::finding::Kind;
use super::sides::{Seen, Sides};
use crate::sink::{Listed, Sink};
use crate::source::{Lease as _, Source};
use crate::{Code, Error, Result};
use std::time::Duration;

/// A place that moves in so many rounds moves all the time.
const ROUNDS: u32 = 8;

/// What became of places that were looked at.
pub(super) struct Settled {
    /// Wrong.
    pub(super) wrong: Vec<Seen>,
    /// Not what their rows say, and refused.
    pub(super) quarantined: u64,
    /// They never stood still.
    pub(super) moving: u64,
}

impl<S: Source, K: Sink> Sides<S, K> {
    /// Looks until it is known of each place.
    ///
    /// # Errors
    /// Those of both sides; [`Code::FollowerStands`] and [`Code::NotComparable`].
    pub(super) async fn settle(&self, session: &mut S::Session, places: &[Listed]) -> Result<Settled> {
        let mut settled = Settled { wrong: Vec::new(), quarantined: 0, moving: 0 };
        let mut before: Vec<Seen> = self.look(session, places).await?.into_iter().flatten().collect();
        for _ in 0..ROUNDS {
            if before.is_empty() {
                break;
            }
            let end = self.access.lease.log_end().await?;
            self.access.reached(end).await?;
            let places: Vec<Listed> = before.iter().map(|seen| seen.place.clone()).collect();
            let now = self.look(session, &places).await?;
            let mut next = Vec::new();
            for (before, now) in before.into_iter().zip(now) {
                let Some(mut now) = now else { continue };
                now.looks = if now.is_still(&before) { before.looks + 1 } else { 0 };
                if now.looks >= self.needed(&now) {
                    settled.wrong.push(now);
                } else {
                    next.push(now);
                }
            }
            before = next;
            if !before.is_empty() {
                tokio::time::sleep(Duration::from_millis(fastrand::u64(20..300))).await;
            }
        }
        settled.moving = before.len() as u64;
        if settled.wrong.is_empty() {
            return Ok(settled);
        }
        if !matches!(self.access.following, Following::Nobody) {
            self.is_still_there().await?;
        }
        let quarantined = self.quarantined().await?;
        let count = settled.wrong.len();
        settled.wrong.retain(|seen| !quarantined.contains(&seen.place.id));
        settled.quarantined = (count - settled.wrong.len()) as u64;
        Ok(settled)
    }

    /// How many rounds have to see the same.
    fn needed(&self, seen: &Seen) -> u32 {
        if seen.kind == Kind::Missing && !matches!(self.access.following, Following::Nobody) { 3 } else { 1 }
    }

    /// That the generation which is looked at is the one that is followed.
    async fn is_still_there(&self) -> Result<()> {
        let state = self.access.state_now().await?;
        match state.indexes.get(&self.index) {
            Some(now) if now.uuid == self.known.uuid && now.loaded => Ok(()),
            _ => {
                Err(Error::coded(Code::NotComparable, format!("index `{}` is being filled anew meanwhile", self.index))
                    .help("start this again when that is done"))
            }
        }
    }

    /// Everything before it is written.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) async fn established(&self) -> Result<crate::Version> {
        Ok(Access::<S, K>::version_at(self.access.position().await?))
    }
}
