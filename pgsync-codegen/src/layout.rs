//! JSON as people lay it out. In: a tree. Out: text, two blanks a level, where whatever is short and flat stands on one
//! line. It changes nothing but blanks: a number keeps its digits, a string its escapes.

use serde_json::Value;

/// What stands on one line.
#[derive(Debug, Clone, Copy)]
struct Style {
    /// Longest line that is not broken, in characters.
    width: usize,
    /// Whether an object may stand on the line of the object it is in.
    nested: bool,
}

/// For files that people write.
const PLAIN: Style = Style { width: 100, nested: false };
/// For what is generated: a change of one thing is a change of one line.
const DENSE: Style = Style { width: 150, nested: true };

/// JSON in which names and plain values are the text that stands for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    /// A string with its quotes, a number, `true`, `false` or `null`.
    Plain(String),
    /// An array.
    List(Vec<Tree>),
    /// An object; the names have their quotes.
    Object(Vec<(String, Tree)>),
}

impl From<Value> for Tree {
    fn from(value: Value) -> Self {
        match value {
            Value::Array(list) => Self::List(list.into_iter().map(Self::from).collect()),
            Value::Object(object) => {
                Self::Object(object.into_iter().map(|(name, member)| (quoted(&name), member.into())).collect())
            }
            plain => Self::Plain(plain.to_string()),
        }
    }
}

/// A name with its quotes.
pub(crate) fn quoted(name: &str) -> String {
    Value::from(name).to_string()
}

/// Lays a tree out, with a line end at its end.
pub fn layout(tree: &Tree) -> String {
    let mut out = String::new();
    write(tree, PLAIN, 0, 0, &mut out);
    out.push('\n');
    out
}

/// Lays a tree out for generated code, without a line end at its end.
pub(crate) fn dense(tree: &Tree) -> String {
    let mut out = String::new();
    write(tree, DENSE, 0, 0, &mut out);
    out
}

/// `before` is what stands on the line already.
fn write(tree: &Tree, style: Style, depth: usize, before: usize, out: &mut String) {
    if let Some(line) = on_one_line(tree, style.nested)
        && before + line.chars().count() < style.width
    {
        out.push_str(&line);
        return;
    }
    let (open, close) = if matches!(tree, Tree::List(_)) { ('[', ']') } else { ('{', '}') };
    let members: Vec<(String, &Tree)> = match tree {
        Tree::List(list) => list.iter().map(|element| (String::new(), element)).collect(),
        Tree::Object(object) => object.iter().map(|(name, member)| (format!("{name}: "), member)).collect(),
        Tree::Plain(text) => return out.push_str(text),
    };
    let inner = "  ".repeat(depth + 1);
    out.push(open);
    for (position, (name, member)) in members.iter().enumerate() {
        out.push_str(if position == 0 { "\n" } else { ",\n" });
        out.push_str(&inner);
        out.push_str(name);
        write(member, style, depth + 1, inner.len() + name.chars().count(), out);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(close);
}

/// Lists of plain values, and objects of such lists and values, read best on one line.
fn on_one_line(tree: &Tree, nested: bool) -> Option<String> {
    let plain = |tree: &Tree| match tree {
        Tree::Plain(text) => Some(text.clone()),
        _ => None,
    };
    match tree {
        Tree::List(list) => {
            let parts: Option<Vec<String>> = list.iter().map(plain).collect();
            parts.map(|parts| format!("[{}]", parts.join(", ")))
        }
        Tree::Object(object) if object.is_empty() => Some("{}".to_owned()),
        Tree::Object(object) => {
            let part = |(name, member): &(String, Tree)| match member {
                Tree::Object(_) if !nested => None,
                member => Some(format!("{name}: {}", on_one_line(member, nested)?)),
            };
            let parts: Option<Vec<String>> = object.iter().map(part).collect();
            parts.map(|parts| format!("{{ {} }}", parts.join(", ")))
        }
        single => plain(single),
    }
}

#[cfg(test)]
mod tests {
    use super::layout;
    use crate::{Source, parse_tree};
    use serde_json::json;

    #[test]
    fn short_things_stand_on_one_line_and_long_ones_are_broken() {
        let value = json!({
            "table": "a",
            "foreign_key": { "parent": ["x"], "child": ["y"] },
            "columns": (0..30).map(|number| format!("column_{number}")).collect::<Vec<_>>(),
            "children": [{}],
        });
        let text = layout(&value.clone().into());
        assert!(text.contains("\n  \"foreign_key\": { \"parent\": [\"x\"], \"child\": [\"y\"] },\n"), "{text}");
        assert!(text.contains("\n    \"column_7\",\n"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= super::PLAIN.width));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn what_is_laid_out_keeps_every_digit_and_escape() {
        let plain = ["1e999", "1.10", "-0", "0.12345678901234567890", "18446744073709551617", r#""\u00e9\/""#, "null"];
        let text = format!(r#"{{"\u0061":[{}],"b":[[1E+05],{{}}]}}"#, plain.join(" ,\n"));
        let tree = parse_tree(&Source::new("schema.json", text)).unwrap();
        let expected = format!("[{}]", plain.join(", "));
        assert_eq!(
            layout(&tree),
            format!("{{\n  \"\\u0061\": {expected},\n  \"b\": [\n    [1E+05],\n    {{}}\n  ]\n}}\n")
        );
        let again = parse_tree(&Source::new("schema.json", layout(&tree))).unwrap();
        assert_eq!(again, tree);
    }
}
