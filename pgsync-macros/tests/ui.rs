//! What the macro says when it cannot expand.

#[test]
fn mistakes_are_shown_where_they_stand() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
