//! Hides what a search must not show: addresses keep their first letter and their domain, in the document and below it.

use crate::schema::places::Place;
use pgsync_runtime::{Batch, Transform, TransformError};

/// Masks the addresses of places and of their reviews.
#[derive(Debug)]
pub struct Masking;

/// `ada@example.org` becomes `a***@example.org`; what is no address is hidden as a whole.
pub fn email(text: &str) -> String {
    match text.split_once('@') {
        Some((user, domain)) => {
            let first: String = user.chars().take(1).collect();
            format!("{first}***@{domain}")
        }
        None => "***".to_owned(),
    }
}

impl Transform<Place> for Masking {
    fn name(&self) -> &str {
        "Masking"
    }

    fn version(&self) -> &str {
        "1"
    }

    async fn transform(&self, places: &mut Batch<Place>) -> Result<(), TransformError> {
        for place in places {
            if let Some(address) = &mut place.email {
                *address = email(address);
            }
            for review in place.reviews.iter_mut().flatten() {
                review.email = email(&review.email);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::email;

    #[test]
    fn nothing_of_an_address_is_left_but_its_first_letter_and_its_domain() {
        for (text, masked) in
            [("ada@example.org", "a***@example.org"), ("ä@x", "ä***@x"), ("@", "***@"), ("secret", "***"), ("", "***")]
        {
            assert_eq!(email(text), masked);
        }
    }
}
