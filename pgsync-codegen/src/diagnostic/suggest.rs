//! "Did you mean". In: a name that is not known, the names that are. Out: the nearest, if it is near enough.

/// The known name nearest to `found`, where they are alike enough to be a slip.
pub(crate) fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let score = |name: &str| {
        if name.eq_ignore_ascii_case(found) {
            return 1.0;
        }
        strsim::jaro_winkler(&name.to_ascii_lowercase(), &found.to_ascii_lowercase())
    };
    let scored = known.into_iter().map(|name| (score(name), name)).filter(|(score, _)| *score >= 0.8);
    scored.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, name)| name)
}

/// Names for a message: all of them while they are few, else as many as a person reads.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 12;
    let names: Vec<&str> = names.into_iter().collect();
    match names.len() {
        0 => "none".to_owned(),
        count if count <= SHOWN => names.join(", "),
        count => format!("{} and {} more", names[..SHOWN].join(", "), count - SHOWN),
    }
}

#[cfg(test)]
mod tests {
    use super::{listed, nearest};

    #[test]
    fn a_slip_is_mended_and_another_word_is_not() {
        let tables = ["book", "author", "publisher"];
        assert_eq!(nearest("athor", tables), Some("author"));
        assert_eq!(nearest("Book", tables), Some("book"));
        assert_eq!(nearest("city", tables), None);
    }

    #[test]
    fn long_lists_are_cut() {
        assert_eq!(listed([]), "none");
        assert_eq!(listed(["a", "b"]), "a, b");
        let many: Vec<String> = (0..15).map(|number| number.to_string()).collect();
        assert!(listed(many.iter().map(String::as_str)).ends_with("10, 11 and 3 more"));
    }
}
