//! The functions of an expression. In: a name. Out: whether its result depends on its arguments alone, and what type it has.
//! Each one is built in and the same in every supported version, unless a comment says since which; sessions that read set
//! what the few look at that PostgreSQL calls stable: time zone and output of dates.

use super::evident::Gives::{self, Bool, Float8, Int4, Numeric, Open, Same, Text, TextOfText};

/// The functions that may be called, and what they give.
pub(super) const FUNCTIONS: &[(&str, Gives)] = &[
    ("abs", Same),
    ("array_length", Int4),
    ("array_position", Int4),
    ("array_remove", Same),
    ("array_replace", Same),
    ("array_to_string", Text),
    ("ascii", Int4),
    ("bit_length", Int4),
    ("btrim", TextOfText),
    ("cardinality", Int4),
    ("cbrt", Float8),
    ("ceil", Open),
    ("ceiling", Open),
    ("char_length", Int4),
    ("character_length", Int4),
    ("chr", Text),
    ("coalesce", Same),
    ("concat", Text),
    ("concat_ws", Text),
    ("date_part", Float8),
    ("date_trunc", Open),
    ("decode", Open),
    ("div", Numeric),
    ("encode", Text),
    ("exp", Open),
    ("floor", Open),
    ("greatest", Same),
    ("initcap", Text),
    ("isempty", Bool),
    ("isfinite", Bool),
    ("json_array_length", Int4),
    ("json_extract_path", Open),
    ("json_extract_path_text", Text),
    ("json_typeof", Text),
    ("jsonb_array_length", Int4),
    ("jsonb_extract_path", Open),
    ("jsonb_extract_path_text", Text),
    ("jsonb_typeof", Text),
    ("least", Same),
    ("left", Text),
    ("length", Int4),
    ("ln", Open),
    ("lower", TextOfText),
    ("lpad", Text),
    ("ltrim", TextOfText),
    ("make_date", Open),
    ("make_time", Open),
    ("make_timestamp", Open),
    ("md5", Text),
    ("mod", Open),
    ("nullif", Same),
    ("octet_length", Int4),
    ("power", Open),
    ("regexp_replace", Text),
    ("repeat", Text),
    ("replace", Text),
    ("reverse", Text),
    ("right", Text),
    ("round", Open),
    ("rpad", Text),
    ("rtrim", TextOfText),
    ("sign", Open),
    ("split_part", Text),
    ("sqrt", Open),
    ("starts_with", Bool),
    ("strpos", Int4),
    ("substr", TextOfText),
    ("to_hex", Text),
    ("translate", Text),
    ("trunc", Open),
    ("upper", TextOfText),
];

/// Those whose result is of several rows.
const AGGREGATES: &[&str] = &[
    "array_agg",
    "avg",
    "bit_and",
    "bit_or",
    "bool_and",
    "bool_or",
    "count",
    "every",
    "json_agg",
    "json_object_agg",
    "jsonb_agg",
    "jsonb_object_agg",
    "max",
    "min",
    "stddev",
    "string_agg",
    "sum",
    "variance",
];

/// Those whose result changes while the row stays what it is.
const CHANGING: &[&str] = &[
    "age",
    "clock_timestamp",
    "current_catalog",
    "current_database",
    "current_date",
    "current_role",
    "current_schema",
    "current_setting",
    "current_time",
    "current_timestamp",
    "current_user",
    "gen_random_uuid",
    "localtime",
    "localtimestamp",
    "nextval",
    "now",
    "pg_sleep",
    "random",
    "session_user",
    "statement_timestamp",
    "timeofday",
    "transaction_timestamp",
    "txid_current",
    "user",
    "uuid_generate_v4",
];

/// What a name stands for.
pub(super) enum Called {
    Function(Gives),
    Aggregate,
    Changing,
    Unknown,
}

/// Looks a name up.
pub(super) fn called(name: &str) -> Called {
    if let Some((_, gives)) = FUNCTIONS.iter().find(|(known, _)| *known == name) {
        Called::Function(*gives)
    } else if AGGREGATES.contains(&name) {
        Called::Aggregate
    } else if CHANGING.contains(&name) {
        Called::Changing
    } else {
        Called::Unknown
    }
}
