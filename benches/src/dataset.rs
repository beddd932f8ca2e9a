//! The sets of rows. In: a name and a size. Out: a template database, filled once by the server itself from a seed, and
//! fresh copies of it with a schema file that both programs accept.

use crate::Outcome;
use crate::database::{connect, drop_database, url_of};
use crate::site::Site;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio_postgres::Client;

const COMMON: &str = include_str!("../datasets/common.sql");

/// A set of rows of some size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dataset {
    /// Books with publisher, authors and reviews: three levels.
    Library(u64),
    /// Rows of 40 columns.
    Wide(u64),
    /// 1,000 roots of this many children.
    Children(u64),
    /// Rows of three columns.
    Narrow(u64),
}

impl Dataset {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Library(_) => "library",
            Self::Wide(_) => "wide",
            Self::Children(_) => "children",
            Self::Narrow(_) => "narrow",
        }
    }

    /// How many documents it makes.
    pub(crate) fn documents(self) -> u64 {
        match self {
            Self::Library(count) | Self::Wide(count) | Self::Narrow(count) => count,
            Self::Children(_) => 1000,
        }
    }

    /// The index they go to.
    pub(crate) fn index(self) -> &'static str {
        match self {
            Self::Library(_) => "books",
            Self::Wide(_) => "wide",
            Self::Children(_) => "roots",
            Self::Narrow(_) => "narrow",
        }
    }

    fn sql(self, seed: u32) -> String {
        let (text, token, count) = match self {
            Self::Library(count) => (include_str!("../datasets/library.sql"), ":books", count),
            Self::Wide(count) => (include_str!("../datasets/wide.sql"), ":rows", count),
            Self::Children(count) => (include_str!("../datasets/children.sql"), ":children", count),
            Self::Narrow(count) => (include_str!("../datasets/narrow.sql"), ":rows", count),
        };
        format!("{COMMON}\n{}", text.replace(token, &count.to_string())).replace(":seed", &seed.to_string())
    }

    fn schema(self) -> &'static str {
        match self {
            Self::Library(_) => include_str!("../datasets/library.json"),
            Self::Wide(_) => include_str!("../datasets/wide.json"),
            Self::Children(_) => include_str!("../datasets/children.json"),
            Self::Narrow(_) => include_str!("../datasets/narrow.json"),
        }
    }

    /// What documents show, one list of columns a table: what the ceiling reads.
    pub(crate) fn used_columns(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Library(_) => &[
                (
                    "book",
                    "id, isbn, title, description, language, pages, price, published, in_stock, added, publisher_id",
                ),
                ("publisher", "id, name, city"),
                ("book_author", "book_id, author_id"),
                ("author", "id, name, born, country_id"),
                ("country", "id, code, name"),
                ("review", "id, book_id, reader_id, stars, body, written"),
                ("reader", "id, name, since"),
            ],
            Self::Wide(_) => &[("wide", "*")],
            Self::Children(_) => &[("root", "id, name"), ("child", "id, root_id, amount, label")],
            Self::Narrow(_) => &[("narrow", "id, amount, name")],
        }
    }

    /// The template database, filled if it is not there.
    async fn template(self, site: &Site, admin: &Client) -> Outcome<String> {
        let count = match self {
            Self::Children(count) => count,
            other => other.documents(),
        };
        let name = format!("bench_{}_{count}_{}", self.name(), site.options.seed);
        if admin.query_opt("SELECT FROM pg_database WHERE datname = $1 AND datistemplate", &[&name]).await?.is_some() {
            return Ok(name);
        }
        println!("filling {name}");
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await?;
        admin.batch_execute(&format!("CREATE DATABASE {name}")).await?;
        let client = connect(&url_of(&site.postgres, &name)).await?;
        client.batch_execute(&self.sql(site.options.seed)).await?;
        client.batch_execute("DROP TABLE sentence; DROP FUNCTION said, pick").await?;
        client.batch_execute("VACUUM (FREEZE, ANALYZE)").await?;
        drop(client);
        admin.batch_execute(&format!("ALTER DATABASE {name} IS_TEMPLATE true")).await?;
        Ok(name)
    }

    /// A fresh copy of the template, with its schema file.
    pub(crate) async fn fresh(self, site: &Site) -> Outcome<Copy> {
        static COPIES: AtomicU32 = AtomicU32::new(0);
        let admin = connect(&site.postgres).await?;
        let template = self.template(site, &admin).await?;
        let name = format!("{}{}", copies(), COPIES.fetch_add(1, Ordering::Relaxed));
        drop_database(&admin, &name).await?;
        // A session of ours may need a moment to leave the template.
        let make = format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy");
        let mut tries = 0;
        while let Err(error) = admin.batch_execute(&make).await {
            tries += 1;
            if tries > 50 {
                return Err(error.into());
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        let schema = site.folder.path().join(format!("{name}.json"));
        std::fs::write(&schema, self.schema().replace("DATABASE", &name))?;
        let url = url_of(&site.postgres, &name);
        let client = connect(&url).await?;
        Ok(Copy { dataset: self, name, url, schema, admin, client })
    }
}

/// How the names of this process's copies begin.
fn copies() -> String {
    format!("bench_copy_{}_", std::process::id())
}

/// Removes copies that a run which failed has left: their slots would keep the log.
pub(crate) async fn sweep(site: &Site) -> Outcome {
    let admin = connect(&site.postgres).await?;
    let left =
        admin.query("SELECT datname::text FROM pg_database WHERE starts_with(datname::text, $1)", &[&copies()]).await?;
    for row in left {
        drop_database(&admin, row.get(0)).await?;
    }
    Ok(())
}

/// A database of one run.
pub(crate) struct Copy {
    /// What is in it.
    pub(crate) dataset: Dataset,
    /// Its name.
    pub(crate) name: String,
    /// Its URL.
    pub(crate) url: String,
    /// The schema file.
    pub(crate) schema: PathBuf,
    /// A session to it.
    pub(crate) client: Client,
    admin: Client,
}

impl Copy {
    /// Removes it with its slots.
    pub(crate) async fn remove(self) -> Outcome {
        drop(self.client);
        drop_database(&self.admin, &self.name).await
    }
}
