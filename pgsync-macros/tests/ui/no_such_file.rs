pgsync_macros::pgsync_schema!("no-such-file.json");

fn main() {}
