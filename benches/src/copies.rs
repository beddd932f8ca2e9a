//! Databases of one run. In: a set of rows, and which database. Out: a fresh copy of its template, with a schema file that both
//! programs accept.

use crate::Outcome;
use crate::database::{Database, binlog, postgres, url_of};
use crate::dataset::Dataset;
use crate::site::Site;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio_postgres::Client;

/// A database of one run.
pub(crate) struct Copy {
    /// What is in it.
    pub(crate) dataset: Dataset,
    /// Whose database it is.
    pub(crate) database: Database,
    /// Its name.
    pub(crate) name: String,
    /// Its URL.
    pub(crate) url: String,
    /// The schema file.
    pub(crate) schema: PathBuf,
    /// A binary made of it; none where `cargo pgsync` compiles it at every start.
    pub(crate) binary: Option<PathBuf>,
    sessions: Sessions,
}

/// What is open as long as the copy is there.
enum Sessions {
    /// One to it, and one to the server.
    Postgres(Box<[Client; 2]>),
    /// Where the server is.
    Binlog(String),
}

impl Dataset {
    /// A fresh copy in PostgreSQL.
    pub(crate) async fn fresh(self, site: &Site) -> Outcome<Copy> {
        self.fresh_in(site, Database::Postgres).await
    }

    /// A fresh copy.
    pub(crate) async fn fresh_in(self, site: &Site, database: Database) -> Outcome<Copy> {
        static COPIES: AtomicU32 = AtomicU32::new(0);
        let server = &site.server(database)?.url;
        let name = format!("{}{}", copies(), COPIES.fetch_add(1, Ordering::Relaxed));
        let (template, sql) = (self.template(site.options.seed), self.sql(database, site.options.seed)?);
        let url = url_of(server, &name);
        let sessions = match database {
            Database::Postgres => {
                let admin = postgres::connect(server).await?;
                postgres::template(server, &admin, &template, &sql).await?;
                postgres::copy(&admin, &template, &name).await?;
                Sessions::Postgres(Box::new([postgres::connect(&url).await?, admin]))
            }
            Database::Mariadb | Database::Mysql => {
                binlog::template(server, &template, &sql).await?;
                binlog::copy(database, server, &template, &name).await?;
                Sessions::Binlog(server.clone())
            }
        };
        let schema = site.folder.path().join(format!("{name}.json"));
        std::fs::write(&schema, self.schema().replace("DATABASE", &name))?;
        Ok(Copy { dataset: self, database, name, url, schema, binary: None, sessions })
    }
}

/// How the names of this process's copies begin.
fn copies() -> String {
    format!("bench_copy_{}_", std::process::id())
}

/// Removes copies that a run which failed has left: their slots would keep the log.
pub(crate) async fn sweep(site: &Site) -> Outcome {
    for (database, server) in &site.servers {
        match database {
            Database::Postgres => postgres::sweep(&server.url, &copies()).await?,
            Database::Mariadb | Database::Mysql => binlog::sweep(&server.url, &copies()).await?,
        }
    }
    Ok(())
}

impl Copy {
    /// A session to it, in PostgreSQL.
    pub(crate) fn client(&self) -> Outcome<&Client> {
        match &self.sessions {
            Sessions::Postgres(sessions) => Ok(&sessions[0]),
            Sessions::Binlog(_) => Err(format!("{} is no database of PostgreSQL", self.name).into()),
        }
    }

    /// Settles what earlier work left to do, so that it is not done while the next run is timed.
    pub(crate) async fn settle(&self) -> Outcome {
        match &self.sessions {
            Sessions::Postgres(sessions) => Ok(sessions[0].batch_execute("CHECKPOINT").await?),
            Sessions::Binlog(server) => binlog::settle(server).await,
        }
    }

    /// Removes it, with its slots where it has any.
    pub(crate) async fn remove(self) -> Outcome {
        match self.sessions {
            Sessions::Postgres(sessions) => {
                let [client, admin] = *sessions;
                drop(client);
                postgres::drop_database(&admin, &self.name).await
            }
            Sessions::Binlog(server) => binlog::drop_database(&server, &self.name).await,
        }
    }
}
