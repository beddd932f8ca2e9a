//! `cargo pgsync explain`: what a schema compiles to. In: an input. Out: text on stdout: the tree, every statement, every
//! route, and the indexes that the database lacks for them; or one stage of the compiler as it is. With `--json` stdout
//! holds one JSON value and nothing else. What a code means is in `code`.

mod code;
#[cfg(test)]
mod errors_page;
mod json;

pub(crate) use code::explain_code;

use crate::compile::{self, Format, Input};
use clap::ValueEnum;
use pgsync_codegen::catalog::Catalog;
use pgsync_codegen::emit::rust;
use pgsync_codegen::{parse, resolve};
use pgsync_plan::{
    ColumnId, Document, Expression, FieldValue, Node, NodeId, OnChange, Order, Piece, Plan, Program, RouteKind, Shape,
    Statement, TableId, TableKind,
};
use pgsync_runtime::internals::Result;
use pgsync_runtime::internals::source::postgres::Script;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// The stages of the compiler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// What was written
    Ast,
    /// With everything found in the catalogue and decided
    Bound,
    /// What is read at each level, and the routes
    Plan,
    /// The statements
    Sql,
    /// What `bootstrap` and `teardown` execute in the database
    Setup,
    /// The index definitions
    Mapping,
    /// The generated module
    Rust,
}

/// Gives the text.
pub(crate) fn explain(path: &Path, input: &Input, stage: Option<Stage>, format: Format) -> Result<String> {
    let program = compile::program(path, input, format)?;
    let fail = |diagnostics| format.fail(&diagnostics, path);
    Ok(match stage {
        None if format.json => pretty(&json::summary(&program, &missing_indexes(&program.plan, &input.catalog))?),
        None => summary(&program, &input.catalog)?,
        Some(Stage::Ast) => pretty(&parse(&input.source).map_err(fail)?),
        Some(Stage::Bound) => {
            let schema = parse(&input.source).map_err(fail)?;
            pretty(&resolve(&input.source, &schema, &input.catalog).map_err(fail)?.0)
        }
        Some(Stage::Plan) => pretty(&program.plan),
        Some(Stage::Sql) => pretty(&program.statements),
        Some(Stage::Setup) if format.json => pretty(&json::setup(&program)?),
        Some(Stage::Setup) => setup(&program)?,
        Some(Stage::Mapping) => {
            pretty(&program.indexes.iter().map(|index| [&index.settings, &index.mappings]).collect::<Vec<_>>())
        }
        Some(Stage::Rust) => {
            let module = rust::file(&program, &path.file_name().unwrap_or_default().to_string_lossy());
            if format.json { pretty(&serde_json::json!({ "rust": module })) } else { module }
        }
    })
}

