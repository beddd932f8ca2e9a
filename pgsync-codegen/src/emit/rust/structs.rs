//! Structs and enums. In: a document's nodes with the types of their columns. Out: one struct per node that shows an
//! object, `Option` exactly where the catalogue or the join allows null, enums with the labels of the database.

use super::names::{DocumentNames, Names, Scope, pascal, snake};
use super::visible;
use pgsync_plan::{Aggregate, ColumnType, Document, Field, FieldValue, Node, Plan, Shape, ValueKind};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The module of one document.
pub(super) fn document(plan: &Plan, document: &Document, names: &DocumentNames, all: &Names) -> TokenStream {
    let module = &names.module;
    let about = doc(None, &format!("Documents of the index `{}`.", document.index));
    let index = &document.index;
    let nodes = document.nodes.iter().zip(&names.structs);
    let of = Of { plan, document, names, all };
    let structs = nodes.filter(|(node, _)| matches!(node.shape, Shape::Object | Shape::Objects)).map(|(node, name)| {
        let table = plan.table(node.table);
        let about = match node.is_aggregate() {
            true => doc(None, &format!("What is made of the rows of `{}`.", table.qualified())),
            false => doc(table.comment.as_deref(), &format!("A row of `{}`.", table.qualified())),
        };
        let mut scope = Scope::default();
        let mut fields = fields(&of, node, false, &mut scope);
        if node.parent.is_none() && !document.meta.is_empty() {
            let name = scope.name("meta");
            fields.push(quote! {
                /// Keys of the rows that it shows, by table and column.
                #[serde(rename = "_meta")]
                pub #name: ::pgsync_runtime::types::Json,
            });
        }
        quote! {
            #about
            pub struct #name {
                #(#fields)*
            }
        }
    });
    let rows = Ident::new(super::ROWS, Span::call_site());
    let root = &names.structs[0];
    quote! {
        #about
        #[allow(dead_code, missing_docs, nonstandard_style)]
        pub mod #module {
            use ::pgsync_runtime::__private::v2 as rt;
            rt::index!(#index of #root);
            mod #rows {
                #(#structs)*
            }
            rt::names!();
        }
    }
}

/// Where types and names are looked up.
struct Of<'a> {
    plan: &'a Plan,
    document: &'a Document,
    names: &'a DocumentNames,
    all: &'a Names,
}

/// The fields of a node's objects; those of flattened children stand among them, and are null with the row that is not
/// there: `absent`.
fn fields(of: &Of<'_>, node: &Node, absent: bool, scope: &mut Scope) -> Vec<TokenStream> {
    let mut out = Vec::new();
    for each in node.fields.iter().filter(|field| !field.hidden) {
        match each.value {
            FieldValue::Child(id) if of.document.node(id).shape == Shape::Flat => {
                let child = of.document.node(id);
                out.extend(fields(of, child, absent || child.optional, scope));
            }
            _ => out.push(field(of, node, each, absent, scope)),
        }
    }
    out
}

