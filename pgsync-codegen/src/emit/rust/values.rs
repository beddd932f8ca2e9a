//! Which types the values of structs have. In: names of crates, as a person gives them. Out: the Rust type of a family of
//! values, where it is not text. The choice is one for a generated module.

use pgsync_plan::ValueKind;
use proc_macro2::TokenStream;
use quote::quote;

/// The crates whose types are used. Without any, dates, moments and uuids are texts, and numbers with all their digits are
/// [`Numeric`](https://docs.rs/pgsync-runtime).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Values {
    moments: Option<Moments>,
    uuid: bool,
    decimal: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moments {
    Jiff,
    Chrono,
}

impl Values {
    /// The crates that can be chosen.
    pub const CRATES: [&'static str; 4] = ["jiff", "chrono", "uuid", "rust_decimal"];

    /// Those of these crates.
    ///
    /// # Errors
    /// What cannot be chosen, in words.
    pub fn of<'a>(crates: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut values = Self::default();
        for name in crates {
            let moments = match name {
                "jiff" => Moments::Jiff,
                "chrono" => Moments::Chrono,
                "uuid" => {
                    values.uuid = true;
                    continue;
                }
                "rust_decimal" => {
                    values.decimal = true;
                    continue;
                }
                _ => return Err(format!("`{name}` cannot be chosen, accepted are {}", Self::CRATES.join(", "))),
            };
            if values.moments.is_some_and(|known| known != moments) {
                return Err("jiff and chrono are for the same values: choose one of them".to_owned());
            }
            values.moments = Some(moments);
        }
        Ok(values)
    }

    /// The features that `pgsync-runtime` needs for them.
    pub fn features(self) -> Vec<&'static str> {
        let moments = self.moments.map(|moments| match moments {
            Moments::Jiff => "jiff",
            Moments::Chrono => "chrono",
        });
        moments.into_iter().chain(self.uuid.then_some("uuid")).chain(self.decimal.then_some("rust_decimal")).collect()
    }

    /// The type of a family of values, where it is one of those crates'.
    pub(super) fn ty(self, kind: ValueKind) -> Option<TokenStream> {
        let types = quote!(::pgsync_runtime::types);
        let typed = |ty: TokenStream| Some(quote!(#types::Typed<#types::#ty>));
        match (kind, self.moments) {
            (ValueKind::Date, Some(Moments::Jiff)) => typed(quote!(jiff::civil::Date)),
            (ValueKind::Time, Some(Moments::Jiff)) => typed(quote!(jiff::civil::Time)),
            (ValueKind::Timestamp, Some(Moments::Jiff)) => typed(quote!(jiff::civil::DateTime)),
            (ValueKind::TimestampTz, Some(Moments::Jiff)) => typed(quote!(jiff::Timestamp)),
            (ValueKind::Date, Some(Moments::Chrono)) => typed(quote!(chrono::NaiveDate)),
            (ValueKind::Time, Some(Moments::Chrono)) => typed(quote!(chrono::NaiveTime)),
            (ValueKind::Timestamp, Some(Moments::Chrono)) => typed(quote!(chrono::NaiveDateTime)),
            (ValueKind::TimestampTz, Some(Moments::Chrono)) => {
                let ty = quote!(#types::chrono::DateTime<#types::chrono::Utc>);
                Some(quote!(#types::Typed<#ty>))
            }
            (ValueKind::Numeric, _) if self.decimal => typed(quote!(rust_decimal::Decimal)),
            // There is no uuid that is none.
            (ValueKind::Uuid, _) if self.uuid => Some(quote!(#types::uuid::Uuid)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_chosen() {
        let features = |crates: &[&str]| Values::of(crates.iter().copied()).map(Values::features);
        assert_eq!(features(&[]), Ok(vec![]));
        assert_eq!(features(&["rust_decimal", "jiff", "uuid", "jiff"]), Ok(vec!["jiff", "uuid", "rust_decimal"]));
        assert!(features(&["jiff", "chrono"]).unwrap_err().contains("choose one"));
        assert!(features(&["time"]).unwrap_err().contains("accepted are jiff, chrono"));
    }
}
