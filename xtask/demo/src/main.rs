//! The demo: a library database, a generated crate, and how long a change takes to be found. In: `PG_URL`,
//! `ELASTICSEARCH_URL`, `--keep`. Out: a story on stdout. It makes a database and an index of its own and removes them.
#![allow(clippy::print_stdout)]

mod database;
mod library;

use database::Database;
use door_generate::library::{Book, INDEX};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

struct Demo {
    engine: String,
    http: reqwest::Client,
    database: Database,
}

#[tokio::main]
async fn main() -> Outcome {
    let keep = std::env::args().any(|argument| argument == "--keep");
    let server = std::env::var("PG_URL")?;
    let engine = std::env::var("ELASTICSEARCH_URL")?.trim_end_matches('/').to_owned();
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let database = Database::make(&server).await?;
    let url = database.url.clone();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let folder = tempfile::Builder::new().prefix("pgsync-demo-").tempdir()?;
    let mut demo = Demo { engine: engine.clone(), http: reqwest::Client::new(), database };
    let program = prepare(&workspace, folder.path(), &mut demo.database).await?;

    println!("\n== {} run -b", program.display());
    let mut run = operate(&program, &["run", "-b"], &url, &engine)?;
    let told = tell(&mut demo, &mut run).await;
    if keep && told.is_ok() {
        let folder = folder.keep();
        println!("\nIt goes on running (pid {}). The crate is in {}.", run.id().unwrap_or(0), folder.display());
        println!("  PG_URL={url} ELASTICSEARCH_URL={engine}");
        println!("  end it with: kill {}; cargo xtask services stop", run.id().unwrap_or(0));
        return Ok(());
    }
    run.start_kill()?;
    run.wait().await?;
    let down = operate(&program, &["teardown", "--indexes"], &url, &engine)?.wait().await?;
    let gone = demo.database.remove().await?;
    told?;
    if !down.success() {
        return Err("teardown failed".into());
    }
    println!("\n== cleaned up: {gone}");
    Ok(())
}

/// Fills the database, takes the snapshot, generates the crate and builds it.
async fn prepare(workspace: &Path, folder: &Path, database: &mut Database) -> Outcome<PathBuf> {
    let example = workspace.join("examples/library");
    database.fill(&example).await?;
    let schema = folder.join("schema.json");
    std::fs::copy(example.join("schema.json"), &schema)?;
    let compiler = std::env::current_exe()?.with_file_name("cargo-pgsync");
    let made = folder.join("library-sync");
    println!("== cargo pgsync catalog\n== cargo pgsync generate --crate {}", made.display());
    let config = ["--config", schema.to_str().ok_or("a folder with a name in UTF-8 is needed")?];
    finish(Command::new(&compiler).args(["pgsync", "catalog"]).args(config).env("PG_URL", &database.url)).await?;
    let runtime = workspace.join("pgsync-runtime");
    let mut generate = Command::new(&compiler);
    generate.args(["pgsync", "generate", "--crate"]).arg(&made).arg("--runtime-path").arg(runtime);
    finish(generate.args(config)).await?;
    println!("== cargo build");
    // With this workspace's lock file and profile nothing is built twice.
    std::fs::copy(workspace.join("Cargo.lock"), made.join("Cargo.lock"))?;
    let target = workspace.join("target");
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.args(["build", "--quiet", "--config", "profile.dev.package.'*'.opt-level=1"]);
    build.args(["--config", "profile.dev.package.'*'.debug=false"]).current_dir(&made).env("CARGO_TARGET_DIR", &target);
    finish(&mut build).await?;
    Ok(target.join("debug/library-sync"))
}

async fn finish(command: &mut Command) -> Outcome {
    let status = command.status().await?;
    if status.success() { Ok(()) } else { Err(format!("{:?} failed: {status}", command.as_std()).into()) }
}

