//! MySQL and MariaDB. In: parts of statements. Out: statements, laid out by the templates in `templates/sql/mysql`.
//!
//! However many keys are asked for, a statement's text is the same, and each value has the type of its column, so that an index
//! serves and the column's collation compares (`asked`). A statement begins with the codecs in which such values come when
//! they were read of a row, `/* takes int4, text */`: the source writes the strings. Parameters have numbers, `?1`, and may
//! stand several times.
//!
//! A session must have no `sql_mode`, so that a backslash escapes and `"` quotes a string, and speak utf8mb4 in UTC.

mod asked;
mod made;

use super::dialect::spelled_out;
use super::{Asked, Chosen, Comparison, Dialect, Join, Keyed, Prefetch, Ranged, RootsByKeyParts, render};
use crate::catalog::Release;
use crate::types::Types;
use askama::Template;
use asked::Keys;
use pgsync_plan::{Codec, ColumnType, Form, PathStep, Table, ValueKind};

/// MySQL or MariaDB, and what the two, and releases of them, spell differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mysql {
    /// What makes a text of a vector.
    vector: &'static str,
    /// How keys reach a statement.
    keys: Keys,
    /// Whether a path may count from the end of an array.
    knows_the_last: bool,
}

/// MySQL from 8.0.14.
pub static MYSQL: Mysql = Mysql { vector: "VECTOR_TO_STRING", keys: Keys::Json, knows_the_last: true };

/// MariaDB from 10.9.
static MARIADB: Mysql = Mysql { vector: "VEC_ToText", keys: Keys::Json, knows_the_last: true };

/// MariaDB from 10.6 to 10.8.
static MARIADB_10_6: Mysql = Mysql { knows_the_last: false, ..MARIADB };

/// MariaDB 10.5, and what is before it.
static MARIADB_10_5: Mysql = Mysql { keys: Keys::Packed, ..MARIADB_10_6 };

impl Mysql {
    /// How statements are written for a release of MariaDB; the newest where it is not known.
    pub(crate) fn mariadb(release: Option<Release>) -> &'static Self {
        match release.map(|release| (release.major, release.minor)) {
            Some(before) if before < (10, 6) => &MARIADB_10_5,
            Some(before) if before < (10, 9) => &MARIADB_10_6,
            _ => &MARIADB,
        }
    }

    /// What stands at the end of a path into a JSON value.
    fn extracted(self, value: &str, path: &[PathStep]) -> String {
        let (mut found, mut steps) = (value.to_owned(), "$".to_owned());
        for step in path.iter().flat_map(parts) {
            match step {
                Part::Member(key) => member(&key, &mut steps),
                Part::Element(index) if index < 0 && !self.knows_the_last => {
                    if steps != "$" {
                        found = format!("JSON_EXTRACT({found}, {})", self.literal(&steps));
                    }
                    found = from_the_end(&found, index);
                    "$".clone_into(&mut steps);
                }
                Part::Element(index) => element(index, &mut steps),
            }
        }
        if steps == "$" && !path.is_empty() {
            return found;
        }
        format!("JSON_EXTRACT({found}, {})", self.literal(&steps))
    }
}

