//! One row of an answer. In: the driver's row, and in which codec each column arrives. Out: bytes of the plan's codecs, in a
//! buffer that is filled again for the next row.

use super::delivery::Delivery;
use super::value;
use crate::source::ReadRow;
use crate::{Code, Error, Result};
use mysql_async::Value;

/// A row, until the next one is read.
#[derive(Debug, Default)]
pub struct Row {
    bytes: Vec<u8>,
    /// Per value where it begins and ends; none for NULL.
    spans: Vec<Option<(usize, usize)>>,
}

impl Row {
    /// Takes the place of the row before.
    pub(super) fn fill(&mut self, row: &mysql_async::Row, columns: &[Delivery]) -> Result<()> {
        self.bytes.clear();
        self.spans.clear();
        for (at, delivery) in columns.iter().enumerate() {
            let value = row.as_ref(at).unwrap_or(&Value::NULL);
            if *value == Value::NULL {
                self.spans.push(None);
                continue;
            }
            let start = self.bytes.len();
            value::write(*delivery, value, &mut self.bytes).ok_or_else(|| {
                let name = row.columns_ref().get(at).map(|column| column.name_str().into_owned()).unwrap_or_default();
                Error::coded(Code::Answer, format!("a value of column {name} is not of the form that its type has"))
            })?;
            self.spans.push(Some((start, self.bytes.len())));
        }
        Ok(())
    }
}

impl ReadRow for Row {
    fn width(&self) -> usize {
        self.spans.len()
    }

    fn value(&self, column: usize) -> Result<Option<&[u8]>> {
        Ok(self.spans.get(column).copied().flatten().and_then(|(start, end)| self.bytes.get(start..end)))
    }
}
