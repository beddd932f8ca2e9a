//! What the application registers, and what the schema names. In: both. Out: the transforms of each document in the order of
//! its `plugins`, with their versions in what the index is made from; or all that does not fit, as one error.

use super::Transform;
use super::chain::{Chain, Step, Typed};
use crate::settings;
use crate::types::Document;
use crate::{Code, Error, Result};
use pgsync_plan::{FieldValue, Node, Program, Shape};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A transform for the documents of one index.
#[derive(Clone)]
pub struct Registration {
    /// As the schema file has it, names of the environment in it too.
    index: String,
    name: String,
    version: String,
    /// An `Arc<dyn Step<D>>`; which `D` that is only `assemble` knows.
    step: Arc<dyn Any + Send + Sync>,
    assemble: Assemble,
}

/// Puts the transforms of an index together, which are all of one struct, with the fields of its documents.
type Assemble = fn(&[&Registration], Vec<String>) -> Option<Arc<dyn Chain>>;

impl Registration {
    /// Of a transform.
    pub fn new<D: Document, T: Transform<D>>(transform: T) -> Self {
        let (name, version) = (transform.name().to_owned(), transform.version().to_owned());
        let step: Arc<dyn Step<D>> = Arc::new(transform);
        Self { index: D::INDEX.to_owned(), name, version, step: Arc::new(step), assemble: assemble::<D> }
    }

    #[cfg(test)]
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} for {}", self.name, self.version, self.index)
    }
}

/// `None` where one is of another struct.
fn assemble<D: Document>(registered: &[&Registration], fields: Vec<String>) -> Option<Arc<dyn Chain>> {
    let step = |each: &&Registration| each.step.downcast_ref::<Arc<dyn Step<D>>>().cloned();
    let steps: Option<Vec<_>> = registered.iter().map(step).collect();
    Some(Arc::new(Typed { steps: steps?, fields }))
}

/// The fields of a node's objects, those of flattened children among them.
fn fields(document: &pgsync_plan::Document, node: &Node) -> Vec<String> {
    let mut names = Vec::new();
    for field in node.fields.iter().filter(|field| !field.hidden) {
        match field.value {
            FieldValue::Child(child) if document.node(child).shape == Shape::Flat => {
                names.extend(fields(document, document.node(child)));
            }
            _ => names.push(field.name.clone()),
        }
    }
    names
}

/// The name that an index has here.
fn index(registration: &Registration) -> Result<String> {
    settings::substituted("index", &registration.index)
}

/// What of it is for each of these programs. What is for an index that none of them has goes to the first, which says so.
///
/// # Errors
/// An index has a name of the environment that is not there.
pub(crate) fn shares<'a>(
    registered: &[Registration],
    programs: impl IntoIterator<Item = &'a Program>,
) -> Result<Vec<Vec<Registration>>> {
    let programs: Vec<&Program> = programs.into_iter().collect();
    let mut shares = vec![Vec::new(); programs.len()];
    for each in registered {
        let index = index(each)?;
        let has = |program: &&Program| program.plan.documents.iter().any(|document| document.index == index);
        let position = programs.iter().position(has).unwrap_or_default();
        if let Some(share) = shares.get_mut(position) {
            share.push(each.clone());
        }
    }
    Ok(shares)
}

/// The transforms of a program, by document.
#[derive(Clone, Default)]
pub(crate) struct Transforms(pub(super) Arc<[Option<Arc<dyn Chain>>]>);

impl fmt::Debug for Transforms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indexes = self.0.iter().filter(|chain| chain.is_some()).count();
        write!(f, "transforms of {indexes} indexes")
    }
}

impl Transforms {
    /// Compares what is registered with what the schema names, and makes the versions part of what each index is made from.
    ///
    /// # Errors
    /// [`Code::TransformMissing`] and [`Code::TransformUnnamed`], with all that is wrong; a name of the environment that is not
    /// there.
    pub(crate) fn bind(program: &mut Program, registered: &[Registration]) -> Result<Self> {
        let here = |each: &Registration| Ok(Registration { index: index(each)?, ..each.clone() });
        let registered = &registered.iter().map(here).collect::<Result<Vec<_>>>()?;
        let mut missing = Vec::new();
        let mut surplus: Vec<String> = Vec::new();
        let mut chains = Vec::new();
        for document in &program.plan.documents {
            let of = |name: &String| registered.iter().find(|each| each.index == document.index && each.name == *name);
            let found: Vec<Option<&Registration>> = document.plugins.iter().map(of).collect();
            let unknown = document.plugins.iter().zip(&found).filter(|(_, found)| found.is_none());
            let unknown: Vec<String> = unknown.map(|(name, _)| format!("`{name}`")).collect();
            if !unknown.is_empty() {
                let index = &document.index;
                missing.push(format!("index `{index}` has plugins that are not registered: {}", unknown.join(", ")));
            }
            let Some(found) = found.into_iter().collect::<Option<Vec<_>>>() else { continue };
            let fields = fields(document, document.root());
            chains.push(match found.first() {
                None => None,
                Some(first) => {
                    let chain = (first.assemble)(&found, fields);
                    if chain.is_none() {
                        surplus.push(format!("the transforms of index `{}` are not all of one struct", document.index));
                    }
                    chain
                }
            });
        }
        for (position, each) in registered.iter().enumerate() {
            let Registration { index, name, .. } = each;
            let document = program.plan.documents.iter().find(|document| document.index == *index);
            match document {
                None => {
                    surplus.push(format!("`{name}` is registered for index `{index}`, which the schema does not have"));
                }
                Some(document) if !document.plugins.contains(name) => surplus.push(format!(
                    "`{name}` is registered for index `{index}`, whose document does not name it in `plugins`"
                )),
                Some(_) if registered[..position].iter().any(|other| (&other.index, &other.name) == (index, name)) => {
                    surplus.push(format!("`{name}` is registered twice for index `{index}`"));
                }
                Some(_) => {}
            }
        }
        if !missing.is_empty() {
            missing.append(&mut surplus);
            return Err(Error::coded(Code::TransformMissing, missing.join("; ")).help(
                "write it and register it where the generated program starts: schema::app().transform(..).main(); \
                 `cargo pgsync run` has no code of yours: `cargo pgsync generate --crate DIR` makes a crate that has",
            ));
        }
        if !surplus.is_empty() {
            return Err(Error::coded(Code::TransformUnnamed, surplus.join("; ")));
        }
        for (document, definition) in program.plan.documents.iter().zip(&mut program.indexes) {
            if document.plugins.is_empty() {
                continue;
            }
            let version = |name: &String| {
                let of = registered.iter().find(|each| each.index == document.index && each.name == *name);
                format!("{name}, version {}", of.map_or("", |each| each.version.as_str()))
            };
            let mut identity: Value = serde_json::from_str(&definition.identity).unwrap_or_default();
            identity["plugins"] = json!(document.plugins.iter().map(version).collect::<Vec<_>>());
            definition.identity = format!("{identity:#}");
            let hash = Sha256::digest(definition.identity.as_bytes());
            definition.fingerprint = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        }
        Ok(Self(chains.into()))
    }

    /// Those of the document at a position of the program.
    pub(crate) fn of(&self, document: usize) -> Option<&Arc<dyn Chain>> {
        self.0.get(document)?.as_ref()
    }
}
