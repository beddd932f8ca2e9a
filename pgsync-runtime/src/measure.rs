//! The hot paths on made-up input, with no server and no task around them, so that their instructions can be counted. In:
//! a program and a size. Out: what the path would hand on. Not for use by applications, and nothing here runs in a
//! pipeline.
#![allow(clippy::expect_used, reason = "the input is made up by a benchmark")]

use crate::fetch::measure::assemble;
use crate::pipeline::measure::{Routing, frames};
use crate::source::postgres::Frame;
use pgsync_plan::Program;
use std::sync::Arc;

/// What is counted.
#[derive(Debug)]
pub struct Measured {
    program: Arc<Program>,
}

/// Changes on their way from frames to link values.
#[derive(Debug)]
pub struct Changes(Routing);

impl Measured {
    /// From what generated code embeds.
    ///
    /// # Panics
    /// When that is not a program.
    pub fn new(program: crate::__private::v2::Program) -> Self {
        Self { program: Arc::new(crate::App::new(program).program().expect("a program")) }
    }

    /// Frames of transactions that update one row each, as a server sends them.
    pub fn frames(&self, transactions: u32) -> Vec<Frame> {
        frames(&self.program, transactions)
    }

    /// What takes frames in.
    pub fn changes(&self) -> Changes {
        Changes(Routing::new(Arc::clone(&self.program)))
    }

    /// Renders documents of as many roots from rows as they come over the wire. Returns the bytes of the bulk body.
    ///
    /// # Panics
    /// When the program cannot be rendered.
    pub fn assemble(&self, roots: usize) -> usize {
        assemble(&self.program, roots)
    }
}

impl Changes {
    /// Decodes a frame and sorts its change into the batch at hand.
    ///
    /// # Panics
    /// When the frame is not one.
    pub fn take(&mut self, frame: &Frame) {
        self.0.take(frame);
    }

    /// Hands the batch on. Returns how many bytes of values it holds.
    pub fn hand_on(&mut self) -> usize {
        self.0.hand_on()
    }
}
