//! The types of events. In: a type's number. Out: what it is to us: followed, harmless, or refused with a reason.

use super::refusal::{Refusal, Result};

/// What an event is, as far as it concerns us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    FormatDescription,
    Rotate,
    Stop,
    Query,
    CompressedQuery,
    Xid,
    XaPrepare,
    /// MySQL: with a tag or without.
    Gtid {
        tagged: bool,
    },
    MariaGtid,
    TableMap,
    Rows(Rows),
    Payload,
    Heartbeat,
    /// It changes no row, and belongs to no transaction or to any.
    Harmless,
}

/// How an event of rows is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) change: Change,
    /// The second version has a header of its own length.
    pub(super) second: bool,
    /// MariaDB deflates them one by one.
    pub(super) compressed: bool,
    /// MySQL writes differences of JSON values instead of these.
    pub(super) partial: bool,
}

/// What happened to rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Write,
    Update,
    Delete,
}

impl Kind {
    /// What a number stands for. `ignorable` is the flag by which a server allows that an event is not known.
    pub(super) fn of(number: u8, ignorable: bool) -> Result<Self> {
        let rows = |change, second, compressed| Ok(Self::Rows(Rows { change, second, compressed, partial: false }));
        let refused = |event, why| Err(Refusal::Event { event, why });
        match number {
            2 => Ok(Self::Query),
            3 => Ok(Self::Stop),
            4 => Ok(Self::Rotate),
            15 => Ok(Self::FormatDescription),
            16 => Ok(Self::Xid),
            19 => Ok(Self::TableMap),
            23 => rows(Change::Write, false, false),
            24 => rows(Change::Update, false, false),
            25 => rows(Change::Delete, false, false),
            30 => rows(Change::Write, true, false),
            31 => rows(Change::Update, true, false),
            32 => rows(Change::Delete, true, false),
            39 => Ok(Self::Rows(Rows { change: Change::Update, second: true, compressed: false, partial: true })),
            166 => rows(Change::Write, false, true),
            167 => rows(Change::Update, false, true),
            168 => rows(Change::Delete, false, true),
            169 => rows(Change::Write, true, true),
            170 => rows(Change::Update, true, true),
            171 => rows(Change::Delete, true, true),
            27 | 41 => Ok(Self::Heartbeat),
            33 => Ok(Self::Gtid { tagged: false }),
            42 => Ok(Self::Gtid { tagged: true }),
            34 => Err(Refusal::NoIds),
            38 => Ok(Self::XaPrepare),
            40 => Ok(Self::Payload),
            162 => Ok(Self::MariaGtid),
            165 => Ok(Self::CompressedQuery),
            // Variables of statements (intvar, rand, user variable): the statement itself is looked at.
            5 | 13 | 14 => Ok(Self::Harmless),
            // Ignorable, the text of a statement, the sets before a file, what a group has certified, its view.
            28 | 29 | 35 | 36 | 37 => Ok(Self::Harmless),
            // MariaDB: the text of a statement, a checkpoint, the ids before a file, the start of encryption: the server
            // sends decrypted events.
            160 | 161 | 163 | 164 => Ok(Self::Harmless),
            26 => refused("an incident", "the server itself lost changes; everything has to be loaded again"),
            17 | 18 => refused("a file of LOAD DATA", "the session logs statements; set binlog_format=ROW"),
            6..=12 => refused("a file of LOAD DATA", "it is of a server older than 5.0"),
            1 => refused("a start of an old log", "it is of a server older than 5.0"),
            20..=22 => refused("rows of an old form", "they are of a server older than 5.1"),
            172 => refused(
                "a fragment of rows",
                "it is larger than binlog_row_event_fragment_threshold; the rows of its table have to be read again",
            ),
            // A server says so only of what replicas may leave out.
            _ if ignorable => Ok(Self::Harmless),
            other => Err(Refusal::UnknownEvent(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_refused_unless_the_server_calls_it_ignorable() {
        assert_eq!(Kind::of(99, false), Err(Refusal::UnknownEvent(99)));
        assert_eq!(Kind::of(99, true), Ok(Kind::Harmless));
        assert!(matches!(Kind::of(26, true), Err(Refusal::Event { event: "an incident", .. })));
        assert!(matches!(Kind::of(172, false), Err(Refusal::Event { event: "a fragment of rows", .. })));
        assert_eq!(Kind::of(34, false), Err(Refusal::NoIds));
        let refused = (0..=255).filter(|number| Kind::of(*number, false).is_err()).count();
        assert_eq!(256 - refused, 39, "a type is followed or harmless by a decision, not by chance");
    }
}
