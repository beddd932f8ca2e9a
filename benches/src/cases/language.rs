//! What parts of the schema language cost. In: the library, and the same with one part more. Out: how fast each loads, and
//! works off updates of children, beside the library as it is.

use super::backlog::{self, Changes};
use super::build;
use super::first_load::{cost, load, rates};
use crate::Outcome;
use crate::copies::Copy;
use crate::dataset::Dataset;
use crate::figures::Figures;
use crate::ours;
use crate::process::Program;
use crate::site::Site;
use crate::target::Target;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The program with a plugin that looks at every document and changes none.
const MAIN: &str = r#"
#[rustfmt::skip]
mod schema;

fn main() -> std::process::ExitCode {
    let read = |book: &mut pgsync_runtime::Item<schema::books::Book>| {
        std::hint::black_box(&book.title);
        Ok::<(), pgsync_runtime::TransformError>(())
    };
    schema::app().transform(pgsync_runtime::each("Read", "1", read)).main()
}
"#;

/// A part of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// None: the library as it is.
    Plain,
    /// A condition on the reviews that holds for four of five.
    Where,
    /// Two of three reviews.
    Limit,
    /// Figures of the reviews in place of them.
    Aggregate,
    /// A plugin.
    Hook,
}

impl Part {
    const ALL: [Self; 5] = [Self::Plain, Self::Where, Self::Limit, Self::Aggregate, Self::Hook];

    fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Where => "where",
            Self::Limit => "limit",
            Self::Aggregate => "aggregate",
            Self::Hook => "hook",
        }
    }

    /// Puts it into the library's schema.
    fn put_into(self, schema: &mut Value) {
        let document = &mut schema[0];
        let reviews = &mut document["nodes"]["children"][2];
        match self {
            Self::Plain => {}
            Self::Where => reviews["where"] = json!("stars > 1"),
            Self::Limit => {
                reviews["order_by"] = json!(["written"]);
                reviews["limit"] = json!(2);
            }
            Self::Aggregate => {
                *reviews = json!({
                    "table": "review",
                    "label": "reviews",
                    "aggregate": { "count": "count(*)", "best": "max(stars)", "mean": "avg(stars)" }
                });
            }
            Self::Hook => {
                document["plugins"] = json!(["Read"]);
                // The binary is made once, for a copy that is gone when it runs: it is told its database.
                document.as_object_mut().map(|document| document.remove("database"));
            }
        }
    }

    fn rewrite(self, file: &Path) -> Outcome {
        let mut schema = serde_json::from_str(&std::fs::read_to_string(file)?)?;
        self.put_into(&mut schema);
        Ok(std::fs::write(file, serde_json::to_vec_pretty(&schema)?)?)
    }
}

pub(super) async fn run(site: &Site, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    let library = Dataset::Library(site.scaled(200_000));
    let binary = with_a_hook(site, library, &null).await?;
    // In turns, so that what disturbs the machine for a while disturbs all of them.
    for _ in 0..site.runs() {
        for part in Part::ALL {
            let fresh = async || -> Outcome<Copy> {
                let mut copy = library.fresh(site).await?;
                part.rewrite(&copy.schema)?;
                copy.binary = (part == Part::Hook).then(|| binary.clone());
                Ok(copy)
            };
            let case = format!("language/{}/load", part.name());
            null.reset().await?;
            let loaded = load(site, fresh().await?, &null).await?;
            rates(figures, &case, "pgsync", library.documents(), loaded.seconds);
            cost(figures, &case, "pgsync", library.documents(), loaded.usage, loaded.servers);
            let case = format!("language/{}/child-updates", part.name());
            let changes = Changes::of_children(&case, site.sized(100_000, 50_000));
            backlog::ours(site, fresh().await?, &null, &changes, figures).await?;
        }
    }
    Ok(())
}

/// The binary of the library with a plugin.
async fn with_a_hook(site: &Site, library: Dataset, null: &Target) -> Outcome<PathBuf> {
    let copy = library.fresh(site).await?;
    Part::Hook.rewrite(&copy.schema)?;
    let log = site.folder.path().join("hook.log");
    Program::finish(&mut ours::command(site, &copy, null, &["catalog"]), &log).await?;
    let made = build::generate(site, &copy, null, "library-hook").await?;
    std::fs::write(made.join("src/main.rs"), MAIN)?;
    let binary = build::compile(site, &made).await?;
    copy.remove().await?;
    Ok(binary)
}
