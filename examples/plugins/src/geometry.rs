//! Places on a map: PostgreSQL's own `point`, and the well-known binary of PostGIS, as GeoJSON, which engines index as
//! `geo_point`, and where they have it as `geo_shape`.

use crate::schema::places::Place;
use pgsync_runtime::{Batch, Transform, TransformError};
use serde_json::{Value, json};

/// Adds `location`.
#[derive(Debug)]
pub struct Geometry;

/// GeoJSON of a `point` as the database writes it, `(8.5,47.25)`.
pub fn point(text: &str) -> Option<Value> {
    let (x, y) = text.strip_prefix('(')?.strip_suffix(')')?.split_once(',')?;
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    Some(json!({ "type": "Point", "coordinates": [number(x)?, number(y)?] }))
}

/// GeoJSON of well-known binary in hexadecimal digits, with or without the number of a reference system: points, lines and
/// polygons of two dimensions. `None` for everything else.
pub fn well_known_binary(hex: &str) -> Option<Value> {
    let digits = hex.strip_prefix("\\x").unwrap_or(hex);
    let pair = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(pair).collect::<Option<_>>()?;
    let mut reader = Reader { little: *bytes.first()? == 1, bytes: bytes.get(1..)? };
    /// A number of a reference system follows.
    const REFERENCE: u32 = 0x2000_0000;
    let ty = reader.count()?;
    if ty & REFERENCE != 0 {
        reader.count()?;
    }
    let shape = match ty & !REFERENCE {
        1 => json!({ "type": "Point", "coordinates": reader.position()? }),
        2 => json!({ "type": "LineString", "coordinates": reader.positions()? }),
        3 => {
            let rings = reader.count()?;
            let rings: Option<Vec<Value>> = (0..rings).map(|_| reader.positions()).collect();
            json!({ "type": "Polygon", "coordinates": rings? })
        }
        _ => return None,
    };
    reader.bytes.is_empty().then_some(shape)
}

struct Reader<'a> {
    little: bool,
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        let mut taken = *taken;
        if self.little {
            taken.reverse();
        }
        Some(taken)
    }

    fn count(&mut self) -> Option<u32> {
        self.take().map(u32::from_be_bytes)
    }

    fn position(&mut self) -> Option<Value> {
        let mut number = || self.take().map(f64::from_be_bytes).filter(|number| number.is_finite());
        Some(json!([number()?, number()?]))
    }

    fn positions(&mut self) -> Option<Value> {
        let count = self.count()?;
        (0..count).map(|_| self.position()).collect()
    }
}

impl Transform<Place> for Geometry {
    fn name(&self) -> &str {
        "Geometry"
    }

    fn version(&self) -> &str {
        "1"
    }

    async fn transform(&self, places: &mut Batch<Place>) -> Result<(), TransformError> {
        for place in places {
            let text = place.spot.as_ref().and_then(|spot| spot.parse::<Option<String>>().ok()).flatten();
            if let Some(location) = text.as_deref().and_then(point) {
                place.add("location", &location)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_and_what_is_none_is_not() {
        assert_eq!(point("(8.5,-47.25)"), Some(json!({ "type": "Point", "coordinates": [8.5, -47.25] })));
        for text in ["", "8,47", "(8)", "(8,NaN)", "(Infinity,1)"] {
            assert_eq!(point(text), None, "{text}");
        }
    }

    #[test]
    fn well_known_binary_is_read_in_both_orders_of_bytes() {
        let expected = Some(json!({ "type": "Point", "coordinates": [1.0, 2.0] }));
        assert_eq!(well_known_binary("0101000000000000000000F03F0000000000000040"), expected);
        assert_eq!(well_known_binary("\\x00000000013ff00000000000004000000000000000"), expected);
        // As PostGIS writes it, with its reference system.
        assert_eq!(well_known_binary("0101000020E6100000000000000000F03F0000000000000040"), expected);
        let line = "010200000002000000000000000000F03F000000000000004000000000000008400000000000001040";
        let line_is = json!({ "type": "LineString", "coordinates": [[1.0, 2.0], [3.0, 4.0]] });
        assert_eq!(well_known_binary(line), Some(line_is));
        for wrong in ["", "01", "0101000000", "0107000000", "zz", "0101000000000000000000F03F000000000000004000"] {
            assert_eq!(well_known_binary(wrong), None, "{wrong}");
        }
    }
}
