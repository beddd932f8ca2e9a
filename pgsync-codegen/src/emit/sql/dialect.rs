//! What one kind of database spells differently from another. In: names, types and expressions of the plan. Out: SQL.
//! The defaults are the common case; a dialect overrides what differs and lays out whole statements.

use pgsync_plan::{
    Aggregate, AggregateFunction, Column, ColumnType, Computed, Expression, Form, PathStep, Piece, Select, Table,
};

/// A comparison, at its place in [`pgsync_plan::Operators::names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `=`
    Equal,
    /// `>=`
    GreaterOrEqual,
    /// `>`
    Greater,
}

impl Comparison {
    /// The operator, where nothing else is said.
    pub fn usual(self) -> &'static str {
        ["<", "<=", "=", ">=", ">"][self as usize]
    }

    /// Without and with what is equal.
    pub fn both(self) -> (Self, Self) {
        match self {
            Self::Less | Self::LessOrEqual => (Self::Less, Self::LessOrEqual),
            Self::Equal => (Self::Equal, Self::Equal),
            Self::Greater | Self::GreaterOrEqual => (Self::Greater, Self::GreaterOrEqual),
        }
    }
}

/// One kind of database.
pub trait Dialect {
    /// An identifier, quoted whatever it is.
    fn identifier(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    /// A string literal.
    fn literal(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    /// A table's name, qualified.
    fn relation(&self, table: &Table) -> String {
        format!("{}.{}", self.identifier(&table.schema), self.identifier(&table.name))
    }

    /// What stands for a table in the FROM clause.
    fn table(&self, table: &Table) -> String {
        table.query.as_ref().map_or_else(|| self.relation(table), |query| format!("({query})"))
    }

    /// A column of something that stands in the FROM clause under `alias`.
    fn column(&self, alias: &str, column: &Column) -> String {
        format!("{alias}.{}", self.identifier(&column.name))
    }

    /// Values of these columns that are asked for together, however many there are. The last may be one that is missing where
    /// its text is empty.
    fn asked(&self, columns: &[&ColumnType], optional: Option<&ColumnType>) -> Asked;

    /// What a statement begins with that takes values of these columns.
    fn head(&self, _takes: &[&ColumnType]) -> String {
        String::new()
    }

    /// The same where the values are bounds of a range, which come as [`Dialect::bounding`] asks for them.
    fn head_of_bounds(&self, takes: &[&ColumnType]) -> String {
        self.head(takes)
    }

    /// The parameter at a 1-based position, which carries a number of rows or bytes.
    fn count(&self, position: usize) -> String;

    /// `left = right` by the database's own equality for these types.
    fn equal(&self, left: (&str, &ColumnType), right: (&str, &ColumnType)) -> String;

    /// How the tuple of columns compares with the tuple of bounds in the order of the database.
    fn compare(&self, columns: &[(String, &ColumnType)], comparison: Comparison, bounds: &[String]) -> String;

    /// The parameter at a 1-based position, which carries a bound of a range, as a value of the column's type.
    fn bound(&self, position: usize, ty: &ColumnType) -> String;

    /// A column as it crosses the wire to come back as a bound.
    fn bounding(&self, column: &str, ty: &ColumnType) -> String {
        self.form(column, ty, if ty.textual { Form::Text } else { Form::Raw })
    }

    /// A column of a key to order by, NULL last.
    fn in_order(&self, column: &str, _nullable: bool) -> String {
        column.to_owned()
    }

    /// A column to order by: NULL comes last unless it is to come first.
    fn ordered(&self, column: &str, descending: bool, nulls_first: bool) -> String {
        let direction = if descending { " DESC" } else { "" };
        format!("{column}{direction} NULLS {}", if nulls_first { "FIRST" } else { "LAST" })
    }

    /// A value as the text in which it is asked for.
    fn text(&self, value: &str, ty: &ColumnType) -> String;

    /// A text, empty where it is NULL.
    fn or_empty(&self, text: &str) -> String {
        format!("coalesce({text}, '')")
    }

    /// A path into a JSON value, to JSON or to a text.
    fn path(&self, value: &str, path: &[PathStep], text: bool) -> String;

    /// A value of a type in the form in which it is to cross the wire.
    fn form(&self, value: &str, ty: &ColumnType, form: Form) -> String;

    /// What a [`Select`] reads of a row.
    fn select(&self, alias: &str, table: &Table, select: &Select) -> String {
        if let Some(Computed { expression, ty }) = &select.computed {
            return self.form(&self.computed(&self.expression(alias, table, expression), ty), ty, select.form);
        }
        let column = self.column(alias, table.column(select.column));
        if let Some(aggregate) = &select.aggregate {
            let value = self.aggregate(aggregate, &column, select.column_type(table));
            return self.form(&value, &aggregate.ty, select.form);
        }
        let value = if select.path.is_empty() { column } else { self.path(&column, &select.path, select.text) };
        self.form(&value, &table.column(select.column).ty, select.form)
    }

    /// What an expression gives, as a value of a type.
    fn computed(&self, value: &str, ty: &ColumnType) -> String;

    /// An aggregate of the values of a column in the rows of a group, of which there is one at least.
    fn aggregate(&self, aggregate: &Aggregate, column: &str, of: &ColumnType) -> String {
        match aggregate.function {
            AggregateFunction::Exists => "true".to_owned(),
            AggregateFunction::CountRows => "count(*)".to_owned(),
            AggregateFunction::Count => format!("count({column})"),
            AggregateFunction::CountDistinct => format!("count(DISTINCT {column})"),
            AggregateFunction::Sum => self.sum(column, of, &aggregate.ty),
            AggregateFunction::Avg => self.mean(column, of),
            AggregateFunction::Min => self.extreme("min", column, of),
            AggregateFunction::Max => self.extreme("max", column, of),
        }
    }

    /// The sum of the values of a column, as a value of a type.
    fn sum(&self, column: &str, of: &ColumnType, ty: &ColumnType) -> String;

    /// The mean of the values of a column.
    fn mean(&self, column: &str, of: &ColumnType) -> String;

    /// The least or the greatest value of a column, by the function of that name, as a value of the column's type.
    fn extreme(&self, function: &str, column: &str, of: &ColumnType) -> String;

    /// An expression over a row that stands in the FROM clause under `alias`.
    fn expression(&self, alias: &str, table: &Table, expression: &Expression) -> String {
        let pieces = expression.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Column(column) => self.column(alias, table.column(*column)),
        });
        format!("({})", pieces.collect::<String>())
    }

