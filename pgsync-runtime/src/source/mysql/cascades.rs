//! Foreign keys that change the rows of their own table, which the server's log does not say. In: the definition of a table. Out:
//! which of its keys do so, and what they do. Whether documents follow that is said by the plan ([`ActingKey`]).

use pgsync_plan::{ActingKey, KeyAction};

/// The keys of a definition, as `SHOW CREATE TABLE` gives it of a table in `schema`. Each stands on a line of its own, which no
/// comment or default of a column begins like.
pub(super) fn acting(definition: &str, schema: &str) -> Vec<ActingKey> {
    let keys = definition.lines().map(str::trim).filter_map(|line| line.strip_prefix("CONSTRAINT "));
    let acting = keys
        .filter(|line| line.contains("` FOREIGN KEY ("))
        .map(|line| (line, action(line, "DELETE"), action(line, "UPDATE")))
        .filter(|(_, on_delete, on_update)| on_delete.is_some() || on_update.is_some());
    acting
        .map(|(line, on_delete, on_update)| {
            let mut words = Words(line);
            let name = words.name().unwrap_or_default();
            let mut key = ActingKey { name, on_delete, on_update, ..unknown() };
            if let Some((onto, pairs)) = references(words) {
                key.onto_schema = onto.0.unwrap_or_else(|| schema.to_owned());
                key.onto = onto.1;
                (key.columns, key.onto_columns) = pairs;
            }
            key
        })
        .collect()
}

/// One whose definition is not understood.
fn unknown() -> ActingKey {
    ActingKey {
        name: String::new(),
        columns: Vec::new(),
        onto_schema: String::new(),
        onto: String::new(),
        onto_columns: Vec::new(),
        on_delete: None,
        on_update: None,
    }
}

/// A table, with its schema where that is another, and the columns on both sides.
type References = ((Option<String>, String), (Vec<String>, Vec<String>));

/// `` FOREIGN KEY (`a`) REFERENCES `table` (`b`) .. ``
fn references(mut words: Words<'_>) -> Option<References> {
    words.past(" FOREIGN KEY (")?;
    let columns = words.names()?;
    words.past(" REFERENCES ")?;
    let first = words.name()?;
    let table = match words.past(".") {
        Some(()) => (Some(first), words.name()?),
        None => (None, first),
    };
    words.past(" (")?;
    let referenced = words.names()?;
    (columns.len() == referenced.len()).then_some((table, (columns, referenced)))
}

fn action(line: &str, event: &str) -> Option<KeyAction> {
    // There are defaults nowhere yet; a row that gets one is another row, as one that gets NULL.
    let actions =
        [("CASCADE", KeyAction::Cascade), ("SET NULL", KeyAction::SetNull), ("SET DEFAULT", KeyAction::SetNull)];
    let does = |word: &str| line.contains(&format!(" ON {event} {word}"));
    actions.into_iter().find(|(word, _)| does(word)).map(|(_, action)| action)
}

/// What is left of a line.
struct Words<'a>(&'a str);

impl Words<'_> {
    fn past(&mut self, word: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(word)?;
        Some(())
    }

    /// A quoted identifier.
    fn name(&mut self) -> Option<String> {
        self.past("`")?;
        let mut name = String::new();
        loop {
            let (part, rest) = self.0.split_once('`')?;
            name.push_str(part);
            self.0 = rest;
            if self.past("`").is_none() {
                return Some(name);
            }
            name.push('`');
        }
    }

    /// Identifiers up to the bracket that closes, with commas between them.
    fn names(&mut self) -> Option<Vec<String>> {
        let mut names = Vec::new();
        loop {
            names.push(self.name()?);
            match self.past(",") {
                Some(()) => self.0 = self.0.trim_start(),
                None => return self.past(")").map(|()| names),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_act_are_found_and_comments_are_none() {
        let definition = "CREATE TABLE `t` (\n  `a` int COMMENT 'CONSTRAINT `x` FOREIGN KEY (`a`) ON DELETE CASCADE',\n  \
             CONSTRAINT `first` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON DELETE CASCADE,\n  \
             CONSTRAINT `sec``ond` FOREIGN KEY (`b`, `c``d`) REFERENCES `other`.`p` (`id`, `x`) ON UPDATE SET NULL,\n  \
             CONSTRAINT `odd` FOREIGN KEY (`b` DESC) REFERENCES `p` (`id`) ON DELETE SET NULL,\n  \
             CONSTRAINT `third` FOREIGN KEY (`c`) REFERENCES `p` (`id`) ON DELETE RESTRICT\n) ENGINE=InnoDB";
        let key = |name: &str, schema: &str, table: &str, columns: [&[&str]; 2], does: [Option<KeyAction>; 2]| {
            let [columns, onto_columns] = columns.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
            ActingKey {
                name: name.to_owned(),
                columns,
                onto_schema: schema.to_owned(),
                onto: table.to_owned(),
                onto_columns,
                on_delete: does[0],
                on_update: does[1],
            }
        };
        let found = acting(definition, "shop");
        let nulls = Some(KeyAction::SetNull);
        assert_eq!(found[0], key("first", "shop", "p", [&["a"], &["id"]], [Some(KeyAction::Cascade), None]));
        assert_eq!(found[1], key("sec`ond", "other", "p", [&["b", "c`d"], &["id", "x"]], [None, nulls]));
        // What is not understood acts, and is followed nowhere.
        assert_eq!(found[2], key("odd", "", "", [&[], &[]], [nulls, None]));
        assert_eq!(found.len(), 3);
    }
}
