//! What generated code may name, and nothing else may. A change that breaks generated code gets a new module, so that a
//! runtime and generated code that do not fit are told apart by one clear error: `v2` is not found in `__private`.

/// The second contract.
pub mod v2 {
    pub use ::serde;

    pub use crate::{
        __pgsync_index as index, __pgsync_labels as labels, __pgsync_names as names, __pgsync_rows as rows,
    };

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

        /// For a compiled schema of several databases.
        pub fn several(_: &[Program]) -> Self {
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

/// The index of a document, whose root is a struct.
#[doc(hidden)]
#[macro_export]
macro_rules! __pgsync_index {
    ($index:literal of $root:ident) => {
        /// Name of the index, which searches go to.
        pub const INDEX: &str = $index;

        impl $crate::types::Document for $root {
            const INDEX: &'static str = INDEX;
        }
    };
}

/// Structs, with what each of them derives.
#[doc(hidden)]
#[macro_export]
macro_rules! __pgsync_rows {
    ($($(#[$about:meta])* pub struct $name:ident { $($fields:tt)* })*) => {
        $(
            $(#[$about])*
            #[derive(Debug, Clone, PartialEq)]
            #[derive($crate::__private::v2::serde::Serialize, $crate::__private::v2::serde::Deserialize)]
            #[serde(crate = "::pgsync_runtime::__private::v2::serde")]
            pub struct $name { $($fields)* }
        )*
    };
}

/// Names of the fields of structs, each in a module of their own: the path above them, and each below it.
#[doc(hidden)]
#[macro_export]
macro_rules! __pgsync_names {
    ($($module:ident $above:literal: $($name:ident($path:literal)),*;)*) => {
        $(
            pub mod $module {
                $(pub const $name: &str = concat!($above, $path);)*
            }
        )*
    };
}

/// An enum type of the database: what it is, and its labels.
#[doc(hidden)]
#[macro_export]
macro_rules! __pgsync_labels {
    ($name:ident, $of:literal, $($variant:ident($label:literal)),*) => {
        #[doc = concat!("The enum type `", $of, "`.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive($crate::__private::v2::serde::Serialize, $crate::__private::v2::serde::Deserialize)]
        #[serde(crate = "::pgsync_runtime::__private::v2::serde")]
        pub enum $name {
            $(
                // As Rust writes it, so that it is one line whatever stands in it.
                #[doc = concat!("`", stringify!($label), "`")]
                #[serde(rename = $label)]
                $variant,
            )*
        }
    };
}
