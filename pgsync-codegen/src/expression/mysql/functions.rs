//! The functions of an expression on MySQL and MariaDB. In: a name. Out: whether its result depends on its arguments alone, and
//! what it gives. Each is built into both, in every supported version, unless a list says that one of them has it alone.
//!
//! Sessions that read are in UTC, which the few look at that convert moments.

use super::evident::Gives::{self, Boolean, Bytes, Date, Float, Json, Moment, Open, Same, Text, Time, Whole};
use crate::diagnostic::nearest;
use pgsync_plan::Dialect;

/// The functions of both, and what they give. MySQL has `json_value` from 8.0.21 on.
pub(super) const FUNCTIONS: &[(&str, Gives)] = &[
    ("abs", Gives::Number),
    ("acos", Float),
    ("adddate", Gives::Shifted),
    ("ascii", Whole),
    ("asin", Float),
    ("atan", Float),
    ("atan2", Float),
    ("bin", Text),
    ("bit_count", Whole),
    ("bit_length", Whole),
    ("ceiling", Gives::Rounded),
    ("char_length", Whole),
    ("character_length", Whole),
    ("coalesce", Same(0)),
    ("concat", Text),
    ("concat_ws", Text),
    ("conv", Text),
    ("convert_tz", Moment),
    ("cos", Float),
    ("cot", Float),
    ("crc32", Whole),
    ("date", Date),
    ("date_add", Gives::Shifted),
    ("date_format", Text),
    ("date_sub", Gives::Shifted),
    ("datediff", Whole),
    ("day", Whole),
    ("dayofmonth", Whole),
    ("dayofweek", Whole),
    ("dayofyear", Whole),
    ("degrees", Float),
    ("elt", Text),
    ("exp", Float),
    ("field", Whole),
    ("find_in_set", Whole),
    ("format", Text),
    ("from_base64", Bytes),
    ("from_days", Date),
    ("from_unixtime", Open),
    ("greatest", Same(0)),
    ("hex", Text),
    ("hour", Whole),
    ("if", Same(1)),
    ("ifnull", Same(0)),
    ("inet6_aton", Bytes),
    ("inet6_ntoa", Text),
    ("inet_aton", Whole),
    ("inet_ntoa", Text),
    ("insert", Text),
    ("instr", Whole),
    ("isnull", Boolean),
    ("json_array", Json),
    ("json_array_append", Json),
    ("json_array_insert", Json),
    ("json_contains", Boolean),
    ("json_contains_path", Boolean),
    ("json_depth", Whole),
    ("json_extract", Json),
    ("json_insert", Json),
    ("json_keys", Json),
    ("json_length", Whole),
    ("json_merge_patch", Json),
    ("json_merge_preserve", Json),
    ("json_object", Json),
    ("json_quote", Text),
    ("json_remove", Json),
    ("json_replace", Json),
    ("json_search", Json),
    ("json_set", Json),
    ("json_type", Text),
    ("json_unquote", Text),
    ("json_valid", Boolean),
    ("json_value", Text),
    ("last_day", Date),
    ("lcase", Text),
    ("least", Same(0)),
    ("left", Text),
    ("length", Whole),
    ("ln", Float),
    ("locate", Whole),
    ("log", Float),
    ("log10", Float),
    ("log2", Float),
    ("lower", Text),
    ("lpad", Text),
    ("ltrim", Text),
    ("makedate", Date),
    ("maketime", Time),
    ("microsecond", Whole),
    ("mid", Text),
    ("minute", Whole),
    ("mod", Gives::Remainder),
    ("month", Whole),
    ("nullif", Gives::First),
    ("oct", Text),
    ("octet_length", Whole),
    ("ord", Whole),
    ("position", Whole),
    ("pow", Float),
    ("power", Float),
    ("quarter", Whole),
    ("quote", Text),
    ("radians", Float),
    ("regexp_instr", Whole),
    ("regexp_replace", Text),
    ("regexp_substr", Text),
    ("repeat", Text),
    ("replace", Text),
    ("reverse", Text),
    ("right", Text),
    ("round", Gives::Number),
    ("rpad", Text),
    ("rtrim", Text),
    ("sec_to_time", Time),
    ("second", Whole),
    ("sha2", Text),
    ("sign", Whole),
    ("sin", Float),
    ("soundex", Text),
    ("space", Text),
    ("sqrt", Float),
    ("str_to_date", Open),
    ("strcmp", Whole),
    ("subdate", Gives::Shifted),
    ("substring_index", Text),
    ("tan", Float),
    ("time", Time),
    ("time_format", Text),
    ("time_to_sec", Open),
    ("timestamp", Moment),
    ("timestampdiff", Whole),
    ("to_base64", Text),
    ("to_days", Whole),
    ("to_seconds", Whole),
    ("truncate", Gives::Number),
    ("ucase", Text),
    ("unhex", Bytes),
    ("unix_timestamp", Open),
    ("upper", Text),
    ("weekday", Whole),
    ("weekofyear", Whole),
    ("year", Whole),
];

