//! Made-up rows for counting the instructions of assembly. In: a program. Out: rendered documents' bytes.
#![allow(clippy::expect_used, reason = "the input is made up by a benchmark")]

use super::assemble::{Assembler, LevelRows, Rendered};
use super::budget::Share;
use super::documents::Documents;
use super::layout::{Layout, Level};
use super::links::{GroupedRows, LinkKeys};
use super::row_cache::RowCache;
use super::rows::Rows;
use crate::Version;
use pgsync_plan::{Codec, Program};

/// Rows that each link value finds.
const CHILDREN: usize = 3;

/// Renders documents of as many roots.
pub(crate) fn assemble(program: &Program, roots: usize) -> usize {
    let layout = Layout::new(&program.plan, &program.plan.documents[0]).expect("a plan that can be rendered");
    let mut number = 0;
    let mut root = Rows::new(layout.levels[0].cells.len());
    for _ in 0..roots {
        row(&layout.levels[0], &mut number, &mut root);
    }
    let mut below: Vec<Option<LevelRows>> = Vec::new();
    below.resize_with(layout.levels.len(), || None);
    for (node, level) in layout.levels.iter().enumerate().skip(1) {
        let (parents, offset) = match level.parent {
            Some(parent) if parent > 0 => (below[parent].as_ref().map(|read| &read.found.rows), 1),
            _ => (Some(&root), 0),
        };
        let columns = level.parent_cells.iter().map(|cell| offset + cell);
        let links = parents.map(|parents| LinkKeys::collect(parents, columns)).unwrap_or_default();
        let mut rows = Rows::new(1 + level.cells.len());
        let mut known = Rendered::default();
        let mut tuples = Vec::new();
        for tuple in 0..links.len() as u32 {
            known.push(None);
            for _ in 0..CHILDREN {
                rows.push(Some(&i64::from(tuple + 1).to_be_bytes()));
                row(level, &mut number, &mut rows);
                tuples.push(tuple);
            }
        }
        let found = GroupedRows::new(rows, tuples, &[]);
        below[node] = Some(LevelRows { join: None, links, known, found });
    }
    let assembler = Assembler::new(&layout, &mut below, &RowCache::new(), &Share::unlimited().count())
        .expect("rows of the plan's types");
    let mut documents = Documents::new(Version(1));
    for position in 0..roots {
        let id = position.to_string();
        documents
            .index(id.as_bytes(), |out| assembler.root(&root, (position, 0), true, out).map(drop))
            .expect("rows of the plan's types");
    }
    documents.bytes()
}

/// Adds the cells of one row.
fn row(level: &Level, number: &mut i32, rows: &mut Rows) {
    for cell in &level.cells {
        *number += 1;
        let n = *number;
        match cell {
            Codec::Json => rows.push(Some(br#"{"key": ["value", 1.50]}"#)),
            Codec::Bool => rows.push(Some(&[1])),
            Codec::Int2 => rows.push(Some(&(n as i16).to_be_bytes())),
            Codec::Int4 | Codec::Oid | Codec::Date => rows.push(Some(&n.to_be_bytes())),
            Codec::Float4 => rows.push(Some(&(n as f32).to_be_bytes())),
            Codec::Float8 => rows.push(Some(&f64::from(n).to_be_bytes())),
            Codec::Int8 | Codec::Time | Codec::Timestamp | Codec::TimestampTz => {
                rows.push(Some(&(i64::from(n) * 1_000_003).to_be_bytes()));
            }
            // 1234.56
            Codec::Numeric => rows.push(Some(&[0, 2, 0, 0, 0, 0, 0, 2, 4, 210, 21, 224])),
            Codec::Uuid => rows.push(Some(&[n as u8; 16])),
            Codec::Jsonb => rows.push(Some(b"\x01{\"key\": 1}")),
            _ => rows.push(Some(format!("number {n}, a \"text\" of the usual length").as_bytes())),
        }
    }
}
