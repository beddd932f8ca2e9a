//! Entries of `aggregate`. In: the text of an entry. Out: the function, and the column that it is of; or why it is none.

use crate::ast::Aggregate;
use pgsync_plan::AggregateFunction::{self, Avg, Count, CountDistinct, CountRows, Exists, Max, Min, Sum};

/// The words that an entry begins with.
const FUNCTIONS: [(&str, AggregateFunction); 6] =
    [("count", Count), ("sum", Sum), ("min", Min), ("max", Max), ("avg", Avg), ("exists", Exists)];

/// What may be written.
pub(super) const FORMS: &str =
    "count(*), count(COLUMN), count(distinct COLUMN), sum(COLUMN), min(COLUMN), max(COLUMN), avg(COLUMN), exists";

/// Why an entry is no aggregate.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) why: &'static str,
    /// The word that it begins with, where that is no function.
    pub(super) unknown: Option<String>,
}

/// The functions by their names.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name)
}

/// Reads an entry. Words of the language may be written in large letters too, columns are written as they are called.
///
/// # Errors
/// Another function, or something else than a column where one has to stand.
pub(super) fn aggregate(text: &str) -> Result<Aggregate, Refused> {
    let wrong = |why| Refused { why, unknown: None };
    let (name, rest) = text.split_once('(').map_or((text, None), |(name, rest)| (name, Some(rest)));
    let name = name.trim();
    let Some((_, function)) = FUNCTIONS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)) else {
        return Err(Refused { why: "there is none of this name", unknown: Some(name.to_lowercase()) });
    };
    let of_rows = |function| Ok(Aggregate { text: text.to_owned(), function, column: None });
    let inner = match (function, rest) {
        (Exists, None) => return of_rows(Exists),
        (Exists, Some(_)) => return Err(wrong("`exists` stands alone and says whether there is a row")),
        (_, rest) => rest.and_then(|rest| rest.trim_end().strip_suffix(')')).unwrap_or_default().trim(),
    };
    let (function, column) = match inner.split_once(char::is_whitespace) {
        Some((word, column)) if word.eq_ignore_ascii_case("distinct") && *function == Count => {
            (CountDistinct, column.trim())
        }
        Some((word, _)) if word.eq_ignore_ascii_case("distinct") => {
            return Err(wrong("`distinct` is for `count`"));
        }
        _ => (*function, inner),
    };
    match column {
        "" => Err(wrong("a column stands behind the word, in parentheses")),
        "*" if function == Count => of_rows(CountRows),
        "*" => Err(wrong("`*` is for `count`: the others are of a column")),
        column => {
            let at = column.as_ptr() as usize - text.as_ptr() as usize;
            Ok(Aggregate { text: text.to_owned(), function, column: Some((column.to_owned(), at)) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::aggregate;
    use pgsync_plan::AggregateFunction::{Avg, Count, CountDistinct, CountRows, Exists, Max, Min, Sum};

    #[test]
    fn an_aggregate_is_read_in_its_parts() {
        for (text, function, column) in [
            ("exists", Exists, None),
            (" EXISTS ", Exists, None),
            ("count(*)", CountRows, None),
            ("COUNT ( * )", CountRows, None),
            ("count(stars)", Count, Some(("stars", 6))),
            ("count( Distinct  user id )", CountDistinct, Some(("user id", 17))),
            ("count(distinct)", Count, Some(("distinct", 6))),
            ("sum(a(b))", Sum, Some(("a(b)", 4))),
            ("Min(a)", Min, Some(("a", 4))),
            ("max( é)", Max, Some(("é", 5))),
            ("avg(a)", Avg, Some(("a", 4))),
        ] {
            let read = aggregate(text).unwrap();
            let of = read.column.as_ref().map(|(column, at)| (column.as_str(), *at));
            assert_eq!((read.function, of), (function, column), "{text}");
        }
        let unknown = |text: &str| aggregate(text).unwrap_err().unknown;
        for text in
            ["count", "count()", "count(distinct *)", "sum(*)", "sum(distinct a)", "exists(a)", "max(a", "max(a) + 1"]
        {
            assert_eq!(unknown(text), None, "{text}");
        }
        assert_eq!((unknown("Median(a)"), unknown("")), (Some("median".to_owned()), Some(String::new())));
    }
}
