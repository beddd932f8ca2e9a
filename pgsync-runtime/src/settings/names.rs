//! Names of the environment in a program. In: a program, the environment, `.env`. Out: the program with the names of its
//! database, indexes and pipelines as they are here. What an index is made from names the index, so that is written anew.

use super::load::gather;
use crate::{Error, ErrorKind, Result};
use pgsync_plan::{Program, substitute};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// Fills in what names of the environment stand for, in this text.
///
/// # Errors
/// [`ErrorKind::Usage`] with a name that is not there.
pub fn substituted(key: &str, text: &str) -> Result<String> {
    if text.contains('$') { filled(key, text, &variables()?) } else { Ok(text.to_owned()) }
}

/// Fills in what names of the environment stand for, once for all programs of a schema file.
///
/// # Errors
/// [`ErrorKind::Usage`] with a name that is not there, or with one that two of them have.
pub fn resolve(programs: &mut [Program]) -> Result<()> {
    if programs.iter().flat_map(names).all(|name| !name.contains('$')) {
        return Ok(());
    }
    resolve_from(programs, &variables()?)
}

fn names(program: &Program) -> impl Iterator<Item = &String> {
    let documents = program.plan.documents.iter();
    let names = documents.flat_map(|document| [Some(&document.index), document.pipeline.as_ref()]);
    names.chain([program.database.as_ref()]).flatten()
}

/// What is set in the environment and in `.env`.
///
/// # Errors
/// [`ErrorKind::Usage`] where the file is malformed.
pub fn variables() -> Result<BTreeMap<String, String>> {
    gather(Path::new(".env"), std::env::vars_os())
}

fn resolve_from(programs: &mut [Program], environment: &BTreeMap<String, String>) -> Result<()> {
    for program in programs.iter_mut() {
        fill(program, environment)?;
    }
    let databases = programs.iter().filter_map(|program| program.database.as_deref());
    if let Some(database) = twice(databases) {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("two databases of the schema file are `{database}`, by what the environment says"),
        )
        .help("set the variables to different names, or write one name in all documents of that database"));
    }
    let indexes = programs.iter().flat_map(|program| &program.plan.documents).map(|document| document.index.as_str());
    match twice(indexes) {
        Some(index) => Err(Error::new(
            ErrorKind::Usage,
            format!("two documents go to the index `{index}`, by what the environment says"),
        )),
        None => Ok(()),
    }
}

/// A name that is there twice.
fn twice<'a>(mut names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut known = BTreeSet::new();
    names.find(|name| !known.insert(*name))
}

fn fill(program: &mut Program, environment: &BTreeMap<String, String>) -> Result<()> {
    if let Some(database) = &mut program.database {
        *database = filled("database", database, environment)?;
    }
    for position in 0..program.plan.documents.len() {
        let document = &mut program.plan.documents[position];
        document.index = filled("index", &document.index, environment)?;
        if let Some(pipeline) = &mut document.pipeline {
            *pipeline = filled("pipeline", pipeline, environment)?;
        }
        let Some(index) = program.indexes.get_mut(position) else { continue };
        let document = &program.plan.documents[position];
        index.identity = pgsync_plan::identity(&program.plan, document, &index.settings, &index.mappings);
        index.fingerprint = Sha256::digest(index.identity.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
    }
    Ok(())
}

fn filled(key: &str, text: &str, environment: &BTreeMap<String, String>) -> Result<String> {
    let filled = substitute(text, |name| environment.get(name).cloned()).map_err(|name| {
        Error::new(
            ErrorKind::Usage,
            format!("`{key}` of the schema file is `{text}`, and the environment has no {name}"),
        )
        .help(format!("set {name}, also in .env; where a `$` is meant, write `$$` in the schema file"))
    })?;
    if filled.is_empty() {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("`{key}` of the schema file is `{text}`, which is empty here"),
        ));
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::program;

    fn environment(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn an_index_is_what_it_would_be_if_its_name_were_written() {
        let mut templated = program().clone();
        templated.plan.documents[0].index = "${NAME}".to_owned();
        templated.plan.documents[1].pipeline = Some("si$EVE".to_owned());
        templated.indexes[0].identity.clear();
        templated.indexes[0].fingerprint.clear();
        resolve_from(std::slice::from_mut(&mut templated), &environment(&[("NAME", "author"), ("EVE", "eve")]))
            .unwrap();
        assert_eq!(templated, *program());
    }

    #[test]
    fn databases_and_indexes_of_all_programs_differ() {
        let said = |databases: [&str; 2], index: &str| {
            let mut programs = databases.map(|database| {
                let mut program = program().clone();
                program.database = Some(database.to_owned());
                program.plan.documents.truncate(1);
                program.indexes.truncate(1);
                program
            });
            programs[1].plan.documents[0].index = index.to_owned();
            let variables = environment(&[("A", "shop"), ("B", "library"), ("I", "author")]);
            resolve_from(&mut programs, &variables).map_err(|error| error.to_string())
        };
        assert_eq!(said(["$A", "$B"], "names"), Ok(()));
        assert!(said(["$A", "shop"], "names").unwrap_err().contains("two databases of the schema file are `shop`"));
        assert!(said(["$A", "$B"], "$I").unwrap_err().contains("two documents go to the index `author`"));
    }

    #[test]
    fn what_the_environment_lacks_is_named() {
        let of = |index: &str, variables| {
            let mut program = program().clone();
            program.plan.documents[0].index = index.to_owned();
            resolve_from(std::slice::from_mut(&mut program), &environment(variables))
                .map(|()| program.plan.documents[0].index.clone())
        };
        let missing = of("a_$STAGE", &[]).unwrap_err().to_string();
        assert!(missing.contains("`a_$STAGE`") && missing.contains("no STAGE"), "{missing}");
        assert!(of("$STAGE", &[("STAGE", "")]).unwrap_err().to_string().contains("empty"));
        assert!(of("$STAGE", &[("STAGE", "book")]).unwrap_err().to_string().contains("two documents"));
        assert_eq!(of("a$$b", &[]).unwrap(), "a$b");
    }
}