fn pretty(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn summary(program: &Program, catalog: &Catalog) -> Result<String> {
    let mut out = String::new();
    for (document, statements) in program.plan.documents.iter().zip(&program.statements) {
        let plan = &program.plan;
        // Writing to a string cannot fail.
        let _ = writeln!(out, "index {}\n", document.index);
        if let Some(pipeline) = &document.pipeline {
            let _ = writeln!(out, "through the ingest pipeline {pipeline}\n");
        }
        if let Some(column) = document.routing_column() {
            let column = &plan.table(document.root().table).column(column).name;
            let _ = writeln!(out, "kept by {column}: where that changes, the copy under the old value is deleted\n");
        }
        if !document.plugins.is_empty() {
            let _ = writeln!(out, "  plugins, in this order: {}\n", document.plugins.join(", "));
        }
        if !document.meta.is_empty() {
            let _ = writeln!(out, "  lists the keys of the rows that it shows, in `_meta`\n");
        }
        tree(plan, document, NodeId(0), 1, &mut out);
        let _ = writeln!(out, "\nroots, by key:\n{}\n", indented(&statements.roots_by_key.sql));
        let _ = writeln!(out, "roots, in a load:\n{}\n", indented(&statements.roots_by_range.rows.between.sql));
        for (position, node) in document.nodes.iter().enumerate() {
            let mut say = |what: &str, statement: Option<&Statement>| {
                if let Some(statement) = statement {
                    let _ = writeln!(out, "{what} `{}`:\n{}\n", node.label, indented(&statement.sql));
                }
            };
            let Some(level) = statements.levels.get(position).and_then(Option::as_ref) else { continue };
            say("join rows of", level.join.as_ref());
            say("level", Some(&level.rows));
            say("in a load, by the roots' range,", level.range.as_ref().map(|range| &range.between));
            say("in a load, first, where the table is small,", level.prefetch.as_ref());
        }
        for (route, statement) in document.routes.iter().zip(&statements.routes) {
            let table = plan.table(route.table);
            let names = |columns: &[ColumnId]| {
                columns.iter().map(|column| table.column(*column).name.as_str()).collect::<Vec<_>>().join(", ")
            };
            let place = match route.kind {
                RouteKind::Root => "the root".to_owned(),
                RouteKind::Node(node) => format!("`{}`", document.node(node).label),
                RouteKind::Through(node) => format!("the join table of `{}`", document.node(node).label),
                RouteKind::Base(node) => format!("a table of the view `{}`", document.node(node).label),
            };
            let _ = writeln!(
                out,
                "route from {} as {place}: old and new ({}); watches {}",
                table.qualified(),
                names(&route.link),
                names(&route.watch)
            );
            if let Some(statement) = statement {
                let _ = writeln!(out, "{}", indented(&statement.sql));
            } else if route.is_everything() {
                let _ = writeln!(out, "    every document is read again: nobody can tell which of them it concerns");
            }
            out.push('\n');
        }
    }
    out.push_str(&setup(program)?);
    let missing = missing_indexes(&program.plan, catalog);
    if !missing.is_empty() {
        out.push_str("\nindexes that the database lacks for these statements:\n");
        for index in missing {
            let _ = writeln!(out, "    {index}");
        }
    }
    Ok(out)
}

/// What is set up in the database, and undone.
fn setup(program: &Program) -> Result<String> {
    let Script { bootstrap, teardown } = Script::of(program)?;
    Ok(format!(
        "`bootstrap`, where nothing is set up yet (the database's name is added to the names, unless PGSYNC_SLOT and \
         PGSYNC_PUBLICATION name others):\n{}\n\n`teardown`, after that:\n{}\n",
        indented(&bootstrap),
        indented(&teardown)
    ))
}

fn indented(text: &str) -> String {
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("    {line}") };
    text.trim_end().lines().map(line).collect::<Vec<_>>().join("\n")
}

fn tree(plan: &Plan, document: &Document, id: NodeId, depth: usize, out: &mut String) {
    let node: &Node = document.node(id);
    let shape = match node.shape {
        Shape::Object => "object",
        Shape::Objects => "array of objects",
        Shape::Scalar => "value",
        Shape::Scalars => "array of values",
        Shape::Flat => "fields of its parent",
    };
    let fields: Vec<&str> = node.fields.iter().map(|field| field.name.as_str()).collect();
    let _ = writeln!(
        out,
        "{}{} ({}, {shape}): {}",
        "  ".repeat(depth),
        node.label,
        plan.table(node.table).qualified(),
        fields.join(", ")
    );
    for (field, written, ty) in computed(plan, node) {
        let _ = writeln!(out, "{}  computed: {field} = {written} ({ty})", "  ".repeat(depth));
    }
    if let Some(filter) = &node.filter {
        let _ = writeln!(out, "{}  where: {}", "  ".repeat(depth), expression(plan, node, filter));
    }
    if let Some(chosen) = chosen(plan, node) {
        let _ = writeln!(out, "{}  {chosen}", "  ".repeat(depth));
    }
    match node.on_change {
        OnChange::Follow => {}
        OnChange::Link => {
            let _ = writeln!(
                out,
                "{}  follows rows that come, go or move; what else changes of them may be out of date",
                "  ".repeat(depth)
            );
        }
        OnChange::Ignore => {
            let _ = writeln!(out, "{}  follows no change; what is shown may be out of date", "  ".repeat(depth));
        }
    }
    if let Some(reading) = reading(plan, node) {
        let _ = writeln!(out, "{}  {reading}", "  ".repeat(depth));
    }
    for (position, child) in document.nodes.iter().enumerate() {
        if child.parent == Some(id) {
            tree(plan, document, NodeId(position), depth + 1, out);
        }
    }
}

/// An expression over its rows.
fn expression(plan: &Plan, node: &Node, expression: &Expression) -> String {
    let table = plan.table(node.table);
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Column(column) => table.column(*column).name.clone(),
    };
    expression.pieces.iter().map(piece).collect()
}

