//! What generated code may name, and nothing else may. A change that breaks generated code gets a new module, so that a
//! runtime and generated code that do not fit are told apart by one clear error: `v2` is not found in `__private`.

/// The second contract.
pub mod v2 {
    pub use ::serde;

    /// What generated structs derive. Taken in as a whole, it gives way to structs of the same names.
    pub mod derive {
        pub use ::serde::{Deserialize, Serialize};
    }

    #[cfg(feature = "sync")]
    pub use crate::App;

    /// A compiled schema, as generated code holds it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Program {
        /// The plan, as JSON with names for positions.
        pub plan: &'static str,
        /// Name and text of each statement.
        pub statements: &'static [(&'static str, &'static str)],
        /// Name and definition of each index.
        pub indexes: &'static [(&'static str, &'static str)],
    }

    /// Without feature `sync` there is nothing to run.
    #[cfg(not(feature = "sync"))]
    #[derive(Debug)]
    pub struct App;

    #[cfg(not(feature = "sync"))]
    impl App {
        /// For a compiled schema.
        pub fn new(_: Program) -> Self {
            Self
        }

        /// Says so.
        #[allow(clippy::print_stderr)]
        pub fn main(self) -> std::process::ExitCode {
            eprintln!("error: this program was built with `pgsync-runtime` without its feature `sync`");
            std::process::ExitCode::from(2)
        }
    }
}
