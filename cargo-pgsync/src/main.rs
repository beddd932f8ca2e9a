//! `cargo pgsync`: the compiler and the operator commands.

mod address;
mod catalog;
mod cli;
mod compile;
mod convert;
mod explain;
mod format;
mod generate;
mod init;
mod schema;

fn main() -> std::process::ExitCode {
    cli::main()
}
