//! Keeps the search engine in step with the database. `--help` lists the commands.

#[rustfmt::skip]
mod schema;

fn main() -> std::process::ExitCode {
    schema::main()
}
