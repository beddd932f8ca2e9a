//! Made-up changes for counting the instructions between a frame and its link values. In: a program. Out: frames, and
//! what takes them in. Nothing is asked of a database: relations have the position of their table as oid.
#![allow(clippy::expect_used, reason = "the input is made up by a benchmark")]

use super::batch::Batch;
use super::router::Router;
use crate::Mark;
use crate::source::postgres::Frame;
use crate::source::postgres::Lsn;
use crate::source::{Event, Message as _, RelationId, Transaction};
use bytes::Bytes;
use pgsync_plan::{Program, TableId};
use std::sync::Arc;

/// Takes frames in.
#[derive(Debug)]
pub(crate) struct Routing {
    program: Arc<Program>,
    router: Router,
    batch: Batch,
    open: Option<Transaction>,
}

impl Routing {
    pub(crate) fn new(program: Arc<Program>) -> Self {
        let tables = (0..program.plan.tables.len()).map(|table| (RelationId(table as u32), TableId(table)));
        let router = Router::new(Arc::clone(&program), tables.collect());
        let batch = Batch::new(&program, Mark::default());
        Self { program, router, batch, open: None }
    }

    pub(crate) fn take(&mut self, frame: &Frame) {
        match frame.event().expect("a frame") {
            Event::Begin(transaction) => self.open = Some(transaction),
            Event::Commit(end) => self.batch.commit(self.open.take().expect("a beginning"), end),
            Event::Relation(relation) => drop(self.router.announce(&relation)),
            Event::Row(change) => self.router.change(&change, &mut self.batch).expect("old values"),
            _ => {}
        }
    }

    pub(crate) fn hand_on(&mut self) -> usize {
        let next = Batch::new(&self.program, self.batch.end);
        std::mem::replace(&mut self.batch, next).bytes()
    }
}

/// Transactions that update one row each, every table in turn, with both rows whole.
pub(crate) fn frames(program: &Program, transactions: u32) -> Vec<Frame> {
    let mut frames = Vec::new();
    for (oid, table) in (0_u32..).zip(&program.plan.tables) {
        let mut frame = vec![b'R'];
        frame.extend(oid.to_be_bytes());
        frame.extend([table.schema.as_bytes(), b"\0", table.name.as_bytes(), b"\0f"].concat());
        frame.extend((table.columns.len() as u16).to_be_bytes());
        for column in &table.columns {
            frame.push(1);
            frame.extend([column.name.as_bytes(), b"\0", &[0; 8]].concat());
        }
        frames.push(frame);
    }
    for number in 0..transactions {
        let oid = number % program.plan.tables.len() as u32;
        let columns = program.plan.tables[oid as usize].columns.len();
        let position = u64::from(number + 1) * 100;
        frames.push([b"B", position.to_be_bytes().as_slice(), &[0; 8], &number.to_be_bytes()].concat());
        let mut frame = vec![b'U'];
        frame.extend(oid.to_be_bytes());
        for (kind, salt) in [(b'O', 0), (b'N', 1)] {
            frame.push(kind);
            frame.extend((columns as u16).to_be_bytes());
            for column in 0..columns as u32 {
                let value = (number * 7 + column + salt).to_string();
                frame.push(b't');
                frame.extend((value.len() as u32).to_be_bytes());
                frame.extend(value.as_bytes());
            }
        }
        frames.push(frame);
        let end = position + 50;
        frames.push([b"C\0", position.to_be_bytes().as_slice(), &end.to_be_bytes(), &[0; 8]].concat());
    }
    let arrived = |payload| Frame::Data { wal_start: Lsn::ZERO, wal_end: Lsn::ZERO, payload: Bytes::from(payload) };
    frames.into_iter().map(arrived).collect()
}
