//! `verify`: whether the indexes hold what the database says. In: settings, a program, what to look at. Out: on stdout a line
//! for each document that is missing, extra or different, or an object; what it is at, and a sum, go to stderr. Exit code 0
//! where both are equal or are made so, 1 where they are not.

use super::Log;
use super::operate::reach;
use super::ready::{Access as Database, Ready};
use crate::fetch::Budget;
use crate::sink::{Engine, Patience};
use crate::source::Source;
use crate::source::postgres::Postgres;
use crate::transform::Transforms;
use crate::verify::{Access, Counted, Counts, Extent, Finding, Following, Judging, Parts, Sides, Walk};
use crate::{Code, Error, ErrorKind, Result};
use clap::Args;
use std::sync::Arc;

/// What to compare.
#[derive(Debug, Clone, Args)]
pub struct VerifyOptions {
    /// Only this index; may be given several times
    #[arg(long, value_name = "NAME")]
    index: Vec<String>,
    /// Only the documents with these `_id`s; needs one --index where there are several
    #[arg(long, value_name = "ID", conflicts_with_all = ["sample", "limit"])]
    id: Vec<String>,
    /// So many rows and documents of each index, from anywhere
    #[arg(long, value_name = "COUNT", conflicts_with = "limit", value_parser = clap::value_parser!(u64).range(1..))]
    sample: Option<u64>,
    /// Only the first rows and documents of each index, so many
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Put right what is wrong: read the rows again, write and delete
    #[arg(long)]
    repair: bool,
    /// Print the values that are different, which are a row's
    #[arg(long)]
    values: bool,
}

/// What `--help` says below the flags.
pub(super) const HELP: &str = "\
Rows are read in ranges and held against the index, then the index is listed and held against the rows.
Both may be in use: a difference is told only when it is none that is still on its way. Where nobody
follows the stream, what has changed since the last run counts as different.

A line names the document, the fields by JSON pointer with kind and size of the values, and why it may
be so. --json prints the same as objects, one a line. What stands in the quarantine is left out.

Exit codes: 0 both are equal, or everything was put right; 1 something is different; 2 wrong usage.

Examples:
  ... verify                          everything
  ... verify --index books --sample 10000
  ... verify --index books --id 42 --values
  ... verify --repair                 the same, and put right what is found

docs/verify.md says how a difference is told from a change on its way, and at which version a repair writes.";

/// Compares the indexes of every database.
pub(super) async fn verify(log: Log, options: &VerifyOptions, all: Vec<Ready>) -> Result<()> {
    let indexes: Vec<String> = all.iter().flat_map(indexes).collect();
    if let Some(unknown) = options.index.iter().find(|index| !indexes.contains(index)) {
        return Err(Error::new(ErrorKind::Usage, format!("the schema has no index `{unknown}`"))
            .help(format!("there are {}", indexes.join(", "))));
    }
    if !options.id.is_empty() && indexes.iter().filter(|index| options.wants(index)).count() != 1 {
        return Err(Error::new(ErrorKind::Usage, "--id names documents of one index")
            .help(format!("name it with --index: there are {}", indexes.join(", "))));
    }
    let counts = Counts::default();
    for ready in all {
        if !indexes_of(&ready).any(|index| options.wants(index)) {
            continue;
        }
        let label = ready.label().map(str::to_owned);
        compare(log, options, ready, &counts).await.map_err(|error| match &label {
            Some(database) => error.of_database(database),
            None => error,
        })?;
    }
    sum(log, options, counts.now())
}

impl VerifyOptions {
    fn wants(&self, index: &str) -> bool {
        self.index.is_empty() || self.index.iter().any(|wanted| wanted == index)
    }

    fn extent(&self) -> Extent {
        match (self.sample, self.limit) {
            (Some(count), _) => Extent::Sample(count),
            (None, Some(count)) => Extent::First(count),
            (None, None) => Extent::Everything,
        }
    }
}

fn indexes_of(ready: &Ready) -> impl Iterator<Item = &str> {
    ready.program.plan.documents.iter().map(|document| document.index.as_str())
}

fn indexes(ready: &Ready) -> Vec<String> {
    indexes_of(ready).map(str::to_owned).collect()
}

async fn compare(log: Log, options: &VerifyOptions, mut ready: Ready, counts: &Counts) -> Result<()> {
    let transforms = Transforms::bind(&mut ready.program, &ready.registered)?;
    match ready.access()? {
        Database::SetUp => {
            let program = Arc::new(ready.program.clone());
            let source = Postgres::new(ready.settings.database.clone(), program, false);
            on(log, options, (&ready, transforms, source), counts).await
        }
        Database::Triggers(source) => on(log, options, (&ready, transforms, source), counts).await,
        #[cfg(feature = "mysql")]
        Database::Log(source) => on(log, options, (&ready, transforms, source), counts).await,
    }
}

async fn on<S: Source>(
    log: Log,
    options: &VerifyOptions,
    (ready, transforms, source): (&Ready, Transforms, S),
    counts: &Counts,
) -> Result<()> {
    let settings = &ready.settings;
    let engine = reach(settings, || Engine::connect(&settings.engine)).await?;
    let program = Arc::new(ready.program.clone());
    let parts = || Parts {
        source: source.clone(),
        engine: engine.clone(),
        program: Arc::clone(&program),
        transforms: transforms.clone(),
        settings: Arc::new(settings.clone()),
        budget: Budget::new(settings.run.memory, settings.run.readers),
        patience: Patience::default(),
        health: None,
    };
    let access = Arc::new(reach(settings, || Access::open(parts())).await?);
    if matches!(access.following, Following::Nobody) {
        tracing::warn!(
            written = %access.state.position,
            "nobody follows the stream: what has changed since it was written counts as different"
        );
    }
    let values = options.values;
    let tell = move |finding: &Finding| {
        let line = if log.json { finding.object(values).to_string() } else { finding.text(values) };
        // Who reads no further has seen enough.
        let _ = super::print(&format!("{line}\n"));
    };
    let judging = Judging { repair: options.repair, tell: Arc::new(tell), counts: counts.clone() };
    for (document, definition) in program.plan.documents.iter().enumerate() {
        if !options.wants(&definition.index) {
            continue;
        }
        let sides = Arc::new(Sides::open(Arc::clone(&access), document)?);
        let walk = Arc::new(Walk::new(sides, judging.clone()).await?);
        if options.id.is_empty() {
            walk.run(options.extent()).await?;
        } else {
            walk.ids(&options.id).await?;
        }
    }
    Ok(())
}

/// Says how it has ended.
fn sum(log: Log, options: &VerifyOptions, counted: Counted) -> Result<()> {
    let Counted { documents, listed, wrong, mended, quarantined, moving } = counted;
    if log.json {
        super::print(&format!("{}\n", serde_json::json!({ "summary": counted })))?;
    }
    tracing::info!(documents, listed, wrong, mended, quarantined, moving, "compared");
    if moving > 0 {
        tracing::info!(documents = moving, "that many changed whenever they were looked at, and were not judged");
    }
    match (wrong, options.repair) {
        (0, _) => Ok(()),
        (wrong, true) if mended == wrong => Ok(()),
        (wrong, true) => {
            let left = wrong - mended;
            Err(Error::coded(
                Code::NotMended,
                format!("{left} of {wrong} documents that are wrong could not be put right"),
            )
            .help("the line of each says why"))
        }
        (wrong, false) => {
            Err(Error::coded(Code::Different, format!("{wrong} documents are not what the database says"))
                .help("find out what else writes to the index; `verify --repair` puts them right"))
        }
    }
}