/// Fields that are computed of its rows, with their expressions and types.
fn computed<'a>(plan: &'a Plan, node: &'a Node) -> impl Iterator<Item = (&'a str, String, &'a str)> {
    node.fields.iter().filter_map(move |field| {
        let FieldValue::Select(position) = field.value else { return None };
        let computed = node.select[position].computed.as_ref()?;
        Some((field.name.as_str(), expression(plan, node, &computed.expression), computed.ty.declared.as_str()))
    })
}

/// Which of its rows a parent shows and in which order, where the schema says so.
fn chosen(plan: &Plan, node: &Node) -> Option<String> {
    let table = plan.table(node.table);
    let mut said = Vec::new();
    if node.distinct {
        said.push("each value once".to_owned());
    }
    let by = node.order_by.iter().map(|by| {
        let direction = if by.descending { ", the largest first" } else { "" };
        let nulls = if by.nulls_first { ", NULL first" } else { "" };
        format!("{}{direction}{nulls}", table.column(by.column).name)
    });
    let by: Vec<String> = by.collect();
    if !by.is_empty() {
        said.push(format!("in the order of {}", by.join("; then ")));
    }
    if let Some(limit) = node.limit {
        said.push(format!("at most {limit} of a parent"));
    }
    (!said.is_empty()).then(|| said.join("; "))
}

/// How its rows are read, where something is to be said of it.
fn reading(plan: &Plan, node: &Node) -> Option<String> {
    let reading = &node.link.as_ref()?.reading;
    let names = |columns: &[ColumnId]| {
        let table = plan.table(node.table);
        columns.iter().map(|column| table.column(*column).name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let mut said = Vec::new();
    if reading.split_join {
        said.push("join rows apart, each row once".to_owned());
    }
    if reading.by_range {
        said.push("in a load by the roots' range".to_owned());
    }
    if reading.prefetch {
        said.push("in a load first, where the table is small".to_owned());
    }
    if reading.shared {
        said.push("kept for other documents".to_owned());
    }
    match &reading.order {
        Order::Reader(columns) if columns.is_empty() => {}
        Order::Reader(_) => said.push(format!("ordered by {}, here", names(&node.order))),
        Order::Statement => said.push(format!("ordered by {}, by the database", names(&node.order))),
    }
    (!said.is_empty()).then(|| format!("read: {}", said.join("; ")))
}

/// Whether changes of a node, or of what is below it, are followed.
fn is_climbed(document: &Document, id: NodeId) -> bool {
    let mut below = document.nodes.iter().enumerate().filter(|(_, node)| node.parent == Some(id));
    document.node(id).on_change != OnChange::Ignore || below.any(|(child, _)| is_climbed(document, NodeId(child)))
}

/// Look-ups by columns that no index begins with.
fn missing_indexes(plan: &Plan, catalog: &Catalog) -> BTreeSet<String> {
    let mut missing = BTreeSet::new();
    let mut need = |table: TableId, columns: &[ColumnId]| {
        let table = plan.table(table);
        let names: Vec<&str> = columns.iter().map(|column| table.column(*column).name.as_str()).collect();
        let known = catalog.table(&table.schema, &table.name).map(|position| &catalog.tables[position]);
        let served = known.is_some_and(|known| {
            known.indexes.iter().any(|index| {
                index.len() >= names.len() && index[..names.len()].iter().all(|column| names.contains(&column.as_str()))
            })
        });
        if !served && !names.is_empty() {
            let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
            let columns = names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ");
            // Partitioned tables have no CONCURRENTLY; there the leaves are indexed beforehand where a lock would hurt.
            let (how, hint) = match table.kind {
                TableKind::View | TableKind::MaterializedView => return,
                TableKind::Ordinary => ("CONCURRENTLY ", ""),
                TableKind::Partitioned => {
                    ("", " -- locks writes; to avoid that, index each partition CONCURRENTLY first")
                }
            };
            missing.insert(format!(
                "CREATE INDEX {how}ON {}.{} ({columns});{hint}",
                quote(&table.schema),
                quote(&table.name)
            ));
        }
    };
    for document in &plan.documents {
        for (position, node) in document.nodes.iter().enumerate() {
            let (Some(link), Some(parent)) = (&node.link, node.parent) else { continue };
            need(node.table, &link.child);
            if let Some(through) = &link.through {
                need(through.table, &through.parent);
            }
            // By these a change climbs, where one is followed.
            if is_climbed(document, NodeId(position)) {
                need(document.node(parent).table, &link.parent);
                if let Some(through) = &link.through {
                    need(through.table, &through.child);
                }
            }
        }
    }
    missing
}
