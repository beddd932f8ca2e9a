//! Second phase: AST + catalogue -> bound tree. In: names. Out: what they stand for, or every name that stands for
//! nothing, with the nearest one that does. It decides what the short form leaves out.

mod aggregate;
mod expression;
mod fields;
mod inheritance;
mod link;
mod mapping;
mod meta;
mod order;
mod paths;
mod routing;
mod table;
mod tenants;
mod through;
mod transform;
mod view;
pub(crate) mod ways;

#[cfg(feature = "mysql")]
pub(crate) use view::Lineage;

use crate::ast::{self, Variant};
use crate::bound;
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Source, Span};
use pgsync_plan::{OnChange, Shape};

/// Engines take 255 bytes, and the names of generations and their aliases are longer than the document's.
const LONGEST_INDEX: usize = 200;

/// Binds a schema to a catalogue. What comes with it are warnings.
///
/// # Errors
/// Every finding of this phase.
pub fn resolve(
    source: &Source,
    schema: &ast::Schema,
    catalog: &Catalog,
) -> Result<(bound::Schema, Diagnostics), Diagnostics> {
    let default_schema = catalog.default_schema.clone();
    let mut resolver = Resolver { catalog, default_schema, plugins: false, diagnostics: Diagnostics::new(source) };
    let mut documents = Vec::new();
    for (written, document) in schema.documents.iter().enumerate() {
        for (number, tenant) in resolver.tenants(document).into_iter().enumerate() {
            let said = resolver.diagnostics.len();
            // A document that failed leaves no gap: each one that did not is kept with what was written.
            documents.extend(resolver.document(document, written, tenant.as_deref()));
            if number > 0 {
                resolver.diagnostics.forget_warnings_after(said);
            }
        }
    }
    resolver.indexes(schema, &documents);
    resolver.inheritance(schema, &documents);
    resolver.diagnostics.finish(bound::Schema { documents })
}

/// What a node hangs on.
#[derive(Clone, Copy)]
struct Above<'a> {
    table: usize,
    /// Columns that identify its rows.
    key: &'a [String],
    /// Whether to-many fields without rows are empty arrays, where the node itself does not say it.
    empty_array: bool,
    /// Which of its changes documents follow.
    on_change: OnChange,
}

struct Resolver<'a> {
    catalog: &'a Catalog,
    /// The schema that is meant where none is written.
    default_schema: String,
    /// Whether plugins go over the document, and may add fields to it.
    plugins: bool,
    diagnostics: Diagnostics,
}

