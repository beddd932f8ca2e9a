//! What an operator command works on. In: the programs of a schema file and flags. Out: each program with the settings of
//! its database, and its names as they are here.

use crate::settings::{self, CaptureMethod, Family, Overrides, Settings};
use crate::source::postgres::{Triggers, capture};
use crate::transform::{Registration, shares};
use crate::{Error, Result};
use pgsync_plan::Program;

/// What is in a database that is followed.
pub(super) enum Access {
    /// What `bootstrap` has set up.
    SetUp,
    /// What `bootstrap` has set up for capture by triggers.
    Triggers(Triggers),
    /// Nothing of ours: its log is there for whoever may read it.
    #[cfg(feature = "mysql")]
    Log(crate::source::mysql::MySql),
}

/// A program that is ready to be operated.
pub(super) struct Ready {
    pub program: Program,
    pub settings: Settings,
    /// The transforms that are registered for its indexes.
    pub registered: Vec<Registration>,
    /// Whether there are programs of other databases beside it.
    pub one_of_several: bool,
}

impl Ready {
    /// All programs of a schema file.
    ///
    /// # Errors
    /// What is wrong with names and settings.
    pub(super) fn all(mut programs: Vec<Program>, registered: &[Registration], flags: &Overrides) -> Result<Vec<Self>> {
        let settings = settings::settle(&mut programs, flags)?;
        let one_of_several = programs.len() > 1;
        let shares = shares(registered, &programs)?;
        let each = programs.into_iter().zip(settings).zip(shares).map(|((mut program, settings), registered)| {
            capture::name(&mut program.capture, &settings);
            let ready = Self { program, settings, registered, one_of_several };
            ready.settings.database.suits(&ready.program).map_err(|error| ready.named(error))?;
            Ok(ready)
        });
        each.collect()
    }

    /// What its database is for a command that follows nothing.
    ///
    /// # Errors
    /// Where this binary cannot read it.
    pub(super) fn access(&self) -> Result<Access> {
        match self.settings.database.family {
            Family::Postgres => match self.settings.database.capture {
                CaptureMethod::Replication => Ok(Access::SetUp),
                CaptureMethod::Triggers => {
                    let program = std::sync::Arc::new(self.program.clone());
                    Ok(Access::Triggers(Triggers::new(self.settings.database.clone(), program, true)?))
                }
            },
            #[cfg(feature = "mysql")]
            Family::MySql => {
                let program = std::sync::Arc::new(self.program.clone());
                Ok(Access::Log(crate::source::mysql::MySql::new(self.settings.database.clone(), program)?))
            }
            #[cfg(not(feature = "mysql"))]
            Family::MySql => Err(crate::pipeline::not_built(&self.program)),
        }
    }

    /// Its database.
    pub(super) fn database(&self) -> &str {
        &self.settings.database.database
    }

    /// Its database, where it has to be said.
    pub(super) fn label(&self) -> Option<&str> {
        self.one_of_several.then(|| self.database())
    }

    /// Says whose error it is.
    pub(super) fn named(&self, error: Error) -> Error {
        match self.label() {
            Some(database) => error.of_database(database),
            None => error,
        }
    }
}
