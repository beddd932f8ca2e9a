//! Pipelines side by side. In: the programs of a schema file, one for each database. Out: one thing that runs, stops and
//! reports: each index holds what its database holds.
//!
//! They share nothing but the token that stops them. One that fails for good stops the others, as half of a file at work
//! would look like all of it.

use super::{Options, Pipeline};
use crate::health::CombinedHealth;
use crate::settings::Settings;
use crate::transform::{Registration, shares};
use crate::{ErrorKind, Result};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use pgsync_plan::Program;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

/// The programs of a schema file at work, each on its own database. A file that names no more than one is a pipeline by
/// itself, and reports as such.
///
/// ```no_run
/// # async fn example(app: pgsync_runtime::App) -> pgsync_runtime::Result<()> {
/// let settings = app.settings_each()?; // one for each database
/// let pipelines = app.pipelines(settings, pgsync_runtime::Options::default())?;
/// let (stop, health) = (pipelines.stop_token(), pipelines.health());
/// tokio::spawn(async move {
///     // Whatever tells the program to end.
///     stop.cancel();
/// });
/// pipelines.run().await?;
/// println!("{} databases", health.report().databases.len());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Pipelines {
    /// By the names of their databases.
    each: Vec<(String, Pipeline)>,
    stop: CancellationToken,
}

impl Pipelines {
    /// Over programs whose names are settled, each with its settings, in the order of the schema file.
    ///
    /// # Errors
    /// A program that does not fit together, or one that names other plugins than are registered.
    #[doc(hidden)]
    pub fn new(programs: Vec<(Program, Settings)>, registered: &[Registration], options: Options) -> Result<Self> {
        let stop = CancellationToken::new();
        let shares = shares(registered, programs.iter().map(|(program, _)| program))?;
        let mut each = Vec::new();
        for ((program, settings), registered) in programs.into_iter().zip(shares) {
            let database = settings.database.database.clone();
            let mut pipeline = Pipeline::with_transforms(program, &registered, settings, options)?;
            pipeline.context.stop = stop.clone();
            each.push((database, pipeline));
        }
        Ok(Self { each, stop })
    }

    /// Cancelling it drains all of them, as [`Pipeline::stop_token`] does one.
    pub fn stop_token(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// How they are doing.
    pub fn health(&self) -> CombinedHealth {
        self.each.iter().map(|(database, pipeline)| (database.clone(), pipeline.health())).collect()
    }

    /// Loads and follows until stopped, or until all have caught up where the options say so.
    ///
    /// # Errors
    /// The first error of [`Pipeline::run`] of one of them, which names its database; the others are stopped by then.
    pub async fn run(&self) -> Result<()> {
        if let [(_, alone)] = self.each.as_slice() {
            return alone.run().await;
        }
        let mut running: FuturesUnordered<_> = self
            .each
            .iter()
            .map(|(database, pipeline)| {
                let span = tracing::error_span!("pipeline", %database);
                async move { pipeline.run().await.map_err(|error| error.of_database(database)) }.instrument(span)
            })
            .collect();
        let mut first = Ok(());
        while let Some(ended) = running.next().await {
            let Err(error) = ended else { continue };
            self.stop.cancel();
            match &first {
                Ok(()) => first = Err(error),
                // That is what it was asked to.
                Err(_) if error.kind() == ErrorKind::Stopped => {}
                Err(_) => tracing::error!(code = error.code().map(crate::Code::id), %error, "failed too"),
            }
        }
        first
    }
}
