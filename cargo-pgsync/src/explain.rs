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
use pgsync_codegen::catalog::{Catalog, ForeignKey};
use pgsync_codegen::emit::rust;
use pgsync_codegen::{DatabaseSchema, parse, resolve};
use pgsync_plan::{
    Capture, ColumnId, Document, Expression, FieldValue, Following, Node, NodeId, OnChange, Order, Piece, Plan,
    Program, RouteKind, Shape, Statement, TableId,
};
use pgsync_runtime::internals::Result;
use pgsync_runtime::internals::settings::CaptureMethod;
use pgsync_runtime::internals::source::postgres::{Script, trigger_script};
use serde_json::{Value, json};
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
    let programs = compile::programs(path, input, format)?;
    let fail = |diagnostics| format.fail(&diagnostics, path);
    let each = programs.iter().zip(&input.databases);
    Ok(match stage {
        None if format.json => values(each.map(|(program, (database, catalog))| {
            Ok((database, json::summary(program, &missing_indexes(&program.plan, catalog), keys(program, catalog))?))
        }))?,
        None => texts(each.map(|(program, (database, catalog))| Ok((database, summary(program, catalog)?))))?,
        Some(Stage::Ast) => pretty(&parse(&input.source).map_err(fail)?),
        Some(Stage::Bound) => values(each.map(|(_, (database, catalog))| {
            Ok((database, json!(resolve(&input.source, &database.schema, catalog).map_err(fail)?.0)))
        }))?,
        Some(Stage::Plan) => values(each.map(|(program, (database, _))| Ok((database, json!(program.plan)))))?,
        Some(Stage::Sql) => values(each.map(|(program, (database, _))| Ok((database, json!(program.statements)))))?,
        Some(Stage::Setup) if format.json => {
            values(each.map(|(program, (database, _))| Ok((database, json::setup(program)?))))?
        }
        Some(Stage::Setup) => texts(each.map(|(program, (database, _))| Ok((database, setup(program)?))))?,
        Some(Stage::Mapping) => values(each.map(|(program, (database, _))| {
            let indexes = program.indexes.iter().map(|index| json!([&index.settings, &index.mappings]));
            Ok((database, indexes.collect()))
        }))?,
        Some(Stage::Rust) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let module = rust::file_with(&programs, &name, rust::Values::default());
            if format.json { pretty(&json!({ "rust": module })) } else { module }
        }
    })
}

/// What there is of each database, under its name where there are several.
fn values<'a>(each: impl Iterator<Item = Result<(&'a DatabaseSchema, Value)>>) -> Result<String> {
    let mut each = each.collect::<Result<Vec<_>>>()?;
    if let (1, Some((_, alone))) = (each.len(), each.first()) {
        return Ok(pretty(alone));
    }
    let named = each.drain(..).filter_map(|(database, value)| Some((database.database.clone()?, value)));
    Ok(pretty(&json!({ "databases": named.collect::<serde_json::Map<_, _>>() })))
}

/// The same as text.
fn texts<'a>(each: impl Iterator<Item = Result<(&'a DatabaseSchema, String)>>) -> Result<String> {
    let each = each.collect::<Result<Vec<_>>>()?;
    let several = each.len() > 1;
    let named = each.into_iter().map(|(database, text)| match &database.database {
        Some(database) if several => format!("database {database}\n\n{text}"),
        _ => text,
    });
    Ok(named.collect::<Vec<_>>().join("\n"))
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
    for key in keys(program, catalog) {
        let _ = writeln!(out, "{key}\n");
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
    if let Capture::Binlog(binlog) = &program.capture {
        return Ok(format!(
            "nothing is set up in the database: its log is read, and how far is kept under the name {} (and the database's)\n",
            binlog.name
        ));
    }
    let Script { bootstrap, teardown } = script(program)?;
    Ok(format!(
        "`bootstrap`, where nothing is set up yet (the database's name is added to the names, unless PGSYNC_SLOT and \
         PGSYNC_PUBLICATION name others):\n{}\n\n`teardown`, after that:\n{}\n",
        indented(&bootstrap),
        indented(&teardown)
    ))
}

/// The statements of the way of capture that the environment names.
fn script(program: &Program) -> Result<Script> {
    match CaptureMethod::chosen()? {
        CaptureMethod::Replication => Script::of(program),
        CaptureMethod::Triggers => trigger_script(program),
    }
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
    for (field, written, ty) in aggregated(plan, node) {
        let _ = writeln!(out, "{}  of all rows: {field} = {written} ({ty})", "  ".repeat(depth));
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

/// Fields that are made of all rows of a parent, as the schema writes them, and their types.
fn aggregated<'a>(plan: &'a Plan, node: &'a Node) -> impl Iterator<Item = (&'a str, String, &'a str)> {
    node.fields.iter().filter_map(move |field| {
        let FieldValue::Select(position) = field.value else { return None };
        let select = &node.select[position];
        let aggregate = select.aggregate.as_ref()?;
        let column = &plan.table(node.table).column(select.column).name;
        Some((field.name.as_str(), aggregate.function.written(column), aggregate.ty.declared.as_str()))
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

/// Foreign keys that change rows without a word in the log, where documents are not read again anyway: how each is followed.
fn keys(program: &Program, catalog: &Catalog) -> Vec<String> {
    let plan = &program.plan;
    let mut said = Vec::new();
    for (at, table) in plan.tables.iter().enumerate().filter(|_| !catalog.logs_cascades()) {
        let known = catalog.table(&table.schema, &table.name).map(|position| &catalog.tables[position].foreign_keys);
        for key in known.into_iter().flatten().filter_map(ForeignKey::acting) {
            for document in &plan.documents {
                let how = match document.follows(&plan.tables, &key, TableId(at)) {
                    Following::Nothing => continue,
                    Following::Search(_) => "documents that show such rows are found by a search in the index",
                    Following::Everything => "every document is read again: a search in the index would not find all",
                };
                let (index, name, from) = (&document.index, &key.name, table.qualified());
                let (columns, onto) = (key.columns.join(", "), format!("{}.{}", key.onto_schema, key.onto));
                said.push(format!(
                    "foreign key {name} of {from} ({columns}), when rows of {onto} go or change, for {index}:\n    {how}"
                ));
            }
        }
    }
    said
}

/// Look-ups by columns that no index begins with.
fn missing_indexes(plan: &Plan, catalog: &Catalog) -> BTreeSet<String> {
    plan.missing_indexes(catalog.dialect, |table| {
        let known = catalog.table(&table.schema, &table.name);
        known.map(|position| catalog.tables[position].indexes.clone()).unwrap_or_default()
    })
}