fn field(of: &Of<'_>, node: &Node, field: &Field, absent: bool, scope: &mut Scope) -> TokenStream {
    let Of { plan, document, names, all } = *of;
    let name = scope.name(&snake(&field.name));
    let (ty, nullable) = value(plan, document, node, field, names, all);
    let ty = if nullable || absent { names.option(&ty) } else { ty };
    let about = match field.value {
        FieldValue::Select(position) => {
            let table = plan.table(node.table);
            let select = &node.select[position];
            let column = table.column(select.column);
            match (&select.computed, &select.aggregate) {
                (Some(computed), _) => doc(None, &format!("Computed of the row, {}.", computed.ty.declared)),
                (None, Some(aggregate)) => doc(None, &aggregated(aggregate, &column.name)),
                (None, None) => doc(column.comment.as_deref(), &format!("`{}`, {}.", column.name, column.ty.declared)),
            }
        }
        FieldValue::Child(id) => doc(None, &child_doc(plan, document.node(id))),
        FieldValue::Concat(_) => doc(None, "Put together of other fields."),
    };
    let written = name.to_string();
    let rename = (written.trim_start_matches("r#") != field.name).then(|| {
        let original = &field.name;
        quote!(#[serde(rename = #original)])
    });
    quote! {
        #about
        #rename
        pub #name: #ty,
    }
}

/// What is made of all rows.
fn aggregated(aggregate: &Aggregate, column: &str) -> String {
    format!("`{}`, {}.", aggregate.function.written(column), aggregate.ty.declared)
}

fn child_doc(plan: &Plan, child: &Node) -> String {
    let table = plan.table(child.table).qualified();
    match child.select.first().and_then(|select| Some((select.column, select.aggregate.as_ref()?))) {
        Some((column, aggregate)) if child.shape == Shape::Scalar => {
            let written = aggregate.function.written(&plan.table(child.table).column(column).name);
            return format!("`{written}` of the rows of `{table}`, {}.", aggregate.ty.declared);
        }
        Some(_) => return format!("What is made of the rows of `{table}`."),
        None => {}
    }
    let none = if child.empty_array { "an empty array" } else { "null" };
    match child.shape {
        Shape::Object | Shape::Flat => format!("The row of `{table}`."),
        Shape::Objects => format!("The rows of `{table}`; none is {none}."),
        Shape::Scalar => format!("A value of `{table}`."),
        Shape::Scalars => format!("Values of `{table}`; none is {none}."),
    }
}

/// The type of a field, and whether it may be null.
fn value(
    plan: &Plan,
    document: &Document,
    node: &Node,
    field: &Field,
    names: &DocumentNames,
    all: &Names,
) -> (TokenStream, bool) {
    match field.value {
        FieldValue::Concat(_) => (names.string(), false),
        FieldValue::Select(position) => {
            let select = &node.select[position];
            let table = plan.table(node.table);
            let nullable = match (&select.computed, &select.aggregate) {
                (Some(_), _) => true,
                (None, Some(aggregate)) => aggregate.function.is_nullable(),
                (None, None) => table.column(select.column).nullable,
            };
            if select.text {
                (names.string(), true)
            } else if select.path.is_empty() {
                (column_type(select.ty(table), names, all, field.rewrite.is_some()), nullable)
            } else {
                (quote!(::pgsync_runtime::types::Json), true)
            }
        }
        FieldValue::Child(id) => {
            let child = document.node(id);
            let name = &names.structs[id.0];
            let first = || match child.fields.first() {
                Some(first) => value(plan, document, child, first, names, all),
                None => (quote!(::pgsync_runtime::types::Json), true),
            };
            match child.shape {
                Shape::Object | Shape::Flat => (quote!(#name), child.optional),
                Shape::Objects => (names.vec(&quote!(#name)), child.optional),
                Shape::Scalar => {
                    let (ty, nullable) = first();
                    (ty, nullable || child.optional)
                }
                Shape::Scalars => {
                    let (ty, nullable) = first();
                    let ty = if nullable { names.option(&ty) } else { ty };
                    (names.vec(&ty), child.optional)
                }
            }
        }
    }
}

/// The Rust type of a column's values, NULL aside. What the schema file rewrites is of no type but text.
fn column_type(ty: &ColumnType, names: &DocumentNames, all: &Names, rewritten: bool) -> TokenStream {
    let chosen = if rewritten { None } else { all.values.ty(ty.kind) };
    let text = names.string();
    let json = quote!(::pgsync_runtime::types::Json);
    let element = match ty.kind {
        _ if chosen.is_some() => quote!(#chosen),
        ValueKind::Enum if rewritten => text,
        ValueKind::Bool => quote!(bool),
        ValueKind::Int2 => quote!(i16),
        ValueKind::Int4 => quote!(i32),
        ValueKind::Int8 => quote!(i64),
        ValueKind::UInt8 => quote!(u64),
        ValueKind::Float4 => quote!(::pgsync_runtime::types::Float4),
        ValueKind::Float8 => quote!(::pgsync_runtime::types::Float8),
        ValueKind::Numeric => quote!(::pgsync_runtime::types::Numeric),
        ValueKind::Enum => match ty.enumeration {
            Some(position) => {
                let (module, name) = (&all.enums_module, &all.enums[position]);
                quote!(super::#module::#name)
            }
            None => text,
        },
        // An element may be an array itself, so that a value could not be told from the next dimension.
        ValueKind::Json | ValueKind::Jsonb | ValueKind::Other => return json,
        ValueKind::Hstore if ty.array => return json,
        ValueKind::Hstore => {
            let value = names.option(&text);
            quote!(::std::collections::BTreeMap<#text, #value>)
        }
        ValueKind::Text
        | ValueKind::Char
        // The database writes an oid as a JSON string.
        | ValueKind::Oid
        | ValueKind::Uuid
        | ValueKind::Date
        | ValueKind::Time
        | ValueKind::TimeTz
        | ValueKind::Timestamp
        | ValueKind::TimestampTz
        | ValueKind::Interval
        | ValueKind::Bytea
        | ValueKind::Inet => text,
    };
    if ty.array { quote!(::pgsync_runtime::types::Array<#element>) } else { element }
}

/// The enum types of the database, in a module of their own.
pub(super) fn enums(plan: &Plan, names: &Names) -> TokenStream {
    if plan.enums.is_empty() {
        return TokenStream::new();
    }
    let enums = plan.enums.iter().zip(&names.enums).map(|(each, name)| {
        let mut scope = Scope::default();
        let labels = &each.labels;
        let variants = labels.iter().map(|label| scope.name(&pascal(label)));
        let of = visible(&format!("{}.{}", each.schema, each.name));
        quote!(rt::labels!(#name, #of, #(#variants(#labels)),*);)
    });
    let module = &names.enums_module;
    quote! {
        /// Enum types of the database.
        #[allow(dead_code, nonstandard_style)]
        pub mod #module {
            use ::pgsync_runtime::__private::v2 as rt;
            #(#enums)*
        }
    }
}

/// A doc comment: the catalogue's comment where there is one. It is text of the database's: nothing of it may become code
/// that is compiled or run, nor turn the direction in which the file reads.
pub(super) fn doc(comment: Option<&str>, otherwise: &str) -> TokenStream {
    let text = comment.map(str::trim).filter(|comment| !comment.is_empty()).unwrap_or(otherwise);
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace("```", "\\`\\`\\`").replace("~~~", "\\~\\~\\~");
    // What is indented is a code block, which is a test.
    let lines = text.lines().map(|line| format!(" {}", visible(line.trim())));
    let lines = lines.map(|line| line.trim_end().to_owned());
    quote!(#(#[doc = #lines])*)
}
