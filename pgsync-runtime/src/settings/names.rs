//! Names of the environment in a program. In: a program, the environment, `.env`. Out: the program with the names of its
//! database, indexes and pipelines as they are here. What an index is made from names the index, so that is written anew.

use super::load::gather;
use crate::{Error, ErrorKind, Result};
use pgsync_plan::{Program, substitute};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Fills in what names of the environment stand for, in this text.
///
/// # Errors
/// [`ErrorKind::Usage`] with a name that is not there.
pub fn substituted(key: &str, text: &str) -> Result<String> {
    if text.contains('$') { filled(key, text, &environment()?) } else { Ok(text.to_owned()) }
}

/// Fills in what names of the environment stand for, once for each program.
///
/// # Errors
/// [`ErrorKind::Usage`] with a name that is not there.
pub fn resolve(program: &mut Program) -> Result<()> {
    let names = program.plan.documents.iter().flat_map(|document| [Some(&document.index), document.pipeline.as_ref()]);
    if names.chain([program.database.as_ref()]).flatten().all(|name| !name.contains('$')) {
        return Ok(());
    }
    resolve_from(program, &environment()?)
}

fn environment() -> Result<BTreeMap<String, String>> {
    gather(Path::new(".env"), std::env::vars_os())
}

fn resolve_from(program: &mut Program, environment: &BTreeMap<String, String>) -> Result<()> {
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
    let indexes: Vec<&str> = program.plan.documents.iter().map(|document| document.index.as_str()).collect();
    let twice = (1..indexes.len()).find(|position| indexes[..*position].contains(&indexes[*position]));
    match twice {
        Some(position) => Err(Error::new(
            ErrorKind::Usage,
            format!("two documents go to the index `{}`, by what the environment says", indexes[position]),
        )),
        None => Ok(()),
    }
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
        resolve_from(&mut templated, &environment(&[("NAME", "author"), ("EVE", "eve")])).unwrap();
        assert_eq!(templated, *program());
    }

    #[test]
    fn what_the_environment_lacks_is_named() {
        let of = |index: &str, variables| {
            let mut program = program().clone();
            program.plan.documents[0].index = index.to_owned();
            resolve_from(&mut program, &environment(variables)).map(|()| program.plan.documents[0].index.clone())
        };
        let missing = of("a_$STAGE", &[]).unwrap_err().to_string();
        assert!(missing.contains("`a_$STAGE`") && missing.contains("no STAGE"), "{missing}");
        assert!(of("$STAGE", &[("STAGE", "")]).unwrap_err().to_string().contains("empty"));
        assert!(of("$STAGE", &[("STAGE", "book")]).unwrap_err().to_string().contains("two documents"));
        assert_eq!(of("a$$b", &[]).unwrap(), "a$b");
    }
}
