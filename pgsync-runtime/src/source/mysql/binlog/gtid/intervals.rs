//! Numbers that mostly follow each other. In: numbers and ranges of them. Out: the fewest ranges that hold the same.

use std::fmt;

/// Ranges in order, both ends included, with a hole between any two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intervals(Vec<(u64, u64)>);

impl Intervals {
    /// The ranges, both ends included.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().copied()
    }

    /// Whether all of these numbers are in it.
    pub(super) fn contains(&self, from: u64, to: u64) -> bool {
        let after = self.0.partition_point(|(begin, _)| *begin <= from);
        after.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|(_, end)| to <= *end)
    }

    /// Adds these numbers.
    pub(super) fn add(&mut self, from: u64, to: u64) {
        // All that overlap or touch become one.
        let first = self.0.partition_point(|(_, end)| end.saturating_add(1) < from);
        let last = self.0.partition_point(|(begin, _)| *begin <= to.saturating_add(1)).max(first);
        let joined = self.0[first..last].iter().fold((from, to), |(low, high), (a, b)| (low.min(*a), high.max(*b)));
        self.0.splice(first..last, [joined]);
    }

    /// How many numbers are in it.
    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|(from, to)| to - from + 1).fold(0, u64::saturating_add)
    }
}

impl fmt::Display for Intervals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(from, to)| match from == to {
            true => write!(f, ":{from}"),
            false => write!(f, ":{from}-{to}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn they_hold_what_a_set_of_numbers_holds() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..500 {
            let (mut intervals, mut model) = (Intervals::default(), BTreeSet::new());
            for _ in 0..random.usize(0..12) {
                let from = random.u64(1..30);
                let to = from + random.u64(0..5);
                intervals.add(from, to);
                model.extend(from..=to);
            }
            assert_eq!(intervals.count(), model.len() as u64);
            assert!(intervals.0.windows(2).all(|two| two[0].1 + 1 < two[1].0), "{intervals:?}");
            for from in 1..36 {
                for to in from..36 {
                    assert_eq!(intervals.contains(from, to), (from..=to).all(|number| model.contains(&number)));
                }
            }
        }
    }
}
