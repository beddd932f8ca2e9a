//! The acknowledging stage. In: the position up to which everything is written. Out: the state, then the acknowledgement
//! to the server. Never the other way round: a slot that is ahead of the state means that changes were lost.

use super::checkpoint::Checkpoint;
use crate::Position;
use crate::Result;
use crate::failpoint::failpoint;
use crate::source::Acknowledge;
use crate::state::StoreState;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The state is written, and the stream acknowledged, at most this often.
const ACKNOWLEDGE_EVERY: Duration = Duration::from_millis(200);

/// Follows the position until the writing stage has ended.
pub(super) async fn acknowledge(
    checkpoint: &Checkpoint<impl StoreState>,
    stream: impl Acknowledge,
    mut position: watch::Receiver<Position>,
    drain: &CancellationToken,
) -> Result<()> {
    // Not what the channel shows: the other stages may have moved it before this one was first looked at.
    let mut recorded = checkpoint.position();
    // A process that ended between the two has recorded a position and not acknowledged it. Where nothing is written from
    // then on, nobody else would.
    stream.acknowledge(recorded);
    loop {
        let now = *position.borrow_and_update();
        if now > recorded {
            failpoint("before-state");
            checkpoint.advance(now).await?;
            failpoint("between-state-and-acknowledgement");
            stream.acknowledge(now);
            failpoint("acknowledged");
            recorded = now;
            let pause = Instant::now() + ACKNOWLEDGE_EVERY;
            tokio::select! {
                biased;
                () = tokio::time::sleep_until(pause) => {}
                () = drain.cancelled() => {}
            }
        }
        // The writing stage has ended: what it wrote last is recorded above, and here what changed without the position.
        if position.changed().await.is_err() && *position.borrow() <= recorded {
            return checkpoint.save().await;
        }
    }
}
