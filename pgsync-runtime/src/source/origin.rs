//! Which database this is. In: what a source says of itself. Out: what tells it apart from every other, and where its log
//! stands.

use crate::position::Position;
use crate::sink::Owner;

/// A database at the time of asking.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The database, and what it is followed through.
    pub owner: Owner,
    /// Another number after it was dropped and made anew.
    pub oid: u32,
    /// Product, version and address, for people.
    pub server: String,
    /// Another number after the server's history has branched.
    pub timeline: u32,
    /// The end of the durable log.
    pub end: Position,
}
