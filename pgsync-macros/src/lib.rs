//! `pgsync_schema!`. In: the path of a schema file, relative to the manifest of the calling crate. Out: the compiled
//! module, expanded in place; in a build script a `main` that writes it to `OUT_DIR`. Everything is decided by the
//! compiler; nothing here may know what is in a schema.

use pgsync_codegen::Builder;
use proc_macro::TokenStream;
use quote::quote;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

/// Compiles a schema file.
///
/// ```ignore
/// pgsync_macros::pgsync_schema!("schema.json");
/// ```
///
/// Behind the path may stand crates whose types the values of the structs have: `pgsync_schema!("schema.json", jiff, uuid)`.
///
/// In a crate it expands to `PROGRAM`, `app`, `main` and one module of structs per document. As the one line of a `build.rs` it
/// expands to a `main` that writes the same to `OUT_DIR`.
/// The catalogue is the snapshot beside the schema, `schema.catalog.json`; where the schema names several databases, there
/// is a `schema.DATABASE.catalog.json` and a `PROGRAM_DATABASE` for each.
#[proc_macro]
pub fn pgsync_schema(input: TokenStream) -> TokenStream {
    let Schema { path, values } = syn::parse_macro_input!(input as Schema);
    expand(&path, &values).into()
}

/// What stands between the brackets.
struct Schema {
    path: syn::LitStr,
    values: Vec<String>,
}

impl syn::parse::Parse for Schema {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Self> {
        let path = input.parse()?;
        let mut values = Vec::new();
        while !input.is_empty() {
            input.parse::<syn::Token![,]>()?;
            if !input.is_empty() {
                values.push(input.parse::<syn::Ident>()?.to_string());
            }
        }
        Ok(Self { path, values })
    }
}

fn expand(literal: &syn::LitStr, values: &[String]) -> proc_macro2::TokenStream {
    let directory = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let schema = directory.join(literal.value());
    let builder = Builder::new(&schema).values(values);
    // rustc compiles the caller again when one of these changes, also after an error.
    let tracked = std::iter::once(schema.clone()).chain(builder.catalog_paths()).filter_map(|path| {
        let path = path.to_string_lossy().into_owned();
        Path::new(&path).exists().then(|| {
            quote!(
                const _: &[u8] = ::core::include_bytes!(#path);
            )
        })
    });
    let tracked: Vec<_> = tracked.collect();
    if std::env::var("CARGO_CRATE_NAME").is_ok_and(|name| name.starts_with("build_script_")) {
        let count = values.len();
        return quote! {
            #(#tracked)*
            fn main() {
                if let ::core::result::Result::Err(error) = ::pgsync_codegen::Builder::new(#literal).values([#(#values),*] as [&str; #count]).compile() {
                    ::std::eprintln!("{error}");
                    ::std::process::exit(1);
                }
            }
        };
    }
    match builder.output().map(|output| syn::parse_str::<proc_macro2::TokenStream>(&output.rust)) {
        Ok(Ok(module)) => quote!(#(#tracked)* #module),
        Ok(Err(error)) => error.to_compile_error(),
        Err(error) => {
            let error = syn::Error::new(literal.span(), shown(&error.to_string(), &directory)).to_compile_error();
            quote!(#(#tracked)* #error)
        }
    }
}

/// Diagnostics as one compiler error: below a headline of their own, with the schema's path as the caller wrote it.
fn shown(error: &str, directory: &Path) -> String {
    if !error.starts_with("error[") {
        return error.to_owned();
    }
    let diagnostics = error.replace(&format!("{}{MAIN_SEPARATOR}", directory.display()), "");
    format!("the schema cannot be compiled\n\n{}", diagnostics.trim_end())
}