/// Those of MySQL alone, and of MariaDB alone, which MySQL may have lost.
const OF_MYSQL: &[(&str, Gives)] =
    &[("bin_to_uuid", Text), ("is_uuid", Boolean), ("regexp_like", Boolean), ("uuid_to_bin", Bytes)];
const OF_MARIADB: &[(&str, Gives)] = &[
    ("json_exists", Boolean),
    ("json_query", Json),
    ("md5", Text),
    ("nvl", Same(0)),
    ("nvl2", Same(1)),
    ("sha", Text),
    ("sha1", Text),
];

/// Those whose result is of several rows.
const AGGREGATES: &[&str] = &[
    "any_value",
    "avg",
    "bit_and",
    "bit_or",
    "bit_xor",
    "count",
    "cume_dist",
    "dense_rank",
    "first_value",
    "group_concat",
    "json_arrayagg",
    "json_objectagg",
    "lag",
    "last_value",
    "lead",
    "max",
    "min",
    "nth_value",
    "ntile",
    "percent_rank",
    "rank",
    "row_number",
    "std",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "sum",
    "var_pop",
    "var_samp",
    "variance",
];

/// Those whose result changes while the row stays what it is, or that do something.
const CHANGING: &[&str] = &[
    "benchmark",
    "connection_id",
    "curdate",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "curtime",
    "database",
    "found_rows",
    "get_lock",
    "is_free_lock",
    "is_used_lock",
    "last_insert_id",
    "lastval",
    "load_file",
    "localtime",
    "localtimestamp",
    "master_gtid_wait",
    "master_pos_wait",
    "nextval",
    "now",
    "rand",
    "random_bytes",
    "release_all_locks",
    "release_lock",
    "row_count",
    "schema",
    "session_user",
    "setval",
    "sleep",
    "source_pos_wait",
    "sys_guid",
    "sysdate",
    "system_user",
    "user",
    "utc_date",
    "utc_time",
    "utc_timestamp",
    "uuid",
    "uuid_short",
    "version",
    "wait_for_executed_gtid_set",
];

/// What a name stands for.
pub(super) enum Called {
    Function(Gives),
    /// One that only the other server has.
    OfOther(&'static str),
    Aggregate,
    Changing,
    Unknown,
}

/// Looks a name up, which is in small letters.
pub(super) fn called(name: &str, dialect: Dialect) -> Called {
    let of = |list: &[(&str, Gives)]| list.iter().find(|(known, _)| *known == name).map(|(_, gives)| *gives);
    let (own, others, other) = match dialect {
        Dialect::Mariadb => (OF_MARIADB, OF_MYSQL, Dialect::Mysql.name()),
        _ => (OF_MYSQL, OF_MARIADB, Dialect::Mariadb.name()),
    };
    if let Some(gives) = of(FUNCTIONS).or_else(|| of(own)) {
        Called::Function(gives)
    } else if of(others).is_some() {
        Called::OfOther(other)
    } else if AGGREGATES.contains(&name) {
        Called::Aggregate
    } else if changes(name) {
        Called::Changing
    } else {
        Called::Unknown
    }
}

/// Whether a name, also one without brackets, gives something else each time.
pub(super) fn changes(name: &str) -> bool {
    CHANGING.contains(&name)
}

/// A function of a name that is much like this one.
pub(super) fn like(name: &str) -> Option<&'static str> {
    nearest(name, FUNCTIONS.iter().map(|(name, _)| *name))
}

/// Words that the SQL parser reads as more than a call.
#[cfg(test)]
const WORDS: &[&str] = &["cast", "ceil", "convert", "extract", "floor", "substr", "substring", "trim"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_lists_the_functions() {
        let page = include_str!("../../../../docs/mysql.md");
        let names = |after: &str| -> Vec<&str> {
            let (_, rest) = page.split_once(after).unwrap_or_else(|| panic!("the page does not say {after:?}"));
            let (list, _) = rest.split_once('.').unwrap();
            list.split(',').map(|name| name.trim().trim_matches('`')).collect()
        };
        let mut both: Vec<&str> = FUNCTIONS.iter().map(|(name, _)| *name).chain(WORDS.iter().copied()).collect();
        both.sort_unstable();
        assert_eq!(names("The functions of both:"), both);
        let alone = |list: &[(&'static str, Gives)]| list.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        assert_eq!(names("Of MySQL:"), alone(OF_MYSQL));
        assert_eq!(names("Of MariaDB:"), alone(OF_MARIADB));
    }

    #[test]
    fn no_name_stands_twice_and_all_are_in_order() {
        let names = |list: &[(&'static str, Gives)]| list.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        for list in [names(FUNCTIONS), names(OF_MYSQL), names(OF_MARIADB), AGGREGATES.to_vec(), CHANGING.to_vec()] {
            assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
        }
    }
}
