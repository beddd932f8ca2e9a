//! A transaction until its end is known. In: messages, one after the other. Out: the same, once. What is more than some
//! megabytes lies in a file that has no name and goes with the process.

use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use tempfile::SpooledTempFile;

/// How much of a transaction is held in memory.
const IN_MEMORY: usize = 8 << 20;

/// Messages of one transaction.
pub(super) struct Held {
    file: SpooledTempFile,
    count: u64,
}

impl Held {
    pub(super) fn new() -> Self {
        Self { file: SpooledTempFile::new(IN_MEMORY), count: 0 }
    }

    /// Puts one behind the others.
    ///
    /// # Errors
    /// Where the file for temporary files has no room.
    pub(super) fn push(&mut self, message: &[u8]) -> Result<()> {
        let length = (message.len() as u32).to_be_bytes();
        self.file.write_all(&length).and_then(|()| self.file.write_all(message)).map_err(lost)?;
        self.count += 1;
        Ok(())
    }

    /// From the first one on.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub(super) fn replay(mut self) -> Result<Replay> {
        self.file.seek(SeekFrom::Start(0)).map_err(lost)?;
        Ok(Replay { file: io::BufReader::new(self.file), left: self.count })
    }
}

/// The messages of a transaction that has ended.
pub(super) struct Replay {
    file: io::BufReader<SpooledTempFile>,
    left: u64,
}

impl Replay {
    /// The next one.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub(super) fn next(&mut self) -> Result<Option<Bytes>> {
        if self.left == 0 {
            return Ok(None);
        }
        let mut length = [0; 4];
        self.file.read_exact(&mut length).map_err(lost)?;
        let mut message = vec![0; u32::from_be_bytes(length) as usize];
        self.file.read_exact(&mut message).map_err(lost)?;
        self.left -= 1;
        Ok(Some(message.into()))
    }
}

fn lost(error: io::Error) -> Error {
    Error::new(
        ErrorKind::Unavailable,
        format!(
            "a transaction of more than {} MB cannot be held in {}",
            IN_MEMORY >> 20,
            std::env::temp_dir().display()
        ),
    )
    .help("make room there, or name another directory with TMPDIR")
    .source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_back_in_order_also_those_that_memory_has_no_room_for() {
        let mut held = Held::new();
        let message = |number: u32| number.to_be_bytes().repeat(1 + (number as usize % 7) * 40_000);
        for number in 0..100 {
            held.push(&message(number)).unwrap();
        }
        assert!(held.file.is_rolled(), "more than fits");
        let mut replay = held.replay().unwrap();
        for number in 0..100 {
            assert!(replay.next().unwrap().unwrap() == message(number), "message {number}");
        }
        assert!(replay.next().unwrap().is_none());
    }
}
