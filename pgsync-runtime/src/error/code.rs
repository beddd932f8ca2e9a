//! Error codes that never change, so that documentation, tests and monitoring name a code and not a sentence. In: the
//! table below. Out: for each code its text, what it means for the process, what has happened and what to do next.
//! `cargo pgsync explain` and `docs/errors.md` are written from here.
//!
//! Ranges: `P01` settings and usage, `P02` reaching the database, `P03` catalogue and set-up, `P04` the replication
//! stream, `P05` reading rows, `P06` the engine, `P07` indexes and state, `P08` documents,
//! `P090` comparing, `P091` operating: waiting, advice, the log that is kept; `P092` capture by triggers.

use super::ErrorKind;
use std::fmt;

/// Makes the enum and its table from one list.
macro_rules! codes {
    ($($name:ident = $id:literal, $kind:ident, $meaning:literal, $next:literal;)*) => {
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

            /// What to do, whatever the circumstances; the help beside a message knows them.
            pub fn next_step(self) -> &'static str {
                match self { $(Self::$name => $next,)* }
            }
        }
    };
}

codes! {
    Stopped = "P0101", Stopped, "It was asked to stop before the work was done.",
        "Start it again: it goes on from what is written.";
    TransformMissing = "P0102", Usage, "The schema names a plugin that is not registered.",
        "Register it where the program starts, schema::app().transform(..).main(), or take its name out of `plugins`.";
    TransformUnnamed = "P0103", Usage, "A transform is registered that no document names.",
        "Write its name into `plugins` of the document whose index it is for, or do not register it.";
    OtherCapture = "P0104", Usage, "The schema was compiled for another kind of database.",
        "Check that the address of the database is the one the schema was compiled for; else compile the schema against this one.";
    Unreachable = "P0201", Unavailable, "The database cannot be reached, or the connection to it broke.",
        "Check PG_HOST and PG_PORT (or PG_URL), and that the server is up and lets this machine in.";
    SessionEnded = "P0202", Unavailable, "The database ended the session, is shutting down or is starting.",
        "Nothing, if the server was restarted: it goes on by itself. Otherwise the server's log says who ended the session.";
    Exhausted = "P0203", Unavailable, "The database is out of connections, memory or disk.",
        "Look at the server: max_connections, max_wal_senders, its memory and its disk. It goes on by itself when there is room.";
    Interrupted = "P0204", Unavailable, "A statement was cancelled, or met a lock or another transaction.",
        "Nothing, if it passes. Where it waits for a lock, `/healthz` names the session that holds it.";
    Limit = "P0205", Refused, "A limit of the server is set too low.",
        "Raise the limit that the message names and restart the server; what is counted there may also be in use by others.";
    Login = "P0206", Refused, "The database does not let the role log in, or does not prove who it is.",
        "Check PG_USER and PG_PASSWORD (or PG_URL), and that the server's rules for logins let the role in from this machine.";
    NoDatabase = "P0207", Refused, "The database does not exist.",
        "Check PG_DATABASE (or PG_URL) and `database` in the schema file.";
    NotItself = "P0208", Refused, "What answers is not PostgreSQL itself: a pooler changes what is asked.",
        "Have the pooler hand out whole sessions, or go round it: check PG_HOST and PG_PORT (or PG_URL).";
    ServerTrouble = "P0209", Unavailable, "PostgreSQL met an internal error or an error of its disk.",
        "Read the server's log: it names the file or the bug. Do not set anything up anew before that is understood.";
    ReadOnly = "P0210", Refused, "The server takes no writes: it is a standby.",
        "Name the primary server in PG_HOST or PG_URL.";
    Silent = "P0211", Unavailable, "The database takes what is sent and does not answer in time.",
        "Look at the server and the network between. Where answers take long for a reason, raise PGSYNC_PATIENCE, or PGSYNC_STATEMENT_TIMEOUT for statements that read rows.";
    Answer = "P0212", Refused, "An answer of the database is not of the expected form.",
        "Check that PG_HOST and PG_PORT lead to the database itself, and that what was compiled is of the same version as what runs it.";
    NoTls = "P0213", Refused, "The server does not offer TLS as the settings ask for it.",
        "Turn `ssl` on at the server, or ask for less with PG_SSLMODE.";
    Certificate = "P0214", Refused, "The server's certificate, its authority or its name is not accepted.",
        "Name the authority in PG_SSLROOTCERT, or connect by a name that the certificate holds.";
    ChannelBinding = "P0215", Refused, "The login is not bound to the TLS connection, which the settings ask for.",
        "Let the server ask for scram-sha-256 over TLS, or leave channel_binding=require out.";
    Encoding = "P0216", Refused, "The database has an encoding that cannot be converted to UTF-8.",
        "Dump the database and restore it into one made with ENCODING 'UTF8' TEMPLATE template0.";
    Standby = "P0217", Unavailable, "The server is a standby; it is waited for, as one may be about to be promoted.",
        "Nothing during a failover. Otherwise name the primary server in PG_HOST or PG_URL, or all servers there.";
    ServerSetting = "P0220", Refused, "A setting of MySQL or MariaDB, or its release, stands in the way of following its log.",
        "Change the setting as the message says, in the server's file too (sessions that are open keep the old value), or update the server.";
    UnloggedChanges = "P0221", Refused, "A foreign key changes rows without a word in the server's log, and nobody can tell when.",
        "Give the user SELECT on the tables that the keys refer to, so that their changes can be watched; or take ON DELETE and ON UPDATE actions off the keys.";
    UntransactionalTable = "P0222", Refused, "A table is kept by a storage engine without transactions.",
        "ALTER TABLE .. ENGINE = InnoDB: rows of other engines cannot be read at one moment of the log.";
    TableChanged = "P0301", Reload, "A table is not what its documents were made from.",
        "Nothing, while it loads again. Where the message says that the schema has to be compiled again: `cargo pgsync catalog`, then generate and build.";
    Rights = "P0302", Refused, "The role lacks a right.",
        "Grant the right that the message names. `bootstrap --dry-run` prints the statements that need an owner.";
    Statement = "P0303", Refused, "The database refuses a statement.",
        "Read the statement's error in the message. After a migration: `cargo pgsync check`, then compile again.";
    Comment = "P0320", Refused, "The comment of a publication is not one that bootstrap wrote.",
        "Look at the publication's comment with `\\dRp+` in psql and correct it as the message says.";
    SlotInUse = "P0321", Refused, "A process works with the slot that is to be removed.",
        "Stop the process that works with it, then run `teardown` again.";
    OtherNames = "P0322", Refused, "Another set-up in this database fills the same index.",
        "Go on with the other one through PGSYNC_SLOT and PGSYNC_PUBLICATION, or remove it: `teardown --orphan SLOT`.";
    AnotherFile = "P0323", Refused, "The publication of this name feeds the indexes of another schema file.",
        "Give this file a name of its own, {\"name\": \"...\", \"documents\": [...]}, or set PGSYNC_SLOT and PGSYNC_PUBLICATION.";
    StreamGone = "P0401", Reload, "The slot or the publication is gone, or the log that it needs.",
        "Nothing, while it loads again; where it asks for it, run `bootstrap`. If the server threw the log away, raise max_slot_wal_keep_size.";
    SlotBusy = "P0402", Unavailable, "Another process reads the slot.",
        "Stop the other process, or give this one a slot of its own with PGSYNC_SLOT. If it is the previous one, wait until its connection is gone.";
    Forged = "P0403", Unavailable, "The stream names a position beyond the end of the server's log.",
        "Check that PG_HOST leads to the server that the indexes were filled from, and that nothing between changes what it sends.";
    LogGone = "P0410", Reload, "The server's log no longer holds what follows, or it is the log of another server.",
        "Nothing, while it loads again; keep logs longer to avoid it (binlog_expire_logs_seconds).";
    LogDamaged = "P0411", Unavailable, "What came of the server's log is damaged, or does not come in order.",
        "Nothing, if it passes: it is read again. Otherwise check the network between, and the log with mysqlbinlog --verify-binlog-checksum.";
    LogIncomplete = "P0412", Reload, "Rows have changed that the server's log does not name.",
        "Nothing, while it loads again; set binlog_format=ROW for every session to avoid it.";
    LogNotUnderstood = "P0413", Refused, "The server's log holds something that cannot be followed.",
        "Do what the message says of the setting or the column that it names; where the server is newer than this program, update it.";
    StreamTaken = "P0414", Refused, "Another replica reads the log under the same number.",
        "Give one of the two another name with PGSYNC_SLOT: the number is made from it.";
    OtherTables = "P0501", Drift, "The tables are not those that the schema was compiled for.",
        "Run `cargo pgsync catalog` and `cargo pgsync check`, correct what it names, generate and build; then start with `run --rebuild`.";
    EngineUnavailable = "P0601", Unavailable, "The engine cannot be reached, or cannot do now what it was asked.",
        "Check ELASTICSEARCH_URL, and that the engine is up and has disk left. It goes on by itself.";
    EngineLogin = "P0602", Refused, "The engine refuses the credentials.",
        "Check ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, ELASTICSEARCH_API_KEY or ELASTICSEARCH_BEARER_AUTH.";
    EngineRights = "P0603", Refused, "The engine's user lacks a right.",
        "Give the user manage, read and write on the index, its generations (NAME-*), the state and the quarantine.";
    EngineRedirects = "P0604", Unavailable, "The engine's address redirects to another one, which is not followed.",
        "Set ELASTICSEARCH_URL to the address of the engine itself.";
    EngineAnswer = "P0605", Unavailable, "The engine's answer is larger than any answer of its kind.",
        "Check that ELASTICSEARCH_URL is the address of an engine and not of something before it.";
    EngineRefuses = "P0606", Refused, "The engine refuses a request: a wrong setting, mapping or name.",
        "Check `setting`, `mapping` and `index` of the schema file: the message has the engine's words.";
    IndexGone = "P0607", Reload, "An index that is written to is gone.",
        "Nothing: it is loaded again. Find out who deleted it.";
    ForeignVersion = "P0608", Fatal, "A document has a version from beyond the end of the database's log.",
        "End whatever else writes to the index, and check that the database is the one it was filled from; then `run --rebuild`.";
    PipelineMissing = "P0609", Refused, "The ingest pipeline that documents go through is not there.",
        "Make the pipeline at the engine, or correct `pipeline` in the schema file.";
    MappingLacked = "P0610", Refused, "The engine does not have a type or a parameter of the mapping.",
        "Write a type into `mapping` that this engine has, or use one of the engines that the message names; `check --engine` says it beforehand.";
    AnotherOwner = "P0701", Refused, "The index is fed from another database or through another slot.",
        "Give this one another `index` and PGSYNC_SLOT; where this database is to replace the other: `run --take-over`.";
    NameTaken = "P0702", Refused, "The name of the index is held by something else.",
        "Choose another `index` in the schema file, or remove what holds the name.";
    OtherSchema = "P0703", Refused, "The index was filled from another schema.",
        "Fill a new generation beside it and swap: `run --rebuild`.";
    StateContested = "P0704", Fatal, "The state was written by another process, or removed.",
        "Run one process per slot; then start this one again.";
    StateUnreadable = "P0705", Refused, "The state is in a format that this version does not read.",
        "Run the version that wrote it, or delete the state and let everything be loaded again.";
    QuarantineFull = "P0801", Document, "More documents are refused than the quarantine may hold.",
        "See `quarantine list`; correct the rows or `mapping`, then `quarantine retry --all`, or raise PGSYNC_QUARANTINE_LIMIT.";
    NearlyAllRefused = "P0802", Document, "The engine refuses nearly every document.",
        "Correct `mapping` in the schema file, as the engine's words in the message say; then `run --rebuild`.";
    EntryUnknown = "P0803", Usage, "The quarantine has no such entry.",
        "See `quarantine list` for the entries that there are.";
    EntryNotRead = "P0804", Refused, "An entry of the quarantine cannot be tried again now.",
        "Start `run`, which loads what is missing; then try again.";
    StillRefused = "P0805", Document, "A document that was tried again stays in the quarantine.",
        "Read the engine's words with `quarantine show ID`, correct the row or `mapping`, or forget it with `quarantine drop ID`.";
    Different = "P0901", Document, "An index does not hold what its rows say.",
        "Look at the documents that were named and find out what else writes to the index; `verify --repair` puts them right.";
    NotMended = "P0902", Document, "A document could not be put right.",
        "Read the reason behind the document; where the engine refuses it, correct the row or `mapping`, then `verify --repair` again.";
    NotComparable = "P0903", Refused, "An index cannot be compared with the database now.",
        "Start `run`, which fills what has to be filled; when it follows, start `verify` again.";
    FollowerStands = "P0904", Unavailable, "The process that follows does not get to where the database is.",
        "Look at `status` and the log of `run`; when it gets on, start `verify` again.";
    NotReached = "P0911", Stopped, "What `wait` waits for was not written within its time.",
        "Look at `status` and `/healthz`: they say what is waited for, and whether a process runs at all; or wait longer, --timeout.";
    NoPosition = "P0912", Usage, "What `wait` is to wait for is not a point of the database's log.",
        "Give what the database says of its log after the commit (docs/wait.md has the statement for each), or --now.";
    OtherLog = "P0913", Refused, "The point that `wait` waits for is behind the end of the database's log.",
        "Check that the commit went to this database; a server that took the place of another may not have it: commit it again.";
    NotAsked = "P0914", Refused, "What answers at the address of the status endpoint is not this program, or another version.",
        "Check --listen or PGSYNC_LISTEN of `wait`: it has to be that of `run`.";
    InTheWay = "P0915", Refused, "`doctor` has found something that stands in the way.",
        "Run the statements that it names, from the top, then `doctor` again.";
    SlotGivenUp = "P0916", Reload, "The server kept more log for the slot than PGSYNC_SLOT_BUDGET allows: the slot was given up.",
        "Nothing, while it loads again. Find out what held it up (`/healthz` before that, the engine's log), or allow more.";
    OutboxGone = "P0921", Reload, "The table that triggers write changes into is gone.",
        "Nothing, while it loads again with `-b`; otherwise run `bootstrap`. Find out who dropped it.";
    OutboxForeign = "P0922", Refused, "A schema of the database has the name of the set-up and was not made by it.",
        "Choose another name with PGSYNC_SLOT, or drop that schema where nobody needs it.";
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
}
