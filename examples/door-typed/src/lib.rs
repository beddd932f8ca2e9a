//! The library schema with values of types that people use: once by jiff, once by chrono.

/// By jiff.
pub mod by_jiff {
    pgsync_macros::pgsync_schema!("../library/schema.json", jiff, uuid, rust_decimal);
}

/// By chrono.
pub mod by_chrono {
    pgsync_macros::pgsync_schema!("../library/schema.json", chrono, uuid);
}

#[cfg(test)]
mod tests {
    use pgsync_runtime::types::chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
    use pgsync_runtime::types::jiff::{self, civil};
    use pgsync_runtime::types::rust_decimal::Decimal;
    use pgsync_runtime::types::{Typed, Written};

    /// What is read is written as it was read; how many of the texts are values.
    fn values<T: Written>(json: &[&str]) -> usize {
        let read = |text: &&&str| {
            let typed: Typed<T> = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&typed).unwrap(), **text);
            typed.value().is_some()
        };
        json.iter().filter(read).count()
    }

    #[test]
    fn values_are_written_as_they_were_read_and_what_is_outside_is_text() {
        let outside = [r#""infinity""#, r#""-infinity""#, r#""0044-03-15 BC""#, r#""300000-01-01""#, r#""""#];
        let dates = [r#""2020-02-29""#, r#""0001-01-01""#, r#""9999-12-31""#];
        assert_eq!((values::<civil::Date>(&dates), values::<civil::Date>(&outside)), (3, 0));
        assert_eq!((values::<NaiveDate>(&dates), values::<NaiveDate>(&outside)), (3, 0));
        let moments = [r#""2020-02-29T23:59:59""#, r#""2020-01-01T00:00:00.5""#, r#""1999-12-31T01:02:03.000001""#];
        assert_eq!((values::<civil::DateTime>(&moments), values::<civil::DateTime>(&outside)), (3, 0));
        assert_eq!((values::<NaiveDateTime>(&moments), values::<NaiveDateTime>(&outside)), (3, 0));
        let zoned = [r#""2020-02-29T23:59:59+00:00""#, r#""2020-01-01T00:00:00.25+00:00""#];
        assert_eq!((values::<jiff::Timestamp>(&zoned), values::<jiff::Timestamp>(&outside)), (2, 0));
        assert_eq!((values::<DateTime<Utc>>(&zoned), values::<DateTime<Utc>>(&outside)), (2, 0));
        // A day ends at 24:00:00 in the database.
        let times = [r#""00:00:00""#, r#""23:59:59.999999""#, r#""01:02:03.04""#, r#""24:00:00""#];
        assert_eq!((values::<civil::Time>(&times), values::<NaiveTime>(&times)), (3, 3));
        let numbers =
            ["1.50", "-0.001", "0", "79228162514264337593543950335", "123456789012345678901234567890", "\"NaN\""];
        assert_eq!(values::<Decimal>(&numbers), 4);
    }

    #[test]
    fn documents_of_the_library_are_read_into_them() {
        let text = include_str!("../../library/expected.json");
        let books: std::collections::BTreeMap<String, super::by_jiff::library::Book> =
            serde_json::from_str(text).unwrap();
        let also: std::collections::BTreeMap<String, super::by_chrono::library::Book> =
            serde_json::from_str(text).unwrap();
        // One was added before Christ.
        assert_eq!(books.values().filter(|book| book.added.value().is_some()).count(), books.len() - 1);
        assert!(books.values().any(|book| book.price.as_ref().is_some_and(|price| price.value().is_some())));
        assert_eq!(also.values().filter(|book| book.added.value().is_some()).count(), also.len() - 1);
        let again =
            |value: serde_json::Result<String>| serde_json::from_str::<serde_json::Value>(&value.unwrap()).unwrap();
        assert_eq!(again(serde_json::to_string(&books)), again(serde_json::to_string(&also)));
    }
}
