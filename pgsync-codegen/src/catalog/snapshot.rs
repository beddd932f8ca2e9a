//! The snapshot that is committed beside a schema. In: its text. Out: a [`Catalog`], or what is wrong and where. Whatever
//! of it goes into a statement is held against a grammar here or quoted there: a snapshot is input like any other.

use super::{Catalog, Comparison, ForeignKey, Table, spelling};
use pgsync_plan::Dialect;

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
            self.keys(table)?;
            for column in &table.columns {
                let at =
                    |member: &str| format!("`{member}` of column {:?} of table {:?}", column.name, self.short(table));
                let (is_type, accepted) = match self.dialect {
                    Dialect::Postgres => (
                        spelling::is_type(&column.cast),
                        "the name of a type as PostgreSQL's format_type writes it, such as `integer`, `public.citext` or `\"My Schema\".\"my type\"[]`",
                    ),
                    Dialect::Mysql | Dialect::Mariadb => (
                        spelling::is_words(&column.cast),
                        "words and lengths, such as `int unsigned` or `varchar(20) character set utf8mb4 collate utf8mb4_bin`",
                    ),
                };
                if !is_type {
                    return Err(format!("{} is {:?}, accepted is {accepted}", at("cast"), column.cast));
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

impl Catalog {
    /// The keys of a table have columns, and those that are there.
    fn keys(&self, table: &Table) -> Result<(), String> {
        let short = self.short(table);
        if let Some(key) = &table.primary_key {
            let missing = key.columns.iter().find(|name| table.column(name).is_none());
            if key.columns.is_empty() || missing.is_some() {
                return Err(format!(
                    "`primary_key` of table {short:?} is {:?}, accepted are columns of the table, one at least",
                    key.columns
                ));
            }
        }
        let there = |table: &Table, columns: &[String]| columns.iter().all(|name| table.column(name).is_some());
        let is_whole = |key: &&ForeignKey| {
            let target = self.table(&key.target_schema, &key.target).map(|target| &self.tables[target]);
            !key.columns.is_empty()
                && key.columns.len() == key.target_columns.len()
                && there(table, &key.columns)
                && target.is_none_or(|target| there(target, &key.target_columns))
        };
        match table.foreign_keys.iter().find(|key| !is_whole(key)) {
            None => Ok(()),
            Some(key) => Err(format!(
                "foreign key {:?} of table {short:?} leads from {:?} to {:?}, accepted are as many columns on either side, one \
                 at least, that the tables have",
                key.name, key.columns, key.target_columns
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_columns_that_are_there() {
        let with = |member: &str, value: serde_json::Value| {
            let mut snapshot: serde_json::Value = serde_json::from_str(&snapshot("integer", "=")).unwrap();
            snapshot["tables"][0][member] = value;
            Catalog::from_json(&snapshot.to_string())
        };
        let key = |columns: &[&str]| serde_json::json!({ "columns": columns, "immediate": true });
        assert!(with("primary_key", key(&["id"])).is_ok());
        for (columns, found) in [(&[][..], "is []"), (&["id", "none"], "is [\"id\", \"none\"]")] {
            let said = with("primary_key", key(columns)).unwrap_err();
            assert!(said.contains("\"book\"") && said.contains(found) && said.contains("accepted"), "{said}");
        }
        let foreign = |columns: &[&str], to: &[&str]| {
            serde_json::json!([{ "name": "fk", "columns": columns, "target_schema": "public", "target": "book",
                "target_columns": to, "validated": true }])
        };
        assert!(with("foreign_keys", foreign(&["id"], &["id"])).is_ok());
        for (columns, to) in [(&[][..], &[][..]), (&["id"], &["id", "id"]), (&["none"], &["id"]), (&["id"], &["none"])]
        {
            let said = with("foreign_keys", foreign(columns, to)).unwrap_err();
            assert!(said.contains("\"fk\"") && said.contains("as many columns"), "{said}");
        }
    }

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
    fn so_are_they_in_snapshots_of_mysql() {
        let snapshot = |cast: &str| {
            let of_postgres = snapshot(cast, "=").replace("\"enums\"", "\"dialect\":\"mariadb\",\"enums\"");
            Catalog::from_json(&of_postgres)
        };
        for cast in ["int unsigned", "decimal(10,2)", "varchar(5) character set latin1 collate latin1_bin"] {
            assert!(snapshot(cast).is_ok(), "{cast}");
        }
        for cast in
            ["", "int)) AS asked -- ", "int PATH '$'", "int path", "varchar(5", "int  unsigned", "int, x int", "a.b"]
        {
            let said = snapshot(cast).unwrap_err();
            assert!(said.contains("`cast` of column \"id\""), "{said}");
        }
    }

    #[test]
    fn a_snapshot_of_another_format_is_told_by_its_number() {
        let said = Catalog::from_json(r#"{"format":1,"tables":[{"composite":true}]}"#).unwrap_err();
        assert_eq!(said, "it has format 1, this version reads and writes format 2");
    }
}
