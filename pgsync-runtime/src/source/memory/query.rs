//! The part of SQL that the compiler writes for reading, on tables in memory. In: a statement, its arguments, a state. Out:
//! rows, spelled as the server spells them. Whatever is written in another way is refused, so that no statement is
//! answered wrongly.

use super::{Row, Tables, Value, program};
use std::collections::BTreeMap;

/// A parsed statement.
#[derive(Debug)]
pub(super) struct Query {
    /// What comes out.
    pub(super) items: Vec<Item>,
    distinct: bool,
    from: Vec<Joined>,
    conditions: Vec<Condition>,
    ordered: bool,
    /// `OFFSET $n LIMIT 1`.
    skipped: Option<usize>,
    /// How many columns of keys it is asked with.
    pub(super) keys: usize,
}

/// A column of the answer.
#[derive(Debug)]
pub(super) enum Item {
    /// The position of what was asked for.
    Ordinal,
    /// Whether an outer join found a row.
    Found(String),
    Column(String, String),
    /// As text.
    Text(String, String),
    /// As text, empty where it is NULL.
    TextOrEmpty(String, String),
    /// The planner's estimate.
    Estimate(String),
}

#[derive(Debug)]
struct Joined {
    alias: String,
    table: Source,
    outer: bool,
    on: Vec<Condition>,
}

#[derive(Debug)]
enum Source {
    /// What is asked for, whose columns are `key1`, `key2`, ...
    Asked,
    Table(String),
}

#[derive(Debug)]
enum Condition {
    Equal((String, String), (String, String)),
    /// Beyond a parameter.
    Above((String, String), usize),
    /// Up to a parameter.
    UpTo((String, String), usize),
    NotNull((String, String)),
    /// Another text than this one.
    Differs((String, String), String),
    /// About the server and not about rows.
    True,
}

/// What a statement is executed with.
pub(super) struct Asked<'a> {
    pub(super) keys: &'a [Row],
    /// Parameters `$1`, ... where it is not asked with keys.
    pub(super) values: &'a [Value],
}

/// What stands under each alias.
type Bound<'a> = BTreeMap<&'a str, Option<&'a Row>>;

impl Query {
    pub(super) fn parse(text: &str) -> Self {
        if text.contains("reltuples") {
            let table = text.split('"').nth(3).unwrap_or_default().to_owned();
            let items = vec![Item::Estimate(table)];
            return Self {
                items,
                distinct: false,
                from: Vec::new(),
                conditions: Vec::new(),
                ordered: false,
                skipped: None,
                keys: 0,
            };
        }
        Parser::new(text).query()
    }

    pub(super) fn run(&self, tables: &Tables, asked: &Asked<'_>) -> Vec<Vec<Option<Vec<u8>>>> {
        if let [Item::Estimate(table)] = self.items.as_slice() {
            let rows = tables.get(table).map_or(0, BTreeMap::len) as i64;
            return vec![vec![Some(rows.to_be_bytes().to_vec())]];
        }
        let mut found = Vec::new();
        self.join(tables, asked, 0, &mut Bound::new(), 0, &mut found);
        if self.ordered && self.skipped.is_some() {
            found.sort();
        }
        if self.distinct {
            found.sort();
            found.dedup();
        }
        match self.skipped {
            None => found,
            Some(parameter) => {
                let Value::Int(number) = asked.values[parameter] else { panic!("a number of rows") };
                found.into_iter().skip(number as usize).take(1).collect()
            }
        }
    }

