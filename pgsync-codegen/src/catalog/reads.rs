//! Which tables a view reads, where the catalogue has its query only. In: the query. Out: names, with their schema where it is
//! written; nothing where the query cannot be read, or is hidden from who asks.

use sqlparser::ast::{ObjectName, visit_relations};
use sqlparser::dialect::MySqlDialect;
use sqlparser::parser::Parser;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// The tables that a query reads, by schema and name.
pub(super) fn of(query: &str) -> Option<BTreeSet<(Option<String>, String)>> {
    let mut found = BTreeSet::new();
    let statements = Parser::parse_sql(&MySqlDialect {}, query).ok()?;
    if statements.is_empty() {
        return None;
    }
    let _: ControlFlow<()> = visit_relations(&statements, |ObjectName(parts)| {
        let mut names = parts.iter().rev().filter_map(|part| part.as_ident()).map(|ident| ident.value.clone());
        if let Some(name) = names.next() {
            found.insert((names.next(), name));
        }
        ControlFlow::Continue(())
    });
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_tables_of_a_query_are_found_wherever_they_stand() {
        let query = "select `a`.`id` AS `id` from (`shop`.`a` join `shop`.`b` `x` on(`x`.`id` = `a`.`id`)) where exists(select 1 from c)";
        let found: Vec<_> = of(query).unwrap().into_iter().collect();
        let shop = Some("shop".to_owned());
        assert_eq!(found, [(None, "c".to_owned()), (shop.clone(), "a".to_owned()), (shop, "b".to_owned())]);
        assert!(of("select from where").is_none() && of("").is_none());
    }
}
