//! Parameters of statements. In: array literals, or bytes as they were read. Out: what the driver sends, untouched.

use bytes::BytesMut;
use std::error::Error;
use tokio_postgres::types::{Format, IsNull, ToSql, Type};

/// One parameter; the server casts or reads it, nothing is converted here.
#[derive(Debug, Clone)]
pub(crate) enum Param {
    /// In text form.
    Text(Vec<u8>),
    /// In binary form.
    Binary(Vec<u8>),
}

impl ToSql for Param {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(match self {
            Self::Text(bytes) | Self::Binary(bytes) => bytes,
        });
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        match self {
            Self::Text(_) => Format::Text,
            Self::Binary(_) => Format::Binary,
        }
    }

    tokio_postgres::types::to_sql_checked!();
}

/// A one-dimensional array in binary form, from the binary form of its elements.
#[derive(Debug)]
pub(crate) struct ArrayWriter {
    bytes: Vec<u8>,
    count: i32,
}

impl ArrayWriter {
    /// An empty array of this element type.
    pub(crate) fn new(element: u32) -> Self {
        let mut bytes = Vec::new();
        for word in [1_u32, 0, element, 0, 1] {
            bytes.extend_from_slice(&word.to_be_bytes());
        }
        Self { bytes, count: 0 }
    }

    pub(crate) fn push(&mut self, value: &[u8]) {
        self.bytes.extend_from_slice(&(value.len() as u32).to_be_bytes());
        self.bytes.extend_from_slice(value);
        self.count += 1;
    }

    pub(crate) fn finish(mut self) -> Param {
        self.bytes[12..16].copy_from_slice(&self.count.to_be_bytes());
        Param::Binary(self.bytes)
    }
}
