//! From the events of a log to the steps of its transactions. In: one event after the other, as the server sent it, and the
//! tables that are wanted. Out: steps, or a refusal, after which this decoder is not asked again.
//!
//! A transaction is an id, then what begins it, then rows, each after the description of its table, then its end. Anything
//! else at any of these places means that a part was lost on the way, and stops the stream: an event that a library or a
//! server left out shows here and nowhere else.
//!
//! Rows of a transaction in two phases are held until it is decided: until then nobody can read them. What has to be streamed
//! again after a restart begins before the oldest that is undecided. Others may have been decided since, whose rows come before
//! that: which decisions were told, and acted on, is known by how far everything was (`settled`).

use super::described::Described;
use super::frame::{self, Frame, Framing};
use super::gtid::{self, Begin, Flavour, Gtid, GtidSet, Xa};
use super::inflate;
use super::kind::{Kind, Rows};
use super::refusal::{Refusal, Result};
use super::rows;
use super::statement::{self, Definition, Statement};
use super::step::Step;
use super::table;
use super::wanted::Wanted;
use crate::position::Version;
use crate::source::{Relation, RelationId};
use std::collections::HashMap;
use std::time::SystemTime;

/// Decodes a stream.
#[derive(Debug, Clone)]
pub struct Decoder {
    framing: Framing,
    wanted: Wanted,
    processed: GtidSet,
    state: State,
    /// Descriptions that hold within this transaction, by the number that rows name.
    tables: HashMap<u64, Option<Described>>,
    /// What was said of each relation last.
    announced: HashMap<RelationId, Relation>,
    prepared: HashMap<Vec<u8>, Prepared>,
    /// Everything up to here was told before this decoder began, and is done.
    settled: Version,
}

#[derive(Debug, Clone)]
enum State {
    /// Between transactions.
    Outside,
    /// Its id has come.
    Announced(Begin),
    /// Its rows come.
    Inside { gtid: Gtid, held: Option<Held> },
}

/// Rows of a transaction in two phases, before the first ends.
#[derive(Debug, Clone)]
struct Held {
    name: Vec<u8>,
    steps: Vec<Step>,
}

/// One whose first phase has ended.
#[derive(Debug, Clone)]
struct Prepared {
    steps: Vec<Step>,
    /// What was processed before it.
    before: GtidSet,
}

impl Decoder {
    /// Begins after `processed`. `checksums` is whether the server's events have them.
    pub fn new(processed: GtidSet, wanted: Wanted, checksums: bool) -> Self {
        Self {
            framing: Framing::new(checksums),
            wanted,
            processed,
            state: State::Outside,
            tables: HashMap::new(),
            announced: HashMap::new(),
            prepared: HashMap::new(),
            settled: Version(0),
        }
    }

    /// Everything up to a version was told before, and is done, also what comes once more.
    pub fn settle(&mut self, settled: Version) {
        self.settled = settled;
    }

    /// How far everything is told.
    fn reached(&self) -> Version {
        self.processed.version().max(self.settled)
    }

    /// What has been read completely.
    pub fn processed(&self) -> &GtidSet {
        &self.processed
    }

    /// From where to stream after a restart.
    pub fn resume(&self) -> GtidSet {
        let oldest = self.prepared.values().map(|prepared| &prepared.before).min_by_key(|before| before.version());
        oldest.unwrap_or(&self.processed).clone()
    }

    /// Reads one event of the stream.
    ///
    /// # Errors
    /// Where it is damaged, is not understood, or does not come where it should.
    pub fn decode(&mut self, event: &[u8], out: &mut Vec<Step>) -> Result<()> {
        let frame = self.framing.outer(event)?;
        self.event(frame, false, out)
    }

    fn event(&mut self, frame: Frame<'_>, inner: bool, out: &mut Vec<Step>) -> Result<()> {
        match Kind::of(frame.number, frame.ignorable)? {
            Kind::Heartbeat => out.push(Step::Idle { version: self.processed.version(), reached: self.reached() }),
            Kind::Harmless => {}
            Kind::FormatDescription => self.outside("the description of a log", inner)?,
            Kind::Rotate => self.outside("the next log", inner)?,
            Kind::Stop => self.outside("the end of the server", inner)?,
            Kind::Gtid { tagged } => {
                self.outside("a transaction's id", inner)?;
                self.announce(gtid::mysql(frame, tagged)?, out)?;
            }
            Kind::MariaGtid => {
                self.outside("a transaction's id", inner)?;
                self.announce(gtid::mariadb(frame)?, out)?;
            }
            Kind::Payload => {
                if inner || !matches!(self.state, State::Announced(_)) {
                    return Err(Refusal::Order { found: "a compressed transaction", place: self.place() });
                }
                self.payload(frame.body, out)?;
            }
            Kind::Query => self.statement(frame.body, false, out)?,
            Kind::CompressedQuery => self.statement(frame.body, true, out)?,
            Kind::TableMap => self.describe(frame.body, out)?,
            Kind::Rows(kind) => self.rows(kind, frame.body, out)?,
            Kind::Xid => self.commit("the end of a transaction", out)?,
            Kind::XaPrepare => self.prepare(frame.body, out)?,
        }
        Ok(())
    }

