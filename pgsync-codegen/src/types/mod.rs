//! What the compiler knows of the types of each kind of database. In: a type's name, or its family. Out: the family it
//! belongs to, the bytes its values come in, how those compare. One table per database; whatever else depends on a type
//! (its field in the index, its Rust type) depends on the family alone.

mod postgres;

use pgsync_plan::{ByteOrder, Codec, ColumnType, Dialect, Form, ListElement, ValueKind};

/// A family of types that are read alike.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Family {
    /// Its name.
    pub(crate) kind: ValueKind,
    /// Its types that are built in or of a known extension: by what the catalogue calls them, and as SQL spells them.
    #[cfg_attr(not(any(test, feature = "live")), expect(dead_code, reason = "a snapshot holds families"))]
    pub(crate) names: &'static [(&'static str, &'static str)],
    /// The bytes of a value that is asked for as [`Form::Raw`]; [`Codec::Opaque`] where they are not rendered here.
    pub(crate) codec: Codec,
    /// How those bytes compare, where equality and order of the values follow from them alone, whatever is declared for a
    /// column.
    pub(crate) order: Option<ByteOrder>,
    /// What the usual driver for Python makes of an element of an array of a built-in type of this family; `None` where it
    /// leaves the whole array as text.
    pub(crate) element: Option<ListElement>,
}

/// The table of a kind of database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Types(&'static [Family]);

impl Types {
    /// That of a kind of database.
    pub(crate) fn of(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Postgres => Self(postgres::FAMILIES),
        }
    }

    /// The family of a type that the catalogue calls so.
    #[cfg(feature = "live")]
    pub(crate) fn named(self, name: &str) -> ValueKind {
        let holds = |family: &&Family| family.names.iter().any(|(known, _)| *known == name);
        self.0.iter().find(holds).map_or(ValueKind::Other, |family| family.kind)
    }

    /// The family of a type that SQL spells so.
    #[cfg(test)]
    pub(crate) fn spelled(self, name: &str) -> ValueKind {
        let holds = |family: &&Family| family.names.iter().any(|(_, known)| *known == name);
        self.0.iter().find(holds).map_or(ValueKind::Other, |family| family.kind)
    }

    fn family(self, kind: ValueKind) -> Option<&'static Family> {
        self.0.iter().find(|family| family.kind == kind)
    }

    /// How the bytes of raw values compare, where that is how the database compares the values.
    pub(crate) fn order(self, ty: &ColumnType) -> Option<ByteOrder> {
        if ty.array { None } else { self.family(ty.kind)?.order }
    }

    /// In which bytes a value of this type comes in this form.
    pub(crate) fn codec(self, ty: &ColumnType, form: Form) -> Codec {
        match form {
            Form::Raw if ty.array => Codec::Opaque,
            Form::Raw => self.family(ty.kind).map_or(Codec::Opaque, |family| family.codec),
            Form::Json => Codec::Json,
            Form::Text => Codec::Text,
            Form::List => self.element(ty).map_or(Codec::Text, Codec::List),
        }
    }

    /// In which form a shown value is asked for: as it is, where the runtime can render it.
    pub(crate) fn shown(self, ty: &ColumnType) -> Form {
        if self.codec(ty, Form::Raw) == Codec::Opaque { Form::Json } else { Form::Raw }
    }

    /// In which form a value is asked for that goes back to the database.
    pub(crate) fn link(self, ty: &ColumnType) -> Form {
        if ty.textual { Form::Text } else { Form::Raw }
    }

    /// In which form a part of an `_id` is asked for.
    pub(crate) fn id(self, ty: &ColumnType) -> Form {
        match ty.kind {
            _ if self.element(ty).is_some() => Form::List,
            // Python's driver gives these as the server writes them.
            ValueKind::Json | ValueKind::Jsonb | ValueKind::Interval => Form::Text,
            _ if self.codec(ty, Form::Raw) == Codec::Opaque => Form::Text,
            _ => Form::Raw,
        }
    }

    /// What an element is for Python's driver, where the type is an array that it reads as a list. It knows the built-in types
    /// only: of what has a schema before its name (citext, enums, domains) it gives the server's text.
    fn element(self, ty: &ColumnType) -> Option<ListElement> {
        let built_in = ty.array && !ty.cast.contains('.');
        if built_in { self.family(ty.kind)?.element } else { None }
    }
}
