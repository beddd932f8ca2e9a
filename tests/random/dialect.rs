//! What databases spell differently. In: which of them. Out: types, values and pieces of SQL for the sessions of this test, and
//! expressions for the schema file. Sessions of MySQL and MariaDB have the `sql_mode` that makes names of what stands in
//! double quotes, and no escape of a backslash: most of SQL is the same then.

use super::tables::Type;
use crate::support::seed::Seed;

/// A kind of database.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Dialect {
    Postgres,
    MySql,
    MariaDb,
}

impl Dialect {
    pub(super) fn is_postgres(self) -> bool {
        self == Self::Postgres
    }

    /// A type in `CREATE TABLE`.
    pub(super) fn ty(self, ty: Type) -> &'static str {
        match (self, ty) {
            (_, Type::Integer) => "integer",
            (_, Type::Bigint) => "bigint",
            (_, Type::Date) => "date",
            (Self::MySql, Type::Uuid) => "char(36) CHARACTER SET ascii",
            (_, Type::Uuid) => "uuid",
            (Self::Postgres, Type::Text) => "text",
            (Self::Postgres, Type::Citext) => "citext",
            (Self::Postgres, Type::Numeric) => "numeric",
            (Self::Postgres, Type::Boolean) => "boolean",
            (Self::Postgres, Type::Json) => "jsonb",
            (Self::Postgres, Type::Moment) => "timestamptz",
            (Self::Postgres, Type::Own) => "integer[]",
            (_, Type::Text) => "varchar(40) COLLATE utf8mb4_bin",
            (_, Type::Citext) => "varchar(40) COLLATE utf8mb4_general_ci",
            (_, Type::Numeric) => "decimal(20,4)",
            (_, Type::Boolean) => "boolean",
            (_, Type::Json) => "json",
            (_, Type::Moment) => "timestamp(3) NULL",
            (_, Type::Own) => "enum('zero', 'one', 'b''c', 'a|d', 'last')",
        }
    }

    /// The literal for a number: equal numbers give equal values, of which some look different.
    pub(super) fn literal(self, ty: Type, number: u64, seed: &mut Seed) -> String {
        match ty {
            Type::Integer => format!("{number}"),
            Type::Bigint => format!("{}", number as i64 * 10_000_000_019 - 90_000_000_000),
            Type::Uuid if self.is_postgres() => format!("md5('{number}')::uuid"),
            Type::Uuid => format!("'{:08x}-{number:04x}-4000-8000-00000000{:04x}'", number * 0x0203_4057, number % 7),
            Type::Text => match number % 5 {
                0 => format!("'k|{number}'"),
                1 if self.is_postgres() => format!("E'k\\\\{number} \u{e9}\"'"),
                1 => format!("'k\\{number} \u{e9}\"'"),
                _ => format!("'k {number}'"),
            },
            Type::Citext => {
                let word = format!("Kay{number}");
                format!("'{}'", if seed.below(2) == 0 { word.to_uppercase() } else { word.to_lowercase() })
            }
            Type::Numeric => format!("{number}.{}", ["0", "00", "5", "50"][(number % 2 * 2 + seed.below(2)) as usize]),
            Type::Boolean => (if number.is_multiple_of(2) { "true" } else { "false" }).to_owned(),
            Type::Date if self.is_postgres() => format!("date '2000-01-01' + {number}"),
            Type::Date => format!("date '2000-01-01' + INTERVAL {number} DAY"),
            Type::Json if self.is_postgres() => {
                format!("jsonb_build_object('a', {number}, 'b', array[{}, null])", seed.below(100))
            }
            Type::Json => format!("json_object('a', {number}, 'b', json_array({}, null))", seed.below(100)),
            Type::Moment if self.is_postgres() => {
                format!("timestamptz '2020-01-01 00:00:00.25Z' + {number} * interval '61 minutes'")
            }
            Type::Moment => format!("timestamp '2020-01-01 00:00:00.25' + INTERVAL {} SECOND", number * 3660),
            Type::Own if self.is_postgres() => format!("array[{number}, {}]", seed.below(3)),
            Type::Own => format!("{}", number % 5 + 1),
        }
    }

    /// The columns of a key as one text, of which only its equality counts.
    pub(super) fn joined(self, names: &[String]) -> String {
        match self {
            Self::Postgres => format!("concat({})", names.join(", ' ', ")),
            _ => format!("concat_ws(' ', {})", names.join(", ")),
        }
    }

    /// An order of such texts that looks like none.
    pub(super) fn shuffled(self, key: &str, salt: u64) -> String {
        match self {
            Self::Postgres => format!("md5({key} || '{salt}')"),
            _ => format!("sha2(concat({key}, '{salt}'), 224)"),
        }
    }

    /// A condition that holds for one of seven of them.
    pub(super) fn one_of_seven(self, key: &str, which: u64) -> String {
        match self {
            Self::Postgres => format!("('x' || substr(md5(({key})::text), 1, 4))::bit(16)::integer % 7 = {which}"),
            _ => format!("crc32({key}) % 7 = {which}"),
        }
    }

    /// What is equal to a value and may look different.
    pub(super) fn alike(self, ty: Type, name: String, seed: &mut Seed) -> String {
        match ty {
            Type::Citext => {
                let (text, back) = if self.is_postgres() { ("::text", "::citext") } else { ("", "") };
                match seed.below(3) {
                    0 => format!("upper({name}{text}){back}"),
                    1 => format!("lower({name}{text}){back}"),
                    _ => name,
                }
            }
            Type::Numeric if seed.below(2) == 0 => format!("{name} + 0.00000"),
            _ => name,
        }
    }

    /// A column where the schema file's expressions name it.
    fn named(self, column: &str) -> String {
        if self.is_postgres() { format!("\"{column}\"") } else { format!("`{column}`") }
    }

    /// A condition on a column, for a `where` of the schema file.
    pub(super) fn filter(self, column: &str, ty: Type) -> Option<String> {
        let name = self.named(column);
        Some(match ty {
            Type::Integer => format!("{name} % 4 > 0"),
            Type::Bigint => format!("{name} > 30000000000"),
            Type::Text => format!("{name} LIKE 'k %' OR {name} IS NULL"),
            Type::Boolean if self.is_postgres() => format!("{name} IS DISTINCT FROM true"),
            Type::Boolean => format!("NOT ({name} <=> 1)"),
            Type::Date => format!("{name} >= '2000-01-11'"),
            Type::Numeric => format!("{name} BETWEEN 2 AND 30.5"),
            Type::Json if self.is_postgres() => format!("({name} ->> 'a')::integer % 3 > 0"),
            Type::Json => format!("CAST(JSON_VALUE({name}, '$.a') AS SIGNED) % 3 > 0"),
            Type::Uuid | Type::Moment | Type::Own => format!("{name} IS NOT NULL"),
            Type::Citext if self.is_postgres() => return None,
            Type::Citext => format!("{name} < 'kay3'"),
        })
    }

    /// An expression of a column for the schema file's `computed`, and of what type it is.
    pub(super) fn computed(self, column: &str, ty: Type) -> Option<(String, Type)> {
        let name = self.named(column);
        let (postgres, binlog, of) = match ty {
            Type::Integer | Type::Bigint => {
                (format!("({name} * 2 + 1)::bigint"), format!("{name} * 2 + 1"), Type::Bigint)
            }
            Type::Text => (format!("(upper({name}) || '!')::text"), format!("CONCAT(UPPER({name}), '!')"), Type::Text),
            Type::Numeric => (format!("({name} * 1.5)::numeric"), format!("{name} * 1.5"), Type::Numeric),
            Type::Boolean => (format!("(NOT {name})::boolean"), format!("{name} = 0"), Type::Boolean),
            Type::Json => (format!("({name} ->> 'a')::text"), format!("JSON_VALUE({name}, '$.a')"), Type::Text),
            _ => return None,
        };
        Some((if self.is_postgres() { postgres } else { binlog }, of))
    }

    /// What is there beside the tables.
    pub(super) fn first(self) -> &'static str {
        match self {
            Self::Postgres => "CREATE EXTENSION citext;",
            _ => "CREATE TABLE \"apart\" (id integer AUTO_INCREMENT PRIMARY KEY, said text);",
        }
    }

    /// A statement that changes no row of any table of a document, and is in the log.
    pub(super) fn aside(self) -> &'static str {
        match self {
            Self::Postgres => "SELECT pg_logical_emit_message(true, 'another program', 'what it says')",
            _ => "INSERT INTO \"apart\" (said) VALUES ('what another program says')",
        }
    }
}
