//! Places where the process can be made to end as a crash there would. In: `PGSYNC_FAILPOINT=PLACE:N`, read by debug builds
//! alone. Out: the end of the process, the Nth time that it comes there. Must not: be anything in a release.

/// A place. Nothing happens, unless this process was started to end here.
#[cfg(not(debug_assertions))]
#[inline]
pub(crate) fn failpoint(_place: &str) {}

/// A place. Nothing happens, unless this process was started to end here.
#[cfg(debug_assertions)]
pub(crate) fn failpoint(place: &str) {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static CHOSEN: LazyLock<Option<(String, AtomicU64)>> = LazyLock::new(|| {
        let said = std::env::var("PGSYNC_FAILPOINT").ok()?;
        let (place, times) = said.split_once(':')?;
        Some((place.to_owned(), AtomicU64::new(times.parse().ok()?)))
    });
    let Some((chosen, left)) = &*CHOSEN else { return };
    if place == chosen && left.fetch_sub(1, Ordering::SeqCst) == 1 {
        eprintln!("failpoint {place}");
        std::process::abort();
    }
}
