//! The program of the example.

fn main() -> std::process::ExitCode {
    plugins::app().main()
}