fn operate(program: &Path, arguments: &[&str], url: &str, engine: &str) -> Outcome<Child> {
    let mut command = Command::new(program);
    command.args(arguments).env("PG_URL", url).env("ELASTICSEARCH_URL", engine).stdin(Stdio::null());
    Ok(command.spawn()?)
}

/// What the demo shows once the program runs.
async fn tell(demo: &mut Demo, run: &mut Child) -> Outcome {
    let isbn = "9780099458326";
    let end = Instant::now() + Duration::from_secs(120);
    while demo.document(isbn).await?.is_null() || demo.count().await? < library::BOOKS {
        if let Some(status) = run.try_wait()? {
            return Err(format!("the program ended: {status}").into());
        }
        if Instant::now() > end {
            return Err("the documents were not loaded in two minutes".into());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    println!("\n== {} documents are loaded; one of them:", demo.count().await?);
    show(&demo.document(isbn).await?);
    let author = "UPDATE author SET name = 'Murakami Haruki' WHERE name = 'Haruki Murakami'";
    demo.change("an author is renamed", author, isbn, |book| book["authors"][0] == "Murakami Haruki").await?;
    let review = "DELETE FROM review WHERE book_isbn = '9780099458326' AND stars = 3";
    let one_left = |book: &Value| book["reviews"].as_array().is_some_and(|reviews| reviews.len() == 1);
    demo.change("a review is deleted", review, isbn, one_left).await?;
    let publisher =
        "UPDATE book SET publisher_id = (SELECT id FROM publisher WHERE name = 'Knopf') WHERE isbn = '9780099458326'";
    demo.change("the book moves to another publisher", publisher, isbn, |book| book["publisher"]["name"] == "Knopf")
        .await?;
    demo.search().await
}

impl Demo {
    async fn get(&self, path: &str) -> Outcome<Value> {
        let text = self.http.get(format!("{}{path}", self.engine)).send().await?.text().await?;
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// A document as it is now, searchable or not.
    async fn document(&self, id: &str) -> Outcome<Value> {
        Ok(self.get(&format!("/{INDEX}/_doc/{id}")).await?["_source"].clone())
    }

    async fn count(&self) -> Outcome<u64> {
        Ok(self.get(&format!("/{INDEX}/_count")).await?["count"].as_u64().unwrap_or(0))
    }

    /// Commits a change and waits until the document shows it.
    async fn change(&mut self, what: &str, sql: &str, id: &str, done: impl Fn(&Value) -> bool) -> Outcome {
        self.database.run(sql).await?;
        let committed = Instant::now();
        loop {
            let document = self.document(id).await?;
            if done(&document) {
                println!("\n== {what}: indexed {:.1} ms after the commit", committed.elapsed().as_secs_f64() * 1000.0);
                show(&document);
                return Ok(());
            }
            if committed.elapsed() > Duration::from_secs(30) {
                return Err(format!("{what}: not indexed in 30 s").into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// A search whose hits are structs.
    async fn search(&self) -> Outcome {
        self.http.post(format!("{}/{INDEX}/_refresh", self.engine)).send().await?;
        let query = json!({ "size": 3, "query": { "match": { "title": "kafka" } } }).to_string();
        let request =
            self.http.post(format!("{}/{INDEX}/_search", self.engine)).header("content-type", "application/json");
        let answer: Value = serde_json::from_str(&request.body(query).send().await?.text().await?)?;
        println!("\n== a search for `kafka`, its hits as structs:");
        for hit in answer["hits"]["hits"].as_array().into_iter().flatten() {
            let book: Book = serde_json::from_value(hit["_source"].clone())?;
            let price = book.price.map_or_else(|| "not for sale".to_owned(), |price| format!("{price} euros"));
            println!(
                "{} ({:?}, {price}) by {}",
                book.title,
                book.r#type,
                book.authors.unwrap_or_default().join(" and ")
            );
        }
        Ok(())
    }
}

fn show(document: &Value) {
    println!("{}", serde_json::to_string_pretty(document).unwrap_or_default());
}
