pgsync_macros::pgsync_schema!(schema);

fn main() {}
