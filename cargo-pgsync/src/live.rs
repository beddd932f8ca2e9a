//! The catalogue of the live database. In: settings, and a schema file that says which schemas of the database count. Out: a
//! catalogue, the same value for every kind of database.

use pgsync_codegen::ast;
use pgsync_codegen::catalog::{Catalog, PUBLIC, fits, live};
use pgsync_runtime::internals::command::reach;
use pgsync_runtime::internals::settings::{Family, Overrides, Settings, substituted};
use pgsync_runtime::internals::{Result, database};
use std::collections::BTreeSet;

/// Reads the catalogue of the database that the settings and the schema name.
pub(crate) async fn catalog(schema: &ast::Schema, flags: &Overrides) -> Result<Catalog> {
    let database = schema.documents.iter().find_map(|document| document.database.as_ref());
    let database = database.map(|name| substituted("database", &name.value)).transpose()?;
    read(&Overrides { database, ..flags.clone() }, Some(schema)).await
}

/// Reads the catalogue of the schemas that a file names, or of all but the system's.
pub(crate) async fn read(overrides: &Overrides, schema: Option<&ast::Schema>) -> Result<Catalog> {
    let settings = Settings::load(overrides)?;
    match settings.database.family {
        Family::Postgres => postgres(&settings, schema).await,
        Family::MySql => mysql(&settings, schema).await,
    }
}

/// A connection that breaks while it is read counts as one that was not reached: it is tried again for as long.
async fn postgres(settings: &Settings, schema: Option<&ast::Schema>) -> Result<Catalog> {
    let whole = || async {
        let client = database::connect(&settings.database).await?;
        let read = async {
            let wanted = wanted(live::schemas(&client).await?, schema, PUBLIC);
            with_views(wanted, async |schemas| live::read(&client, schemas).await).await
        };
        read.await.map_err(|error| database::failure("the catalogue cannot be read", &error))
    };
    reach(settings, whole).await
}

/// The databases of the server are its schemas, and the one that is connected to is the default.
#[cfg(feature = "mysql")]
async fn mysql(settings: &Settings, schema: Option<&ast::Schema>) -> Result<Catalog> {
    use pgsync_codegen::catalog::mysql;
    use pgsync_runtime::internals::source::mysql::{connect_to_compile, not_compiled};
    let default = &settings.database.database;
    let whole = || async {
        let mut session = connect_to_compile(&settings.database).await?;
        let read = async {
            let wanted = wanted(mysql::schemas(&mut session).await?, schema, default);
            with_views(wanted, async |schemas| mysql::read(&mut session, default, schemas).await).await
        };
        read.await.map_err(|error| not_compiled(&settings.database, "reading the catalogue", error))
    };
    reach(settings, whole).await
}

#[cfg(not(feature = "mysql"))]
async fn mysql(_: &Settings, _: Option<&ast::Schema>) -> Result<Catalog> {
    use pgsync_runtime::internals::{Error, ErrorKind};
    Err(Error::new(ErrorKind::Usage, "this cargo-pgsync was built without MySQL and MariaDB")
        .help("install it with the feature `mysql`"))
}

/// Those of all schemas that count.
fn wanted(all: Vec<String>, schema: Option<&ast::Schema>, default: &str) -> BTreeSet<String> {
    let Some(schema) = schema else { return all.into_iter().collect() };
    let named = schemas(schema, default);
    all.into_iter().filter(|schema| named.iter().any(|pattern| fits(pattern, schema))).collect()
}

/// Reads schemas, and those that their views read of: nobody has named them.
async fn with_views<E>(
    mut wanted: BTreeSet<String>,
    mut read: impl AsyncFnMut(&[String]) -> std::result::Result<Catalog, E>,
) -> std::result::Result<Catalog, E> {
    loop {
        let catalog = read(&wanted.iter().cloned().collect::<Vec<_>>()).await?;
        let views = catalog.tables.iter().filter_map(|table| table.view.as_ref());
        let before = wanted.len();
        wanted.extend(views.flat_map(|view| &view.reads).map(|read| read.schema.clone()));
        if wanted.len() == before {
            return Ok(catalog);
        }
    }
}

/// The database schemas that a schema file names, by names and patterns.
fn schemas(schema: &ast::Schema, default: &str) -> BTreeSet<String> {
    fn add(node: &ast::Node, default: &str, found: &mut BTreeSet<String>) {
        found.insert(node.schema.as_ref().map_or(default, |schema| &schema.value).to_owned());
        let through = node.relationship.as_ref().and_then(|relationship| relationship.through.as_ref());
        if let Some((Some(schema), _)) = through.map(|through| &through.value) {
            found.insert(schema.clone());
        }
        node.children.iter().for_each(|child| add(child, default, found));
    }
    let mut found = BTreeSet::new();
    for document in &schema.documents {
        add(&document.root, default, &mut found);
        found.extend(document.schemas.iter().map(|schema| schema.value.clone()));
    }
    found
}
