//! `cargo pgsync`: the compiler and the operator commands.

mod cli;
mod compile;
mod explain;
mod generate;

fn main() -> std::process::ExitCode {
    cli::main()
}
