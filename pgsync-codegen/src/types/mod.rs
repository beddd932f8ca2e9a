//! What the compiler knows of the types of each kind of database. In: a type's name, or its family. Out: the family it
//! belongs to, the bytes its values come in, how those compare. One table per database; whatever else depends on a type
//! (its field in the index, its Rust type) depends on the family alone.

mod aggregate;
mod mysql;
mod postgres;

pub(crate) use mysql::labels;

use pgsync_plan::{ByteOrder, Codec, ColumnType, Dialect, Form, ListElement, ValueKind};

/// A family of types that are read alike.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Family {
    /// Its name.
    pub(crate) kind: ValueKind,
    /// Its types that are built in or of a known extension: by what the catalogue calls them, and as SQL spells them.
    pub(crate) names: &'static [(&'static str, &'static str)],
    /// The bytes of a value that is asked for as [`Form::Raw`]; [`Codec::Opaque`] where they are not rendered here.
    pub(crate) codec: Codec,
    /// How those bytes compare, where equality and order of the values follow from them alone, whatever is declared for a
    /// column.
    pub(crate) order: Option<ByteOrder>,
    /// What the usual driver for Python makes of an element of an array of a built-in type of this family; `None` where it
    /// leaves the whole array as text.
    pub(crate) element: Option<ListElement>,
    /// In which form a value is asked for that goes back to the database.
    pub(crate) link: Form,
    /// In which form a part of an `_id` is asked for: what the usual driver for Python writes is made of it.
    pub(crate) id: Form,
}

impl Family {
    /// One whose raw values can be shown, linked and made an `_id` of.
    const fn new(kind: ValueKind, names: &'static [(&'static str, &'static str)], codec: Codec) -> Self {
        Self { kind, names, codec, order: None, element: None, link: Form::Raw, id: Form::Raw }
    }

    const fn ordered(self, order: ByteOrder) -> Self {
        Self { order: Some(order), ..self }
    }

    const fn linked(self, link: Form) -> Self {
        Self { link, ..self }
    }

    const fn identified(self, id: Form) -> Self {
        Self { id, ..self }
    }
}

/// The table of a kind of database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Types {
    families: &'static [Family],
    dialect: Dialect,
}

impl Types {
    /// That of a kind of database.
    pub(crate) fn of(dialect: Dialect) -> Self {
        let families = match dialect {
            Dialect::Postgres => postgres::FAMILIES,
            Dialect::Mysql | Dialect::Mariadb => mysql::FAMILIES,
        };
        Self { families, dialect }
    }

    /// The family of a type that the catalogue calls so.
    #[cfg(feature = "live")]
    pub(crate) fn named(self, name: &str) -> ValueKind {
        let holds = |family: &&Family| family.names.iter().any(|(known, _)| *known == name);
        self.families.iter().find(holds).map_or(ValueKind::Other, |family| family.kind)
    }

    /// The family of a type that SQL spells so.
    #[cfg(test)]
    pub(crate) fn spelled(self, name: &str) -> ValueKind {
        let holds = |family: &&Family| family.names.iter().any(|(_, known)| *known == name);
        self.families.iter().find(holds).map_or(ValueKind::Other, |family| family.kind)
    }

    fn family(self, kind: ValueKind) -> Option<&'static Family> {
        self.families.iter().find(|family| family.kind == kind)
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
        if ty.textual { Form::Text } else { self.family(ty.kind).map_or(Form::Raw, |family| family.link) }
    }

    /// In which form a part of an `_id` is asked for.
    pub(crate) fn id(self, ty: &ColumnType) -> Form {
        if self.element(ty).is_some() {
            return Form::List;
        }
        let renderable = self.codec(ty, Form::Raw) != Codec::Opaque;
        self.family(ty.kind).filter(|_| renderable).map_or(Form::Text, |family| family.id)
    }

    /// What an element is for Python's driver, where the type is an array that it reads as a list. It knows the built-in types
    /// only: of what has a schema before its name (citext, enums, domains) it gives the server's text.
    fn element(self, ty: &ColumnType) -> Option<ListElement> {
        let built_in = ty.array && !ty.cast.contains('.');
        if built_in { self.family(ty.kind)?.element } else { None }
    }
}
