//! What a field may be indexed as, by `transform.mapping`. In: the mapping of one field. Out: nothing, or the word that no
//! supported engine knows, with the nearest that one does. A document's own `mapping` is passed on as it is.

use super::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::engines;
use crate::source::{Span, Spanned};
use serde_json::Value;

impl Resolver<'_> {
    /// Names what no engine knows.
    pub(super) fn known_mapping(&mut self, name: &Spanned<String>, mapping: &Spanned<Value>) {
        let Value::Object(members) = &mapping.value else { return };
        for parameter in members.keys().filter(|parameter| !engines::is_parameter(parameter)) {
            let what = format!("`{parameter}` is no parameter of a mapping");
            self.unknown(mapping.span, &what, parameter, engines::parameters());
        }
        match members.get("type") {
            Some(Value::String(ty)) if engines::is_type(ty) => {}
            Some(ty) => {
                let written = ty.as_str().map_or_else(|| ty.to_string(), str::to_owned);
                self.unknown(mapping.span, &format!("`{written}` is no type of a field"), &written, engines::types());
            }
            None if members.contains_key("properties") || members.contains_key("enabled") => {}
            None => self.push(
                Diagnostic::new(Code::Missing, mapping.span, format!("the mapping of `{}` has no `type`", name.value))
                    .help("write what the field is indexed as: \"type\": \"keyword\""),
            ),
        }
    }

    fn unknown(&mut self, span: Span, what: &str, written: &str, known: impl Iterator<Item = &'static str>) {
        self.push(
            Diagnostic::new(Code::WrongValue, span, what)
                .help("`mapping` of the document is passed on as it is, whatever it names")
                .suggest(written, known),
        );
    }
}
