//! Dates without an end. The database knows `infinity`, engines do not: it is left out of the index there. The last and
//! the first day that engines know are found by ranges.

use crate::schema::places::Place;
use pgsync_runtime::{Batch, Transform, TransformError};

/// Puts a day in the place of `infinity` and `-infinity`.
#[derive(Debug)]
pub struct Infinity;

/// Beyond every day of a calendar.
const LAST: &str = "9999-12-31";
/// Before every day of one.
const FIRST: &str = "0001-01-01";

/// The day that is meant.
fn finite(date: &mut Option<String>) {
    match date.as_deref() {
        Some("infinity") => *date = Some(LAST.to_owned()),
        Some("-infinity") => *date = Some(FIRST.to_owned()),
        _ => {}
    }
}

impl Transform<Place> for Infinity {
    fn name(&self) -> &str {
        "Infinity"
    }

    fn version(&self) -> &str {
        "1"
    }

    async fn transform(&self, places: &mut Batch<Place>) -> Result<(), TransformError> {
        for place in places {
            finite(&mut place.opened);
            finite(&mut place.closes);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::finite;

    #[test]
    fn only_what_has_no_end_is_changed() {
        for (date, expected) in [("infinity", "9999-12-31"), ("-infinity", "0001-01-01"), ("2020-05-06", "2020-05-06")]
        {
            let mut found = Some(date.to_owned());
            finite(&mut found);
            assert_eq!(found.as_deref(), Some(expected));
        }
    }
}
