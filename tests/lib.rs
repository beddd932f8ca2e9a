//! Nothing: the tests are in `main.rs`, one binary for all of them.
