//! Reading one kind of document. In: keys of roots, or a range of the root's key, and a snapshot. Out: rendered
//! documents, and deletes for keys without a row.
//!
//! Per level of the tree one flat statement is run for all link values at once. The database decides which rows belong
//! to which value: it returns the ordinal of the value with each row.

use super::documents::Documents;
use super::id::{Part, write_id};
use super::keys::KeySet;
use super::level::{LinkKeys, Linked, Rendered, Shown};
use super::rows::Rows;
use super::session::{Parameter, Session, Snapshot};
use crate::{Error, ErrorKind, Result};
use pgsync_plan::{DocumentStatements, NodeId, Program, RangeStatements, Statement};
use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// A value of the root's key, in binary form, as a bound of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound(Vec<Vec<u8>>);

/// Reads documents of one kind.
#[derive(Debug)]
pub struct DocumentReader {
    program: Arc<Program>,
    document: usize,
    nodes: Vec<Shown>,
    id: Vec<Part>,
    keys_per_statement: usize,
}

impl DocumentReader {
    /// For a document of a program; at most so many keys are asked of one statement.
    pub fn new(program: Arc<Program>, document: usize, keys_per_statement: usize) -> Self {
        let of = &program.plan.documents[document];
        let nodes = (0..of.nodes.len()).map(|node| Shown::new(&program.plan, of, NodeId(node))).collect();
        let table = program.plan.table(of.root().table);
        let part = |position: &usize| {
            let select = &of.root().select[*position];
            Part { kind: table.column(select.column).ty.kind, form: select.form }
        };
        let id = of.id.iter().map(part).collect();
        Self { program, document, nodes, id, keys_per_statement: keys_per_statement.max(1) }
    }

    fn statements(&self) -> &DocumentStatements {
        &self.program.statements[self.document]
    }

    fn ranges(&self) -> &RangeStatements {
        &self.statements().roots_by_range
    }

    /// The keys of the roots that a changed row concerns are added to `roots`.
    ///
    /// # Errors
    /// Those of the session.
    pub async fn roots(&self, session: &mut Session, route: usize, links: &KeySet, roots: &mut KeySet) -> Result<()> {
        let Some(statement) = &self.statements().routes[route] else {
            roots.extend(links);
            return Ok(());
        };
        for start in (0..links.len()).step_by(self.keys_per_statement) {
            let literals = links.slice(start, self.keys_per_statement).array_literals();
            let parameters: Vec<_> = literals.iter().map(|literal| Parameter::Literal(literal)).collect();
            let rows = session.rows(&statement.sql, &parameters).await?;
            for row in 0..rows.len() {
                let key: Option<Vec<&[u8]>> = (0..roots.arity()).map(|column| rows.get(row, column)).collect();
                // A root without a whole key has no document.
                if let Some(key) = key {
                    roots.insert(key);
                }
            }
        }
        Ok(())
    }

    /// Documents of these keys. A key whose `_id` no row has is deleted, also where a row is found that the database
    /// calls equal but that is spelled differently. Each `_id` appears once.
    ///
    /// # Errors
    /// Those of the session.
    pub async fn read_keys(&self, snapshot: &mut Snapshot<'_>, keys: &KeySet, out: &mut Documents) -> Result<()> {
        for start in (0..keys.len()).step_by(self.keys_per_statement) {
            let literals = keys.slice(start, self.keys_per_statement).array_literals();
            let parameters: Vec<_> = literals.iter().map(|literal| Parameter::Literal(literal)).collect();
            let rows = snapshot.session.rows(&self.statements().roots_by_key.sql, &parameters).await?;
            self.keyed(snapshot, &rows, out).await?;
        }
        Ok(())
    }

    async fn keyed(&self, snapshot: &mut Snapshot<'_>, rows: &Rows, out: &mut Documents) -> Result<()> {
        let parts = self.id.len();
        let (found, offset) = (1 + parts, 2 + parts);
        let exists = |row: usize| rows.get(row, found).is_some_and(|value| value != [0]);
        let live: Vec<usize> = (0..rows.len()).filter(|row| exists(*row)).collect();
        let children = self.children(snapshot, NodeId(0), rows, &live, offset).await?;
        let mut written: HashSet<Vec<u8>> = HashSet::new();
        for row in live {
            let mut id = Vec::new();
            self.root_id(rows, row, offset, &mut id)?;
            if written.contains(&id) {
                continue;
            }
            self.document(rows, row, offset, &children, &id, out)?;
            written.insert(id);
        }
        for row in 0..rows.len() {
            let mut id = Vec::new();
            write_id(&self.id, (0..parts).map(|part| rows.get(row, 1 + part)), &mut id)?;
            if !written.contains(&id) {
                out.delete(|buffer| buffer.extend_from_slice(&id));
                written.insert(id);
            }
        }
        Ok(())
    }