    fn join<'a>(
        &'a self,
        tables: &'a Tables,
        asked: &'a Asked<'_>,
        depth: usize,
        bound: &mut Bound<'a>,
        ordinal: usize,
        found: &mut Vec<Vec<Option<Vec<u8>>>>,
    ) {
        let Some(joined) = self.from.get(depth) else {
            if self.conditions.iter().all(|condition| condition.holds(self, bound, asked)) {
                found.push(self.items.iter().map(|item| item.value(self, bound, ordinal)).collect());
            }
            return;
        };
        let rows: Vec<&Row> = match &joined.table {
            Source::Asked => asked.keys.iter().collect(),
            Source::Table(table) => tables[table].values().collect(),
        };
        let mut any = false;
        for (number, row) in rows.into_iter().enumerate() {
            bound.insert(&joined.alias, Some(row));
            if joined.on.iter().all(|condition| condition.holds(self, bound, asked)) {
                any = true;
                let ordinal = if matches!(joined.table, Source::Asked) { number + 1 } else { ordinal };
                self.join(tables, asked, depth + 1, bound, ordinal, found);
            }
        }
        if !any && joined.outer {
            bound.insert(&joined.alias, None);
            self.join(tables, asked, depth + 1, bound, ordinal, found);
        }
        bound.remove(joined.alias.as_str());
    }

    fn column<'a>(&self, bound: &Bound<'a>, (alias, column): (&str, &str)) -> Option<&'a Value> {
        let row = (*bound.get(alias)?)?;
        let joined = self.from.iter().find(|joined| joined.alias == alias)?;
        let position = match &joined.table {
            Source::Asked => column.strip_prefix("key")?.parse::<usize>().ok()? - 1,
            Source::Table(table) => {
                let of = program().plan.tables.iter().find(|of| of.name == *table)?;
                of.columns.iter().position(|of| of.name == column)?
            }
        };
        row.get(position)
    }
}

impl Item {
    fn value(&self, query: &Query, bound: &Bound<'_>, ordinal: usize) -> Option<Vec<u8>> {
        match self {
            Self::Ordinal => Some((ordinal as i64).to_be_bytes().to_vec()),
            Self::Found(alias) => Some(vec![u8::from(bound[alias.as_str()].is_some())]),
            Self::Column(alias, column) => match query.column(bound, (alias, column))? {
                Value::Int(number) => Some(number.to_be_bytes().to_vec()),
                Value::Text(text) => Some(text.clone().into_bytes()),
                Value::Null => None,
            },
            Self::Text(alias, column) => match query.column(bound, (alias, column))? {
                Value::Int(number) => Some(number.to_string().into_bytes()),
                Value::Text(text) => Some(text.clone().into_bytes()),
                Value::Null => None,
            },
            Self::TextOrEmpty(alias, column) => {
                let text = Self::Text(alias.clone(), column.clone()).value(query, bound, ordinal);
                Some(text.unwrap_or_default())
            }
            Self::Estimate(_) => None,
        }
    }
}

impl Condition {
    fn holds(&self, query: &Query, bound: &Bound<'_>, asked: &Asked<'_>) -> bool {
        let value = |(alias, column): &(String, String)| {
            query.column(bound, (alias, column)).filter(|value| **value != Value::Null)
        };
        match self {
            Self::Equal(a, b) => value(a).is_some_and(|a| value(b) == Some(a)),
            Self::Above(column, parameter) => value(column).is_some_and(|value| *value > asked.values[*parameter]),
            Self::UpTo(column, parameter) => value(column).is_some_and(|value| *value <= asked.values[*parameter]),
            Self::NotNull(column) => value(column).is_some(),
            Self::Differs(column, text) => value(column).is_some_and(|value| *value != Value::Text(text.clone())),
            Self::True => true,
        }
    }
}

