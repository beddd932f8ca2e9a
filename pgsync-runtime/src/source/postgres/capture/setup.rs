//! Bootstrap: the publication, the replica identities and the slot. In: [`CaptureState`]. Out: the statements still missing,
//! printed or carried out. It must never make a statement of the user's fail: a table is published only under an
//! identity that lets its rows be updated, and no identity is set that another publication could not bear.
//!
//! The order matters. Identities are set before their tables are published, in one transaction; the slot is made last,
//! so that every change it carries was written under those identities.

use super::check::wal_level;
use super::locked::in_one_transaction;
use super::names::not_of_another_file;
use super::others::{Other, not_under_other_names, others};
use super::replaced::{Replaced, TableName, identifier};
use super::state::{CaptureState, Relation, ReplicaIdentity, TRUNCATES};
use super::{SavedSetup, in_other_database, make_slot, qualified};
use crate::source::postgres::connection::{Operation, failure_of, quote_identifier, quote_literal};
use crate::{Error, ErrorKind, Result};
use pgsync_plan::{Identity, Program, TableKind};
use tokio_postgres::Client;

/// The statements that are missing.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Setup {
    /// Run in one transaction.
    pub statements: Vec<String>,
    /// Make the slot, afterwards and each alone.
    pub slot: Vec<String>,
}

impl Setup {
    /// Compares what is there with what the program needs.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`], naming everything that stands in the way: `wal_level`, a table that cannot be published,
    /// a name that something else has.
    pub(crate) async fn plan(client: &Client, facts: &CaptureState, program: &Program) -> Result<Self> {
        let others = others(client, &program.capture.logical_replication()?.publication).await?;
        if facts.publication.is_none() {
            not_under_other_names(&others, program)?;
        }
        Self::beside(&others, facts, program)
    }

    pub(super) fn beside(others: &[Other], facts: &CaptureState, program: &Program) -> Result<Self> {
        let mut obstacles = Vec::new();
        if facts.wal_level != "logical" {
            obstacles.push(wal_level(facts));
        }
        let name = &program.capture.logical_replication()?.publication;
        let mut memory = SavedSetup::default();
        if let Some(publication) = &facts.publication {
            match SavedSetup::parse(name, publication.comment.as_deref())? {
                Some(known) => {
                    not_of_another_file(&known, program)?;
                    memory = known;
                }
                None => obstacles.push(format!(
                    "a publication named `{name}` exists and was not made by pgsync; choose another name with PGSYNC_PUBLICATION"
                )),
            }
        }
        if let Some(slot) = &facts.slot {
            if let Some(other) = slot.elsewhere(&facts.database) {
                return Err(in_other_database(&program.capture.logical_replication()?.slot, other, &facts.database));
            }
            if slot.plugin.as_deref() != Some(facts.plugin()) {
                obstacles.push(format!(
                    "a replication slot named `{}` exists and is not a logical one of {}; choose another name with \
                     PGSYNC_SLOT",
                    program.capture.logical_replication()?.slot,
                    facts.plugin()
                ));
            }
        }
        let mut setup = Self::default();
        let mut members = Vec::new();
        for ((table, relations), root) in program.plan.tables.iter().zip(&facts.tables).zip(&facts.roots) {
            let Some(root) = *root else {
                obstacles.push(format!("table {} does not exist", table.qualified()));
                continue;
            };
            // A new leaf of a partitioned table without a key, or with a deferrable one, would be published without an
            // identity, and its updates would fail: there the leaves that exist are published by name.
            let through_root = table.kind == TableKind::Partitioned
                && facts.server_version >= 130_000
                && !table.key.is_empty()
                && relations.iter().all(|relation| relation.keyed);
            if through_root {
                members.push((root, qualified(&table.schema, &table.name)));
            }
            for relation in relations {
                let full_name = qualified(&relation.schema, &relation.name);
                if !relation.permanent {
                    obstacles
                        .push(format!("table {full_name} is unlogged or temporary: its changes are not in the log"));
                }
                if !through_root {
                    members.push((relation.oid, full_name.clone()));
                }
                let suffices = relation.suffices(table.identity);
                let known = TableName { schema: relation.schema.clone(), name: relation.name.clone() };
                // Another set-up of ours has made it FULL already. What it was before is too little for this one, too.
                if relation.identity == ReplicaIdentity::Full
                    && let Some(before) = others.iter().find_map(|other| other.replaced.get(&known))
                    && !would_suffice(before, relation, table.identity)
                {
                    memory.replaced.entry(known.clone()).or_insert_with(|| before.clone());
                }
                if let Some(column) = &relation.virtual_column
                    && (!suffices || relation.identity == ReplicaIdentity::Full)
                {
                    obstacles.push(format!(
                        "table {full_name} needs REPLICA IDENTITY FULL and has the virtual generated column `{column}`: \
                         published, updates of that table would then fail; make the column STORED"
                    ));
                }
                if suffices {
                    continue;
                }
                if let Some(other) = &relation.omitted_by {
                    obstacles.push(format!(
                        "table {full_name} needs REPLICA IDENTITY FULL, and publication `{other}` leaves its generated columns \
                         out: updates of that table would then fail; ALTER PUBLICATION {} SET (publish_generated_columns = stored)",
                        quote_identifier(other)
                    ));
                }
                if let Some(other) = &relation.filtered_by {
                    obstacles.push(format!(
                        "table {full_name} needs REPLICA IDENTITY FULL, and publication `{other}` has a column list or row \
                         filter on it: updates of that table would then fail"
                    ));
                }
                memory.replaced.entry(known).or_insert_with(|| previous(relation));
                setup.statements.push(format!("ALTER TABLE {full_name} REPLICA IDENTITY FULL"));
            }
        }
        members.sort();
        memory.name(program)?;
        if facts.has_publications() {
            setup.publication(facts, name, &members, &memory);
        }
        // A slot that is older than the publication, or that the server has removed log of, can never be followed again.
        let slot = &program.capture.logical_replication()?.slot;
        let unpublished = facts.publication.is_none() && facts.has_publications();
        let useless = facts.slot.as_ref().is_some_and(|slot| slot.lost || unpublished);
        if useless {
            setup.slot.push(format!("SELECT pg_drop_replication_slot({})", quote_literal(slot)));
        }
        if useless || facts.slot.is_none() {
            setup.slot.push(make_slot(facts.server_version, slot));
        }
        if obstacles.is_empty() {
            return Ok(setup);
        }
        Err(Error::new(ErrorKind::Refused, format!("bootstrap is not possible:\n  - {}", obstacles.join("\n  - "))))
    }

