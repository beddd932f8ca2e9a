//! Links between the documents. In: the Markdown files of the workspace. Out: nothing, or each link to a file or to a
//! heading that is not there. Addresses of other sites are not asked for.

use crate::{Outcome, places};
use std::fs;
use std::path::{Path, PathBuf};

/// Checks every document in the root, in `docs` and below it.
pub(crate) fn check() -> Outcome {
    let root = places::workspace();
    let mut documents = Vec::new();
    for folder in ["", "docs", "docs/decisions", "benches", "examples"] {
        let Ok(entries) = fs::read_dir(root.join(folder)) else { continue };
        documents.extend(entries.flatten().map(|entry| entry.path()).filter(|path| is_document(path)));
    }
    documents.sort();
    let mut wrong = Vec::new();
    for document in &documents {
        let text = read(document)?;
        for target in targets(&text) {
            if let Some(reason) = broken(document, &text, target)? {
                let name = document.strip_prefix(&root).unwrap_or(document);
                wrong.push(format!("{} links to {target}: {reason}", name.display()));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("{}\nmend these links", wrong.join("\n"))) }
}

fn is_document(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md")
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// What is wrong with a link of a document.
fn broken(document: &Path, text: &str, target: &str) -> Outcome<Option<&'static str>> {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path: PathBuf = document.parent().into_iter().collect::<PathBuf>().join(file);
    if !file.is_empty() && !path.exists() {
        return Ok(Some("there is no such file"));
    }
    if anchor.is_empty() || !(file.is_empty() || is_document(&path)) {
        return Ok(None);
    }
    let linked = if file.is_empty() { text.to_owned() } else { read(&path)? };
    Ok((!anchors(&linked).any(|found| found == anchor)).then_some("there is no such heading"))
}

/// The targets of `[text](target)` outside of code, without addresses of other sites.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    prose(text)
        .flat_map(|line| {
            // Every second piece stands between backticks.
            line.split('`')
                .step_by(2)
                .flat_map(|piece| piece.split("](").skip(1))
                .filter_map(|rest| rest.split(')').next())
        })
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
}

/// What headings are called in a link: lower case, blanks as `-`, no punctuation.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    prose(text).filter_map(|line| {
        let title = line.strip_prefix('#')?.trim_start_matches('#').strip_prefix(' ')?;
        let kept = title.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        Some(kept.map(|c| if c == ' ' { '-' } else { c }).flat_map(char::to_lowercase).collect())
    })
}

/// Lines outside of fenced code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# A title: `x` & more\n[a](b.md#c), [`code`](d.md) and [e](https://f.example)\n`[not](this)`\n\
        ```\n# not this\n[nor](that)\n```\n## Two  words\n";

    #[test]
    fn links_and_headings_are_found_outside_of_code() {
        assert_eq!(targets(TEXT).collect::<Vec<_>>(), ["b.md#c", "d.md"]);
        assert_eq!(anchors(TEXT).collect::<Vec<_>>(), ["a-title-x--more", "two--words"]);
    }

    #[test]
    fn what_is_not_there_is_named() {
        let readme = places::workspace().join("README.md");
        let broken = |target| broken(&readme, TEXT, target).unwrap();
        assert_eq!(broken("#a-title-x--more"), None);
        assert_eq!(broken("docs/types.md"), None);
        assert_eq!(broken("docs/no.md"), Some("there is no such file"));
        assert_eq!(broken("#no"), Some("there is no such heading"));
        assert_eq!(broken("docs/types.md#no"), Some("there is no such heading"));
    }
}