impl Dialect for Mysql {
    fn identifier(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    fn literal(&self, text: &str) -> String {
        format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
    }

    fn asked(&self, columns: &[&ColumnType], optional: Option<&ColumnType>) -> Asked {
        self.keys.asked(columns, optional)
    }

    fn head(&self, takes: &[&ColumnType]) -> String {
        head(self.keys.word(), takes, codec)
    }

    fn head_of_bounds(&self, takes: &[&ColumnType]) -> String {
        head("", takes, |ty| if is_numbered(ty) { "uint8" } else { codec(ty) })
    }

    fn count(&self, position: usize) -> String {
        format!("?{position}")
    }

    fn equal(&self, (left, _): (&str, &ColumnType), (right, _): (&str, &ColumnType)) -> String {
        format!("{left} = {right}")
    }

    /// Row comparisons use no index here.
    fn compare(&self, columns: &[(String, &ColumnType)], comparison: Comparison, bounds: &[String]) -> String {
        spelled_out(columns.len(), comparison, |position, comparison| {
            let (name, ty) = &columns[position];
            let value = if is_numbered(ty) { format!("CAST({name} AS UNSIGNED)") } else { name.clone() };
            format!("{value} {} {}", comparison.usual(), bounds[position])
        })
    }

    fn bound(&self, position: usize, ty: &ColumnType) -> String {
        let to = if is_numbered(ty) { Some("UNSIGNED") } else { cast_to(ty) };
        match to {
            // Without the text MySQL gives the parameter itself that type, and makes another value of what is sent.
            Some(to) => format!("CAST(CAST(?{position} AS CHAR) AS {to})"),
            None if ty.kind == ValueKind::Bytea => format!("UNHEX(?{position})"),
            // By the collation of what it is compared with.
            None => format!("?{position}"),
        }
    }

    fn bounding(&self, column: &str, ty: &ColumnType) -> String {
        if is_numbered(ty) { format!("CAST({column} AS UNSIGNED)") } else { self.form(column, ty, types().link(ty)) }
    }

    fn in_order(&self, column: &str, nullable: bool) -> String {
        if nullable { self.ordered(column, false, false) } else { column.to_owned() }
    }

    /// NULL is less than anything.
    fn ordered(&self, column: &str, descending: bool, nulls_first: bool) -> String {
        let direction = if descending { " DESC" } else { "" };
        match (descending, nulls_first) {
            (false, true) | (true, false) => format!("{column}{direction}"),
            (false, false) => format!("{column} IS NULL, {column}"),
            (true, true) => format!("{column} IS NOT NULL, {column} DESC"),
        }
    }

    fn text(&self, value: &str, ty: &ColumnType) -> String {
        self.form(value, ty, Form::Text)
    }

    fn computed(&self, value: &str, ty: &ColumnType) -> String {
        made::computed(value, ty)
    }

    fn sum(&self, column: &str, _: &ColumnType, ty: &ColumnType) -> String {
        made::sum(column, ty)
    }

    fn mean(&self, column: &str, of: &ColumnType) -> String {
        made::mean(column, of)
    }

    fn extreme(&self, function: &str, column: &str, of: &ColumnType) -> String {
        made::extreme(function, column, of, |label| self.literal(label))
    }

    fn path(&self, value: &str, path: &[PathStep], text: bool) -> String {
        let found = self.extracted(value, path);
        if text {
            // The text of JSON's null would be `null`.
            return format!("IF(JSON_TYPE({found}) = 'NULL', NULL, JSON_UNQUOTE({found}))");
        }
        found
    }

    fn form(&self, value: &str, ty: &ColumnType, form: Form) -> String {
        match form {
            Form::Raw => value.to_owned(),
            Form::Json if ty.kind == ValueKind::Bool => made::truth(value),
            Form::Json if ty.cast == "geometry" => format!("ST_AsGeoJSON({value})"),
            Form::Json if ty.cast == "vector" => format!("{}({value})", self.vector),
            Form::Json => format!("JSON_QUOTE(CAST({value} AS CHAR))"),
            Form::Text | Form::List => match ty.kind {
                // Under its own collation: under another, two keys might be one.
                ValueKind::Text | ValueKind::Enum => value.to_owned(),
                ValueKind::Bytea => format!("HEX({value})"),
                ValueKind::UInt8 => format!("CAST(CAST({value} AS UNSIGNED) AS CHAR)"),
                // As Python's `str()`: six digits behind the point, or none.
                ValueKind::Timestamp => {
                    format!("TRIM(TRAILING '.000000' FROM CAST(CAST({value} AS DATETIME(6)) AS CHAR))")
                }
                _ => format!("CAST({value} AS CHAR)"),
            },
        }
    }

    fn roots_by_key(&self, roots: &RootsByKeyParts) -> String {
        let RootsByKeyParts { asked, asked_key, select, root, present } = roots;
        render(&RootsByKey { asked, asked_key, select, root, present })
    }

    fn level(&self, keyed: &Keyed) -> String {
        let Keyed { asked, columns, joins, order, chosen, grouped } = keyed;
        render(&Level { asked, columns, joins, order, chosen, grouped })
    }

    fn route(&self, keyed: &Keyed) -> String {
        let Keyed { asked, columns, joins, .. } = keyed;
        render(&RouteUp { asked, columns, joins })
    }

    fn range(&self, ranged: &Ranged) -> String {
        let Ranged { columns, table, alias, bounds, order, skipped, grouped } = ranged;
        render(&Range { columns, table, alias, bounds, order, skipped, grouped })
    }

    fn prefetch(&self, table: &Table, prefetch: &Prefetch) -> String {
        let Prefetch { columns, alias, filter, most } = prefetch;
        let (schema, name) = (&self.literal(&table.schema), &self.literal(&table.name));
        render(&WholeTable { columns, table: &self.table(table), alias, filter, most, schema, name })
    }

    fn estimate(&self, table: &Table) -> String {
        render(&Estimate { schema: &self.literal(&table.schema), name: &self.literal(&table.name) })
    }
}

/// Both have the same.
fn types() -> Types {
    Types::of(pgsync_plan::Dialect::Mysql)
}

/// The codecs of what a statement takes.
fn head(how: &str, takes: &[&ColumnType], codec: impl Fn(&ColumnType) -> &'static str) -> String {
    if takes.is_empty() {
        return String::new();
    }
    let takes: Vec<&str> = takes.iter().map(|ty| codec(ty)).collect();
    format!("/* takes {how}{} */ ", takes.join(", "))
}

/// The codec in which a value comes that goes back, as the source reads it.
fn codec(ty: &ColumnType) -> &'static str {
    match types().codec(ty, types().link(ty)) {
        Codec::Int2 => "int2",
        Codec::Int4 => "int4",
        Codec::Int8 => "int8",
        Codec::UInt8 => "uint8",
        _ => "text",
    }
}

