//! Which documents have a row. In: keys of roots. Out: where the document of each row that they find is kept. Nothing below the
//! roots is read.

use super::budget::Share;
use super::keys::KeySet;
use super::reader::{DocumentReader, read};
use super::rows::Rows;
use crate::Result;
use crate::fetch::Halt;
use crate::source::{Arguments, PreparedStatement as _, ReadSession};
use std::collections::HashSet;

/// `_id` and routing.
pub(crate) type Address = (Vec<u8>, Vec<u8>);

impl DocumentReader {
    /// The addresses of the documents whose rows these keys find: `_id` and routing, a JSON text or number or boolean, empty for
    /// none. A row is found by what the database calls equal, and named by its own bytes.
    ///
    /// # Errors
    /// Those of the database, by what they mean.
    pub(crate) async fn addresses<S: ReadSession>(&self, session: &mut S, keys: &KeySet) -> Result<HashSet<Address>> {
        let by_key = self.prepare_roots_by_key(session).await?;
        session.begin().await?;
        let outcome = self.addresses_in(session, &by_key, keys).await;
        match session.end(outcome).await {
            Ok(found) => Ok(found),
            // Nothing limits it.
            Err(Halt::Exceeded) => Ok(HashSet::new()),
            Err(Halt::Failed(error)) => Err(error),
        }
    }

    async fn addresses_in<S: ReadSession>(
        &self,
        session: &S,
        by_key: &S::Statement,
        keys: &KeySet,
    ) -> std::result::Result<HashSet<Address>, Halt> {
        let exists = 1 + self.layout.id.len() + usize::from(self.layout.routing.is_some());
        let mut found = HashSet::new();
        let (mut id, mut routing) = (Vec::new(), Vec::new());
        for start in (0..keys.len()).step_by(self.keys_per_statement) {
            let chunk = start..keys.len().min(start + self.keys_per_statement);
            let mut rows = Rows::new(by_key.width());
            let table = &self.layout.levels[0].table;
            read(session, by_key, Arguments::Keys(keys, chunk), table, &Share::unlimited().count(), &mut rows).await?;
            for row in (0..rows.len()).filter(|row| rows.value(*row, exists) == Some(&[1])) {
                id.clear();
                routing.clear();
                self.id(&rows, row, exists + 1, Some(&self.layout.id), &mut id)?;
                if let Some(position) = self.layout.routing {
                    self.routing(rows.value(row, exists + 1 + position), &mut routing)?;
                }
                found.insert((id.clone(), routing.clone()));
            }
        }
        Ok(found)
    }
}
