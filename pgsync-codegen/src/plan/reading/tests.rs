use crate::fixture;
use pgsync_plan::{ByteOrder, Order, OrderColumn, Plan, Reading, ValueKind};

const PUBLISHER: usize = 1;
const AUTHORS: usize = 2;
const POSTS: usize = 3;

fn reading(plan: &Plan, node: usize) -> &Reading {
    &plan.documents[0].nodes[node].link.as_ref().unwrap().reading
}

fn by(position: usize) -> Order {
    Order::Reader(vec![OrderColumn { position, bytes: ByteOrder::Signed }])
}

/// Gives columns of these names another type.
fn retype(plan: &mut Plan, columns: &[(&str, &str)], ty: &pgsync_plan::ColumnType) {
    for (table, column) in columns {
        let table = plan.tables.iter_mut().find(|found| found.name == *table).unwrap();
        table.columns.iter_mut().find(|found| found.name == *column).unwrap().ty = ty.clone();
    }
}

#[test]
fn a_join_table_that_says_everything_is_read_apart() {
    let plan = fixture::library();
    let authors = reading(&plan, AUTHORS);
    assert!(authors.split_join && authors.shared);
    assert!(authors.prefetch, "through the join rows, by the author's key");
    // Each author has one row, and their order is that of the join rows.
    assert_eq!(authors.order, by(0));
    let publisher = reading(&plan, PUBLISHER);
    assert!(publisher.prefetch && publisher.shared && !publisher.split_join);
    assert_eq!(publisher.order, Order::Reader(Vec::new()), "there is one at most");
    assert!(!reading(&plan, POSTS).prefetch, "a table is read whole by its key only");
}

#[test]
fn where_a_collation_has_a_say_the_database_orders_and_joins() {
    let mut plan = fixture::library();
    retype(&mut plan, &[("author", "id"), ("book_author", "author_id"), ("post", "id")], &fixture::text());
    fixture::decide(&mut plan, true);
    let authors = reading(&plan, AUTHORS);
    assert!(!authors.split_join && !authors.prefetch && authors.shared);
    assert_eq!(authors.order, Order::Statement);
    assert_eq!(reading(&plan, POSTS).order, Order::Statement);
}

#[test]
fn what_hangs_on_the_roots_key_is_read_by_its_range() {
    let mut plan = fixture::library();
    assert!((1..4).all(|node| !reading(&plan, node).by_range), "a collation decides the order of texts");
    retype(&mut plan, &[("book", "isbn"), ("book_author", "book_isbn")], &fixture::ty("integer", ValueKind::Int4));
    fixture::decide(&mut plan, true);
    assert!(reading(&plan, AUTHORS).by_range);
    assert!(!reading(&plan, PUBLISHER).by_range, "a publisher is found by another column of the book");
    fixture::decide(&mut plan, false);
    assert!(!reading(&plan, AUTHORS).by_range, "rows of roots long gone could be in the range");
    retype(&mut plan, &[("book_author", "book_isbn")], &fixture::ty("bigint", ValueKind::Int8));
    fixture::decide(&mut plan, true);
    assert!(!reading(&plan, AUTHORS).by_range, "the bytes of the bounds are those of another type");
}

#[test]
fn what_only_orders_rows_is_read_behind_what_is_shown() {
    let mut plan = fixture::library();
    assert_eq!((reading(&plan, POSTS).order.clone(), reading(&plan, POSTS).order_columns.len()), (by(0), 0));
    plan.documents[0].nodes[POSTS].select.remove(0);
    fixture::decide(&mut plan, true);
    assert_eq!((reading(&plan, POSTS).order.clone(), reading(&plan, POSTS).order_columns.len()), (by(1), 1));
}
