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

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_mended_and_another_word_is_not() {
        let tables = ["book", "author", "publisher"];
        assert_eq!(nearest("athor", tables), Some("author"));
        assert_eq!(nearest("Book", tables), Some("book"));
        assert_eq!(nearest("city", tables), None);
    }
}
