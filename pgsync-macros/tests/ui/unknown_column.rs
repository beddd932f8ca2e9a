// The schema is found and its catalogue is beside it; a column is not.
pgsync_macros::pgsync_schema!("unknown_column.json");

fn main() {}
