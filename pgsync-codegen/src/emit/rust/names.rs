//! Names of emitted items. In: names of tables, labels, columns and enum labels, whatever characters they have. Out:
//! Rust identifiers, each once in its scope, the same for the same plan.

use super::Values;
use pgsync_plan::{Document, Plan, Program};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::collections::BTreeSet;

/// Names of all modules, structs and enums of one database.
pub(super) struct Names {
    /// The static with its program.
    pub(super) program: Ident,
    /// Per document.
    pub(super) documents: Vec<DocumentNames>,
    /// The module of its enums.
    pub(super) enums_module: Ident,
    /// Per enum type of the plan.
    pub(super) enums: Vec<Ident>,
    /// Which types values have.
    pub(super) values: Values,
}

/// Names of one document.
pub(super) struct DocumentNames {
    /// Its module.
    pub(super) module: Ident,
    /// The struct of each node; scalar nodes have one too, which is not emitted.
    pub(super) structs: Vec<Ident>,
    /// The module with the names of its fields, likewise.
    pub(super) fields: Vec<Ident>,
}

impl DocumentNames {
    /// What may be null.
    pub(super) fn option(&self, ty: &TokenStream) -> TokenStream {
        let option = self.of_std("Option", quote!(::std::option::Option));
        quote!(#option<#ty>)
    }

    /// Several.
    pub(super) fn vec(&self, ty: &TokenStream) -> TokenStream {
        let vec = self.of_std("Vec", quote!(::std::vec::Vec));
        quote!(#vec<#ty>)
    }

    /// Text.
    pub(super) fn string(&self) -> TokenStream {
        self.of_std("String", quote!(::std::string::String))
    }

    /// A type by its short name, unless a struct of the document has that.
    fn of_std(&self, short: &str, whole: TokenStream) -> TokenStream {
        let ident = Ident::new(short, Span::call_site());
        if self.structs.contains(&ident) { whole } else { quote!(#ident) }
    }
}

impl Names {
    /// The names of each database. What stands beside the modules of documents is called after the database where there
    /// are several.
    pub(super) fn of(programs: &[Program], values: Values) -> Vec<Self> {
        let (mut statics, mut modules) = (Scope::default(), Scope::with(["main"]));
        let beside: Vec<(Ident, Ident)> = match programs {
            [_] => vec![(statics.name("PROGRAM"), modules.name("enums"))],
            several => {
                let database = |program: &Program| snake(program.database.as_deref().unwrap_or_default());
                let names = |database: String| {
                    let program = statics.name(&format!("PROGRAM_{}", database.to_uppercase()));
                    (program, modules.name(&format!("enums_{database}")))
                };
                several.iter().map(database).map(names).collect()
            }
        };
        let each = programs.iter().zip(beside).map(|(Program { plan, .. }, (program, enums_module))| {
            let documents =
                plan.documents.iter().map(|document| DocumentNames::of(plan, document, &mut modules)).collect();
            let mut scope = Scope::default();
            let enums = plan.enums.iter().map(|each| scope.name(&pascal(&each.name))).collect();
            Self { program, documents, enums_module, enums, values }
        });
        each.collect()
    }
}

impl DocumentNames {
    fn of(plan: &Plan, document: &Document, modules: &mut Scope) -> Self {
        let structs = structs(plan, document);
        // Beside the structs, whose names may have no capitals, and the runtime.
        let taken = structs.iter().map(ToString::to_string).chain(["rt".to_owned()]);
        let mut beside = Scope(taken.collect());
        let fields = structs.iter().map(|name| beside.name(&snake(&name.to_string()))).collect();
        Self { module: modules.name(&snake(&document.index)), structs, fields }
    }
}

/// Structs are called after their table, which reads better than a plural label; a table that stands at several places
/// of one document is told apart by the structs above it.
fn structs(plan: &Plan, document: &Document) -> Vec<Ident> {
    let mut scope = Scope::default();
    let mut names: Vec<Ident> = Vec::new();
    for node in &document.nodes {
        let plain = pascal(&plan.table(node.table).name);
        let twice = document.nodes.iter().filter(|other| other.table == node.table).count() > 1;
        let name = match (twice, node.parent) {
            (true, Some(parent)) => format!("{}{}", names[parent.0], pascal(&node.label)),
            _ => plain,
        };
        names.push(scope.name(&name));
    }
    names
}

/// Identifiers of one scope.
#[derive(Default)]
pub(super) struct Scope(BTreeSet<String>);

impl Scope {
    fn with(taken: impl IntoIterator<Item = &'static str>) -> Self {
        Self(taken.into_iter().map(str::to_owned).collect())
    }

    /// An identifier close to `name` that the scope did not have.
    pub(super) fn name(&mut self, name: &str) -> Ident {
        let mut unique = name.to_owned();
        let mut number = 2;
        while !self.0.insert(unique.clone()) {
            unique = format!("{name}{number}");
            number += 1;
        }
        identifier(&unique)
    }
}

/// Keywords become raw identifiers, or get an underscore where Rust has no raw form.
fn identifier(name: &str) -> Ident {
    if matches!(name, "self" | "Self" | "super" | "crate" | "_") {
        return Ident::new(&format!("{name}_"), Span::call_site());
    }
    match syn::parse_str::<Ident>(name) {
        // A keyword since edition 2024, and a raw identifier is the same in each.
        Ok(ident) if name != "gen" => ident,
        _ => Ident::new_raw(name, Span::call_site()),
    }
}

/// Words of a name: split at whatever cannot stand in an identifier and at a capital after a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !(c.is_alphanumeric() || unicode_ident::is_xid_continue(c)) || c == '_' {
            words.push(String::new());
            small = false;
            continue;
        }
        if !stands(c) {
            if let Some(word) = words.last_mut() {
                word.push_str(&format!("u{:x}", u32::from(c)));
            }
            small = true;
            continue;
        }
        if c.is_uppercase() && small {
            words.push(String::new());
        }
        small = c.is_lowercase() || c.is_numeric();
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a character stands in an identifier as it is: letters of which rustc neither makes others (two names would
/// become one) nor says that they are uncommon.
fn stands(c: char) -> bool {
    const COMMON: [std::ops::RangeInclusive<char>; 13] = [
        'À'..='Ö',
        'Ø'..='ö',
        'ø'..='ı',
        'Ĵ'..='ľ',
        'Ł'..='ň',
        'Ŋ'..='ž',
        'Α'..='Ω',
        'α'..='ω',
        'Ё'..='я',
        'ぁ'..='ゖ',
        'ァ'..='ヺ',
        '\u{4e00}'..='\u{9fa5}',
        '가'..='힣',
    ];
    let common = |c: char| c.is_ascii_alphabetic() || COMMON.iter().any(|range| range.contains(&c));
    c.is_ascii_digit() || c.to_lowercase().chain(c.to_uppercase()).chain([c]).all(common)
}

/// `snake_case`.
pub(super) fn snake(name: &str) -> String {
    guarded(words(name).join("_"), "field")
}

/// `PascalCase`.
pub(super) fn pascal(name: &str) -> String {
    let capital = |word: String| {
        let mut chars = word.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>()
    };
    guarded(words(name).into_iter().map(capital).collect(), "Type")
}

/// An identifier must not be empty, nor begin with a digit.
fn guarded(name: String, otherwise: &str) -> String {
    match name.chars().next() {
        None => otherwise.to_owned(),
        Some(c) if c.is_numeric() => format!("_{name}"),
        Some(_) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_becomes_an_identifier() {
        for (name, expected) in [
            ("isbn", "isbn"),
            ("publisherName", "publisher_name"),
            ("My Column", "my_column"),
            ("type", "r#type"),
            ("self", "self_"),
            ("2nd", "_2nd"),
            ("%", "field"),
            ("straße", "straße"),
            ("async", "r#async"),
            ("gen", "r#gen"),
            ("ⓐ", "u24d0"),
            ("e\u{301}", "eu301"),
            ("_", "field"),
            ("a\u{202e}b", "a_b"),
            ("книга", "книга"),
            ("İ", "u130"),
            ("", "field"),
        ] {
            assert_eq!(Scope::default().name(&snake(name)).to_string(), expected, "{name}");
        }
        assert_eq!(pascal("book_author"), "BookAuthor");
        let mut scope = Scope::default();
        assert_eq!([scope.name("a"), scope.name("a")].map(|ident| ident.to_string()), ["a", "a2"]);
    }
}
