//! Error codes that never change, so that documentation, tests and monitoring name a code and not a sentence. In: the
//! table below. Out: for each code its text, what it means for the process, and one line for `docs/errors.md`.
//!
//! Ranges: `P01` settings and usage, `P02` reaching the database, `P03` catalogue and set-up, `P04` the replication
//! stream, `P05` reading rows, `P06` the engine, `P07` indexes and state, `P08` documents.

use super::ErrorKind;
use std::fmt;

/// Makes the enum and its table from one list.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $kind:ident, $meaning:literal;)*) => {
        /// A stable error code. Documentation and alerts name it: words of a message may change, a code does not.
        ///
        /// ```
        /// assert_eq!(pgsync_runtime::Code::Stopped.id().len(), 5);
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $name,)*
        }

        impl Code {
            /// Every code, in the order of its text.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as it is printed.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// What an error of this code means for the process.
            pub fn kind(self) -> ErrorKind {
                match self { $(Self::$name => ErrorKind::$kind,)* }
            }

            /// What has happened, in one line.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }
        }
    };
}

codes! {
    Stopped = "P0101", Stopped, "It was asked to stop before the work was done.";
    Unreachable = "P0201", Unavailable, "PostgreSQL cannot be reached, or the connection to it broke.";
    SessionEnded = "P0202", Unavailable, "PostgreSQL ended the session, is shutting down or is starting.";
    Exhausted = "P0203", Unavailable, "PostgreSQL is out of connections, memory or disk.";
    Interrupted = "P0204", Unavailable, "A statement was cancelled, or met a lock or another transaction.";
    Limit = "P0205", Refused, "A limit of the server is set too low.";
    Login = "P0206", Refused, "PostgreSQL does not let the role log in, or does not prove who it is.";
    NoDatabase = "P0207", Refused, "The database does not exist.";
    NotItself = "P0208", Refused, "What answers is not PostgreSQL itself: a pooler changes what is asked.";
    ServerTrouble = "P0209", Unavailable, "PostgreSQL met an internal error or an error of its disk.";
    ReadOnly = "P0210", Refused, "The server takes no writes: it is a standby.";
    Silent = "P0211", Unavailable, "PostgreSQL takes what is sent and does not answer in time.";
    Answer = "P0212", Refused, "An answer of PostgreSQL is not of the expected form.";
    NoTls = "P0213", Refused, "The server does not offer TLS as the settings ask for it.";
    Certificate = "P0214", Refused, "The server's certificate, its authority or its name is not accepted.";
    ChannelBinding = "P0215", Refused, "The login is not bound to the TLS connection, which the settings ask for.";
    Encoding = "P0216", Refused, "The database has an encoding that cannot be converted to UTF-8.";
    TableChanged = "P0301", Reload, "A table is not what its documents were made from.";
    Rights = "P0302", Refused, "The role lacks a right.";
    Statement = "P0303", Refused, "PostgreSQL refuses a statement.";
    Comment = "P0320", Refused, "The comment of a publication is not one that bootstrap wrote.";
    SlotInUse = "P0321", Refused, "A process works with the slot that is to be removed.";
    OtherNames = "P0322", Refused, "Another set-up in this database fills the same index.";
    AnotherFile = "P0323", Refused, "The publication of this name feeds the indexes of another schema file.";
    StreamGone = "P0401", Reload, "The slot or the publication is gone, or the log that it needs.";
    SlotBusy = "P0402", Unavailable, "Another process reads the slot.";
    Forged = "P0403", Unavailable, "The stream names a position beyond the end of the server's log.";
    OtherTables = "P0501", Drift, "The tables are not those that the schema was compiled for.";
    EngineUnavailable = "P0601", Unavailable, "The engine cannot be reached, or cannot do now what it was asked.";
    EngineLogin = "P0602", Refused, "The engine refuses the credentials.";
    EngineRights = "P0603", Refused, "The engine's user lacks a right.";
    EngineRedirects = "P0604", Unavailable, "The engine's address redirects to another one, which is not followed.";
    EngineAnswer = "P0605", Unavailable, "The engine's answer is larger than any answer of its kind.";
    EngineRefuses = "P0606", Refused, "The engine refuses a request: a wrong setting, mapping or name.";
    IndexGone = "P0607", Reload, "An index that is written to is gone.";
    ForeignVersion = "P0608", Fatal, "A document has a version from beyond the end of the database's log.";
    AnotherOwner = "P0701", Refused, "The index is fed from another database or through another slot.";
    NameTaken = "P0702", Refused, "The name of the index is held by something else.";
    OtherSchema = "P0703", Refused, "The index was filled from another schema.";
    StateContested = "P0704", Fatal, "The state was written by another process, or removed.";
    StateUnreadable = "P0705", Refused, "The state is in a format that this version does not read.";
    QuarantineFull = "P0801", Document, "More documents are refused than the quarantine may hold.";
    NearlyAllRefused = "P0802", Document, "The engine refuses nearly every document.";
    EntryUnknown = "P0803", Usage, "The quarantine has no such entry.";
    EntryNotRead = "P0804", Refused, "An entry of the quarantine cannot be tried again now.";
    StillRefused = "P0805", Document, "A document that was tried again stays in the quarantine.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn codes_are_in_order_and_each_is_there_once() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].id() < pair[1].id()), "sort the table by code");
    }

    #[test]
    fn the_page_lists_every_code() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/errors.md");
        let page = std::fs::read_to_string(path).unwrap();
        for code in Code::ALL {
            let line = format!("| {} | {} | {} |", code.id(), code.kind().name(), code.meaning());
            assert!(page.contains(&line), "docs/errors.md lacks this line:\n{line}");
        }
    }
}