    /// Documents of a range of the root's key, `(after, until]`.
    ///
    /// # Errors
    /// Those of the session.
    pub async fn read_range(
        &self,
        snapshot: &mut Snapshot<'_>,
        after: Option<&Bound>,
        until: Option<&Bound>,
        out: &mut Documents,
    ) -> Result<()> {
        let ranges = self.ranges();
        let statement = match (after, until) {
            (None, None) => &ranges.all,
            (None, Some(_)) => &ranges.until,
            (Some(_), None) => &ranges.after,
            (Some(_), Some(_)) => &ranges.between,
        };
        let bounds = after.iter().chain(until.iter()).flat_map(|bound| &bound.0);
        let parameters: Vec<_> = bounds.map(|value| Parameter::Binary(value)).collect();
        let rows = snapshot.session.rows(&statement.sql, &parameters).await?;
        let all: Vec<usize> = (0..rows.len()).collect();
        let children = self.children(snapshot, NodeId(0), &rows, &all, 0).await?;
        let mut id = Vec::new();
        for row in all {
            id.clear();
            self.root_id(&rows, row, 0, &mut id)?;
            self.document(&rows, row, 0, &children, &id, out)?;
        }
        Ok(())
    }

    /// The key that ends a range of so many rows; `None` when fewer are left.
    ///
    /// # Errors
    /// Those of the session.
    pub async fn cut(&self, session: &mut Session, after: Option<&Bound>, rows: i64) -> Result<Option<Bound>> {
        let mut parameters = Vec::new();
        let statement: &Statement = match after {
            None => &self.ranges().cut_first,
            Some(bound) => {
                parameters.extend(bound.0.iter().map(|value| Parameter::Binary(value)));
                &self.ranges().cut_next
            }
        };
        parameters.push(Parameter::Count(rows));
        let rows = session.rows(&statement.sql, &parameters).await?;
        if rows.len() == 0 {
            return Ok(None);
        }
        let width = self.program.plan.documents[self.document].root().key.len();
        let key: Option<Vec<Vec<u8>>> = (0..width).map(|column| rows.get(0, column).map(<[u8]>::to_vec)).collect();
        key.map(Bound).map(Some).ok_or_else(|| {
            Error::new(ErrorKind::Refused, format!("a key of {} is null", self.table()))
                .help("a root's key must not be null")
        })
    }

    /// About how many roots there are.
    ///
    /// # Errors
    /// Those of the session.
    pub async fn estimate(&self, session: &mut Session) -> Result<u64> {
        let rows = session.rows(&self.ranges().estimate.sql, &[]).await?;
        let value = (rows.len() > 0).then(|| rows.get(0, 0)).flatten();
        let count = value.and_then(|value| value.try_into().ok()).map_or(0, i64::from_be_bytes);
        Ok(u64::try_from(count).unwrap_or(0))
    }

    fn table(&self) -> String {
        self.program.plan.table(self.program.plan.documents[self.document].root().table).qualified()
    }

    fn root_id(&self, rows: &Rows, row: usize, offset: usize, out: &mut Vec<u8>) -> Result<()> {
        let positions = &self.program.plan.documents[self.document].id;
        write_id(&self.id, positions.iter().map(|position| rows.get(row, offset + position)), out)
    }

    fn document(
        &self,
        rows: &Rows,
        row: usize,
        offset: usize,
        children: &[Linked],
        id: &[u8],
        out: &mut Documents,
    ) -> Result<()> {
        let mut rendered = Ok(());
        out.index(
            |buffer| buffer.extend_from_slice(id),
            |buffer| rendered = self.nodes[0].row(rows, row, offset, children, buffer),
        );
        rendered
    }

    /// Reads what hangs on these rows of a node, child by child.
    fn children<'a>(
        &'a self,
        snapshot: &'a mut Snapshot<'_>,
        node: NodeId,
        rows: &'a Rows,
        live: &'a [usize],
        offset: usize,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<Linked>>> + Send + 'a>> {
        Box::pin(async move {
            let mut linked = Vec::new();
            for child in &self.nodes[node.0].children {
                let mut keys = LinkKeys::new(child.link.len(), self.keys_per_statement);
                let mut of_row = vec![None; rows.len()];
                for &row in live {
                    of_row[row] = keys.position(child.link.iter().map(|column| rows.get(row, offset + column)));
                }
                let values = self.level(snapshot, child.node, &keys).await?;
                linked.push(Linked { of_row, values });
            }
            Ok(linked)
        })
    }

    async fn level(&self, snapshot: &mut Snapshot<'_>, node: NodeId, keys: &LinkKeys) -> Result<Rendered> {
        let mut rendered = Rendered::new(keys.len());
        let Some(statement) = &self.statements().levels[node.0] else { return Ok(rendered) };
        for (position, (count, columns)) in keys.chunks.iter().enumerate() {
            let parameters: Vec<_> =
                columns.iter().map(|elements| Parameter::Array { count: *count, elements }).collect();
            let rows = snapshot.session.rows(&statement.sql, &parameters).await?;
            let all: Vec<usize> = (0..rows.len()).collect();
            let children = self.children(snapshot, node, &rows, &all, 1).await?;
            rendered.add(&self.nodes[node.0], &rows, position * self.keys_per_statement, &children)?;
        }
        Ok(rendered)
    }
}
