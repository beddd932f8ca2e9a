//! `cargo pgsync`: the compiler and the operator commands.

mod cli;
mod compile;

fn main() -> std::process::ExitCode {
    cli::main()
}
