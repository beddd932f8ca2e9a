//! The sets of rows. In: a name and a size. Out: the statements that make them in a server, from a seed, and the schema file
//! that both programs accept.

use crate::Outcome;
use crate::database::Database;

const COMMON: &str = include_str!("../datasets/common.sql");
const COMMON_MYSQL: &str = include_str!("../datasets/common.mysql.sql");
const WORDS: &str = include_str!("../datasets/words.txt");

/// A set of rows of some size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dataset {
    /// Books with publisher, authors and reviews: three levels.
    Library(u64),
    /// The same rows, and of them books with reviews alone: children that refer to the root, which is the one relation that
    /// PGSync reads rightly on MySQL and MariaDB.
    Reviews(u64),
    /// Rows of 40 columns.
    Wide(u64),
    /// 1,000 roots of this many children.
    Children(u64),
    /// Rows of three columns.
    Narrow(u64),
}

impl Dataset {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Library(_) => "library",
            Self::Reviews(_) => "reviews",
            Self::Wide(_) => "wide",
            Self::Children(_) => "children",
            Self::Narrow(_) => "narrow",
        }
    }

    /// How many documents it makes.
    pub(crate) fn documents(self) -> u64 {
        match self {
            Self::Library(count) | Self::Reviews(count) | Self::Wide(count) | Self::Narrow(count) => count,
            Self::Children(_) => 1000,
        }
    }

    /// The index they go to.
    pub(crate) fn index(self) -> &'static str {
        match self {
            Self::Library(_) | Self::Reviews(_) => "books",
            Self::Wide(_) => "wide",
            Self::Children(_) => "roots",
            Self::Narrow(_) => "narrow",
        }
    }

    /// The template's name: of the tables, as several sets may be made of them, their size and the seed.
    pub(crate) fn template(self, seed: u32) -> String {
        let (tables, count) = match self {
            Self::Library(count) | Self::Reviews(count) => ("library", count),
            Self::Wide(count) => ("wide", count),
            Self::Children(count) => ("children", count),
            Self::Narrow(count) => ("narrow", count),
        };
        format!("bench_{tables}_{count}_{seed}")
    }

    /// The statements that fill a template.
    pub(crate) fn sql(self, database: Database, seed: u32) -> Outcome<String> {
        let of_postgres = database == Database::Postgres;
        let (text, count) = match self {
            Self::Library(count) | Self::Reviews(count) if of_postgres => {
                (include_str!("../datasets/library.sql"), count)
            }
            Self::Library(count) | Self::Reviews(count) => (include_str!("../datasets/library.mysql.sql"), count),
            Self::Wide(count) if of_postgres => (include_str!("../datasets/wide.sql"), count),
            Self::Children(count) if of_postgres => (include_str!("../datasets/children.sql"), count),
            Self::Narrow(count) if of_postgres => (include_str!("../datasets/narrow.sql"), count),
            _ => return Err(format!("the set `{}` is not made for {}", self.name(), database.title()).into()),
        };
        let common = if of_postgres { COMMON } else { COMMON_MYSQL };
        let words = WORDS.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = format!("{common}\n{text}").replace(":words", &words).replace(":rows", &count.to_string());
        Ok(text.replace(":seed", &seed.to_string()))
    }

    /// The schema file, for a database called `DATABASE`.
    pub(crate) fn schema(self) -> &'static str {
        match self {
            Self::Library(_) => include_str!("../datasets/library.json"),
            Self::Reviews(_) => include_str!("../datasets/reviews.json"),
            Self::Wide(_) => include_str!("../datasets/wide.json"),
            Self::Children(_) => include_str!("../datasets/children.json"),
            Self::Narrow(_) => include_str!("../datasets/narrow.json"),
        }
    }

    /// What documents show, one list of columns a table: what the ceiling reads.
    pub(crate) fn used_columns(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Library(_) => &[
                (
                    "book",
                    "id, isbn, title, description, language, pages, price, published, in_stock, added, publisher_id",
                ),
                ("publisher", "id, name, city"),
                ("book_author", "book_id, author_id"),
                ("author", "id, name, born, country_id"),
                ("country", "id, code, name"),
                ("review", "id, book_id, reader_id, stars, body, written"),
                ("reader", "id, name, since"),
            ],
            Self::Reviews(_) => &[
                ("book", "id, isbn, title, description, language, pages, price, published, in_stock, added"),
                ("review", "id, book_id, stars, body, written"),
            ],
            Self::Wide(_) => &[("wide", "*")],
            Self::Children(_) => &[("root", "id, name"), ("child", "id, root_id, amount, label")],
            Self::Narrow(_) => &[("narrow", "id, amount, name")],
        }
    }
}
