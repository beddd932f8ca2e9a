//! JSON as people lay it out. In: a value. Out: text, two blanks a level, where whatever is short and flat stands on one
//! line. It changes nothing but blanks.

use serde_json::Value;

/// Longest line that is not broken, in characters.
const WIDTH: usize = 100;

/// Lays a value out, with a line end at its end.
pub fn layout(value: &Value) -> String {
    let mut out = String::new();
    write(value, 0, 0, &mut out);
    out.push('\n');
    out
}

/// `before` is what stands on the line already.
fn write(value: &Value, depth: usize, before: usize, out: &mut String) {
    if let Some(line) = on_one_line(value)
        && before + line.chars().count() < WIDTH
    {
        out.push_str(&line);
        return;
    }
    let inner = "  ".repeat(depth + 1);
    let members: Vec<(String, &Value)> = match value {
        Value::Array(list) => list.iter().map(|element| (String::new(), element)).collect(),
        Value::Object(object) => {
            object.iter().map(|(name, member)| (format!("{}: ", Value::from(name.as_str())), member)).collect()
        }
        single => return out.push_str(&single.to_string()),
    };
    let (open, close) = if value.is_array() { ('[', ']') } else { ('{', '}') };
    out.push(open);
    for (position, (name, member)) in members.iter().enumerate() {
        out.push_str(if position == 0 { "\n" } else { ",\n" });
        out.push_str(&inner);
        out.push_str(name);
        write(member, depth + 1, inner.len() + name.chars().count(), out);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(close);
}

/// Lists of plain values, and objects of such lists and values, read best on one line.
fn on_one_line(value: &Value) -> Option<String> {
    let plain = |value: &Value| !value.is_array() && !value.is_object();
    match value {
        Value::Array(list) => {
            let parts: Vec<String> = list.iter().filter(|element| plain(element)).map(Value::to_string).collect();
            (parts.len() == list.len()).then(|| format!("[{}]", parts.join(", ")))
        }
        Value::Object(object) if object.is_empty() => Some("{}".to_owned()),
        Value::Object(object) => {
            let parts: Option<Vec<String>> = object
                .iter()
                .map(|(name, member)| {
                    if member.is_object() {
                        return None;
                    }
                    Some(format!("{}: {}", Value::from(name.as_str()), on_one_line(member)?))
                })
                .collect();
            parts.map(|parts| format!("{{ {} }}", parts.join(", ")))
        }
        single => Some(single.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::layout;
    use serde_json::json;

    #[test]
    fn short_things_stand_on_one_line_and_long_ones_are_broken() {
        let value = json!({
            "table": "a",
            "foreign_key": { "parent": ["x"], "child": ["y"] },
            "columns": (0..30).map(|number| format!("column_{number}")).collect::<Vec<_>>(),
            "children": [{}],
        });
        let text = layout(&value);
        assert!(text.contains("\n  \"foreign_key\": { \"parent\": [\"x\"], \"child\": [\"y\"] },\n"), "{text}");
        assert!(text.contains("\n    \"column_7\",\n"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= super::WIDTH));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
