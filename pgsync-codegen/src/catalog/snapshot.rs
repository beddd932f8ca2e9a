//! The snapshot that is committed beside a schema. In: its text. Out: a [`Catalog`], or what is wrong and where. Whatever
//! of it goes into a statement is held against a grammar here or quoted there: a snapshot is input like any other.

use super::{Catalog, Comparison, spelling};

impl Catalog {
    /// Reads a snapshot.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn from_json(text: &str) -> Result<Self, String> {
        #[derive(serde::Deserialize)]
        struct Head {
            format: u32,
        }
        // What another version wrote may have other members, so its format is asked first.
        let head: Head = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if head.format != Self::FORMAT {
            return Err(format!(
                "it has format {}, this version reads and writes format {}",
                head.format,
                Self::FORMAT
            ));
        }
        let mut catalog: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        catalog.tables.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        catalog.validate()?;
        Ok(catalog)
    }

    /// Writes a snapshot: the same catalogue gives the same bytes.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a catalogue has string keys");
        text.push('\n');
        text
    }

    fn validate(&self) -> Result<(), String> {
        for table in &self.tables {
            for column in &table.columns {
                let at =
                    |member: &str| format!("`{member}` of column {:?} of table {:?}", column.name, self.short(table));
                if !spelling::is_type(&column.cast) {
                    return Err(format!(
                        "{} is {:?}, accepted is the name of a type as PostgreSQL's format_type writes it, such as `integer`, `public.citext` or `\"My Schema\".\"my type\"[]`",
                        at("cast"),
                        column.cast
                    ));
                }
                if let Comparison::By(operators) = &column.comparison
                    && let Some(name) = operators.names.iter().find(|name| !spelling::is_operator(name))
                {
                    return Err(format!("{} has {name:?}, accepted is the name of an operator", at("comparison")));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(cast: &str, operator: &str) -> String {
        serde_json::json!({ "format": Catalog::FORMAT, "enums": [], "tables": [{
            "schema": "public", "name": "book", "kind": "ordinary",
            "columns": [{ "name": "id", "declared": "integer", "cast": cast, "kind": "int4",
                "comparison": { "by": { "schema": "ext", "names": ["<", "<=", operator, ">=", ">"] } } }],
        }]})
        .to_string()
    }

    #[test]
    fn statements_in_the_place_of_a_type_are_refused() {
        assert!(Catalog::from_json(&snapshot("integer", "=")).is_ok());
        for cast in
            ["integer AND pg_sleep(1) IS NOT NULL AND 1=1::integer", "integer) OR (true", "", "a.b.c", "\"a", "a;b"]
        {
            let said = Catalog::from_json(&snapshot(cast, "=")).unwrap_err();
            assert!(said.contains("`cast` of column \"id\" of table \"book\""), "{said}");
        }
        for operator in ["", "= ANY (", ") OR (", "a", "--", "=/*"] {
            let said = Catalog::from_json(&snapshot("integer", operator)).unwrap_err();
            assert!(said.contains("`comparison` of column"), "{said}");
        }
    }

    #[test]
    fn a_snapshot_of_another_format_is_told_by_its_number() {
        let said = Catalog::from_json(r#"{"format":1,"tables":[{"composite":true}]}"#).unwrap_err();
        assert_eq!(said, "it has format 1, this version reads and writes format 2");
    }
}
