//! Files of PGSync's first version. In: a schema file as it stands. Out: the same in the form of today, in which `nodes` is
//! the root itself and not an array of it; numbers and strings keep their spelling. Nothing else is looked at.

use crate::layout::Tree;

/// Converts a file. How many documents were of the first version.
///
/// # Errors
/// The number of roots of a document that has not one, with its position: which of them its index was made from cannot be
/// told.
pub fn convert(tree: &mut Tree) -> Result<usize, (usize, usize)> {
    let documents = match tree {
        Tree::List(documents) => documents.as_mut_slice(),
        Tree::Object(members) if members.iter().any(|(name, _)| name == "\"documents\"") => {
            let documents = members.iter_mut().find(|(name, _)| name == "\"documents\"");
            match documents {
                Some((_, Tree::List(documents))) => documents.as_mut_slice(),
                _ => return Ok(0),
            }
        }
        document => std::slice::from_mut(document),
    };
    let mut converted = 0;
    for (position, document) in documents.iter_mut().enumerate() {
        let Tree::Object(members) = document else { continue };
        for (_, nodes) in members.iter_mut().filter(|(name, _)| name == "\"nodes\"") {
            let Tree::List(roots) = nodes else { continue };
            if roots.len() != 1 {
                return Err((position, roots.len()));
            }
            if let Some(root) = roots.pop() {
                *nodes = root;
                converted += 1;
            }
        }
    }
    Ok(converted)
}

#[cfg(test)]
mod tests {
    use super::convert;
    use crate::{Source, layout, parse, parse_tree};

    #[test]
    fn the_one_root_takes_the_place_of_the_array() {
        let text = r#"[{"index": "a", "nodes": [{"table": "t", "columns": ["b", 1.50, "\\u00e9"]}]}, {"nodes": {"table": "u"}}]"#;
        let mut tree = parse_tree(&Source::new("schema.json", text)).unwrap();
        assert_eq!(convert(&mut tree), Ok(1));
        let converted = layout(&tree);
        assert!(converted.contains(r#""columns": ["b", 1.50, "\\u00e9"]"#), "{converted}");
        assert!(!converted.contains("\"nodes\": ["), "{converted}");
        assert_eq!(convert(&mut tree), Ok(0));
        let named = r#"{"name": "n", "documents": [{"nodes": [{"table": "t"}]}]}"#;
        let mut tree = parse_tree(&Source::new("schema.json", named)).unwrap();
        assert_eq!(convert(&mut tree), Ok(1));
        assert!(parse(&Source::new("schema.json", layout(&tree))).is_ok());
    }

    #[test]
    fn several_roots_are_one_too_many() {
        let text = r#"[{"nodes": {"table": "t"}}, {"nodes": [{"table": "t"}, {"table": "u"}]}]"#;
        let mut tree = parse_tree(&Source::new("schema.json", text)).unwrap();
        assert_eq!(convert(&mut tree), Err((1, 2)));
    }
}
