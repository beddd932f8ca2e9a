//! What stands at a document beside its nodes, where it fails or is filled in at the start. In: a schema file with it. Out:
//! the error in words, or an index under the name that the environment gives.

use crate::support::site::{Site, stop};

/// Puts other keys in the place of the document's index.
fn keys(site: &Site, keys: &str) {
    let file = site.directory.path().join("schema.json");
    let schema = std::fs::read_to_string(&file).unwrap();
    let index = format!("\"index\":\"{}\"", site.index);
    assert!(schema.contains(&index), "{schema}");
    std::fs::write(file, schema.replace(&index, keys)).unwrap();
}

#[tokio::test]
async fn a_pipeline_that_is_not_there_is_told_before_anything_is_written() {
    let site = Site::new("no_pipeline").await;
    keys(&site, r#""index": "no_pipeline", "pipeline": "pgsync-no-such-pipeline""#);
    site.fails(&["sync", "-b"], 1, &["P0609", "`pgsync-no-such-pipeline`", "`no_pipeline`", "PUT /_ingest/pipeline/"]);
    site.leave().await;
}

#[tokio::test]
async fn names_of_the_environment_are_filled_in_at_the_start() {
    let mut site = Site::new("from_environment").await;
    keys(&site, r#""database": "${SHOP}", "index": "from_$PLACE""#);
    site.fails(&["sync", "-b"], 2, &["`database`", "${SHOP}", "the environment has no SHOP"]);
    // The schema file names the database, whatever the settings say.
    let elsewhere = site.database.url.replace(&site.database.name, "postgres");
    assert_ne!(elsewhere, site.database.url);
    let set = [("SHOP", site.database.name.as_str()), ("PG_URL", elsewhere.as_str())];
    site.settings = set.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    site.fails(&["sync", "-b"], 2, &["`index`", "the environment has no PLACE"]);
    site.settings.push(("PLACE".to_owned(), "environment".to_owned()));
    let process = site.follow();
    site.converges(&process).await;
    stop(process);
    site.leave().await;
}
