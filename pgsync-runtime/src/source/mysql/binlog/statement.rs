//! Statements in the log. In: the body of a query event. Out: what it means where rows are logged: the frame of a
//! transaction, a step of one in two phases, a definition and the names in it, or a statement that should not be there.

use super::bytes::Reader;
use super::inflate;
use super::refusal::{Refusal, Result};

/// What a statement means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Statement {
    Begin,
    Commit,
    /// Of a group that changed tables without transactions: what was changed stays.
    Rollback,
    /// A savepoint, the way back to one, the end of the first phase: rows that were taken back are not logged.
    Inside,
    XaStart(Vec<u8>),
    XaCommit(Vec<u8>),
    XaRollback(Vec<u8>),
    Definition(Definition),
    /// Rows may have changed that are not logged.
    Other(String),
}

/// A statement that defines something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition {
    /// Every name in it that may be that of a table whose rows are others afterwards: with its database, where that is said.
    pub(super) touched: Vec<(Option<String>, String)>,
    /// Of a database, of which all tables are touched.
    pub(super) databases: Vec<String>,
    /// Rows follow, and the end of a transaction.
    pub(super) rows_follow: bool,
}

const WHAT: &str = "a statement";

/// Reads the event. Gives the session's database as well.
pub(super) fn read(body: &[u8], compressed: bool) -> Result<(String, Statement)> {
    let mut reader = Reader::new(body, WHAT);
    reader.take(8)?;
    let database = usize::from(reader.u8()?);
    reader.u16()?;
    let variables = usize::from(reader.u16()?);
    reader.take(variables)?;
    let database = String::from_utf8_lossy(reader.take(database)?).into_owned();
    if reader.u8()? != 0 {
        return Err(reader.wrong());
    }
    let inflated;
    let text = if compressed {
        inflated = inflate::deflated(reader.rest(), WHAT)?;
        &inflated[..]
    } else {
        reader.rest()
    };
    // Its character set is the session's; the words that matter are of ASCII.
    Ok((database, of(&String::from_utf8_lossy(text))?))
}

/// What a text means.
fn of(text: &str) -> Result<Statement> {
    let tokens = tokens(text);
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => word.to_ascii_uppercase(),
        _ => String::new(),
    };
    let (first, second) = (word(0), word(1));
    Ok(match (first.as_str(), second.as_str()) {
        ("BEGIN", _) | ("START", "TRANSACTION") => Statement::Begin,
        ("COMMIT", _) => Statement::Commit,
        ("SAVEPOINT" | "RELEASE", _) | ("ROLLBACK", "TO") | ("XA", "END") => Statement::Inside,
        ("ROLLBACK", _) => Statement::Rollback,
        ("XA", "START" | "BEGIN") => Statement::XaStart(xa(text)?),
        ("XA", "COMMIT") => Statement::XaCommit(xa(text)?),
        ("XA", "ROLLBACK") => Statement::XaRollback(xa(text)?),
        ("ALTER" | "RENAME" | "DROP" | "TRUNCATE" | "CREATE" | "IMPORT", _) => {
            Statement::Definition(definition(&tokens))
        }
        // They define nothing that rows depend on.
        (
            "GRANT" | "REVOKE" | "SET" | "ANALYZE" | "OPTIMIZE" | "REPAIR" | "FLUSH" | "INSTALL" | "UNINSTALL"
            | "CHECK",
            _,
        ) => Statement::Definition(Definition { touched: Vec::new(), databases: Vec::new(), rows_follow: false }),
        _ => Statement::Other(if first.is_empty() { "no word".into() } else { first }),
    })
}

