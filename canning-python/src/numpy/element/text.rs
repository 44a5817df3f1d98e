//! Text and bytes of a fixed length.

use std::fmt;

use canning_core::Element;

/// `S10` is `Bytes<10>`: bytes, filled up with NULs.
///
/// # Examples
///
/// ```
/// use canning_core::CannedObject;
/// use canning_python::numpy::Bytes;
///
/// let names: Vec<Bytes<3>> = vec![b"He".as_slice().try_into()?, b"Xe".as_slice().try_into()?];
/// // In Python `array([b'He', b'Xe'], dtype='|S3')`.
/// let object = canning_python::pickle::can(&names)?;
/// let back: Vec<Bytes<3>> = object.get()?;
/// assert_eq!(back[1].as_bytes(), b"Xe");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Element, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[repr(C)]
pub struct Bytes<const N: usize> {
    #[canned(rename = "numpy:S")]
    bytes: [u8; N],
}

impl<const N: usize> Bytes<N> {
    /// The bytes without the NULs at the end, which NumPy cannot tell from those that it fills up
    /// with.
    pub fn as_bytes(&self) -> &[u8] {
        let len = self.bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        self.bytes.get(..len).unwrap_or_default()
    }

    /// All bytes.
    pub fn as_array(&self) -> &[u8; N] {
        &self.bytes
    }
}

impl<const N: usize> From<[u8; N]> for Bytes<N> {
    fn from(bytes: [u8; N]) -> Self {
        Self { bytes }
    }
}

impl<const N: usize> TryFrom<&[u8]> for Bytes<N> {
    type Error = TooLong;

    /// Fills up with NULs.
    fn try_from(bytes: &[u8]) -> Result<Self, TooLong> {
        let mut all = [0; N];
        let (max, found) = (N, bytes.len());
        let place = all.get_mut(..found).ok_or(TooLong { max, found })?;
        place.copy_from_slice(bytes);
        Ok(Self { bytes: all })
    }
}

impl<const N: usize> fmt::Debug for Bytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.as_bytes().escape_ascii())
    }
}

/// `U5` is `Text<5>`: code points, filled up with NULs. `U1` is `char`.
///
/// # Examples
///
/// ```
/// use canning_core::CannedObject;
/// use canning_python::numpy::Text;
///
/// let cities: Vec<Text<5>> = vec!["Köln".try_into()?, "Bonn".try_into()?];
/// // In Python `array(['Köln', 'Bonn'], dtype='<U5')`.
/// let object = canning_python::pickle::can(&cities)?;
/// let back: Vec<Text<5>> = object.get()?;
/// assert_eq!(back[0].to_text().as_deref(), Some("Köln"));
/// assert!(Text::<5>::try_from("Berlin").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Element, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[repr(C)]
pub struct Text<const N: usize> {
    #[canned(rename = "numpy:U")]
    codes: [u32; N],
}

impl<const N: usize> Text<N> {
    /// The text, without the NULs at the end; `None` where a code point is that of no character, as
    /// surrogates are.
    pub fn to_text(&self) -> Option<String> {
        self.used().iter().map(|code| char::from_u32(*code)).collect()
    }

    /// All code points.
    pub fn as_codes(&self) -> &[u32; N] {
        &self.codes
    }

    fn used(&self) -> &[u32] {
        let len = self.codes.iter().rposition(|code| *code != 0).map_or(0, |last| last + 1);
        self.codes.get(..len).unwrap_or_default()
    }
}

impl<const N: usize> From<[u32; N]> for Text<N> {
    fn from(codes: [u32; N]) -> Self {
        Self { codes }
    }
}

impl<const N: usize> TryFrom<&str> for Text<N> {
    type Error = TooLong;

    /// Fills up with NULs.
    fn try_from(text: &str) -> Result<Self, TooLong> {
        let mut codes = [0; N];
        let mut places = codes.iter_mut();
        for char in text.chars() {
            let (max, found) = (N, text.chars().count());
            *places.next().ok_or(TooLong { max, found })? = char.into();
        }
        Ok(Self { codes })
    }
}

/// As text is displayed; what is no character as U+FFFD.
impl<const N: usize> fmt::Display for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let char = |code: &u32| char::from_u32(*code).unwrap_or(char::REPLACEMENT_CHARACTER);
        let text: String = self.used().iter().map(char).collect();
        f.pad(&text)
    }
}

impl<const N: usize> fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

/// `V7` is `Void<7>`: bytes of no known meaning.
#[derive(Clone, Copy, Debug, Element, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[repr(C)]
pub struct Void<const N: usize> {
    /// The bytes.
    #[canned(rename = "numpy:V")]
    pub bytes: [u8; N],
}

impl<const N: usize> From<[u8; N]> for Void<N> {
    fn from(bytes: [u8; N]) -> Self {
        Self { bytes }
    }
}

/// Text or bytes are longer than the type has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TooLong {
    /// The length that there is room for: bytes, or code points of text.
    pub max: usize,
    /// The length that there was.
    pub found: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "length {} is more than {}", self.found, self.max)
    }
}

impl std::error::Error for TooLong {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dtypes_are_those_that_numpys_become() {
        let core = |code: &str| {
            let dtype: crate::numpy::Dtype = code.parse().unwrap();
            dtype.to_core().unwrap().into_dtype()
        };
        assert_eq!(*Bytes::<10>::DTYPE, core("S10"));
        assert_eq!(*Text::<5>::DTYPE, core("U5"));
        assert_eq!(*Void::<7>::DTYPE, core("V7"));
    }

    #[test]
    fn nuls_at_the_end_are_filling() {
        let bytes = Bytes::from(*b"a\0b\0\0");
        assert_eq!(bytes.as_bytes(), b"a\0b");
        assert_eq!(format!("{bytes:?}"), r#"b"a\x00b""#);
        assert_eq!(Bytes::<5>::try_from(b"a\0b".as_slice()), Ok(bytes));
        assert_eq!(Bytes::<2>::try_from(b"abc".as_slice()), Err(TooLong { max: 2, found: 3 }));
        let text = Text::<3>::try_from("ä\0").unwrap();
        assert_eq!(text.to_text().unwrap(), "ä");
        assert_eq!(format!("{text:>3}|{text:?}"), "  ä|\"ä\"");
    }

    #[test]
    fn what_is_no_text_is_not_taken_for_it() {
        let surrogate = Text::from([0x61, 0xd800]);
        assert_eq!(surrogate.to_text(), None);
        assert_eq!(surrogate.to_string(), "a\u{fffd}");
        let error = Text::<2>::try_from("äöü").unwrap_err();
        assert_eq!(error.to_string(), "length 3 is more than 2");
    }
}
