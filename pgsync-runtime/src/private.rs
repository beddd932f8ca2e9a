//! What generated code may name, and nothing else may. A change that breaks generated code gets a new module `v2`, so
//! that a runtime and generated code that do not fit are told apart by one clear error.

/// The first contract.
pub mod v1 {
    pub use ::serde;

    #[cfg(feature = "sync")]
    pub use crate::command::main;

    /// Without feature `sync` there is nothing to run.
    #[cfg(not(feature = "sync"))]
    #[allow(clippy::print_stderr)]
    pub fn main(_program: &str) -> std::process::ExitCode {
        eprintln!("error: this program was built with `pgsync-runtime` without its feature `sync`");
        std::process::ExitCode::from(2)
    }
}