fn definition(tokens: &[Token<'_>]) -> Definition {
    const WITHOUT_ROWS: [&str; 14] = [
        "INDEX",
        "VIEW",
        "TRIGGER",
        "PROCEDURE",
        "FUNCTION",
        "EVENT",
        "USER",
        "ROLE",
        "SERVER",
        "SEQUENCE",
        "PACKAGE",
        "TABLESPACE",
        "LOGFILE",
        "SPATIAL",
    ];
    let words: Vec<String> = tokens
        .iter()
        .filter_map(|token| match token {
            Token::Word(word) => Some(word.to_ascii_uppercase()),
            _ => None,
        })
        .collect();
    // What kind of thing it is about stands before its name, after words such as OR REPLACE, UNIQUE, DEFINER.
    let thing = words.iter().skip(1).find(|word| {
        matches!(word.as_str(), "TABLE" | "TABLES" | "DATABASE" | "SCHEMA") || WITHOUT_ROWS.contains(&word.as_str())
    });
    let ends_open = words.len() >= 2 && words[words.len() - 2..] == ["START", "TRANSACTION"];
    let (mut touched, mut databases) = (Vec::new(), Vec::new());
    let is = |at: usize, expected: &str| words.get(at).is_some_and(|word| word == expected);
    match thing.map(String::as_str) {
        // What did not exist has no rows, and what exists is left as it is, unless it is replaced.
        _ if is(0, "CREATE") && !(is(1, "OR") && is(2, "REPLACE")) => {}
        Some("DATABASE" | "SCHEMA") if !is(0, "DROP") => {}
        Some("DATABASE" | "SCHEMA") => databases = tokens.iter().filter_map(Token::name).map(str::to_owned).collect(),
        Some(thing) if WITHOUT_ROWS.contains(&thing) => {}
        // TRUNCATE does without the word.
        _ => {
            for (at, token) in tokens.iter().enumerate() {
                let Some(name) = token.name() else { continue };
                let database = match at.checked_sub(2).map(|before| &tokens[before..at]) {
                    Some([database, Token::Sign('.')]) => database.name().map(str::to_owned),
                    _ => None,
                };
                touched.push((database, name.to_owned()));
            }
        }
    }
    Definition { touched, databases, rows_follow: ends_open }
}

/// A piece of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token<'t> {
    Word(&'t str),
    /// In backticks or double quotes: a name; the latter may be a text.
    Quoted(String),
    Text,
    Sign(char),
}

impl Token<'_> {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Quoted(name) => Some(name),
            Self::Text | Self::Sign(_) => None,
        }
    }
}

