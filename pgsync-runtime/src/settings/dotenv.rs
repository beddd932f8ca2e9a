//! A file `.env`, by the rules of python-dotenv, which PGSync reads it with. In: the file's text and the environment. Out:
//! names and values as they were written: only `${NAME}` and `${NAME:-default}` are replaced.
//!
//! Must not: repeat a line in an error, which may hold a secret.

use std::collections::BTreeMap;

/// The variables; on failure the number of the line that is none.
pub(super) fn parse(text: &str, outer: impl Fn(&str) -> Option<String>) -> Result<BTreeMap<String, String>, usize> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut found = BTreeMap::new();
    let mut rest = text.as_str();
    loop {
        let line = text[..text.len() - rest.len()].matches('\n').count() + 1;
        rest = rest.trim_start_matches([' ', '\t']);
        if rest.is_empty() {
            return Ok(found);
        }
        if let Some(next) = rest.strip_prefix('\n') {
            rest = next;
            continue;
        }
        if rest.starts_with('#') {
            rest = after_line(rest);
            continue;
        }
        let (name, value, next) = binding(rest).ok_or(line)?;
        rest = next;
        // A name alone binds nothing.
        if let Some((value, replace)) = value {
            let known = |name: &str| outer(name).or_else(|| found.get(name).cloned());
            let value = if replace { replaced(&value, known) } else { value };
            found.insert(name.to_owned(), value);
        }
    }
}

fn after_line(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, rest)| rest)
}

/// A name, its value and whether the value has names in it to replace; then what follows the line.
type Binding<'a> = (&'a str, Option<(String, bool)>, &'a str);

fn binding(text: &str) -> Option<Binding<'_>> {
    let exported = text.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t']));
    let text = exported.map_or(text, |rest| rest.trim_start_matches([' ', '\t']));
    let end = text.find(|c: char| c == '=' || c == '#' || c.is_whitespace()).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return None;
    }
    let rest = rest.trim_start_matches([' ', '\t']);
    let Some(value) = rest.strip_prefix('=') else {
        return end_of_line(rest).map(|rest| (name, None, rest));
    };
    let value = value.trim_start_matches([' ', '\t']);
    let (value, replace, rest) = match value.strip_prefix(['\'', '"']) {
        Some(quoted) => {
            let quote = if value.starts_with('\'') { '\'' } else { '"' };
            let (value, rest) = unquoted(quoted, quote)?;
            (value, quote == '"', end_of_line(rest)?)
        }
        None => {
            let line = value.split('\n').next().unwrap_or_default();
            let comment = line
                .match_indices('#')
                .map(|(at, _)| at)
                .find(|at| line[..*at].ends_with(char::is_whitespace) || *at == 0);
            let value = line[..comment.unwrap_or(line.len())].trim_end().to_owned();
            (value, true, after_line(rest))
        }
    };
    Some((name, Some((value, replace)), rest))
}

/// What follows the line, where nothing but a comment is left of it.
fn end_of_line(rest: &str) -> Option<&str> {
    let left = rest.split('\n').next()?.trim();
    (left.is_empty() || left.starts_with('#')).then(|| after_line(rest))
}

/// The text up to the closing quote, and what follows it.
fn unquoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            _ if character == quote => return Some((value, &text[at + 1..])),
            '\\' => match (characters.next()?.1, quote) {
                (next, _) if next == quote || next == '\\' => value.push(next),
                ('n', '"') => value.push('\n'),
                ('r', '"') => value.push('\r'),
                ('t', '"') => value.push('\t'),
                (next, _) => value.extend(['\\', next]),
            },
            _ => value.push(character),
        }
    }
    None
}

/// The value with `${NAME}` and `${NAME:-default}` replaced. A dollar sign alone is one.
fn replaced(value: &str, known: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((inner, next)) = after.split_once('}') else { break };
        let (name, default) = inner.split_once(":-").unwrap_or((inner, ""));
        out.push_str(before);
        out.push_str(&known(name).unwrap_or_else(|| default.to_owned()));
        rest = next;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn one(line: &str) -> String {
        let found = parse(line, |name| (name == "OUTER").then(|| "o".to_owned())).unwrap();
        found.get("A").unwrap_or_else(|| panic!("{line}")).clone()
    }

    #[test]
    fn values_arrive_as_written() {
        for (line, value) in [
            ("A=pa$word", "pa$word"),
            ("A=$$x$", "$$x$"),
            ("A=a#b", "a#b"),
            ("A=a b  # comment", "a b"),
            ("A=", ""),
            ("A= # nothing", ""),
            (" export A = x ", "x"),
            ("A='it''s", "it"),
            ("A='a\\'b $x ${OUTER} # c'", "a'b $x ${OUTER} # c"),
            ("A=\"a\\n\\\"b\\\" $x\" # c", "a\n\"b\" $x"),
            ("A=\"two\nlines\"\nB=1", "two\nlines"),
            ("A=${OUTER}-${B:-d}-${C}", "o-d-"),
            ("B=1\r\nA=${B}\r\n", "1"),
            ("A=pa\\ss", "pa\\ss"),
            ("A=${open", "${open"),
        ] {
            if line == "A='it''s" {
                // A quote inside needs a backslash.
                assert_eq!(parse(line, |_| None), Err(1));
            } else {
                assert_eq!(one(line), value, "{line}");
            }
        }
    }

    #[test]
    fn a_line_that_binds_nothing_is_told_by_its_number() {
        assert_eq!(parse("# c\n\nA=1\n=x\n", |_| None), Err(4));
        assert_eq!(parse("A=\"open\n", |_| None), Err(1));
        assert_eq!(parse("A='x' y", |_| None), Err(1));
        assert!(parse("NAME\n", |_| None).unwrap().is_empty());
    }
}