/// Takes words off the front.
struct Parser<'a> {
    words: Vec<&'a str>,
    at: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        let mut words = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.trim_start().chars().next() {
            rest = rest.trim_start();
            let length = match first {
                '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
                '\'' => rest[1..].find('\'').map_or(rest.len(), |end| end + 2),
                c if c.is_alphanumeric() || c == '$' || c == '_' => {
                    rest.find(|c: char| !(c.is_alphanumeric() || c == '$' || c == '_')).unwrap_or(rest.len())
                }
                _ => {
                    ["::", "<=", ">=", "<>", "[]"].iter().find(|two| rest.starts_with(**two)).map_or(1, |two| two.len())
                }
            };
            words.push(&rest[..length]);
            rest = &rest[length..];
        }
        Self { words, at: 0 }
    }

    fn peek(&self) -> &'a str {
        self.words.get(self.at).copied().unwrap_or("")
    }

    fn next(&mut self) -> &'a str {
        self.at += 1;
        self.words[self.at - 1]
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek() == word;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, word: &str) {
        assert!(self.take(word), "`{word}` is expected at word {} of {:?}", self.at, self.words);
    }

    fn name(&mut self) -> String {
        self.next().trim_matches('"').to_owned()
    }

    fn query(mut self) -> Query {
        self.expect("SELECT");
        let distinct = self.take("DISTINCT");
        let mut items = vec![self.item()];
        while self.take(",") {
            items.push(self.item());
        }
        self.expect("FROM");
        let mut keys = 0;
        let mut from = vec![self.source(false, &mut keys)];
        loop {
            let outer = self.take("LEFT");
            if !self.take("JOIN") {
                break;
            }
            let mut joined = self.source(outer, &mut keys);
            self.expect("ON");
            joined.on = self.conditions();
            from.push(joined);
        }
        let conditions = if self.take("WHERE") { self.conditions() } else { Vec::new() };
        let ordered = self.take("ORDER");
        if ordered {
            self.expect("BY");
            while !matches!(self.peek(), "OFFSET" | "") {
                self.next();
            }
        }
        let skipped = self.take("OFFSET").then(|| {
            let parameter = self.parameter();
            ["LIMIT", "1"].iter().for_each(|word| self.expect(word));
            parameter
        });
        assert_eq!(self.at, self.words.len(), "{:?}", &self.words[self.at..]);
        Query { items, distinct, from, conditions, ordered, skipped, keys }
    }

    fn reference(&mut self) -> (String, String) {
        let alias = self.name();
        self.expect(".");
        (alias, self.name())
    }

    fn item(&mut self) -> Item {
        if self.take("coalesce") {
            self.expect("(");
            let Item::Text(alias, column) = self.item() else { panic!("a text in {:?}", self.words) };
            [",", "''", ")"].iter().for_each(|word| self.expect(word));
            return Item::TextOrEmpty(alias, column);
        }
        if self.take("nullif") {
            // What is asked for as an empty text is NULL here from the beginning.
            self.expect("(");
            let (alias, column) = self.reference();
            [",", "''", ")", "::", "integer"].iter().for_each(|word| self.expect(word));
            return Item::Column(alias, column);
        }
        let (alias, column) = self.reference();
        if self.take("IS") {
            self.expect("NOT");
            self.expect("NULL");
            return Item::Found(alias);
        }
        if self.take("::") {
            self.expect("text");
            return Item::Text(alias, column);
        }
        if column == "ordinal" { Item::Ordinal } else { Item::Column(alias, column) }
    }

    /// `$n::type`, counted from 0.
    fn parameter(&mut self) -> usize {
        let number: usize = self.next().trim_start_matches('$').parse().unwrap();
        if self.take("::") {
            self.next();
            self.take("[]");
        }
        number - 1
    }

    fn source(&mut self, outer: bool, keys: &mut usize) -> Joined {
        let table = if self.take("unnest") {
            self.expect("(");
            self.parameter();
            *keys += 1;
            while self.take(",") {
                self.parameter();
                *keys += 1;
            }
            self.expect(")");
            if self.take("WITH") {
                self.expect("ORDINALITY");
            }
            Source::Asked
        } else {
            Source::Table(self.reference().1)
        };
        self.expect("AS");
        let alias = self.name();
        if self.take("(") {
            while self.next() != ")" {}
        }
        Joined { alias, table, outer, on: Vec::new() }
    }

    fn conditions(&mut self) -> Vec<Condition> {
        let mut conditions = vec![self.condition()];
        while self.take("AND") {
            conditions.push(self.condition());
        }
        conditions
    }

    fn condition(&mut self) -> Condition {
        if self.take("(") {
            if self.peek() != "SELECT" {
                let inner = self.condition();
                self.expect(")");
                return inner;
            }
            let mut open = 1;
            while open > 0 {
                match self.next() {
                    "(" => open += 1,
                    ")" => open -= 1,
                    _ => {}
                }
            }
            return Condition::True;
        }
        let left = self.reference();
        match self.next() {
            "=" => Condition::Equal(left, self.reference()),
            "<>" => Condition::Differs(left, self.next().trim_matches('\'').to_owned()),
            ">" => Condition::Above(left, self.parameter()),
            "<=" => Condition::UpTo(left, self.parameter()),
            "IS" => {
                self.expect("NOT");
                self.expect("NULL");
                Condition::NotNull(left)
            }
            other => panic!("`{other}` is no comparison of {:?}", self.words),
        }
    }
}