impl Resolver<'_> {
    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn indexes(&mut self, schema: &ast::Schema, documents: &[bound::Document]) {
        for (position, document) in documents.iter().enumerate() {
            let written = &schema.documents[document.written];
            let span = index_span(written);
            if documents[..position].iter().any(|other| other.index == document.index) {
                self.diagnostics.push(twice(schema, document));
            }
            // What an environment variable holds is not known yet.
            let name = pgsync_plan::substitute(&document.index, |_| Some("x".to_owned())).unwrap_or_default();
            let bad = name.starts_with(['-', '_', '+'])
                || [".", ".."].contains(&name.as_str())
                || name.len() > LONGEST_INDEX
                || name.chars().any(|c| c.is_uppercase() || "\\/*?\"<>| ,#:".contains(c));
            if bad {
                self.diagnostics.push(
                    Diagnostic::new(Code::WrongValue, span, format!("`{name}` cannot be the name of an index"))
                        .help("index names are lower case, of at most 200 bytes, do not begin with - _ + and hold none of \\ / * ? \" < > | , # : or blanks"),
                );
            }
        }
    }

    /// Binds a document, in one of its `schemas` where it has them.
    fn document(&mut self, document: &ast::Document, written: usize, tenant: Option<&str>) -> Option<bound::Document> {
        self.plugins = !document.plugins.is_empty();
        self.default_schema = tenant.unwrap_or(&self.catalog.default_schema).to_owned();
        let root = self.node(&document.root, None);
        let root = root?;
        self.paths(&document.root, &root);
        if document.mapping.is_some()
            && let Some(span) = transform::mapped(&document.root)
        {
            self.push(
                Diagnostic::new(Code::Suspicious, span, "the document has a `mapping`, so that of a node is not used")
                    .help("write all of it in one place; PGSync takes the document's too"),
            );
        }
        if let (Some(_), Some(mappings)) = (&document.mapping, &document.mappings) {
            let what = "the document has `mapping` and `mappings`: where both speak of the same, `mapping` counts";
            self.push(
                Diagnostic::new(Code::Suspicious, mappings.span, what)
                    .help("write all of it in `mappings`; PGSync takes `mapping` alone"),
            );
        }
        if root.key.is_empty() {
            self.push(
                Diagnostic::new(
                    Code::NoKey,
                    document.root.table.span,
                    format!(
                        "table {} has no primary key, and a root needs one",
                        self.catalog.short(&self.catalog.tables[root.table])
                    ),
                )
                .help("name columns that identify a row: \"primary_key\": [\"...\"]"),
            );
        }
        let plugins = self.plugins(document);
        let database = document.database.as_ref().map(|database| database.value.clone());
        let index = match (&document.index, &database) {
            (Some(index), _) => index.value.clone(),
            (None, Some(database)) => database.clone(),
            (None, None) => document.root.table.value.clone(),
        };
        let index = tenant.map_or(index.clone(), |tenant| tenants::index(&index, tenant));
        Some(bound::Document {
            written,
            index,
            database,
            routing: document.routing.as_ref().and_then(|field| self.routing(field, &root)),
            pipeline: document.pipeline.as_ref().map(|pipeline| pipeline.value.clone()),
            setting: document.setting.as_ref().map(|setting| setting.value.clone()),
            mapping: document.mapping.as_ref().map(|mapping| mapping.value.clone()),
            plugins,
            mappings: document.mappings.as_ref().map(|mappings| mappings.value.clone()),
            meta: document.meta.as_ref().is_some_and(|asked| asked.value && self.meta(asked.span, &root)),
            root,
        })
    }

    /// What they stand for is known at the start of the program only.
    fn plugins(&mut self, document: &ast::Document) -> Vec<String> {
        let mut known = std::collections::BTreeSet::new();
        for plugin in &document.plugins {
            if plugin.value.is_empty() {
                self.push(Diagnostic::new(Code::WrongValue, plugin.span, "a plugin has no name"));
            } else if !known.insert(&plugin.value) {
                self.push(
                    Diagnostic::new(Code::Duplicate, plugin.span, format!("`{}` is named twice", plugin.value))
                        .help("each goes over a document once: write it once"),
                );
            }
        }
        document.plugins.iter().map(|plugin| plugin.value.clone()).collect()
    }

    /// Binds a node.
    fn node(&mut self, node: &ast::Node, parent: Option<Above<'_>>) -> Option<bound::Node> {
        let node = &*self.aggregate_alone(node, parent.is_none());
        let inherited = parent.is_some_and(|parent| parent.empty_array);
        let empty_array = node.empty.as_ref().map_or(inherited, |empty| empty.value);
        let schema = node.schema.as_ref().map_or(&self.default_schema, |schema| &schema.value).clone();
        let table = self.table(&schema, node.schema.as_ref().map(|schema| schema.span), &node.table)?;
        self.inherited(table, node.table.span);
        let mut columns = self.columns(node, table);
        let computed = self.computed(node, table);
        if !computed.is_empty() && is_scalar(node) && node.columns.is_empty() {
            columns.clear();
        }
        columns.extend(computed);
        let key = self.key(node, table, parent.is_none());
        let filter = node.filter.as_ref().and_then(|filter| self.filter(filter, table));
        let mut order_by = self.order_by(node, table, parent.is_none());
        let on_change = self.on_change(node, parent);
        let link = match parent {
            None => None,
            // Without it nothing below can be judged either, and the reason is reported.
            Some(parent) => Some(self.link(node, parent, (table, &key))?),
        };
        let wanted = link.as_ref().map_or_else(|| key.clone(), |link| link.link.child.clone());
        let view = self.view(node, table, &wanted);
        let aggregates = !node.aggregate.is_empty();
        if let Some(linking) = link.as_ref().and_then(|found| found.link.child.first()).filter(|_| aggregates) {
            columns = self.aggregates(node, table, linking);
        }
        let shape = if aggregates { self.aggregate_shape(node) } else { self.shape(node, link.as_ref(), &columns) };
        let limit = self.limit(node, shape.is_many());
        let distinct = self.distinct_values(node, (table, shape), &columns, &mut order_by);
        let label = match (&node.label, &link) {
            (Some(label), _) => label.value.clone(),
            // The short form names a to-many relation by the plural.
            (None, Some(found)) if node.relationship.is_none() && found.many => format!("{}s", node.table.value),
            (None, _) => node.table.value.clone(),
        };
        let above = Above { table, key: &key, empty_array, on_change };
        let children = node.children.iter().map(|child| transform::inherited(&node.transform, child));
        let mut children: Vec<bound::Node> = children.filter_map(|child| self.node(&child, Some(above))).collect();
        let scalar = shape.is_scalar();
        if scalar {
            // Mistakes in them are found all the same.
            children.clear();
        }
        self.rewrites(node, scalar, &mut columns);
        self.rename(node, &mut columns, &mut children);
        let mut concats = self.concats(node, (table, scalar), &mut columns, &mut children);
        self.distinct(node, &columns, &children, &concats);
        let declared = self.mappings(node, &mut columns, &mut children, &mut concats);
        if !scalar {
            self.indexable(node, &columns, &children, &concats, parent.is_none());
        }
        let empty_array = empty_array && shape.is_many();
        // The row that a foreign key promises may be one that is not shown.
        let promised = filter.is_none() && link.as_ref().is_some_and(|found| !found.optional);
        let optional = !empty_array && !promised && !aggregates;
        Some(bound::Node {
            table,
            field: label.clone(),
            label,
            columns,
            key,
            filter,
            order_by,
            limit,
            distinct,
            on_change,
            shape,
            optional,
            empty_array,
            link: link.map(|found| found.link),
            concats,
            mapping: None,
            declared,
            hidden: false,
            view,
            children,
        })
    }

    /// Which changes documents follow. What hangs on ignored rows is ignored too, unless it says otherwise.
    fn on_change(&mut self, node: &ast::Node, parent: Option<Above<'_>>) -> OnChange {
        let above = parent.filter(|parent| parent.on_change == OnChange::Ignore);
        let Some(written) = &node.on_change else { return above.map_or(OnChange::Follow, |above| above.on_change) };
        if parent.is_none() && written.value != OnChange::Follow {
            self.push(
                Diagnostic::new(Code::WrongValue, written.span, "changes of a root are always followed")
                    .help("`on_change` is for children; leave it out here"),
            );
        }
        written.value
    }

    fn shape(&mut self, node: &ast::Node, found: Option<&ways::Way>, columns: &[bound::Column]) -> Shape {
        let Some(found) = found else { return Shape::Object };
        let written = node.relationship.as_ref();
        // A relation through a join table is an array whatever its type says.
        let many = found.link.through.is_some()
            || written.and_then(|written| written.many.as_ref()).map_or(found.many, |many| many.value);
        let variant = written.and_then(|written| written.variant.as_ref());
        let scalar = match written {
            Some(_) => is_scalar(node),
            None => many && columns.len() == 1 && node.columns.len() == 1 && node.children.is_empty(),
        };
        if scalar && let Some(child) = node.children.first() {
            self.push(
                Diagnostic::new(Code::Suspicious, child.span, "a scalar node has children, which nothing shows")
                    .help("make it \"variant\": \"object\" to show them"),
            );
        }
        let named = node.columns.iter().map(|column| column.span);
        let mut named = named.chain(node.computed.iter().map(|(field, _)| field.span));
        if let Some(second) = named.nth(1).filter(|_| scalar && columns.len() > 1) {
            self.push(
                Diagnostic::new(
                    Code::Suspicious,
                    second,
                    format!("a scalar node names {} columns, and only `{}` is shown", columns.len(), columns[0].text),
                )
                .help("make it \"variant\": \"object\" to show them all"),
            );
        }
        if !many && found.many && node.order_by.is_empty() {
            let table = self.catalog.short(&self.catalog.tables[found.table]);
            self.push(
                Diagnostic::new(
                    Code::Suspicious,
                    node.table.span,
                    format!("several rows of {table} may belong to one parent, and the relation is to-one"),
                )
                .help("the row with the lowest key is shown"),
            );
        }
        if let Some(variant) = variant.filter(|variant| variant.value == Variant::Flatten) {
            if many {
                self.push(
                    Diagnostic::new(
                        Code::WrongValue,
                        variant.span,
                        "several rows belong to one parent, and their fields cannot all stand in it",
                    )
                    .help("only a to-one relation can be flattened: write \"type\": \"one_to_one\", or \"variant\": \"object\""),
                );
            }
            return Shape::Flat;
        }
        match (many, scalar) {
            (false, false) => Shape::Object,
            (false, true) => Shape::Scalar,
            (true, false) => Shape::Objects,
            (true, true) => Shape::Scalars,
        }
    }
}