    /// The text of [`pgsync_plan::DocumentStatements::roots_by_key`].
    fn roots_by_key(&self, roots: &RootsByKeyParts) -> String;

    /// The text of [`pgsync_plan::LevelStatements::rows`] or [`pgsync_plan::LevelStatements::join`].
    fn level(&self, keyed: &Keyed) -> String;

    /// The text of one of [`pgsync_plan::DocumentStatements::routes`].
    fn route(&self, keyed: &Keyed) -> String;

    /// The text of [`pgsync_plan::LevelStatements::prefetch`].
    fn prefetch(&self, table: &Table, prefetch: &Prefetch) -> String;

    /// The text of one of [`pgsync_plan::RangeStatements`] or [`pgsync_plan::BoundedStatements`].
    fn range(&self, ranged: &Ranged) -> String;

    /// The text of [`pgsync_plan::RangeStatements::estimate`].
    fn estimate(&self, table: &Table) -> String;
}

/// A comparison of tuples, spelled out: `of` compares the values at one position. The first column's bound comes once more, so
/// that an index still serves.
pub(super) fn spelled_out(length: usize, comparison: Comparison, of: impl Fn(usize, Comparison) -> String) -> String {
    let (strict, loose) = comparison.both();
    let mut nested = of(length - 1, comparison);
    if length == 1 {
        return nested;
    }
    for position in (0..length - 1).rev() {
        nested = format!("({} OR ({} AND {nested}))", of(position, strict), of(position, Comparison::Equal));
    }
    format!("{} AND {nested}", of(0, loose))
}

/// Values that are asked for. Every part is SQL already.
pub struct Asked {
    /// What stands in the FROM clause, with the number of each tuple of values beside it.
    pub numbered: String,
    /// The same without the number.
    pub plain: String,
    /// The number of a tuple.
    pub ordinal: String,
    /// One of its values, per column, as a value of the column's type.
    pub values: Vec<String>,
}

/// Roots by key. Every part is SQL already.
pub struct RootsByKeyParts {
    /// The keys.
    pub asked: Asked,
    /// The asked key as it is handed back.
    pub asked_key: Vec<String>,
    /// The root's columns.
    pub select: Vec<String>,
    /// The root's table, joined where it has the asked key and is one that is shown.
    pub root: Join,
    /// A column that is not NULL where there is a root.
    pub present: String,
}

/// Rows that hang on asked values by joins. Every part is SQL already.
pub struct Keyed {
    /// The asked values.
    pub asked: Asked,
    /// What is read.
    pub columns: Vec<String>,
    /// The way from the asked values to what is read.
    pub joins: Vec<Join>,
    /// The order of the rows; none where the reader orders them. Not used by routes.
    pub order: Vec<String>,
    /// Which of the joined rows each asked value has, where it is not all. Not used by routes.
    pub chosen: Option<Chosen>,
    /// Of which rows one is made by aggregates; none where each row is read. Not used by routes.
    pub grouped: Vec<String>,
}

/// Some of the rows that are joined with an asked value, chosen apart for each.
pub struct Chosen {
    /// What of them is used outside.
    pub columns: Vec<String>,
    /// Of rows that are equal in this the first alone is taken. The order begins with it.
    pub distinct: Option<String>,
    /// Which are the first.
    pub order: Vec<String>,
    /// How many at most.
    pub rows: Option<u32>,
}

/// One joined table.
pub struct Join {
    /// The table.
    pub table: String,
    /// Its name in the statement.
    pub alias: String,
    /// The condition, all parts of which must hold.
    pub on: Vec<String>,
    /// Whether it is looked up for each row that stands before it.
    pub looked_up: bool,
}

/// Rows of the root's table between bounds. Every part is SQL already.
pub struct Ranged {
    /// What is read.
    pub columns: Vec<String>,
    /// The table.
    pub table: String,
    /// Its name in the statement.
    pub alias: String,
    /// The condition, all parts of which must hold; none for the whole table.
    pub bounds: Vec<String>,
    /// Of which rows one is made by aggregates; none where each row is read.
    pub grouped: Vec<String>,
    /// The order of the rows; none where it does not matter.
    pub order: Vec<String>,
    /// The parameter that says how many rows are skipped before the one that is wanted; all are wanted when it is not there.
    pub skipped: Option<String>,
}

/// All rows of a small table. Every part is SQL already.
pub struct Prefetch {
    /// What is read.
    pub columns: Vec<String>,
    /// The table's name in the statement.
    pub alias: String,
    /// What must be true of its rows.
    pub filter: Option<String>,
    /// The parameter that says how many bytes the table may take.
    pub most: String,
}
