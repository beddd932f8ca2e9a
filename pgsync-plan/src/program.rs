//! What a binary embeds: the plan, the SQL, the indexes, the capture set-up. In: canonical JSON, or the parts of generated
//! code ([`crate::Parts`]). Out: [`Program`].

use crate::{DocumentStatements, EngineNeed, EngineVersion, Plan};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Everything the runtime needs to know about one schema file.
///
/// ```
/// # fn example(program: &pgsync_plan::Program) {
/// for document in &program.plan.documents {
///     println!("{} is made of {} tables", document.index, document.nodes.len());
/// }
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Program {
    /// Version of this format; see [`Program::FORMAT`].
    pub format: u32,
    /// Which kind of database it reads, and whose SQL the statements are.
    pub dialect: Dialect,
    /// The database that the schema file names, in which names of the environment may stand until the program starts
    /// ([`crate::substitute`]); `None` where it leaves that to the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// The dialect-neutral plan.
    pub plan: Plan,
    /// Statements per document, in the order of [`Plan::documents`].
    pub statements: Vec<DocumentStatements>,
    /// Index definitions per document, in the same order.
    pub indexes: Vec<IndexDefinition>,
    /// What is set up in the database to capture changes.
    pub capture: Capture,
}

impl Program {
    /// The format this crate reads and writes.
    pub const FORMAT: u32 = 2;

    /// Reads the canonical JSON form.
    ///
    /// # Errors
    /// When the text is not a program, or one of another format version.
    pub fn from_json(text: &str) -> Result<Self, ProgramError> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let head: Head = serde_json::from_str(text).map_err(ProgramError::Json)?;
        if head.format != Self::FORMAT {
            return Err(ProgramError::Format { found: head.format });
        }
        serde_json::from_str(text).map_err(ProgramError::Json)
    }

    /// The canonical JSON form: one line, members in declaration order, so equal programs give equal bytes.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a program has string keys and finite numbers only")
    }
}

/// Why a text is not a [`Program`].
#[derive(Debug)]
pub enum ProgramError {
    /// Not JSON of this shape.
    Json(serde_json::Error),
    /// Written by another version of the compiler.
    Format {
        /// The version found.
        found: u32,
    },
    /// A statement is named and not there.
    Statement {
        /// Its name.
        name: String,
    },
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "the embedded plan cannot be read: {error}"),
            Self::Statement { name } => write!(
                f,
                "the embedded plan names statement `{name}`, which is not there; generate it again, and do not edit it"
            ),
            Self::Format { found } => write!(
                f,
                "the embedded plan has format {found}, this runtime reads format {}; use the same version of pgsync to generate and to run",
                Program::FORMAT
            ),
        }
    }
}

impl std::error::Error for ProgramError {}

/// The index of one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexDefinition {
    /// `settings` of the index-creation request.
    pub settings: serde_json::Value,
    /// `mappings` of the index-creation request, inferred and merged with what the user wrote, without our `_meta`.
    pub mappings: serde_json::Value,
    /// SHA-256, in hex, over the document's normalised plan, `mappings` and `settings`.
    pub fingerprint: String,
    /// The text that `fingerprint` is the hash of: canonical pretty JSON. It is stored with the index so that a
    /// difference can be named.
    pub identity: String,
    /// Words of `mappings` that not every supported engine has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<EngineNeed>,
}

impl IndexDefinition {
    /// What of it an engine lacks.
    pub fn lacked_by(&self, version: &EngineVersion) -> Vec<&EngineNeed> {
        self.needs.iter().filter(|need| need.is_lacked_by(version)).collect()
    }
}

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// PostgreSQL, every supported version.
    Postgres,
    /// MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
}

impl Dialect {
    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
            Self::Mariadb => "MariaDB",
        }
    }

    /// What stands before the digits of bytes, two for each, in the text by which a statement is asked for them.
    pub fn before_bytes(self) -> &'static str {
        match self {
            Self::Postgres => "\\x",
            Self::Mysql | Self::Mariadb => "",
        }
    }
}

/// How changes are captured, and under which names. What it must carry of each table follows from [`Plan::tables`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capture {
    /// PostgreSQL's logical replication with the plugin `pgoutput`.
    LogicalReplication(LogicalReplication),
    /// The log that MySQL and MariaDB keep for replicas. Nothing is set up for it in the database.
    Binlog(Binlog),
}

impl Capture {
    /// What the set-up is called: state, quarantine and locks are kept under this name.
    pub fn name(&self) -> &str {
        match self {
            Self::LogicalReplication(replication) => &replication.slot,
            Self::Binlog(binlog) => &binlog.name,
        }
    }

    /// The names of logical replication.
    ///
    /// # Errors
    /// Where changes are captured in another way.
    pub fn logical_replication(&self) -> Result<&LogicalReplication, CaptureError> {
        match self {
            Self::LogicalReplication(replication) => Ok(replication),
            Self::Binlog(_) => Err(CaptureError { found: "a binlog", wanted: "logical replication" }),
        }
    }

    /// The names of what follows a binlog.
    ///
    /// # Errors
    /// Where changes are captured in another way.
    pub fn binlog(&self) -> Result<&Binlog, CaptureError> {
        match self {
            Self::Binlog(binlog) => Ok(binlog),
            Self::LogicalReplication(_) => Err(CaptureError { found: "logical replication", wanted: "a binlog" }),
        }
    }
}

/// A program met what captures changes in another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaptureError {
    found: &'static str,
    wanted: &'static str,
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the schema was compiled to follow {}, and this needs one that follows {}", self.found, self.wanted)
    }
}

impl std::error::Error for CaptureError {}

/// Names of what logical replication needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogicalReplication {
    /// Name of the schema file, from which the runtime derives the others once it knows the database; empty: they stay.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Name of the publication.
    pub publication: String,
    /// Name of the replication slot.
    pub slot: String,
}

/// Names of what following a binlog needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binlog {
    /// Name of the schema file, from which the runtime derives the other once it knows the database; empty: it stays.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Name of the set-up: state, quarantine and locks.
    pub name: String,
}
