//! What kinds of items there are, and the order of their bytes.

/// What an item of an array is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DtypeKind {
    /// `b1`: a truth value in one byte.
    Bool,
    /// `i1` to `i8`.
    Int,
    /// `u1` to `u8`.
    Uint,
    /// `f2` to `f8`, and `f16` and `f12`, the `long double` of the machine that wrote it.
    Float,
    /// `c8`, `c16`, and `c32` and `c24` of two `long double`.
    Complex,
    /// `S10`: bytes, filled up with NULs.
    Bytes,
    /// `U5`: code points of four bytes each, filled up with NULs.
    Text,
    /// `V7`: bytes of no known meaning.
    Void,
    /// `M8[ns]`: a date, in units since 1970.
    Datetime,
    /// `m8[ns]`: a span of time.
    Timedelta,
    /// `O`: references to Python objects.
    Object,
    /// Named fields.
    Struct,
    /// An array of a fixed shape, as a field of a struct may be.
    Subarray,
}

impl DtypeKind {
    /// The letter that NumPy gives it.
    pub fn letter(self) -> char {
        match self {
            Self::Bool => 'b',
            Self::Int => 'i',
            Self::Uint => 'u',
            Self::Float => 'f',
            Self::Complex => 'c',
            Self::Bytes => 'S',
            Self::Text => 'U',
            Self::Void | Self::Struct | Self::Subarray => 'V',
            Self::Datetime => 'M',
            Self::Timedelta => 'm',
            Self::Object => 'O',
        }
    }
}

/// The order of the bytes of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// `<`: the lowest byte first.
    Little,
    /// `>`: the highest byte first.
    Big,
    /// `|`: of one byte, or of parts that have orders of their own.
    None,
}

impl ByteOrder {
    /// That of this machine.
    pub const NATIVE: Self = if cfg!(target_endian = "big") { Self::Big } else { Self::Little };

    /// The sign that NumPy writes.
    pub fn sign(self) -> char {
        match self {
            Self::Little => '<',
            Self::Big => '>',
            Self::None => '|',
        }
    }

    /// The order of a sign; `=` is that of this machine.
    pub(crate) fn of_sign(sign: char) -> Option<Self> {
        match sign {
            '<' => Some(Self::Little),
            '>' => Some(Self::Big),
            '=' => Some(Self::NATIVE),
            '|' => Some(Self::None),
            _ => None,
        }
    }
}
