//! PostgreSQL. In: parts of statements. Out: statements, laid out by the templates in `templates/sql/postgres`.
//!
//! Sessions have an empty search path, so an operator of an extension is named with its schema: without that, citext
//! values would silently be compared as plain text.

use super::{Dialect, Join, Keyed, Ranged, Roots, Whole};
use askama::Template;
use pgsync_plan::{ColumnType, Form, PathStep, Table, TableKind, ValueKind};

/// PostgreSQL, every supported version.
#[derive(Debug, Clone, Copy, Default)]
pub struct Postgres;

impl Dialect for Postgres {
    fn literal(&self, text: &str) -> String {
        // With the E prefix a backslash means the same whatever `standard_conforming_strings` is.
        let prefix = if text.contains('\\') { "E" } else { "" };
        format!("{prefix}'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
    }

    /// An array of arrays is one array of more dimensions here, so array values travel as text.
    fn array_type(&self, ty: &ColumnType) -> String {
        if ty.array { "text[]".to_owned() } else { format!("{}[]", ty.cast) }
    }

    fn element(&self, name: &str, ty: &ColumnType) -> String {
        if ty.array { format!("{name}::{}", ty.cast) } else { name.to_owned() }
    }

    fn equal(&self, (left, left_ty): (&str, &ColumnType), (right, right_ty): (&str, &ColumnType)) -> String {
        match operator_schema(left_ty) {
            Some(schema) if left_ty.cast == right_ty.cast => format!("{left} OPERATOR({schema}.=) {right}"),
            _ => format!("{left} = {right}"),
        }
    }

    fn compare(&self, columns: &[(String, &ColumnType)], operator: &str, bounds: &[String]) -> String {
        let single = |(name, ty): &(String, &ColumnType), operator: &str, bound: &str| match operator_schema(ty) {
            Some(schema) => format!("{name} OPERATOR({schema}.{operator}) {bound}"),
            None => format!("{name} {operator} {bound}"),
        };
        match (columns, bounds) {
            ([column], [bound]) => single(column, operator, bound),
            _ if columns.iter().all(|(_, ty)| operator_schema(ty).is_none()) => {
                let names: Vec<_> = columns.iter().map(|(name, _)| name.as_str()).collect();
                format!("({}) {operator} ({})", names.join(", "), bounds.join(", "))
            }
            // A row comparison takes one operator name for all columns. Spelled out, the first column's bound comes
            // once more, so that an index still serves.
            _ => {
                let strict = &operator[..1];
                let mut nested = single(&columns[columns.len() - 1], operator, &bounds[bounds.len() - 1]);
                for (column, bound) in columns.iter().zip(bounds).rev().skip(1) {
                    let (beyond, equal) = (single(column, strict, bound), single(column, "=", bound));
                    nested = format!("({beyond} OR ({equal} AND {nested}))");
                }
                format!("{} AND {nested}", single(&columns[0], &format!("{strict}="), &bounds[0]))
            }
        }
    }

    fn text(&self, value: &str) -> String {
        format!("{value}::text")
    }

    fn path(&self, value: &str, path: &[PathStep]) -> String {
        let mut expression = value.to_owned();
        for step in path {
            expression += &match step {
                PathStep::Key(key) => format!(" -> {}", self.literal(key)),
                PathStep::Index(index) => format!(" -> {index}"),
                PathStep::Path(path) => format!(" #> {}", self.literal(path)),
            };
        }
        format!("({expression})")
    }

    fn form(&self, value: &str, form: Form) -> String {
        match form {
            Form::Raw => value.to_owned(),
            Form::Json => format!("to_json({value})::text"),
            // As the type writes itself: a cast to text would add a mask to every inet.
            Form::Text => format!("format('%s', {value})"),
        }
    }

    fn roots_by_key(&self, roots: &Roots) -> String {
        let Roots { arrays, asked, asked_key, select, table, on } = roots;
        render(&RootsByKey { arrays, asked, asked_key, select, table, on })
    }

    fn level(&self, keyed: &Keyed) -> String {
        let Keyed { arrays, asked, columns, joins, order } = keyed;
        render(&Level { arrays, asked, columns, joins, order })
    }

    fn route(&self, keyed: &Keyed) -> String {
        let Keyed { arrays, asked, columns, joins, .. } = keyed;
        render(&RouteUp { arrays, asked, columns, joins })
    }

    fn range(&self, ranged: &Ranged) -> String {
        let Ranged { columns, table, alias, bounds, order, nth } = ranged;
        render(&Range { columns, table, alias, bounds, order, nth })
    }

    fn whole(&self, whole: &Whole) -> String {
        let Whole { columns, table, alias } = whole;
        render(&WholeTable { columns, table, alias, relation: &self.literal(table) })
    }

    fn estimate(&self, table: &Table) -> String {
        let relation = self.literal(&self.table(table));
        render(&Estimate { relation: &relation, partitioned: table.kind == TableKind::Partitioned })
    }
}

/// The schema of the type's comparison operators, where it is not `pg_catalog`: text-like types of extensions (citext)
/// have theirs beside the type; enums, ranges and composite types share those of the catalogue.
fn operator_schema(ty: &ColumnType) -> Option<&str> {
    if ty.array || !matches!(ty.kind, ValueKind::Text | ValueKind::Char | ValueKind::Hstore) {
        return None;
    }
    let end = match ty.cast.strip_prefix('"') {
        None => ty.cast.find('.')?,
        Some(rest) => rest.replace("\"\"", "__").find("\".")? + 2,
    };
    Some(&ty.cast[..end]).filter(|schema| *schema != "pg_catalog")
}

fn render(template: &impl Template) -> String {
    template.render().expect("rendering into a string does not fail")
}

#[derive(Template)]
#[template(path = "sql/postgres/roots_by_key.sql")]
struct RootsByKey<'a> {
    arrays: &'a [String],
    asked: &'a [String],
    asked_key: &'a [String],
    select: &'a [String],
    table: &'a str,
    on: &'a [String],
}

#[derive(Template)]
#[template(path = "sql/postgres/level.sql")]
struct Level<'a> {
    arrays: &'a [String],
    asked: &'a [String],
    columns: &'a [String],
    joins: &'a [Join],
    order: &'a [String],
}

#[derive(Template)]
#[template(path = "sql/postgres/route.sql")]
struct RouteUp<'a> {
    arrays: &'a [String],
    asked: &'a [String],
    columns: &'a [String],
    joins: &'a [Join],
}

#[derive(Template)]
#[template(path = "sql/postgres/range.sql")]
struct Range<'a> {
    columns: &'a [String],
    table: &'a str,
    alias: &'a str,
    bounds: &'a [String],
    order: &'a [String],
    nth: &'a Option<String>,
}

#[derive(Template)]
#[template(path = "sql/postgres/estimate.sql")]
struct Estimate<'a> {
    relation: &'a str,
    partitioned: bool,
}

#[derive(Template)]
#[template(path = "sql/postgres/whole.sql")]
struct WholeTable<'a> {
    columns: &'a [String],
    table: &'a str,
    alias: &'a str,
    relation: &'a str,
}