/// The pieces of a statement, without comments. What a server reads in a comment of its own (`/*!`) counts.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("/*!").or_else(|| rest.strip_prefix("/*M!")) {
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        } else if let Some(after) = rest.strip_prefix("*/") {
            rest = after;
        } else if let Some(after) = rest.strip_prefix("/*") {
            rest = after.split_once("*/").map_or("", |(_, after)| after);
        } else if first == '#' || rest.starts_with("-- ") || rest.starts_with("--\n") {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if matches!(first, '`' | '"' | '\'') {
            let (inside, after) = quoted(&rest[1..], first);
            tokens.push(if first == '\'' { Token::Text } else { Token::Quoted(inside) });
            rest = after;
        } else if is_of_word(first) {
            let end = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(&rest[..end]));
            rest = &rest[end..];
        } else {
            if !first.is_whitespace() {
                tokens.push(Token::Sign(first));
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    tokens
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

/// What stands before the closing quote, and what after it. A doubled quote is one.
fn quoted(text: &str, quote: char) -> (String, &str) {
    let mut inside = String::new();
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if c == '\\' && quote != '`' {
            inside.extend(characters.next().map(|(_, escaped)| escaped));
        } else if c != quote {
            inside.push(c);
        } else if characters.next_if(|(_, next)| *next == quote).is_some() {
            inside.push(quote);
        } else {
            return (inside, &text[at + 1..]);
        }
    }
    (inside, "")
}

/// The name of a transaction in two phases, as servers log it: `X'6162',X'63',1`.
fn xa(text: &str) -> Result<Vec<u8>> {
    let damaged = Refusal::Definition { word: "XA".into() };
    let part = |part: &str| {
        let (pairs, []) = part.as_bytes().as_chunks::<2>() else { return None };
        let digit = |byte: u8| char::from(byte).to_digit(16);
        pairs
            .iter()
            .map(|[high, low]| u8::try_from(digit(*high)? * 16 + digit(*low)?).ok())
            .collect::<Option<Vec<u8>>>()
    };
    let mut pieces = text.split("X'").skip(1).map(|piece| piece.split_once('\''));
    let (Some(Some((global, _))), Some(Some((branch, after))), None) = (pieces.next(), pieces.next(), pieces.next())
    else {
        return Err(damaged);
    };
    let format = after.trim_start_matches(',').split_whitespace().next().and_then(|format| format.parse().ok());
    match (part(global), part(branch), format) {
        (Some(global), Some(branch), Some(format)) => Ok(xa_key(format, &global, &branch)),
        _ => Err(damaged),
    }
}

/// One key out of the three parts of such a name.
pub(super) fn xa_key(format: u32, global: &[u8], branch: &[u8]) -> Vec<u8> {
    let length = u8::try_from(global.len()).unwrap_or(u8::MAX);
    [&format.to_le_bytes()[..], &[length], global, branch].concat()
}

/// The event that ends the first phase. Gives whether it is the second as well, and the name.
pub(super) fn prepared(body: &[u8]) -> Result<(bool, Vec<u8>)> {
    let mut reader = Reader::new(body, "a prepared transaction");
    let at_once = reader.u8()? != 0;
    let format = reader.u32()?;
    let (global, branch) = (reader.u32()?, reader.u32()?);
    if global > 64 || branch > 64 {
        return Err(reader.wrong());
    }
    let global = reader.take(global as usize)?;
    let branch = reader.take(branch as usize)?;
    reader.end()?;
    Ok((at_once, xa_key(format, global, branch)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touched(text: &str) -> Vec<String> {
        let Ok(Statement::Definition(definition)) = of(text) else { panic!("{text} is no definition") };
        let names = definition.touched.into_iter();
        names.map(|(database, name)| database.map_or(name.clone(), |database| format!("{database}.{name}"))).collect()
    }

    #[test]
    fn the_frame_of_a_transaction_is_known() {
        for (text, statement) in [
            ("BEGIN", Statement::Begin),
            ("COMMIT", Statement::Commit),
            ("ROLLBACK", Statement::Rollback),
            ("ROLLBACK TO `s`", Statement::Inside),
            ("SAVEPOINT `s`", Statement::Inside),
            ("/* from here */ commit /* -- */", Statement::Commit),
            ("XA START X'7831',X'',1", Statement::XaStart(xa_key(1, b"x1", b""))),
            ("XA COMMIT X'7831',X'62',7", Statement::XaCommit(xa_key(7, b"x1", b"b"))),
            ("XA ROLLBACK X'7831',X'',1", Statement::XaRollback(xa_key(1, b"x1", b""))),
        ] {
            assert_eq!(of(text), Ok(statement), "{text}");
        }
        assert!(of("XA COMMIT 'x1'").is_err());
    }

    #[test]
    fn a_statement_that_changes_rows_is_no_definition() {
        for (text, word) in [
            ("UPDATE t SET a = 1", "UPDATE"),
            ("/*!50003 insert*/ into t values (1)", "INSERT"),
            ("# Dummy event replacing event type 167 that slave cannot handle.", "no word"),
            ("", "no word"),
        ] {
            assert_eq!(of(text), Ok(Statement::Other(word.into())));
        }
    }

    #[test]
    fn a_definition_names_what_it_may_have_changed() {
        for (text, name) in [
            ("TRUNCATE shop.item", "shop.item"),
            ("TRUNCATE TABLE `it``em`", "it`em"),
            ("/* x */ ALTER TABLE `shop` . `item` DROP PARTITION p1", "shop.item"),
            ("RENAME TABLE item TO _item_del, _item_gho TO item", "item"),
            ("ALTER /*!50100 ONLINE */ TABLE \"item\" ADD x INT", "item"),
            ("CREATE OR REPLACE TABLE item (id INT)", "item"),
            ("DROP TABLE IF EXISTS `item` /* generated by server */", "item"),
        ] {
            assert!(touched(text).contains(&name.to_owned()), "{text}: {:?}", touched(text));
        }
        for text in [
            "CREATE INDEX i ON item (id)",
            "CREATE TABLE IF NOT EXISTS item (id INT)",
            "CREATE DEFINER=`root`@`%` TRIGGER t AFTER INSERT ON item FOR EACH ROW SET @a = 1",
            "CREATE OR REPLACE VIEW v AS SELECT * FROM item",
            "GRANT SELECT ON item TO x",
        ] {
            assert_eq!(touched(text), Vec::<String>::new(), "{text}");
        }
        assert!(!touched("ALTER TABLE other COMMENT 'item'").contains(&"item".to_owned()));
        assert!(!touched("ALTER TABLE other /* item */ ADD x INT").contains(&"item".to_owned()));
    }

    #[test]
    fn rows_may_follow_a_definition_and_a_database_takes_its_tables_along() {
        let definition = |text| match of(text) {
            Ok(Statement::Definition(definition)) => definition,
            other => panic!("{other:?}"),
        };
        assert!(definition("CREATE TABLE `c` (`id` int NOT NULL) START TRANSACTION").rows_follow);
        assert!(!definition("CREATE TABLE `c` (`id` int NOT NULL)").rows_follow);
        assert!(definition("DROP DATABASE shop").databases.contains(&"shop".to_owned()));
        for text in ["CREATE DATABASE IF NOT EXISTS shop", "ALTER DATABASE shop CHARACTER SET utf8mb4"] {
            assert_eq!(definition(text).databases, Vec::<String>::new());
        }
    }
}
