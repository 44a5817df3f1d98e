//! Portable descriptions of element types, in NumPy's notation.

use std::{fmt, str::FromStr};

pub use self::field::Field;
use self::fields::StructFields;
use crate::error::ShortDtype;

mod field;
mod fields;

/// An element type's portable description.
///
/// Displays in NumPy's notation, little-endian: `<f8`, `|b1`, `<U1` for a `char`,
/// `[('x', '<f8'), ('v', '<f4', (3,))]` for a struct. NumPy has no 128-bit integers and no
/// `bf16`; these have names of their own: `i128`, `u128`, `bf16`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dtype {
    /// A number, a truth value or a character.
    Scalar(Scalar),
    /// Named fields, one after the other, without padding.
    Struct(StructDtype),
}

impl Dtype {
    /// The size of one item, in bytes.
    pub const fn item_size(&self) -> usize {
        match self {
            Self::Scalar(scalar) => scalar.size(),
            Self::Struct(fields) => fields.item_size,
        }
    }

    /// The alignment in bytes that memory of such items needs on this machine.
    pub const fn align(&self) -> usize {
        match self {
            Self::Scalar(scalar) => scalar.align(),
            Self::Struct(structure) => structure.align,
        }
    }

    /// The notation in at most 400 characters, for text that goes to people: the fields of a
    /// received dtype may be many.
    pub fn shortened(&self) -> impl fmt::Display + '_ {
        ShortDtype(self)
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(scalar) => f.write_str(scalar.name()),
            Self::Struct(structure) => structure.fmt(f),
        }
    }
}

impl From<Scalar> for Dtype {
    fn from(scalar: Scalar) -> Self {
        Self::Scalar(scalar)
    }
}

macro_rules! scalars {
    ($($(#[$doc:meta])* $name:ident $text:literal $size:literal $rust:ty;)*) => {
        /// A dtype without fields.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Scalar {
            $($(#[$doc])* $name,)*
        }

        impl Scalar {
            /// Every scalar dtype.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The notation, as `<f8`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The size in bytes.
            pub const fn size(self) -> usize {
                match self { $(Self::$name => $size,)* }
            }

            /// The alignment in bytes on this machine.
            pub const fn align(self) -> usize {
                match self { $(Self::$name => align_of::<$rust>(),)* }
            }
        }

        impl FromStr for Scalar {
            type Err = ParseScalarError;

            fn from_str(name: &str) -> Result<Self, ParseScalarError> {
                match name {
                    $($text => Ok(Self::$name),)*
                    _ => Err(ParseScalarError(())),
                }
            }
        }
    };
}

scalars! {
    /// `bool`: one byte, 0 or 1.
    Bool "|b1" 1 bool;
    /// `i8`.
    I8 "|i1" 1 i8;
    /// `i16`.
    I16 "<i2" 2 i16;
    /// `i32`.
    I32 "<i4" 4 i32;
    /// `i64`.
    I64 "<i8" 8 i64;
    /// `i128`; not in NumPy.
    I128 "i128" 16 i128;
    /// `u8`.
    U8 "|u1" 1 u8;
    /// `u16`.
    U16 "<u2" 2 u16;
    /// `u32`.
    U32 "<u4" 4 u32;
    /// `u64`.
    U64 "<u8" 8 u64;
    /// `u128`; not in NumPy.
    U128 "u128" 16 u128;
    /// IEEE 754 binary16.
    F16 "<f2" 2 u16;
    /// The upper half of an IEEE 754 binary32; not in NumPy.
    Bf16 "bf16" 2 u16;
    /// `f32`.
    F32 "<f4" 4 f32;
    /// `f64`.
    F64 "<f8" 8 f64;
    /// Two `f32`, the real part first.
    Complex64 "<c8" 8 f32;
    /// Two `f64`, the real part first.
    Complex128 "<c16" 16 f64;
    /// `char`: a Unicode scalar value in four bytes.
    Char "<U1" 4 char;
}

/// The text names no scalar dtype known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseScalarError(());

impl fmt::Display for ParseScalarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown dtype")
    }
}

impl std::error::Error for ParseScalarError {}

/// The dtype of a struct: its fields, in the order of memory.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StructDtype {
    /// # Invariants
    ///
    /// 0. Not empty; names differ; the sizes add up to `item_size`, which is at least 1.
    fields: StructFields,
    item_size: usize,
    /// The largest among the fields: worked out once, as arrays of the dtype may be many.
    align: usize,
}

