//! Watches the aliases that searches use. In: what they were put on. Out: one that was taken away is put back; one that
//! somebody else holds is a problem in `/healthz`, as long as that lasts.

use super::Context;
use super::generations::Generations;
use crate::sink::Sink;
use crate::{Error, ErrorKind, Result};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often they are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Looks at them now and then, until the others have ended.
pub(super) async fn presence(
    context: &Context,
    engine: &impl Sink,
    generations: &Generations,
    drain: &CancellationToken,
) -> Result<()> {
    let mut tick = tokio::time::interval(LOOK_EVERY);
    loop {
        tokio::select! {
            biased;
            () = drain.cancelled() => return Ok(()),
            _ = tick.tick() => {}
        }
        match aliases(context, engine, generations).await {
            // Whoever writes has the same trouble and says so.
            Err(error) if error.kind() == ErrorKind::Unavailable => {
                tracing::debug!(%error, "the aliases could not be looked at");
            }
            result => result?,
        }
    }
}

async fn aliases(context: &Context, engine: &impl Sink, generations: &Generations) -> Result<()> {
    for (name, generation) in generations.served(context) {
        let holders = engine.holders(name).await?;
        let own = (generation.physical.clone(), generation.uuid.clone());
        if holders.is_empty() {
            tracing::warn!(alias = %name, index = %generation.physical, "the search alias was taken away, it is put back");
            engine.promote(name, &generation.physical).await?;
        } else if let Some((other, _)) = holders.iter().find(|holder| **holder != own) {
            if *other == generation.physical {
                return Err(Error::new(ErrorKind::Reload, format!("index `{other}` is not the one that was filled")));
            }
            let problem = format!("searches of `{name}` find index `{other}`, which something else put there");
            tracing::warn!(alias = %name, index = %other, "searches find an index that something else put there");
            context.health.problem(name, Some(&problem));
            continue;
        }
        context.health.problem(name, None);
    }
    Ok(())
}
