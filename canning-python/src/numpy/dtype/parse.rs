//! NumPy's notation of dtypes without fields.

use std::{fmt, str::FromStr};

use super::{ByteOrder, Dtype, DtypeKind, Parts, TimeUnit};

/// The text names no dtype of NumPy, or one with fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseDtypeError(());

impl fmt::Display for ParseDtypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a dtype of NumPy")
    }
}

impl std::error::Error for ParseDtypeError {}

/// Parses `<f8`, `|S10`, `M8[25s]`, `?`, `float64`: without an order of bytes it is that of this
/// machine.
impl FromStr for Dtype {
    type Err = ParseDtypeError;

    fn from_str(text: &str) -> Result<Self, ParseDtypeError> {
        parse(text).ok_or(ParseDtypeError(()))
    }
}

fn parse(text: &str) -> Option<Dtype> {
    let mut chars = text.chars();
    let (order, rest) = match chars.next().and_then(ByteOrder::of_sign) {
        Some(order) => (order, chars.as_str()),
        None => (ByteOrder::NATIVE, text),
    };
    let code = code_of_name(rest);
    let mut chars = code.chars();
    let letter = chars.next()?;
    let rest = chars.as_str();
    match letter {
        'M' | 'm' => {
            let rest = rest.strip_prefix('8')?;
            let unit = match rest.strip_prefix('[') {
                Some(rest) => TimeUnit::parse(rest.strip_suffix(']')?)?,
                None if rest.is_empty() => TimeUnit::GENERIC,
                None => return None,
            };
            let kind = if letter == 'M' { DtypeKind::Datetime } else { DtypeKind::Timedelta };
            Some(Dtype { parts: Parts::Time(unit), ..Dtype::scalar(kind, order, 8)? })
        }
        _ => {
            let kind = kind_of_letter(letter)?;
            let digits = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
            let len = match kind {
                // One reference, as large as a pointer was where it was written.
                DtypeKind::Object if matches!(rest, "" | "4" | "8") => 8,
                DtypeKind::Bytes | DtypeKind::Text | DtypeKind::Void if rest.is_empty() => 0,
                _ if digits => rest.parse().ok()?,
                _ => return None,
            };
            Dtype::scalar(kind, order, len)
        }
    }
}

impl Dtype {
    /// As its [`FromStr`].
    pub(crate) fn of_code(code: &str) -> Option<Self> {
        parse(code)
    }

    /// A dtype without parts, of `len` bytes, or code points where it is text.
    pub(super) fn scalar(kind: DtypeKind, order: ByteOrder, len: usize) -> Option<Self> {
        let is_known = match kind {
            DtypeKind::Bool => len == 1,
            DtypeKind::Int | DtypeKind::Uint => matches!(len, 1 | 2 | 4 | 8),
            DtypeKind::Float => matches!(len, 2 | 4 | 8 | 12 | 16),
            DtypeKind::Complex => matches!(len, 8 | 16 | 24 | 32),
            DtypeKind::Datetime | DtypeKind::Timedelta | DtypeKind::Object => len == 8,
            DtypeKind::Bytes | DtypeKind::Text | DtypeKind::Void => true,
            DtypeKind::Struct | DtypeKind::Subarray => false,
        };
        let item_size = if kind == DtypeKind::Text { len.checked_mul(4)? } else { len };
        let has_order = match kind {
            DtypeKind::Bytes | DtypeKind::Void | DtypeKind::Object => false,
            _ => item_size != 1,
        };
        let order = match order {
            _ if !has_order => ByteOrder::None,
            ByteOrder::None => ByteOrder::NATIVE,
            order => order,
        };
        let fits = is_known && isize::try_from(item_size).is_ok();
        fits.then_some(Self { kind, order, item_size, parts: Parts::None })
    }
}

fn kind_of_letter(letter: char) -> Option<DtypeKind> {
    Some(match letter {
        'b' => DtypeKind::Bool,
        'i' => DtypeKind::Int,
        'u' => DtypeKind::Uint,
        'f' => DtypeKind::Float,
        'c' => DtypeKind::Complex,
        'S' | 'a' => DtypeKind::Bytes,
        'U' => DtypeKind::Text,
        'V' => DtypeKind::Void,
        'O' => DtypeKind::Object,
        _ => return None,
    })
}

/// The code of the other names that NumPy knows, on machines of 64 bits that are not Windows'
/// where C leaves the size open.
fn code_of_name(name: &str) -> &str {
    match name {
        "?" | "bool" | "bool_" => "b1",
        "b" | "int8" | "byte" => "i1",
        "B" | "uint8" | "ubyte" => "u1",
        "h" | "int16" | "short" => "i2",
        "H" | "uint16" | "ushort" => "u2",
        "i" | "int32" | "intc" => "i4",
        "I" | "uint32" | "uintc" => "u4",
        "l" | "q" | "p" | "int" | "int_" | "int64" | "intp" | "longlong" => "i8",
        "L" | "Q" | "P" | "uint" | "uint64" | "uintp" | "ulonglong" => "u8",
        "e" | "float16" | "half" => "f2",
        "f" | "float32" | "single" => "f4",
        "d" | "float" | "float64" | "double" => "f8",
        "g" | "float128" | "longdouble" => "f16",
        "F" | "complex64" | "csingle" => "c8",
        "D" | "complex" | "complex128" | "cdouble" => "c16",
        "G" | "complex256" | "clongdouble" => "c32",
        "c" => "S1",
        "bytes" | "bytes_" => "S",
        "str" | "str_" => "U",
        "void" => "V",
        "object" | "object_" => "O",
        "datetime64" => "M8",
        "timedelta64" => "m8",
        other => other,
    }
}