impl StructDtype {
    /// Takes fields from outside.
    ///
    /// # Errors
    ///
    /// When there is no field, a name stands twice, an item has no bytes, or its size
    /// overflows.
    pub fn new(fields: Vec<Field>) -> Result<Self, StructDtypeError> {
        // Sorted, because fields from outside may be many.
        let mut names: Vec<&str> = fields.iter().map(Field::name).collect();
        names.sort_unstable();
        if !names.is_sorted_by(|a, b| a < b) {
            return Err(StructDtypeError::DuplicateName);
        }
        let mut item_size = 0_usize;
        for field in &fields {
            let size = field.checked_size().ok_or(StructDtypeError::Overflow)?;
            item_size = item_size.checked_add(size).ok_or(StructDtypeError::Overflow)?;
        }
        if item_size == 0 {
            return Err(StructDtypeError::Empty);
        }
        if isize::try_from(item_size).is_err() {
            return Err(StructDtypeError::Overflow);
        }
        let align = fields.iter().map(Field::align).max();
        Ok(Self {
            fields: StructFields::Shared(fields.into()),
            item_size,
            align: align.unwrap_or(1),
        })
    }

    /// Describes a struct of `item_size` bytes at compile time; for `#[derive(Element)]`.
    ///
    /// # Panics
    ///
    /// When a name stands twice, or the sizes of the fields do not add up to `item_size`, or it
    /// is zero.
    pub const fn of_static(fields: &'static [Field], item_size: usize) -> Self {
        let mut sum = 0;
        let mut align = 1;
        let mut rest = fields;
        while let [field, tail @ ..] = rest {
            if field.align() > align {
                align = field.align();
            }
            match field.checked_size() {
                Some(size) => sum += size,
                None => panic!("the size of a field overflows"),
            }
            let mut others = tail;
            while let [other, more @ ..] = others {
                assert!(!field.has_name_of(other), "two fields of the same name");
                others = more;
            }
            rest = tail;
        }
        assert!(sum == item_size, "an Element has no padding");
        assert!(item_size > 0, "an Element is not empty");
        Self { fields: StructFields::Static(fields), item_size, align }
    }

    /// The fields, in the order of memory.
    pub fn fields(&self) -> &[Field] {
        self.fields.as_slice()
    }
}

/// In short: one received dtype of many fields may be that of many arrays.
impl fmt::Debug for StructDtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StructDtype").field(&format_args!("{}", ShortDtype(self))).finish()
    }
}

impl fmt::Display for StructDtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (index, field) in self.fields().iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            field.fmt(f)?;
        }
        f.write_str("]")
    }
}

/// Why fields do not make a dtype.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StructDtypeError {
    /// An item would have no bytes.
    Empty,
    /// Two fields have the same name.
    DuplicateName,
    /// The size of an item overflows.
    Overflow,
}

impl fmt::Display for StructDtypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "a struct dtype without bytes",
            Self::DuplicateName => "a struct dtype with the same field twice",
            Self::Overflow => "the size of a struct dtype overflows",
        })
    }
}

