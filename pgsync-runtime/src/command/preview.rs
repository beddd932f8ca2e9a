//! `preview`: the first documents of each index, as they would be written. In: a program and a database. Out: JSON on
//! stdout, one object per document. No engine is asked, and nothing is changed anywhere.

use super::Log;
use super::operate::session;
use super::ready::{Access, Ready};
use crate::error::printable;
use crate::fetch::{Document, DocumentReader, Documents, RowCache};
use crate::sink::{Patience, brief};
use crate::source::ReadSession;
use crate::source::postgres::Session;
use crate::transform::{Outcome, Passage, Transforms};
use crate::{Error, ErrorKind, Result, Version};
use clap::Args;
use pgsync_plan::Program;
use serde_json::{Value, value::RawValue};
use std::sync::Arc;

/// What to show.
#[derive(Debug, Clone, Args)]
pub struct PreviewOptions {
    /// Documents of each index
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 3)]
    limit: u32,
    /// Only this index
    #[arg(long, value_name = "NAME")]
    index: Option<String>,
}

/// Reads and prints, database by database.
pub(super) async fn preview(log: Log, arguments: &PreviewOptions, all: Vec<Ready>) -> Result<()> {
    let indexes = |ready: &Ready| ready.program.plan.documents.iter().map(|document| document.index.clone()).collect();
    let indexes: Vec<Vec<String>> = all.iter().map(indexes).collect();
    if !indexes.iter().flatten().any(|index| arguments.wants(index)) {
        let asked = arguments.index.as_deref().unwrap_or_default();
        return Err(Error::new(ErrorKind::Usage, format!("the schema has no index `{asked}`"))
            .help(format!("there are {}", indexes.concat().join(", "))));
    }
    for (mut ready, indexes) in all.into_iter().zip(&indexes) {
        if !indexes.iter().any(|index| arguments.wants(index)) {
            continue;
        }
        let transforms = Transforms::bind(&mut ready.program, &ready.registered)?;
        let program = Arc::new(ready.program.clone());
        let read = async {
            let read = (program, transforms);
            match ready.access()? {
                Access::SetUp | Access::Triggers(_) => {
                    let session = Session::open(session(&ready.settings).await?).await?;
                    documents(log, arguments, read, session).await
                }
                #[cfg(feature = "mysql")]
                Access::Log(source) => {
                    documents(log, arguments, read, super::no_setup::session(&ready.settings, &source).await?).await
                }
            }
        };
        if !read.await.map_err(|error| ready.named(error))? {
            return Ok(());
        }
    }
    Ok(())
}

impl PreviewOptions {
    fn wants(&self, index: &str) -> bool {
        self.index.as_deref().is_none_or(|wanted| wanted == index)
    }
}

/// Those of one database. `false`: nobody reads any more.
async fn documents(
    log: Log,
    arguments: &PreviewOptions,
    (program, transforms): (Arc<Program>, Transforms),
    mut session: impl ReadSession,
) -> Result<bool> {
    for (position, document) in program.plan.documents.iter().enumerate() {
        let index = &document.index;
        if arguments.limit == 0 || !arguments.wants(index) {
            continue;
        }
        let reader = DocumentReader::new(Arc::clone(&program), position, 1000)?.as_shown();
        let end = reader.cut(&mut session, None, arguments.limit.into()).await?;
        let mut documents = Documents::new(Version(0));
        reader.read_range(&mut session, None, end.as_ref(), &RowCache::new(), &mut documents).await?;
        let count = documents.len();
        if let Some(chain) = transforms.of(position) {
            documents = transformed(&Passage::new(chain, Patience::default()), &documents).await?;
        }
        for document in documents.iter().filter(|document| document.body.is_some()) {
            if !print(log, index, document)? {
                return Ok(false);
            }
        }
        tracing::info!(%index, documents = count, "these are the first by key");
    }
    Ok(true)
}

/// What the transforms make of documents; what they refuse is said.
async fn transformed(passage: &Passage, read: &Documents) -> Result<Documents> {
    let mut documents = read.another();
    for part in passage.parts(read) {
        let Outcome { documents: part, refused } = passage.through(read, part).await?;
        documents.append(part);
        for refused in refused {
            tracing::warn!(id = %brief(&refused.id), reason = %printable(&refused.reason), "a document is refused");
        }
    }
    let left_out = documents.iter().filter(|document| document.body.is_none()).count();
    if left_out > 0 {
        tracing::info!(documents = left_out, "that many are left out by transforms");
    }
    Ok(documents)
}

/// The members of a hit, so that what is read by a program reads the same from the engine. `false`: nobody reads any more.
fn print(log: Log, index: &str, document: Document<'_>) -> Result<bool> {
    let malformed = |error: serde_json::Error| {
        Error::new(ErrorKind::Refused, format!("document `{}` is not JSON", document.id)).source(error)
    };
    let body = document.body.unwrap_or(b"null");
    // As it would be sent, digit for digit.
    let body: &RawValue = serde_json::from_slice(body).map_err(malformed)?;
    let (index, id, body) = (Value::from(index), Value::from(document.id.as_ref()), body.get());
    let body = if log.json { body.to_owned() } else { pretty(body) };
    super::print(&format!("{{\"_index\":{index},\"_id\":{id},\"_source\":{body}}}\n"))
}

/// The same JSON with line breaks: numbers stay as they were written, which a parsed value would not keep.
fn pretty(text: &str) -> String {
    let (mut out, mut depth, mut quoted, mut escaped) = (String::with_capacity(text.len() * 2), 0, false, false);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if quoted {
            out.push(character);
            quoted = escaped || character != '"';
            escaped = !escaped && character == '\\';
            continue;
        }
        match character {
            '{' | '[' => {
                out.push(character);
                if matches!(characters.peek(), Some('}' | ']')) {
                    out.extend(characters.next());
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth -= 1;
                line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(character);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            ' ' | '\n' | '\t' | '\r' => {}
            _ => {
                quoted = character == '"';
                out.push(character);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn line_breaks_change_nothing_but_blanks() {
        let text = r#"{"a":1.00,"b":["x, \"y\" {",[],{}],"c":{"d":null},"e":"\\"}"#;
        assert_eq!(
            pretty(text),
            "{\n  \"a\": 1.00,\n  \"b\": [\n    \"x, \\\"y\\\" {\",\n    [],\n    {}\n  ],\n  \"c\": {\n    \"d\": null\n  },\n  \"e\": \"\\\\\"\n}"
        );
    }
}
