//! JSON that a server makes in a query of the oracle. In: which kind of database, SQL of values. Out: SQL. PostgreSQL has values of
//! its own for it. On MySQL and MariaDB it is put together as a text: a number that goes through their JSON does not keep
//! its digits, and their arrays have no order.

use super::dialect::Dialect;
use super::tables::{Column, Table, Type};

/// Between the elements of an array of which only the first are wanted. It stands in no value of this test.
const BETWEEN: &str = "~";

impl Dialect {
    /// A value as a text, for an `_id`.
    pub(super) fn plain_text(self, value: &str) -> String {
        if self.is_postgres() { format!("{value}::text") } else { text(value) }
    }

    /// The text of a whole document.
    pub(super) fn whole(self, object: &str) -> String {
        if self.is_postgres() { format!("({object})::text") } else { object.to_owned() }
    }

    pub(super) fn object(self, fields: &[(String, String)]) -> String {
        if self.is_postgres() {
            let fields: Vec<String> = fields.iter().map(|(name, value)| format!("'{name}', {value}")).collect();
            return format!("jsonb_build_object({})", fields.join(", "));
        }
        let fields: Vec<String> =
            fields.iter().map(|(name, value)| format!("'\"{name}\":', {}", or_null(value))).collect();
        format!("concat('{{', {}, '}}')", fields.join(", ',', "))
    }

    /// The value of a column.
    pub(super) fn value(self, name: &str, ty: Type) -> String {
        match ty {
            Type::Citext if self.is_postgres() => format!("to_jsonb({name}::text)"),
            _ if self.is_postgres() => format!("to_jsonb({name})"),
            Type::Integer | Type::Bigint | Type::Numeric | Type::Boolean => format!("concat({name})"),
            Type::Uuid | Type::Text | Type::Citext | Type::Own => format!("json_quote({})", text(name)),
            Type::Json => text(name),
            Type::Date => format!("date_format({name}, '\"%Y-%m-%d\"')"),
            Type::Moment => {
                let digits = format!("trim(TRAILING '0' FROM date_format({name}, '%Y-%m-%dT%H:%i:%s.%f'))");
                format!("concat('\"', trim(TRAILING '.' FROM {digits}), '\"')")
            }
        }
    }

    /// The value of an expression. What is true or not is no number then.
    pub(super) fn made(self, expression: &str, ty: Type) -> String {
        match ty {
            Type::Boolean if !self.is_postgres() => {
                format!("CASE WHEN {expression} THEN 'true' WHEN NOT ({expression}) THEN 'false' END")
            }
            _ => self.value(&format!("({expression})"), ty),
        }
    }

    /// What a function makes of all rows of a table.
    pub(super) fn aggregate(self, table: &Table, function: &str) -> String {
        if function == "exists" {
            return if self.is_postgres() { "count(*) > 0" } else { "if(count(*) > 0, 'true', 'false')" }.to_owned();
        }
        if self.is_postgres() {
            return function.to_owned();
        }
        let (word, inner) = function.trim_end_matches(')').split_once('(').unwrap();
        let of = |column: &Column| column.name == inner;
        match (word, table.columns.iter().find(|column| of(column))) {
            // Sixteen digits behind the point: the server adds four.
            ("avg", _) => format!("concat(avg(CAST({inner} AS decimal(40,12))))"),
            ("min" | "max", Some(column)) => self.value(function, column.ty),
            _ => format!("concat({function})"),
        }
    }

    /// A column in an order. NULL comes last in both directions, unless it is said.
    pub(super) fn sorted(self, name: &str, words: &str) -> String {
        if self.is_postgres() {
            return format!("{name}{words}{}", if words.contains("nulls") { "" } else { " nulls last" });
        }
        match words.trim() {
            "desc" => format!("{name} DESC"),
            "desc nulls first" => format!("{name} IS NOT NULL, {name} DESC"),
            "asc nulls first" => name.to_owned(),
            _ => format!("{name} IS NULL, {name}"),
        }
    }

    /// An array of the rows, NULL where there are none.
    pub(super) fn list(self, value: &str, order: &str, rows: &str, limit: Option<u64>) -> String {
        if self.is_postgres() {
            let limit = limit.map_or_else(String::new, |limit| format!(" LIMIT {limit}"));
            let each =
                format!("SELECT {value} AS v, row_number() OVER (ORDER BY {order}) AS n {rows} ORDER BY n{limit}");
            return format!("(SELECT jsonb_agg(s.v ORDER BY s.n) FROM ({each}) s)");
        }
        array(&or_null(value), order, rows, limit)
    }

    /// An array of the different values of a column.
    pub(super) fn distinct(self, name: &str, ty: Type, rows: &str, limit: Option<u64>) -> String {
        if self.is_postgres() {
            let limit = limit.map_or_else(String::new, |limit| format!(" LIMIT {limit}"));
            let each = format!("SELECT DISTINCT {name} AS v {rows} ORDER BY v{limit}");
            return format!("(SELECT jsonb_agg(to_jsonb(s.v) ORDER BY s.v) FROM ({each}) s)");
        }
        let value = or_null(&self.value(name, ty));
        array(&format!("DISTINCT {value}"), &self.sorted(name, ""), rows, limit)
    }
}

/// In the character set of all sessions, and under one collation.
fn text(value: &str) -> String {
    format!("convert({value} USING utf8mb4)")
}

fn or_null(value: &str) -> String {
    format!("coalesce({value}, 'null')")
}

fn array(values: &str, order: &str, rows: &str, limit: Option<u64>) -> String {
    let between = limit.map_or(",", |_| BETWEEN);
    let mut all = format!("group_concat({values} ORDER BY {order} SEPARATOR '{between}')");
    if let Some(limit) = limit {
        all = format!("replace(substring_index({all}, '{BETWEEN}', {limit}), '{BETWEEN}', ',')");
    }
    format!("(SELECT concat('[', {all}, ']') {rows})")
}
