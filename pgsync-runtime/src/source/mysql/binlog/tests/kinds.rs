//! Every type that can be read from the log, from both servers, with the values that were inserted.

use super::*;

/// Column, and its values in the two rows that were inserted with more than a key.
const COMMON: [(&str, &str, &str); 39] = [
    ("id", "18446744073709551615", "2"),
    ("t", "-128", "0"),
    ("tu", "255", "0"),
    ("s", "-32768", "NULL"),
    ("su", "65535", "NULL"),
    ("m", "-8388608", "NULL"),
    ("mu", "16777215", "NULL"),
    ("y", "2155", "0000"),
    ("i", "-2147483648", "NULL"),
    ("iu", "4294967295", "NULL"),
    ("b", "-9223372036854775808", "NULL"),
    ("d", "-12345678901234567890.0123456789", "0.0000000000"),
    ("d0", "-99999", "0"),
    ("du", "0.000000001", "0.000000000"),
    ("f", "0.1", "0.0"),
    ("db", "-1.5e300", "12345.678"),
    ("bi", "2730", "NULL"),
    ("da", "2024-02-29", "0000-00-00"),
    ("ti", "-838:59:59", "00:00:00"),
    ("ti6", "-00:00:00.000001", "100:00:00.500000"),
    ("ti1", "12:34:56.7", "NULL"),
    ("dt", "9999-12-31 23:59:59", "0000-00-00 00:00:00"),
    ("dt3", "1000-01-01 00:00:00.125", "NULL"),
    ("ts", "2038-01-19 03:14:07", "0000-00-00 00:00:00"),
    ("ts6", "1970-01-01 00:00:01.000010", "NULL"),
    ("c", "käse", ""),
    ("cw", "wide", "NULL"),
    ("vc", "Müller", "NULL"),
    ("g", "000000000101000000000000000000F03F0000000000000040", "NULL"),
    ("vl", "long", "NULL"),
    ("u16", "grün", "NULL"),
    ("bn", "616200000000", "000000000000"),
    ("vb", "00FF", "NULL"),
    ("tx", "text 😀", "NULL"),
    ("tb", "01", "NULL"),
    ("mb", "02", "NULL"),
    ("e", "ö", ""),
    ("st", "x,z", ""),
    // The last one of most: a value before it that is passed over wrongly shows here.
    ("hidden", "7", "7"),
];

fn kinds(columns: &[&str]) -> Wanted {
    Wanted::default().with(RelationId(1), SHOP, "kinds", columns)
}

/// The rows that were inserted, those columns of them.
fn inserted(log: &Log, columns: &[&str]) -> Vec<Vec<String>> {
    let steps = log.steps(kinds(columns)).unwrap();
    let rows = steps.iter().filter_map(|step| match step {
        Step::Row(Row { before: None, after: Some(after), .. }) => Some(cells(after)),
        _ => None,
    });
    rows.collect()
}

fn check(log: &Log, own: &[(&'static str, &'static str, &'static str)]) {
    let all: Vec<_> = COMMON.iter().chain(own).collect();
    for (column, first, last) in &all {
        let rows = inserted(log, &[column]);
        assert_eq!([rows[0][0].as_str(), rows[2][0].as_str()], [*first, *last], "{column}");
    }
    // All at once, in the order of the table whatever the order they are asked in.
    let mut asked: Vec<&str> = all.iter().map(|(column, ..)| *column).collect();
    asked.reverse();
    let mut found = inserted(log, &asked)[0].clone();
    let mut expected: Vec<String> = all.iter().map(|(_, first, _)| (*first).to_owned()).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn every_type_of_mysql_has_its_text() {
    check(&log!("mysql-9-kinds", MySql), &[("v", "0000803F000020C0", "NULL")]);
}

#[test]
fn every_type_of_mariadb_has_its_text() {
    check(
        &log!("mariadb-10.11-kinds", MariaDb),
        &[
            ("j", "{\"a\": [1, 2]}", "NULL"),
            ("uu", "00112233445566778899AABBCCDDEEFF", "NULL"),
            ("ip", "00000000000000000000000000000001", "NULL"),
        ],
    );
}

#[test]
fn what_has_no_text_is_refused_by_name_where_it_is_wanted_and_passed_over_elsewhere() {
    let (mysql, mariadb) = (log!("mysql-9-kinds", MySql), log!("mariadb-10.11-kinds", MariaDb));
    assert_eq!(
        mysql.steps(kinds(&["j"])),
        Err(Refusal::Column { table: "shop.kinds".into(), column: "j".into(), kind: "the type JSON" })
    );
    for log in [mysql, mariadb] {
        assert_eq!(
            log.steps(kinds(&["id", "sj"])),
            Err(Refusal::Collation { table: "shop.kinds".into(), column: "sj".into(), collation: 13 })
        );
        assert!(log.steps(kinds(&["id", "hidden"])).is_ok());
    }

    let log = log!("mariadb-10.11-more", MariaDb);
    let packed = |columns| Wanted::default().with(RelationId(2), SHOP, "packed", columns);
    assert_eq!(
        log.steps(packed(&["v"])),
        Err(Refusal::Column { table: "shop.packed".into(), column: "v".into(), kind: "the attribute COMPRESSED" })
    );
    let mut steps = Vec::new();
    let mut decoder = log.decoder(packed(&["id", "after_it"]));
    // The log ends with a statement, which is refused.
    let _ = log.events().into_iter().try_for_each(|event| decoder.decode(event, &mut steps));
    assert!(lines(&steps).contains(&"2: - => 1 5".to_owned()), "{:?}", lines(&steps));
}

#[test]
fn an_update_and_a_delete_have_their_old_values() {
    for log in [log!("mysql-9-kinds", MySql), log!("mariadb-10.11-kinds", MariaDb)] {
        let lines = lines(&log.steps(kinds(&["id", "t", "e"])).unwrap());
        assert!(lines.contains(&"1 is id! t e".to_owned()), "{lines:?}");
        assert!(lines.contains(&"1: 1 NULL NULL => 1 1 b".to_owned()), "{lines:?}");
        assert!(lines.contains(&"1: 2 0  => -".to_owned()), "{lines:?}");
    }
}
