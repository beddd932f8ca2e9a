//! The lines of a bulk body. In: its bytes, as they arrive. Out: each action line once; sources are skipped unread.

use memchr::memchr;

/// Where in the body the next byte belongs.
#[derive(Default)]
pub(super) struct Lines {
    /// The next line is a source.
    source: bool,
    /// The head of an action line whose end has not come.
    head: Vec<u8>,
}

/// What an action line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// `index`, `create` or `update`: a source follows.
    Write,
    /// `delete`: none does.
    Delete,
}

impl Lines {
    /// Takes the next bytes and hands out the action lines that are complete.
    pub(super) fn feed(&mut self, mut bytes: &[u8], mut each: impl FnMut(Action, &[u8])) {
        while let Some(end) = memchr(b'\n', bytes) {
            let (line, rest) = (&bytes[..end], &bytes[end + 1..]);
            bytes = rest;
            if self.source {
                self.source = false;
                continue;
            }
            let action = if self.head.is_empty() {
                hand(line, &mut each)
            } else {
                self.head.extend_from_slice(line);
                let action = hand(&self.head, &mut each);
                self.head.clear();
                action
            };
            self.source = action == Some(Action::Write);
        }
        if !self.source {
            self.head.extend_from_slice(bytes);
        }
    }
}

fn hand(line: &[u8], each: &mut impl FnMut(Action, &[u8])) -> Option<Action> {
    // `{"delete":` or another verb: one letter tells. An empty line is none.
    let action = match line.get(2)? {
        b'd' => Action::Delete,
        _ => Action::Write,
    };
    each(action, line);
    Some(action)
}

#[cfg(test)]
mod tests {
    use super::{Action, Lines};

    #[test]
    fn lines_cut_anywhere_are_counted_once() {
        let body = b"{\"index\":{\"_id\":\"1\"}}\n{\"delete\":1}\n{\"delete\":{\"_id\":\"2\"}}\n{\"index\":{\"_id\":\"3\"}}\n{}\n";
        for cut in 0..body.len() {
            let (mut lines, mut found) = (Lines::default(), Vec::new());
            for part in [&body[..cut], &body[cut..]] {
                lines.feed(part, |action, line| found.push((action, line.len())));
            }
            assert_eq!(found, [(Action::Write, 21), (Action::Delete, 22), (Action::Write, 21)], "cut at {cut}");
        }
    }
}
