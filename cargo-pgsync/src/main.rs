//! `cargo pgsync`: the compiler and the operator commands.

mod address;
mod against;
mod catalog;
mod cli;
mod compile;
mod convert;
mod engine;
mod explain;
mod format;
mod generate;
mod init;
mod live;
mod s3;
mod schema;

fn main() -> std::process::ExitCode {
    cli::main()
}
