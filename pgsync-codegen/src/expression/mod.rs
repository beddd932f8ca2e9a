//! SQL expressions that a schema file holds. In: the text of one, and the table whose row it is about. Out: the text in pieces,
//! between which its columns stand, so that a statement may name them by any alias; or every reason why a document could
//! not follow it. The text itself stays the user's, word for word but for comments: its meaning is the database's affair.
//!
//! An expression depends on the values of one row and on nothing else: no other row, no clock, no setting. That is what
//! makes it safe to read it again only when a column of it has changed.

mod check;
mod evident;
mod functions;
mod mysql;
mod place;

pub(crate) use evident::Evident;

use crate::bound::{Expression, Piece};
use crate::catalog::{Catalog, Table};
use crate::diagnostic::Code;
use pgsync_plan::Dialect;
use place::Places;
use sqlparser::dialect::{self, MySqlDialect, PostgreSqlDialect};
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};
use std::ops::Range;

/// Longer ones are the work of a generator gone wrong, and what is nested deeply is read by recursion.
const LONGEST: usize = 10_000;
const DEEPEST: usize = 50;

/// An expression that can be followed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Read {
    pub(crate) expression: Expression,
    /// What it gives, where its words say it.
    pub(crate) gives: Option<Evident>,
}

/// Why an expression cannot be taken.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finding {
    pub(crate) code: Code,
    /// Where, in bytes of the text.
    pub(crate) at: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: Vec<String>,
}

/// Reads an expression over the rows of a table.
pub(crate) fn read(text: &str, table: &Table, catalog: &Catalog) -> Result<Read, Vec<Finding>> {
    let one = |at, message: String, help: &str| {
        vec![Finding { code: Code::Expression, at, message, help: vec![help.to_owned()] }]
    };
    if text.len() > LONGEST {
        let message = format!("this expression has {} bytes, accepted are at most {LONGEST}", text.len());
        return Err(one(0..text.len(), message, "put what it says into a generated column of the table"));
    }
    let places = Places::of(text);
    let syntax = |error: ParserError| {
        let (ParserError::TokenizerError(said) | ParserError::ParserError(said)) = error else {
            return one(
                0..text.len(),
                "this expression is nested too deeply".to_owned(),
                "put what it says into a generated column of the table",
            );
        };
        let (said, at) = places.of_error(&said);
        one(
            at,
            format!("this is no SQL expression: {said}"),
            "accepted is what may stand in a CHECK constraint of the table",
        )
    };
    let dialect: &dyn dialect::Dialect = match catalog.dialect {
        Dialect::Postgres => &PostgreSqlDialect {},
        Dialect::Mysql | Dialect::Mariadb => &MySqlDialect {},
    };
    // What is in quotes stays as it is written.
    let tokens = Tokenizer::new(dialect, text).with_unescape(false).tokenize_with_location();
    let tokens = tokens.map_err(|error| syntax(error.into()))?;
    let mut parser = Parser::new(dialect).with_recursion_limit(DEEPEST).with_tokens_with_locations(tokens.clone());
    let expression = parser.parse_expr().map_err(syntax)?;
    let next = parser.peek_token();
    if next.token != Token::EOF {
        let message = format!("the expression ends before `{}`", next.token);
        return Err(one(places.range(next.span), message, "accepted is one expression and nothing behind it"));
    }
    let of_postgres = catalog.dialect == Dialect::Postgres;
    let check = if of_postgres { check::check } else { mysql::check };
    let (columns, findings) = check(&expression, table, catalog, &places);
    if !findings.is_empty() {
        return Err(findings);
    }
    let gives = if of_postgres {
        evident::evident(&expression, table)
    } else {
        mysql::evident(&expression, table, catalog.dialect)
    };
    let expression = Expression { pieces: pieces(text, &tokens, &places, columns, of_postgres) };
    Ok(Read { expression, gives })
}

/// Cuts the text at its columns. Blanks and comments become one blank each: a comment up to the end of the line would
/// swallow what a statement says behind the expression.
fn pieces(
    text: &str,
    tokens: &[TokenWithSpan],
    places: &Places<'_>,
    mut columns: Vec<(Range<usize>, String)>,
    of_postgres: bool,
) -> Vec<Piece> {
    columns.sort_by_key(|(at, _)| at.start);
    let mut columns = columns.into_iter().peekable();
    let mut found = Vec::new();
    let mut sql = String::new();
    let mut behind = 0;
    for token in tokens {
        let at = places.range(token.span);
        if at.start < behind {
            continue;
        }
        if let Some((range, name)) = columns.next_if(|(range, _)| range.start == at.start) {
            behind = range.end;
            if !sql.is_empty() {
                found.push(Piece::Text(std::mem::take(&mut sql)));
            }
            found.push(Piece::Column(name));
            continue;
        }
        match &token.token {
            Token::EOF => {}
            Token::Whitespace(_) => {
                if !sql.ends_with(' ') && (!sql.is_empty() || !found.is_empty()) {
                    sql.push(' ');
                }
            }
            // With the E prefix a backslash means the same whatever `standard_conforming_strings` is.
            Token::SingleQuotedString(string) if of_postgres && string.contains('\\') => {
                sql.push_str(&format!("E'{}'", string.replace('\\', "\\\\")));
            }
            _ => sql.push_str(&text[at]),
        }
    }
    let rest = sql.trim_end();
    if !rest.is_empty() {
        found.push(Piece::Text(rest.to_owned()));
    }
    found
}

#[cfg(test)]
mod tests;
