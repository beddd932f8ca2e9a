//! What is published. In: the figures of a run. Out: `results/NAME.json`, `results/NAME.svg`, and the tables between the
//! marks of the README. Cases that were not run keep what an earlier run found for them, with its commit.

mod databases;
mod goals;
mod machine;
mod plot;
mod tables;

use crate::Outcome;
use crate::figures::Figures;
use crate::site::Site;
use machine::Machine;
pub(crate) use machine::commit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A results file.
#[derive(Serialize, Deserialize)]
struct Results {
    /// Where the last run was made, and of what.
    machine: Machine,
    /// When and of which commit each case was run.
    cases: BTreeMap<String, Origin>,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Serialize, Deserialize, Clone)]
struct Origin {
    commit: String,
    date: String,
}

fn path(quick: bool, ending: &str) -> PathBuf {
    Site::home().join("results").join(if quick { "quick" } else { "full" }).with_extension(ending)
}

/// Writes down the figures of a case.
pub(crate) async fn write(site: &Site, case: &str, figures: Figures) -> Outcome {
    let mut machine = Machine::look(site).await?;
    let origin = Origin { commit: machine.commit.clone(), date: machine.date.clone() };
    let earlier = std::fs::read_to_string(path(site.options.quick, "json")).ok();
    let mut results = match earlier.and_then(|text| serde_json::from_str::<Results>(&text).ok()) {
        Some(earlier) => {
            machine.keep(earlier.machine);
            Results { machine, cases: earlier.cases, figures: earlier.figures }
        }
        None => Results { machine, cases: BTreeMap::new(), figures: Figures::default() },
    };
    results.cases.insert(case.to_owned(), origin);
    results.figures.forget(case);
    results.figures.figures.extend(figures.figures);
    results.figures.lines.extend(figures.lines);
    results.figures.sort(&crate::cases::names());
    std::fs::write(path(site.options.quick, "json"), serde_json::to_string_pretty(&results)? + "\n")?;
    publish(site.options.quick)
}

/// Draws the plot of a results file, and rewrites the README from every one there is: the full run's, then the quick one's.
pub(crate) fn publish(quick: bool) -> Outcome {
    let mut runs = Vec::new();
    for kind in [false, true] {
        match std::fs::read_to_string(path(kind, "json")) {
            Ok(text) => runs.push((kind, serde_json::from_str::<Results>(&text)?)),
            Err(_) if kind != quick => {}
            Err(error) => return Err(error.into()),
        }
    }
    for (_, results) in runs.iter().filter(|(kind, _)| *kind == quick) {
        std::fs::write(path(quick, "svg"), plot::draw(&results.figures))?;
    }
    tables::rewrite(&Site::home().join("README.md"), &runs)
}
