//! Entries of `columns`: a name, or a path into a JSON column. In: the text of an entry. Out: column, steps and the field
//! that PGSync would make of it.

use crate::ast::ColumnPath;
use crate::diagnostic::Code;
use pgsync_plan::PathStep;

/// Reads an entry.
///
/// # Errors
/// An operator that is not supported, or an operand that it does not take.
pub(super) fn column(text: &str) -> Result<ColumnPath, (Code, String)> {
    let mut parts: Vec<(&str, &str)> = Vec::new();
    let mut rest = text;
    let mut operator = "";
    while let Some((at, found)) = next_operator(rest) {
        if operator.ends_with(">>") {
            let message = format!(
                "`{operator}` gives a text, and `{found}` leads on from it; accepted is `{operator}` as the last step"
            );
            return Err((Code::WrongValue, message));
        }
        parts.push((operator, &rest[..at]));
        operator = found;
        rest = &rest[at + found.len()..];
    }
    parts.push((operator, rest));
    let (_, column) = parts.remove(0);
    let as_text = operator.ends_with(">>");
    let mut path = Vec::new();
    let mut field = column.to_owned();
    for (operator, operand) in parts {
        field.push('_');
        field.push_str(&operand.replace(['{', '}'], ""));
        path.push(step(operator, operand).map_err(|message| (Code::WrongValue, message))?);
    }
    Ok(ColumnPath { text: text.to_owned(), column: column.to_owned(), path, as_text, field })
}

/// One step of a path. PostgreSQL would refuse these operands only when the statement is prepared, or never match.
fn step(operator: &str, operand: &str) -> Result<PathStep, String> {
    if operator.starts_with('#') {
        if !(operand.starts_with('{') && operand.ends_with('}') && operand.len() > 2) {
            return Err(format!(
                "the path `{operator}{operand}` has no braces, accepted is a list in braces such as `{operator}{{a,b}}`"
            ));
        }
        return Ok(PathStep::Path(operand.to_owned()));
    }
    if operand.is_empty() {
        return Err(format!("nothing stands after `{operator}`, accepted is a key or the index of an element"));
    }
    if !operand.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(PathStep::Key(operand.to_owned()));
    }
    let index = operand.parse::<i32>();
    let index =
        index.map_err(|_| format!("the index `{operator}{operand}` is too large, accepted is at most {}", i32::MAX))?;
    Ok(PathStep::Index(index.into()))
}

fn next_operator(text: &str) -> Option<(usize, &'static str)> {
    // The longer ones first: `->` is the beginning of `->>`.
    let found = ["->>", "#>>", "->", "#>"].iter().filter_map(|operator| Some((text.find(operator)?, *operator)));
    found.min_by_key(|(at, operator)| (*at, std::cmp::Reverse(operator.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_paths_are_named_as_pgsync_names_them() {
        let entry = column("doc->x->0->y").unwrap();
        assert_eq!((entry.column.as_str(), entry.field.as_str()), ("doc", "doc_x_0_y"));
        assert_eq!(entry.path, [PathStep::Key("x".into()), PathStep::Index(0), PathStep::Key("y".into())]);
        let entry = column("doc#>{a,b,c}->4").unwrap();
        assert_eq!(entry.field, "doc_a,b,c_4");
        assert_eq!(entry.path, [PathStep::Path("{a,b,c}".into()), PathStep::Index(4)]);
        assert_eq!(column("isbn").unwrap().path, []);
        let entry = column("doc->x->>n").unwrap();
        assert_eq!((entry.field.as_str(), entry.as_text, entry.path.len()), ("doc_x_n", true, 2));
        let entry = column("doc#>>{a,b}").unwrap();
        assert_eq!((entry.field.as_str(), entry.as_text), ("doc_a,b", true));
        assert!(column("doc->>n->x").unwrap_err().1.contains("as the last step"));
    }

    #[test]
    fn operands_that_the_database_would_not_take_are_refused() {
        for (entry, said) in [
            ("doc#>a,b", "no braces"),
            ("doc#>{}", "in braces"),
            ("doc->99999999999", "too large"),
            ("doc->", "nothing stands after"),
            ("doc->->a", "nothing stands after"),
        ] {
            let (code, message) = column(entry).unwrap_err();
            assert_eq!(code, Code::WrongValue);
            assert!(message.contains(said), "{entry}: {message}");
        }
        assert_eq!(column("doc->2147483647").unwrap().path, [PathStep::Index(i32::MAX.into())]);
    }
}
