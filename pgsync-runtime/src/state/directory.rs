//! The documents of a state as files of a directory. In: an id and JSON. Out: the same, with the sequence number that the next
//! write has to name. A file is replaced as a whole: a crash leaves the one before or the one after. The directory is never
//! made here: a volume that is not mounted must not look like a state that was never there.

use super::place::{Put, SequenceNumber};
use crate::{Code, Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A directory with files.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    path: PathBuf,
}

/// What a file holds.
#[derive(Serialize, Deserialize)]
struct Content {
    /// Counts the writes of this file.
    sequence: u64,
    document: Value,
}

impl std::fmt::Display for Directory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.path.display().fmt(f)
    }
}

impl Directory {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// That it is there.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] where it is not.
    pub(super) async fn open(&self) -> Result<()> {
        self.work(|it| match fs::metadata(&it.path) {
            Ok(found) if found.is_dir() => Ok(()),
            Ok(_) => Err(it.refused("is no directory")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(it.refused("is not there")),
            Err(error) => Err(it.refused(&format!("cannot be looked at: {error}"))),
        })
        .await
    }

    pub(super) async fn get(&self, id: &str) -> Result<Option<(Value, SequenceNumber)>> {
        let id = id.to_owned();
        let found = self.work(move |it| it.read(&id)).await?;
        Ok(found.map(|content| (content.document, number(content.sequence))))
    }

    pub(super) async fn put(&self, id: &str, body: &Value, after: Option<SequenceNumber>) -> Result<Put> {
        let (id, document) = (id.to_owned(), body.clone());
        self.work(move |it| {
            let _alone = it.lock()?;
            let last = it.read(&id)?.map(|content| content.sequence);
            if last != after.map(|after| after.sequence) {
                return Ok(Put::Conflict);
            }
            let sequence = last.map_or(1, |last| last + 1);
            it.write(&id, &Content { sequence, document })?;
            Ok(Put::Done(number(sequence)))
        })
        .await
    }

    pub(super) async fn replace(&self, id: &str, body: &Value) -> Result<()> {
        let (id, document) = (id.to_owned(), body.clone());
        self.work(move |it| {
            let _alone = it.lock()?;
            let sequence = it.read(&id)?.map_or(1, |content| content.sequence + 1);
            it.write(&id, &Content { sequence, document })
        })
        .await
    }

    pub(super) async fn delete(&self, id: &str) -> Result<()> {
        let id = id.to_owned();
        self.work(move |it| match fs::remove_file(it.file(&id)).and_then(|()| it.flush()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(it.away("delete", &error)),
            _ => Ok(()),
        })
        .await
    }

    /// A disk may take its time.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce(&Self) -> Result<T> + Send + 'static) -> Result<T> {
        let it = self.clone();
        let worked = tokio::task::spawn_blocking(move || work(&it)).await;
        worked.unwrap_or_else(|error| Err(Error::new(ErrorKind::Fatal, format!("the state is not kept: {error}"))))
    }

    fn file(&self, id: &str) -> PathBuf {
        self.path.join(format!("{id}.json"))
    }

    fn read(&self, id: &str) -> Result<Option<Content>> {
        let path = self.file(id);
        let bytes = match fs::read(&path) {
            // With the directory gone nothing is known of what is in it.
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.path.is_dir() => return Ok(None),
            read => read.map_err(|error| self.away("read", &error))?,
        };
        let content = serde_json::from_slice(&bytes).map_err(|error| {
            Error::coded(Code::StateUnreadable, format!("the file `{}` holds no state: {error}", path.display()))
                .help("put back a copy of it, or delete it: then everything is loaded again")
        })?;
        Ok(Some(content))
    }

    /// First beside it, then in its place, and on the disk before it counts as written.
    fn write(&self, id: &str, content: &Content) -> Result<()> {
        let (path, beside) = (self.file(id), self.path.join(format!("{id}.json.new")));
        let written = || -> io::Result<()> {
            let mut file = File::create(&beside)?;
            file.write_all(&serde_json::to_vec(content)?)?;
            file.sync_all()?;
            fs::rename(&beside, &path)?;
            self.flush()
        };
        written().map_err(|error| self.away("write", &error))
    }

    /// Makes what names stand for durable.
    fn flush(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }

