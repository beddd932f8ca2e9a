//! A transform of schedules. In: books. Out: books with one field more, and by their titles some that are left out or
//! refused, one by one or with all that come together; now and then it cannot do its work.

use super::model::Fate;
use crate::source::memory::Faults;
use crate::transform::{Batch, Registration, Transform, TransformError, Transforms};
use crate::types::{Document, Json};
use pgsync_plan::Program;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Book {
    id: i32,
    title: String,
    author_id: Option<i32>,
    author: Json,
}

impl Document for Book {
    const INDEX: &'static str = "book";
}

struct Marking(Faults);

/// The number at the end of a title.
pub(super) fn number(title: &str) -> u32 {
    title.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap()
}

/// What becomes of a book.
pub(super) fn fate(number: u32) -> Fate {
    match number {
        _ if number.is_multiple_of(5) => Fate::LeftOut,
        _ if number.is_multiple_of(7) || number.is_multiple_of(11) => Fate::Refused,
        _ => Fate::Written,
    }
}

impl Transform<Book> for Marking {
    fn name(&self) -> &str {
        "Marking"
    }

    fn version(&self) -> &str {
        "1"
    }

    fn batch(&self) -> usize {
        4
    }

    async fn transform(&self, batch: &mut Batch<Book>) -> Result<(), TransformError> {
        self.0.delay().await;
        for book in &mut *batch {
            let number = number(&book.title);
            book.title.push_str(" transformed");
            book.add("marked", &number)?;
            match fate(number) {
                Fate::LeftOut => book.leave_out(),
                Fate::Refused if number.is_multiple_of(7) => book.refuse("of seven"),
                Fate::Refused => return Err(TransformError::refuse("of eleven")),
                Fate::Written => {}
            }
        }
        if self.0.strikes() { Err(TransformError::later("not now")) } else { Ok(()) }
    }
}

/// Makes a program one whose books are transformed.
pub(super) fn bind(program: &mut Program, faults: &Faults) -> Transforms {
    let books = program.plan.documents.iter_mut().find(|document| document.index == Book::INDEX);
    books.unwrap().plugins.push("Marking".to_owned());
    Transforms::bind(program, &[Registration::new(Marking(faults.clone()))]).unwrap()
}
