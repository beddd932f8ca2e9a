//! `$NAME` and `${NAME}` in names of a schema file. In: a text and a way to look names up. Out: the text with what they stand
//! for. Both sides read the same form: the compiler keeps it, the runtime fills it in when it starts.

/// Puts values in the place of `$NAME` and `${NAME}`, and `$` in that of `$$`. Any other `$` is itself, as in Python's
/// `string.Template`.
///
/// ```
/// let value = |name: &str| (name == "STAGE").then(|| "test".to_owned());
/// assert_eq!(pgsync_plan::substitute("books_${STAGE}", value).as_deref(), Ok("books_test"));
/// assert_eq!(pgsync_plan::substitute("$$1 $STAG", value), Err("STAG".to_owned()));
/// ```
///
/// # Errors
/// The name that `value` does not know.
pub fn substitute(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        out.push_str(before);
        rest = behind;
        if let Some(behind) = rest.strip_prefix('$') {
            out.push('$');
            rest = behind;
            continue;
        }
        let braced = rest.strip_prefix('{');
        let name = name(braced.unwrap_or(rest));
        let closed = braced.is_none_or(|inner| inner[name.len()..].starts_with('}'));
        if name.is_empty() || !closed {
            out.push('$');
            continue;
        }
        out.push_str(&value(name).ok_or_else(|| name.to_owned())?);
        rest = &rest[name.len() + if braced.is_some() { 2 } else { 0 }..];
    }
    out.push_str(rest);
    Ok(out)
}

/// The name that a text begins with; empty where it begins with none.
fn name(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_ascii_digit()) { "" } else { &text[..end] }
}

#[cfg(test)]
mod tests {
    use super::substitute;

    #[test]
    fn names_are_read_as_python_reads_them() {
        let value = |name: &str| Some(format!("<{name}>"));
        for (text, expected) in [
            ("plain", "plain"),
            ("$A", "<A>"),
            ("x_${a_1}_y", "x_<a_1>_y"),
            ("$A-$B", "<A>-<B>"),
            ("$$A", "$A"),
            ("$$$A", "$<A>"),
            ("$1 $ ${} ${A $", "$1 $ ${} ${A $"),
            ("$\u{e9}", "$\u{e9}"),
        ] {
            assert_eq!(substitute(text, value).as_deref(), Ok(expected), "{text}");
        }
    }
}
