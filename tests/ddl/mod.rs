//! What somebody does to the tables, types and the publication while the program follows, or while it is away. In the end
//! every document is what the database says, or the program has ended with a message; never wrong and healthy.

mod cases;
mod random;
mod tables;
