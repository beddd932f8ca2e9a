//! A client of the replication stream that does nothing. In: a database copy in which ours was bootstrapped, and a slot.
//! Out: the very stream ours gets, frame by frame.

use crate::Outcome;
use crate::copies::Copy;
use pgsync_runtime::internals::settings::{Overrides, Settings};
use pgsync_runtime::internals::source::postgres::{Connection, Frame, Output, ReplicationStream};

/// Starts the stream of a slot, of what ours publishes.
pub(crate) async fn open(copy: &Copy, slot: &str) -> Outcome<ReplicationStream> {
    let row = copy.client()?.query_one("SELECT pubname::text FROM pg_publication", &[]).await?;
    let variables = [("PG_URL".to_owned(), copy.url.clone())].into();
    let (settings, _) = Settings::from_variables(variables, &Overrides::default())?;
    let connection = Connection::open(&settings.database).await?;
    Ok(ReplicationStream::start(connection, slot, Output::Pgoutput { publication: row.get(0) }).await?)
}

/// Drops what comes and says that it is done with it, until it is aborted.
pub(crate) async fn drop_everything(mut stream: ReplicationStream) -> Outcome {
    loop {
        let (Frame::Keepalive { wal_end } | Frame::Data { wal_end, .. }) = stream.next().await?;
        stream.acknowledge(wal_end);
    }
}
