//! Text from outside on its way to a person. In: what an engine, a database or a document says. Out: the same text in
//! which no character can move the cursor, change colours or reverse the direction of writing.

use std::borrow::Cow;

/// The text with its control characters escaped, `\u{1b}` for example; borrowed where there are none.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if acts(character) {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// Whether a terminal acts on a character instead of showing it: controls, separators of lines, marks of direction.
fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::printable;
    use std::borrow::Cow;

    #[test]
    fn what_a_terminal_would_act_on_is_shown() {
        assert_eq!(printable("\u{1b}[31mred\u{7}\r\n\u{9b}x\u{202e}y"), "\\u{1b}[31mred\\u{7}\\r\\n\\u{9b}x\\u{202e}y");
        assert!(matches!(printable("plain text, é 漢 😀"), Cow::Borrowed(_)));
    }
}