/// Finds documents of different databases that go to one index; those of one database are found by [`resolve`].
pub(crate) fn indexes_between<'a>(
    databases: impl Iterator<Item = (&'a ast::Schema, &'a bound::Schema)>,
    diagnostics: &mut Diagnostics,
) {
    let mut known = std::collections::BTreeSet::new();
    for (schema, bound) in databases {
        for document in bound.documents.iter().filter(|document| known.contains(&document.index)) {
            diagnostics.push(twice(schema, document));
        }
        known.extend(bound.documents.iter().map(|document| &document.index));
    }
}

/// The second document of an index.
fn twice(schema: &ast::Schema, document: &bound::Document) -> Diagnostic {
    let span = index_span(&schema.documents[document.written]);
    Diagnostic::new(Code::Duplicate, span, format!("two documents go to the index `{}`", document.index))
}

/// Where the index is written, or what it is called after.
fn index_span(document: &ast::Document) -> Span {
    document.index.as_ref().map_or(document.root.table.span, |index| index.span)
}

/// Whether the schema says that a row is shown as one value.
fn is_scalar(node: &ast::Node) -> bool {
    let variant = node.relationship.as_ref().and_then(|written| written.variant.as_ref());
    variant.is_some_and(|variant| variant.value == Variant::Scalar)
}