    fn publication(&mut self, facts: &CaptureState, name: &str, members: &[(u32, String)], memory: &SavedSetup) {
        let tables: Vec<&str> = members.iter().map(|(_, name)| name.as_str()).collect();
        let options = if facts.server_version >= 180_000 {
            "publish = 'insert, update, delete, truncate', publish_generated_columns = stored"
        } else if facts.server_version >= TRUNCATES {
            "publish = 'insert, update, delete, truncate'"
        } else {
            "publish = 'insert, update, delete'"
        };
        match &facts.publication {
            None => self.statements.push(format!(
                "CREATE PUBLICATION {} FOR TABLE {} WITH ({options})",
                quote_identifier(name),
                tables.join(", ")
            )),
            Some(publication) => {
                let mut present = publication.members.clone();
                present.sort_unstable();
                let all = present == members.iter().map(|(oid, _)| *oid).collect::<Vec<_>>();
                if !all || !publication.limited.is_empty() {
                    self.statements.push(format!(
                        "ALTER PUBLICATION {} SET TABLE {}",
                        quote_identifier(name),
                        tables.join(", ")
                    ));
                }
                if !publication.complete || !publication.generated {
                    self.statements.push(format!("ALTER PUBLICATION {} SET ({options})", quote_identifier(name)));
                }
            }
        }
        let comment = memory.text();
        let present = facts.publication.as_ref().and_then(|publication| publication.comment.as_deref());
        let recorded = SavedSetup::parse(name, present).ok().flatten().map(|known| known.replaced);
        // Names alone, which an earlier version did not write, are no reason to ask for the rights of an owner.
        let due = recorded.as_ref() != Some(&memory.replaced) || !self.statements.is_empty();
        if due && present != Some(&comment) {
            self.statements.push(format!(
                "COMMENT ON PUBLICATION {} IS {}",
                quote_identifier(name),
                quote_literal(&comment)
            ));
        }
    }

    /// Whether nothing is missing.
    pub(crate) fn is_empty(&self) -> bool {
        self.statements.is_empty() && self.slot.is_empty()
    }

    /// Every statement, as a script.
    pub(crate) fn script(&self) -> String {
        let mut script = String::new();
        if !self.statements.is_empty() {
            script.push_str("BEGIN;\n");
            for statement in &self.statements {
                script.push_str(statement);
                script.push_str(";\n");
            }
            script.push_str("COMMIT;\n");
        }
        for slot in &self.slot {
            script.push_str(slot);
            script.push_str(";\n");
        }
        script
    }

    /// Carries it out. Table locks are asked for under a short `lock_timeout` and asked for again, so that nobody
    /// queues behind a waiting ALTER TABLE.
    ///
    /// # Errors
    /// Those of the session; missing rights are [`ErrorKind::Refused`] with the statement that was refused.
    pub(crate) async fn apply(&self, client: &Client) -> Result<()> {
        in_one_transaction(client, &self.statements, "bootstrap").await?;
        for slot in &self.slot {
            tracing::info!("making the replication slot; this waits for transactions that are in progress");
            client.batch_execute(slot).await.map_err(|error| failed(slot, error))?;
        }
        Ok(())
    }
}

/// What teardown writes back.
fn previous(relation: &Relation) -> Replaced {
    match (relation.identity, relation.identity_index.as_deref().and_then(identifier)) {
        (ReplicaIdentity::Full, _) => Replaced::Full,
        (ReplicaIdentity::Index, Some((index, _))) => Replaced::Index(index),
        // An identity index that was dropped leaves the table with none.
        (ReplicaIdentity::Nothing, _) | (ReplicaIdentity::Index, None) => Replaced::Nothing,
        (ReplicaIdentity::Default, _) => Replaced::Default,
    }
}

/// Whether the table could go back to this identity and carry enough.
fn would_suffice(before: &Replaced, relation: &Relation, wanted: Identity) -> bool {
    match before {
        Replaced::Full => true,
        Replaced::Default => wanted == Identity::Default && relation.keyed,
        Replaced::Nothing | Replaced::Index(_) => false,
    }
}

fn failed(statement: &str, error: tokio_postgres::Error) -> Error {
    failure_of(Operation::SetUp, &format!("bootstrap failed at `{statement}`"), &error)
}
