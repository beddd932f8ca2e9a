//! What is registered against what is named, and documents on their way through.

use super::*;
use crate::fetch::Documents;
use crate::sink::Patience;
use crate::types::{Document, Json};
use crate::{Code, Version};
use pgsync_plan::Program;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

#[derive(Serialize, Deserialize)]
struct Book {
    id: i32,
    title: String,
    author: Json,
}

impl Document for Book {
    const INDEX: &'static str = "book";
}

/// The program of the simulation, whose books name these plugins.
fn program(plugins: &[&str]) -> Program {
    let mut program = crate::source::memory::program().clone();
    let books = program.plan.documents.iter_mut().find(|document| document.index == "book").unwrap();
    books.plugins = plugins.iter().map(|name| (*name).to_owned()).collect();
    program
}

fn upper() -> Registration {
    Registration::new(each("Upper", "1", |book: &mut Item<Book>| {
        book.title = book.title.to_uppercase();
        Ok(())
    }))
}

fn length(version: &str) -> Registration {
    Registration::new(each("Length", version, |book: &mut Item<Book>| {
        let length = book.title.len();
        book.add("length", &length)
    }))
}

fn read(titles: &[&str]) -> Documents {
    let mut read = Documents::new(Version(7));
    for (id, title) in titles.iter().enumerate() {
        let body = format!(r#"{{"id":{id},"title":"{title}","author":{{"name" : 1.50}}}}"#);
        let write = |out: &mut Vec<u8>| {
            out.extend_from_slice(body.as_bytes());
            Ok::<_, ()>(())
        };
        read.index(id.to_string().as_bytes(), write).unwrap();
    }
    read.delete(b"gone");
    read
}

/// What the transforms of books make of documents: `_id`s with bodies, and refused `_id`s with reasons.
async fn through(registered: &[Registration], read: &Documents) -> (Vec<String>, Vec<String>) {
    let names: Vec<&str> = registered.iter().map(Registration::name).collect();
    let mut program = program(&names);
    let transforms = Transforms::bind(&mut program, registered).unwrap();
    let books = program.plan.documents.iter().position(|document| document.index == "book").unwrap();
    let passage = Passage::new(transforms.of(books).unwrap(), Patience::default());
    let (mut made, mut refused) = (Vec::new(), Vec::new());
    for part in passage.parts(read) {
        let outcome = passage.through(read, part).await.unwrap();
        assert_eq!(outcome.documents.version(), Version(7));
        made.extend(outcome.documents.iter().map(|document| {
            let body = document.body.map_or("deleted", |body| std::str::from_utf8(body).unwrap());
            format!("{} {body}", document.id)
        }));
        refused.extend(outcome.refused.into_iter().map(|refused| {
            assert_eq!((refused.kind.as_str(), refused.version), (REFUSED, Version(7)));
            format!("{} {}", refused.id, refused.reason)
        }));
    }
    (made, refused)
}

#[tokio::test]
async fn transforms_go_over_documents_in_the_order_of_the_plugins_and_change_nothing_else() {
    let read = read(&["a", "b\\n\\\"c"]);
    let made = through(&[upper(), length("1")], &read).await;
    let expected = [
        r#"0 {"id":0,"title":"A","author":{"name" : 1.50},"length":1}"#,
        r#"1 {"id":1,"title":"B\n\"C","author":{"name" : 1.50},"length":4}"#,
        "gone deleted",
    ];
    assert_eq!(made, (expected.map(str::to_owned).to_vec(), vec![]));
}

#[tokio::test]
async fn what_is_left_out_is_deleted_and_not_shown_to_the_next() {
    let leave = each("Leave", "1", |book: &mut Item<Book>| {
        match book.title.as_str() {
            "a" => book.leave_out(),
            "b" => book.refuse("it is b"),
            _ => {}
        }
        Ok(())
    });
    let seen = each("Seen", "1", |book: &mut Item<Book>| {
        assert!(book.title == "c", "{}", book.title);
        Ok(())
    });
    let registered = [Registration::new(leave), Registration::new(seen)];
    let (made, refused) = through(&registered, &read(&["a", "b", "c"])).await;
    assert_eq!(made, ["0 deleted", r#"2 {"id":2,"title":"c","author":{"name" : 1.50}}"#, "gone deleted"]);
    assert_eq!(refused, ["1 `Leave` refuses it: it is b"]);
}

#[tokio::test]
async fn documents_that_nothing_can_be_made_of_stand_alone() {
    let mut read = read(&["a", "panic", "b", "c"]);
    // An author that is no integer id: the struct does not take it.
    let odd = |out: &mut Vec<u8>| {
        out.extend_from_slice(br#"{"id":"secret","title":"","author":null}"#);
        Ok::<_, ()>(())
    };
    read.index(b"odd", odd).unwrap();
    let fails = each("Fails", "1", |book: &mut Item<Book>| {
        assert!(book.title != "panic");
        if book.title == "c" { book.add("title", "x") } else { Ok(()) }
    });
    let (made, refused) = through(&[Registration::new(fails)], &read).await;
    assert_eq!(made.iter().map(|made| made.split(' ').next().unwrap()).collect::<Vec<_>>(), ["0", "2", "gone"]);
    assert_eq!(
        refused,
        [
            "1 `Fails`: it panicked",
            "3 `title` was added, and is a field of the document: change that",
            &format!("odd the document is not a `{}`, at byte 14", std::any::type_name::<Book>()),
        ]
    );
}

/// Fails the first times.
struct Shaky(AtomicU32);

impl Transform<Book> for Shaky {
    fn name(&self) -> &str {
        "Shaky"
    }

    fn version(&self) -> &str {
        "1"
    }

    fn batch(&self) -> usize {
        2
    }

    async fn transform(&self, batch: &mut Batch<Book>) -> Result<(), TransformError> {
        batch.iter_mut().for_each(|book| book.title.push('!'));
        assert!(batch.len() <= 2);
        match self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)) {
            Ok(_) => Err(TransformError::later("the service is away")),
            Err(_) => Ok(()),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_succeed_later_is_tried_again_from_what_was_read() {
    let (made, refused) = through(&[Registration::new(Shaky(9.into()))], &read(&["a", "b", "c"])).await;
    assert!(made[..3].iter().all(|made| made.matches('!').count() == 1), "{made:?}");
    assert!(refused.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_the_attempts_and_nothing_is_taken_for_done() {
    let mut program = program(&["Shaky"]);
    let transforms = Transforms::bind(&mut program, &[Registration::new(Shaky(u32::MAX.into()))]).unwrap();
    let chain = transforms.0.iter().flatten().next().unwrap();
    let stop = CancellationToken::new();
    let passage = Passage::new(chain, Patience::new(|_| {}, stop.clone()));
    stop.cancel();
    let read = read(&["a"]);
    let ended = tokio::time::timeout(Duration::from_secs(60), passage.through(&read, 0..1)).await.unwrap();
    assert_eq!(ended.unwrap_err().code(), Some(Code::Stopped));
}

#[test]
fn plugins_and_registrations_have_to_agree() {
    let of = |plugins: &[&str], registered: &[Registration]| {
        let error = Transforms::bind(&mut program(plugins), registered).unwrap_err();
        (error.code().unwrap(), error.to_string())
    };
    let (code, said) = of(&["Upper", "Slug", "Geo"], &[upper(), length("1")]);
    assert_eq!(code, Code::TransformMissing);
    for part in
        ["index `book` has plugins that are not registered: `Slug`, `Geo`", "`Length` is registered for index `book`"]
    {
        assert!(said.contains(part), "{said}");
    }
    let (code, said) = of(&[], &[upper()]);
    assert!(code == Code::TransformUnnamed && said.contains("does not name it in `plugins`"), "{said}");
    let (code, said) = of(&["Upper"], &[upper(), upper()]);
    assert!(code == Code::TransformUnnamed && said.contains("twice"), "{said}");

    #[derive(Serialize, Deserialize)]
    struct Other;
    impl Document for Other {
        const INDEX: &'static str = "book";
    }
    let other = Registration::new(each("Other", "1", |_: &mut Item<Other>| Ok(())));
    let (code, said) = of(&["Upper", "Other"], &[upper(), other.clone()]);
    assert!(code == Code::TransformUnnamed && said.contains("not all of one struct"), "{said}");
    assert!(Transforms::bind(&mut program(&["Other"]), &[other]).is_ok());
}

/// An index whose name the environment has a part in.
#[derive(Serialize, Deserialize)]
struct Elsewhere;
impl Document for Elsewhere {
    const INDEX: &'static str = "books_$PATH";
}

#[test]
fn an_index_is_named_by_the_environment_where_it_is_registered_too() {
    let mut program = program(&["Elsewhere"]);
    let books = program.plan.documents.iter_mut().find(|document| document.index == "book").unwrap();
    books.index = format!("books_{}", std::env::var("PATH").unwrap());
    let registered = [Registration::new(each("Elsewhere", "1", |_: &mut Item<Elsewhere>| Ok(())))];
    assert!(Transforms::bind(&mut program, &registered).is_ok());
    let shares = shares(&registered, [crate::source::memory::program(), &program]).unwrap();
    assert_eq!(shares.iter().map(Vec::len).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn names_order_and_versions_are_what_an_index_is_made_from() {
    let fingerprint = |plugins: &[&str], registered: &[Registration]| {
        let mut program = program(plugins);
        Transforms::bind(&mut program, registered).unwrap();
        let books = program.plan.documents.iter().position(|document| document.index == "book").unwrap();
        (program.indexes[books].fingerprint.clone(), program.indexes[books].identity.clone())
    };
    let without = fingerprint(&[], &[]);
    let one = fingerprint(&["Upper", "Length"], &[upper(), length("1")]);
    assert_eq!(one, fingerprint(&["Upper", "Length"], &[length("1"), upper()]), "registering has no order");
    let others = [
        without.clone(),
        fingerprint(&["Length", "Upper"], &[upper(), length("1")]),
        fingerprint(&["Upper", "Length"], &[upper(), length("2")]),
        fingerprint(&["Upper"], &[upper()]),
    ];
    assert!(others.iter().all(|other| other.0 != one.0));
    let said = crate::sink::name_differences(&one.1, &others[2].1);
    assert_eq!(said, ["~ plugins.1: Length, version 1 -> Length, version 2"]);
    let plain = &crate::source::memory::program().indexes;
    assert!(plain.iter().any(|index| index.fingerprint == without.0), "without plugins nothing is changed");
}