    /// Nothing may be open here.
    fn outside(&self, found: &'static str, inner: bool) -> Result<()> {
        match self.state {
            State::Outside if !inner => Ok(()),
            _ => Err(Refusal::Order { found, place: self.place() }),
        }
    }

    fn place(&self) -> &'static str {
        match self.state {
            State::Outside => "outside of a transaction",
            State::Announced(_) => "where a transaction should begin",
            State::Inside { .. } => "inside a transaction that has not ended",
        }
    }

    fn announce(&mut self, begin: Begin, out: &mut Vec<Step>) -> Result<()> {
        let flavour = match begin.gtid {
            Gtid::MySql { .. } => Flavour::MySql,
            Gtid::MariaDb { .. } => Flavour::MariaDb,
        };
        if flavour != self.processed.flavour() || self.processed.contains(&begin.gtid) {
            return Err(Refusal::Order { found: "a transaction that was read before", place: "in the stream" });
        }
        if !begin.begun {
            self.state = State::Announced(begin);
            return Ok(());
        }
        match &begin.xa {
            Some(Xa::Prepare(name)) => {
                let held = Held { name: name.clone(), steps: Vec::new() };
                self.state = State::Inside { gtid: begin.gtid, held: Some(held) };
            }
            _ => self.begin(begin, out),
        }
        Ok(())
    }

    /// What is announced begins, and is no transaction of two phases.
    fn begin(&mut self, begin: Begin, out: &mut Vec<Step>) {
        let version = self.processed.version_with(&begin.gtid);
        out.push(Step::Begin { gtid: begin.gtid.clone(), committed_at: begin.committed_at, version });
        self.state = State::Inside { gtid: begin.gtid, held: None };
    }

    /// The events of a compressed transaction: without its id, which came before, and with its end.
    fn payload(&mut self, body: &[u8], out: &mut Vec<Step>) -> Result<()> {
        let events = inflate::payload(body)?;
        let mut rest = &events[..];
        while !rest.is_empty() {
            let (frame, size) = frame::inner(rest)?;
            self.event(frame, true, out)?;
            rest = rest.get(size..).unwrap_or_default();
        }
        match self.state {
            State::Outside => Ok(()),
            _ => Err(Refusal::Order { found: "the end of a compressed transaction", place: self.place() }),
        }
    }

    fn statement(&mut self, body: &[u8], compressed: bool, out: &mut Vec<Step>) -> Result<()> {
        let (database, statement) = statement::read(body, compressed)?;
        let announced = match std::mem::replace(&mut self.state, State::Outside) {
            State::Announced(begin) => Some(begin),
            other => {
                self.state = other;
                None
            }
        };
        let Some(begin) = announced else { return self.inside(&database, statement, out) };
        match statement {
            Statement::Begin => self.begin(begin, out),
            Statement::XaStart(name) => {
                self.state = State::Inside { gtid: begin.gtid, held: Some(Held { name, steps: Vec::new() }) };
            }
            Statement::XaCommit(name) => {
                let told = self.processed.version_with(&begin.gtid) <= self.settled;
                let steps = match self.prepared.remove(&name) {
                    Some(prepared) => prepared.steps,
                    // It was prepared before the oldest that is undecided, and this is not the first time that it is decided.
                    None if told => Vec::new(),
                    None => return Err(Refusal::UnknownPrepared),
                };
                self.begin(begin, out);
                self.release(steps, out);
                self.commit("the end of a transaction", out)?;
            }
            Statement::XaRollback(name) => {
                self.prepared.remove(&name);
                self.begin(begin, out);
                self.commit("the end of a transaction", out)?;
            }
            Statement::Definition(definition) => {
                self.begin(begin, out);
                self.define(&database, &definition, out);
                if !definition.rows_follow {
                    self.commit("a definition", out)?;
                }
            }
            Statement::Other(word) => return Err(Refusal::Statement { word }),
            Statement::Commit | Statement::Rollback | Statement::Inside => {
                return Err(Refusal::Order {
                    found: "the end of a transaction",
                    place: "where a transaction should begin",
                });
            }
        }
        Ok(())
    }

    /// A statement among the rows of a transaction.
    fn inside(&mut self, database: &str, statement: Statement, out: &mut Vec<Step>) -> Result<()> {
        let State::Inside { held, .. } = &self.state else {
            return Err(Refusal::Order { found: "a statement", place: self.place() });
        };
        match statement {
            Statement::Inside => Ok(()),
            Statement::Commit | Statement::Rollback if held.is_none() => self.commit("the end of a transaction", out),
            Statement::Definition(definition) => {
                self.define(database, &definition, out);
                Ok(())
            }
            Statement::Other(word) => Err(Refusal::Statement { word }),
            _ => Err(Refusal::Order { found: "a statement that begins or ends another one", place: self.place() }),
        }
    }

    fn define(&mut self, database: &str, definition: &Definition, out: &mut Vec<Step>) {
        let touched = self.wanted.touched(database, definition);
        if !touched.is_empty() {
            self.push(Step::Redefined(touched), out);
        }
    }

    fn describe(&mut self, body: &[u8], out: &mut Vec<Step>) -> Result<()> {
        let State::Inside { held, .. } = &self.state else {
            return Err(Refusal::Order { found: "the description of a table", place: self.place() });
        };
        let held = held.is_some();
        let head = table::head(body)?;
        let id = head.id;
        let Some((described, relation)) = Described::of(head, &self.wanted, self.processed.flavour())? else {
            self.tables.insert(id, None);
            return Ok(());
        };
        // Held rows are handed on with what was said of their table then.
        let new = |relation: &Relation| held || self.announced.get(&relation.id) != Some(relation);
        if let Some(relation) = relation.filter(new) {
            self.push(Step::Relation(relation), out);
        }
        self.tables.insert(id, Some(described));
        Ok(())
    }

    fn rows(&mut self, kind: Rows, body: &[u8], out: &mut Vec<Step>) -> Result<()> {
        let State::Inside { held, .. } = &mut self.state else {
            return Err(Refusal::Order { found: "a change of rows", place: self.place() });
        };
        let head = rows::head(kind, body)?;
        let described = self.tables.get(&head.table).ok_or(Refusal::UnknownTable(head.table))?;
        if let Some(described) = described {
            described.rows(kind, head, held.as_mut().map_or(out, |held| &mut held.steps))?;
        }
        // The next statement describes its tables anew.
        if head.ends_statement {
            self.tables.clear();
        }
        Ok(())
    }

    fn push(&mut self, step: Step, out: &mut Vec<Step>) {
        if let State::Inside { held: Some(held), .. } = &mut self.state {
            held.steps.push(step);
            return;
        }
        if let Step::Relation(relation) = &step {
            self.announced.insert(relation.id, relation.clone());
        }
        out.push(step);
    }

    /// What was held belongs to the transaction that is open now.
    fn release(&mut self, steps: Vec<Step>, out: &mut Vec<Step>) {
        for step in steps {
            self.push(step, out);
        }
    }

    fn commit(&mut self, found: &'static str, out: &mut Vec<Step>) -> Result<()> {
        match std::mem::replace(&mut self.state, State::Outside) {
            State::Inside { gtid, held: None } => {
                self.done(&gtid);
                let (version, reached) = (self.processed.version(), self.reached());
                out.push(Step::Commit { version, reached, resume: self.resume() });
                Ok(())
            }
            other => {
                self.state = other;
                Err(Refusal::Order { found, place: self.place() })
            }
        }
    }

    /// The first phase ends.
    fn prepare(&mut self, body: &[u8], out: &mut Vec<Step>) -> Result<()> {
        let (at_once, name) = statement::prepared(body)?;
        match std::mem::replace(&mut self.state, State::Outside) {
            State::Inside { gtid, held: Some(held) } if held.name == name => {
                if at_once {
                    let begin =
                        Begin { gtid, committed_at: SystemTime::now(), standalone: false, begun: true, xa: None };
                    self.begin(begin, out);
                    self.release(held.steps, out);
                    return self.commit("the end of a transaction", out);
                }
                let before = self.processed.clone();
                self.done(&gtid);
                self.prepared.insert(name, Prepared { steps: held.steps, before });
                Ok(())
            }
            other => {
                self.state = other;
                Err(Refusal::Order { found: "the end of the first phase", place: self.place() })
            }
        }
    }

    fn done(&mut self, gtid: &Gtid) {
        self.processed.add(gtid);
        self.tables.clear();
    }
}
