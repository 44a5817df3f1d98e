//! Dtypes as the second reader sees them: from their CBOR, without canning's own.

use ciborium::Value as Cbor;

use super::reader::{Wrong, count, items, number, string};

/// A dtype, worked out from the document alone.
#[derive(Clone, Debug, PartialEq)]
pub enum ReadDtype {
    Scalar(&'static Scalar),
    Struct(Vec<(String, ReadDtype, Vec<u64>)>),
}

/// A row of the document's table: the name, the size, and the alignment in the tail.
#[derive(Debug, PartialEq)]
pub struct Scalar(pub &'static str, pub u64, pub u64);

const SCALARS: &[Scalar] = &[
    Scalar("|b1", 1, 1),
    Scalar("|i1", 1, 1),
    Scalar("<i2", 2, 2),
    Scalar("<i4", 4, 4),
    Scalar("<i8", 8, 8),
    Scalar("i128", 16, 16),
    Scalar("|u1", 1, 1),
    Scalar("<u2", 2, 2),
    Scalar("<u4", 4, 4),
    Scalar("<u8", 8, 8),
    Scalar("u128", 16, 16),
    Scalar("<f2", 2, 2),
    Scalar("bf16", 2, 2),
    Scalar("<f4", 4, 4),
    Scalar("<f8", 8, 8),
    Scalar("<c8", 8, 4),
    Scalar("<c16", 16, 8),
    Scalar("<U1", 4, 4),
];

impl ReadDtype {
    pub fn read(cbor: &Cbor) -> Result<Self, Wrong> {
        if let Cbor::Text(name) = cbor {
            let scalar = SCALARS.iter().find(|scalar| scalar.0 == name);
            return Ok(Self::Scalar(scalar.ok_or("a known dtype")?));
        }
        let fields = items(cbor)?.iter().map(|field| {
            let (name, dtype, shape) = match items(field)? {
                [name, dtype] => (name, dtype, Vec::new()),
                [name, dtype, shape] => {
                    let shape = items(shape)?.iter().map(number).collect::<Result<_, _>>()?;
                    (name, dtype, shape)
                }
                _ => return Err("a field of two or three parts"),
            };
            Ok((string(name)?.to_owned(), Self::read(dtype)?, shape))
        });
        Ok(Self::Struct(fields.collect::<Result<_, _>>()?))
    }

    pub fn size(&self) -> u64 {
        match self {
            Self::Scalar(scalar) => scalar.1,
            Self::Struct(fields) => {
                fields.iter().map(|(_, dtype, shape)| dtype.size() * count(shape)).sum()
            }
        }
    }

    pub fn tail_align(&self) -> u64 {
        match self {
            Self::Scalar(scalar) => scalar.2,
            Self::Struct(fields) => {
                fields.iter().map(|(_, dtype, _)| dtype.tail_align()).max().unwrap_or(1)
            }
        }
    }

    /// NumPy's notation.
    pub fn notation(&self) -> String {
        let Self::Struct(fields) = self else {
            return self.quoted().trim_matches('\'').to_owned();
        };
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, dtype, shape)| {
                let name = name.escape_debug();
                let shape: Vec<String> = shape.iter().map(ToString::to_string).collect();
                match shape.as_slice() {
                    [] => format!("('{name}', {})", dtype.quoted()),
                    [one] => format!("('{name}', {}, ({one},))", dtype.quoted()),
                    more => format!("('{name}', {}, ({}))", dtype.quoted(), more.join(", ")),
                }
            })
            .collect();
        format!("[{}]", fields.join(", "))
    }

    fn quoted(&self) -> String {
        match self {
            Self::Scalar(scalar) => format!("'{}'", scalar.0),
            Self::Struct(_) => self.notation(),
        }
    }
}