/// What a text is cast to, to be a value of a type; texts and bytes are not.
fn cast_to(ty: &ColumnType) -> Option<&str> {
    Some(match ty.kind {
        ValueKind::Bool | ValueKind::Int2 | ValueKind::Int4 | ValueKind::Int8 => "SIGNED",
        ValueKind::UInt8 => "UNSIGNED",
        ValueKind::Float4 | ValueKind::Float8 => "DOUBLE",
        ValueKind::Numeric => &ty.cast,
        ValueKind::Date => "DATE",
        ValueKind::Timestamp => "DATETIME(6)",
        ValueKind::Time => "TIME(6)",
        _ => return None,
    })
}

/// Whether values are ordered by the numbers that they are stored as, and compared with a text by their letters.
fn is_numbered(ty: &ColumnType) -> bool {
    ty.declared.starts_with("enum(") || ty.declared.starts_with("set(")
}

/// A part of a path.
enum Part {
    Member(String),
    Element(i64),
}

fn parts(step: &PathStep) -> Vec<Part> {
    match step {
        PathStep::Key(key) => vec![Part::Member(key.clone())],
        PathStep::Index(index) => vec![Part::Element(*index)],
        PathStep::Path(path) => {
            elements(path).into_iter().map(|part| part.parse().map_or(Part::Member(part), Part::Element)).collect()
        }
    }
}

/// An element counted from the end, -1 being the last. What is no array is taken for one of one element.
fn from_the_end(value: &str, index: i64) -> String {
    let length = format!("IF(JSON_TYPE({value}) = 'ARRAY', JSON_LENGTH({value}), 1)");
    let back = index.unsigned_abs();
    format!("JSON_EXTRACT({value}, CONCAT('$[', IF({length} < {back}, NULL, {length} - {back}), ']'))")
}

fn member(key: &str, steps: &mut String) {
    steps.push('.');
    steps.push_str(&serde_json::Value::from(key).to_string());
}

/// The last element is -1.
fn element(index: i64, steps: &mut String) {
    steps.push_str(&match index {
        -1 => "[last]".to_owned(),
        index if index < 0 => format!("[last-{}]", index.unsigned_abs() - 1),
        index => format!("[{index}]"),
    });
}

/// The elements of `{a,"b c",0}`.
fn elements(path: &str) -> Vec<String> {
    let inner = path.trim().trim_start_matches('{').trim_end_matches('}');
    let (mut found, mut part, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted = !quoted,
            '\\' => part.extend(characters.next()),
            ',' if !quoted => found.push(std::mem::take(&mut part)),
            other => part.push(other),
        }
    }
    if !inner.is_empty() {
        found.push(part);
    }
    found
}

#[derive(Template)]
#[template(path = "sql/mysql/roots_by_key.sql")]
struct RootsByKey<'a> {
    asked: &'a Asked,
    asked_key: &'a [String],
    select: &'a [String],
    root: &'a Join,
    present: &'a str,
}

#[derive(Template)]
#[template(path = "sql/mysql/level.sql")]
struct Level<'a> {
    asked: &'a Asked,
    columns: &'a [String],
    joins: &'a [Join],
    order: &'a [String],
    chosen: &'a Option<Chosen>,
    grouped: &'a [String],
}

#[derive(Template)]
#[template(path = "sql/mysql/route.sql")]
struct RouteUp<'a> {
    asked: &'a Asked,
    columns: &'a [String],
    joins: &'a [Join],
}

#[derive(Template)]
#[template(path = "sql/mysql/range.sql")]
struct Range<'a> {
    columns: &'a [String],
    table: &'a str,
    alias: &'a str,
    bounds: &'a [String],
    order: &'a [String],
    skipped: &'a Option<String>,
    grouped: &'a [String],
}

#[derive(Template)]
#[template(path = "sql/mysql/prefetch.sql")]
struct WholeTable<'a> {
    columns: &'a [String],
    table: &'a str,
    alias: &'a str,
    filter: &'a Option<String>,
    most: &'a str,
    schema: &'a str,
    name: &'a str,
}

#[derive(Template)]
#[template(path = "sql/mysql/estimate.sql")]
struct Estimate<'a> {
    schema: &'a str,
    name: &'a str,
}

#[cfg(test)]
mod tests;
