//! A schema file that is named by its address. In: what `--config`, SCHEMA or SCHEMA_URL says. Out: whether it is an address,
//! the source that stands there, and the files on this machine that belong to it. What is at an address is never written.

use crate::compile::block_on;
use crate::s3;
use pgsync_codegen::catalog::Catalog;
use pgsync_codegen::{DatabaseSchema, Source};
use pgsync_runtime::internals::{Error, ErrorKind, Result, download};
use std::path::{Path, PathBuf};

/// What is to be compiled: the command line's word, else SCHEMA_URL, else S3_SCHEMA_URL, else the usual file.
pub(crate) fn chosen(config: Option<PathBuf>) -> PathBuf {
    let address = |name| std::env::var_os(name).filter(|address| !address.is_empty()).map(PathBuf::from);
    let address = || address("SCHEMA_URL").or_else(|| address("S3_SCHEMA_URL"));
    config.or_else(address).unwrap_or_else(|| PathBuf::from("schema.json"))
}

/// The address, where it is one.
pub(crate) fn of(path: &Path) -> Option<&str> {
    path.to_str().filter(|text| ["http://", "https://", "s3://"].iter().any(|scheme| text.starts_with(scheme)))
}

/// Reads what stands there.
pub(crate) fn read(address: &str) -> Result<Source> {
    let signed = if address.starts_with("s3://") { Some(s3::signed(address)?) } else { None };
    let text = block_on(download::text(signed.as_deref().unwrap_or(address), address))?;
    let (directory, file) = parts(address);
    // It is called as if it lay in a directory of that name.
    Ok(Source { path: file.to_owned(), text, directory: Some(directory.to_owned()) })
}

/// Where the snapshot of its catalogue is looked for: beside a file, and in the working directory for an address.
pub(crate) fn snapshot(path: &Path) -> PathBuf {
    Catalog::path_beside(local(path))
}

/// The same for each database that the file names.
pub(crate) fn snapshots(path: &Path, each: &[DatabaseSchema]) -> Vec<PathBuf> {
    pgsync_codegen::snapshots(local(path), each)
}

/// The file, or as if what is at the address lay in the working directory.
fn local(path: &Path) -> &Path {
    of(path).map_or(path, |address| Path::new(parts(address).1))
}

/// Refuses to write what is at an address.
pub(crate) fn writable(path: &Path) -> Result<()> {
    match of(path) {
        None => Ok(()),
        Some(address) => Err(Error::new(ErrorKind::Usage, format!("{address} is not a file of this machine"))
            .help("download it, and name the file with --config")),
    }
}

/// Directory and name of the file.
fn parts(address: &str) -> (&str, &str) {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let path = address[..end].split_once("://").map_or("", |(_, rest)| rest);
    let (before, file) = path.rsplit_once('/').unwrap_or((path, ""));
    let directory = before.rsplit_once('/').map_or(before, |(_, directory)| directory);
    (directory, if file.is_empty() { "schema.json" } else { file })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_directory_and_a_name() {
        assert_eq!(parts("https://host/shop/schema.json"), ("shop", "schema.json"));
        assert_eq!(parts("https://host/a/orders.json?x=/y#z"), ("a", "orders.json"));
        assert_eq!(parts("http://host:80/schema.json"), ("host:80", "schema.json"));
        assert_eq!(parts("http://host"), ("host", "schema.json"));
        assert_eq!(parts("s3://bucket/shop/orders.json"), ("shop", "orders.json"));
        assert_eq!(parts("s3://bucket/schema.json"), ("bucket", "schema.json"));
        assert_eq!(snapshot(Path::new("https://host/a/orders.json")), Path::new("orders.catalog.json"));
        assert!(of(Path::new("dir/http:/x")).is_none() && writable(Path::new("http://h/x")).is_err());
        assert!(of(Path::new("s3/x")).is_none() && writable(Path::new("s3://b/x")).is_err());
    }
}