    /// Held from the look at a file until it is replaced.
    fn lock(&self) -> Result<File> {
        let locked = || -> io::Result<File> {
            let file = File::options().create(true).append(true).open(self.path.join("lock"))?;
            file.lock()?;
            Ok(file)
        };
        locked().map_err(|error| self.away("lock", &error))
    }

    fn refused(&self, what: &str) -> Error {
        Error::new(ErrorKind::Refused, format!("CHECKPOINT_PATH names `{self}`, which {what}"))
            .help("mount the volume, or make the directory: the state is kept in it, and is to outlive this process")
    }

    /// What may be mended while the program waits: a full disk, a mount that is gone.
    fn away(&self, what: &str, error: &io::Error) -> Error {
        Error::new(ErrorKind::Unavailable, format!("cannot {what} the state in `{self}`: {error}"))
    }
}

fn number(sequence: u64) -> SequenceNumber {
    SequenceNumber { sequence, term: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn on_disk() -> (tempfile::TempDir, Directory) {
        let place = tempfile::tempdir().unwrap();
        let directory = Directory::new(place.path());
        (place, directory)
    }

    #[tokio::test]
    async fn a_write_follows_the_one_that_it_names() {
        let (_place, directory) = on_disk();
        directory.open().await.unwrap();
        assert_eq!(directory.get("slot").await.unwrap(), None);
        let Put::Done(first) = directory.put("slot", &json!(1), None).await.unwrap() else { panic!("refused") };
        assert_eq!(directory.put("slot", &json!(2), None).await.unwrap(), Put::Conflict);
        let Put::Done(second) = directory.put("slot", &json!(3), Some(first)).await.unwrap() else { panic!("refused") };
        assert_eq!(directory.put("slot", &json!(4), Some(first)).await.unwrap(), Put::Conflict);
        assert_eq!(directory.get("slot").await.unwrap(), Some((json!(3), second)));
        directory.delete("slot").await.unwrap();
        directory.delete("slot").await.unwrap();
        assert_eq!(directory.put("slot", &json!(5), Some(second)).await.unwrap(), Put::Conflict);
        directory.replace("slot", &json!(6)).await.unwrap();
        assert_eq!(directory.get("slot").await.unwrap(), Some((json!(6), first)));
    }

    /// Of writers that follow the same write, one is done.
    #[tokio::test(flavor = "multi_thread")]
    async fn of_two_writers_one_is_refused() {
        let (_place, directory) = on_disk();
        let mut last = None;
        for round in 0..20 {
            let writers = (0..8).map(|writer| {
                let directory = directory.clone();
                async move { directory.put("slot", &json!([round, writer]), last).await.unwrap() }
            });
            let done: Vec<Put> = futures_util::future::join_all(writers).await;
            let done: Vec<&Put> = done.iter().filter(|put| **put != Put::Conflict).collect();
            let [Put::Done(number)] = done[..] else { panic!("{done:?}") };
            last = Some(*number);
        }
    }

    #[tokio::test]
    async fn a_directory_that_is_gone_is_no_empty_state() {
        let (place, directory) = on_disk();
        directory.put("slot", &json!(1), None).await.unwrap();
        place.close().unwrap();
        assert_eq!(directory.open().await.unwrap_err().kind(), ErrorKind::Refused);
        assert_eq!(directory.get("slot").await.unwrap_err().kind(), ErrorKind::Unavailable);
        assert_eq!(directory.put("slot", &json!(1), None).await.unwrap_err().kind(), ErrorKind::Unavailable);
    }

    #[tokio::test]
    async fn half_a_write_leaves_the_one_before() {
        let (place, directory) = on_disk();
        directory.put("slot", &json!(1), None).await.unwrap();
        fs::write(place.path().join("slot.json.new"), "{\"sequence\": 2, \"docu").unwrap();
        let (found, last) = directory.get("slot").await.unwrap().unwrap();
        assert_eq!(found, json!(1));
        assert!(matches!(directory.put("slot", &json!(2), Some(last)).await.unwrap(), Put::Done(_)));
        fs::write(place.path().join("slot.json"), "{").unwrap();
        assert_eq!(directory.get("slot").await.unwrap_err().code(), Some(Code::StateUnreadable));
    }
}