impl std::error::Error for StructDtypeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structs_display_as_numpy_writes_them() {
        let dtype = Dtype::Struct(
            StructDtype::new(vec![
                Field::new("x", Scalar::F64.into(), vec![]),
                Field::new("v", Scalar::F32.into(), vec![3]),
                Field::new("m", Scalar::U8.into(), vec![2, 2]),
            ])
            .unwrap(),
        );
        assert_eq!(dtype.to_string(), "[('x', '<f8'), ('v', '<f4', (3,)), ('m', '|u1', (2, 2))]");
        assert_eq!(dtype.item_size(), 24);
        assert_eq!(dtype.align(), 8);
    }

    #[test]
    fn structs_print_in_short_for_debugging() {
        let debug = |name: String| {
            let field = Field::new(name, Scalar::F64.into(), vec![]);
            format!("{:?}", StructDtype::new(vec![field]).unwrap())
        };
        assert_eq!(debug("x".into()), "StructDtype([('x', '<f8')])");
        assert_eq!(debug("x".repeat(1 << 20)), format!("StructDtype([('{}…)", "x".repeat(397)));
    }

    #[test]
    fn clones_share_their_fields() {
        let field = Field::new("x", Scalar::F64.into(), vec![]);
        let dtype = StructDtype::new(vec![field]).unwrap();
        assert!(std::ptr::eq(dtype.fields(), dtype.clone().fields()));
    }

    #[test]
    fn hostile_struct_dtypes_are_refused() {
        let field =
            |name: &'static str, shape: Vec<usize>| Field::new(name, Scalar::F64.into(), shape);
        assert_eq!(StructDtype::new(vec![]), Err(StructDtypeError::Empty));
        assert_eq!(StructDtype::new(vec![field("a", vec![0])]), Err(StructDtypeError::Empty));
        assert_eq!(
            StructDtype::new(vec![field("a", vec![]), field("a", vec![])]),
            Err(StructDtypeError::DuplicateName)
        );
        assert_eq!(
            StructDtype::new(vec![field("a", vec![usize::MAX])]),
            Err(StructDtypeError::Overflow)
        );
    }

    #[test]
    #[should_panic(expected = "two fields of the same name")]
    fn static_fields_of_the_same_name_are_refused() {
        static BYTE: Dtype = Dtype::Scalar(Scalar::U8);
        static FIELDS: [Field; 3] = [
            Field::of_static("a", &BYTE, &[]),
            Field::of_static("b", &BYTE, &[]),
            Field::of_static("a", &BYTE, &[]),
        ];
        let _ = StructDtype::of_static(&FIELDS, 3);
    }

    #[test]
    fn names_parse_back() {
        for scalar in Scalar::ALL {
            assert_eq!(scalar.name().parse(), Ok(*scalar));
        }
        assert!("<f3".parse::<Scalar>().is_err());
    }

    #[test]
    fn errors_say_what_is_wrong() {
        assert_eq!("<f3".parse::<Scalar>().unwrap_err().to_string(), "unknown dtype");
        let texts = [
            (StructDtypeError::Empty, "a struct dtype without bytes"),
            (StructDtypeError::DuplicateName, "a struct dtype with the same field twice"),
            (StructDtypeError::Overflow, "the size of a struct dtype overflows"),
        ];
        for (error, text) in texts {
            assert_eq!(error.to_string(), text);
        }
    }

    #[test]
    fn static_fields_make_the_dtype_that_others_make() {
        static BYTE: Dtype = Dtype::Scalar(Scalar::U8);
        static WIDE: Dtype = Dtype::Scalar(Scalar::F64);
        static FIELDS: [Field; 3] = [
            Field::of_static("a", &BYTE, &[]),
            Field::of_static("b", &WIDE, &[2]),
            Field::of_static("c", &BYTE, &[3]),
        ];
        let fixed = StructDtype::of_static(&FIELDS, 20);
        assert_eq!(fixed, StructDtype::new(FIELDS.to_vec()).unwrap());
        assert_eq!((Dtype::Struct(fixed.clone()).align(), fixed.item_size), (8, 20));
    }

    #[test]
    #[should_panic(expected = "an Element has no padding")]
    fn static_fields_of_another_size_are_refused() {
        static BYTE: Dtype = Dtype::Scalar(Scalar::U8);
        static FIELDS: [Field; 1] = [Field::of_static("a", &BYTE, &[3])];
        let _ = StructDtype::of_static(&FIELDS, 4);
    }

    #[test]
    #[should_panic(expected = "an Element is not empty")]
    fn static_fields_without_bytes_are_refused() {
        let _ = StructDtype::of_static(&[], 0);
    }
}
