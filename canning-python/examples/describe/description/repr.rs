//! How Python prints its values.

use std::fmt::Write;

/// Prints a float as `repr` does: the fewest digits that give it back, and an exponent below
/// 1e-4 and from 1e16.
pub(crate) fn float(value: f64) -> String {
    let digits = short(value);
    let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_whole { digits + ".0" } else { digits }
}

/// As [`float`], without the `.0` of whole numbers.
fn short(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf".into() } else { "-inf".into() };
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>().unwrap_or(0) {
        -4..16 => format!("{value}"),
        exponent => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
        }
    }
}

/// Prints a complex number.
pub(crate) fn complex(real: f64, imaginary: f64) -> String {
    let mut imaginary_part = short(imaginary);
    if real == 0.0 && real.is_sign_positive() {
        return imaginary_part + "j";
    }
    if !imaginary_part.starts_with('-') {
        imaginary_part.insert(0, '+');
    }
    format!("({}{imaginary_part}j)", short(real))
}

/// Prints a text, in which surrogates may stand as UTF-8 would write them.
pub(crate) fn text(utf8: &[u8]) -> String {
    let quote = quote(utf8);
    let mut out = String::from(quote);
    for code_point in code_points(utf8) {
        match char::from_u32(code_point) {
            Some(char) => match char {
                '\\' => out.push_str(r"\\"),
                '\n' => out.push_str(r"\n"),
                '\r' => out.push_str(r"\r"),
                '\t' => out.push_str(r"\t"),
                _ if char == quote => out.extend(['\\', char]),
                _ if is_printable(char) => out.push(char),
                _ => escape(&mut out, code_point),
            },
            None => escape(&mut out, code_point),
        }
    }
    out.push(quote);
    out
}

fn escape(out: &mut String, code_point: u32) {
    let written = match code_point {
        0..=0xff => write!(out, r"\x{code_point:02x}"),
        0x100..=0xffff => write!(out, r"\u{code_point:04x}"),
        _ => write!(out, r"\U{code_point:08x}"),
    };
    written.expect("a string takes all text");
}

/// Tells whether Python prints a character as it is; what Rust escapes is the same.
fn is_printable(char: char) -> bool {
    // After another, so that marks that combine are taken as they are.
    let after_another = String::from_iter(['a', char]);
    char == '\'' || char == '"' || after_another.escape_debug().count() == 2
}

/// Prints bytes.
pub(crate) fn bytes(bytes: &[u8]) -> String {
    let quote = quote(bytes);
    let mut out = format!("b{quote}");
    for &byte in bytes {
        match byte {
            b'\\' => out.push_str(r"\\"),
            b'\n' => out.push_str(r"\n"),
            b'\r' => out.push_str(r"\r"),
            b'\t' => out.push_str(r"\t"),
            _ if char::from(byte) == quote => out.extend(['\\', quote]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => escape(&mut out, byte.into()),
        }
    }
    out.push(quote);
    out
}

/// The quote that stands in the text less often, as far as Python cares.
fn quote(text: &[u8]) -> char {
    if text.contains(&b'\'') && !text.contains(&b'"') { '"' } else { '\'' }
}

/// The code points of UTF-8 in which surrogates may stand.
pub(crate) fn code_points(utf8: &[u8]) -> impl Iterator<Item = u32> {
    let mut rest = utf8;
    std::iter::from_fn(move || {
        let (&first, _) = rest.split_first()?;
        let (len, start) = match first {
            0..0x80 => (1, first),
            0x80..0xe0 => (2, first & 0x1f),
            0xe0..0xf0 => (3, first & 0x0f),
            _ => (4, first & 0x07),
        };
        let (char, after) = rest.split_at_checked(len)?;
        rest = after;
        let more = char.iter().skip(1);
        Some(more.fold(start.into(), |code, byte| code << 6 | u32::from(byte & 0x3f)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_as_python_prints_them() {
        let cases = [
            (1e16, "1e+16"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (1e15, "1000000000000000.0"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (1.5e-7, "1.5e-07"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::NEG_INFINITY, "-inf"),
            (-f64::NAN, "nan"),
        ];
        for (value, expected) in cases {
            assert_eq!(float(value), expected);
        }
        assert_eq!(complex(1.5, -2.0), "(1.5-2j)");
        assert_eq!(complex(0.0, 1e16), "1e+16j");
        assert_eq!(complex(-0.0, f64::NAN), "(-0+nanj)");
    }

    #[test]
    fn quotes_and_escapes_as_python_prints_them() {
        assert_eq!(text(b"it's"), r#""it's""#);
        assert_eq!(text(br#"it's "x""#), r#"'it\'s "x"'"#);
        assert_eq!(
            text("\t\u{7f}\u{85}é☃\u{200b}\u{e000}e\u{301}😀".as_bytes()),
            "'\\t\\x7f\\x85é☃\\u200b\\ue000e\u{301}😀'"
        );
        assert_eq!(text(b"\xed\xa0\x80"), r"'\ud800'");
        assert_eq!(bytes(b"it's\xff\0"), r#"b"it's\xff\x00""#);
    }
}
