//! Opcodes with their operands, and the memo.

use std::collections::HashMap;

use canning_core::{ErrorKind, Result};

use crate::pickle::opcode as op;

/// Writes the opcodes of protocol 5, each the shortest that takes its operand.
///
/// Python's memo is an array that `MEMOIZE` appends to. What is written again and again (names of
/// fields, classes, dtypes) goes into it, and nothing else.
#[derive(Debug)]
pub(crate) struct Writer {
    out: Vec<u8>,
    memoized: u32,
    names: HashMap<Box<str>, Memo>,
    globals: [Option<Memo>; Global::COUNT],
}

/// A slot of the memo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Memo(u32);

/// A class or function that the writer itself needs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Global {
    NdArray,
    Dtype,
    Complex,
    Partial,
    CannedArray,
    CannedBytes,
    Datetime64,
    Timedelta64,
}

impl Global {
    const COUNT: usize = 8;

    const fn module_and_name(self) -> (&'static str, &'static str) {
        match self {
            Self::NdArray => ("numpy", "ndarray"),
            Self::Dtype => ("numpy", "dtype"),
            Self::Complex => ("builtins", "complex"),
            Self::Partial => ("functools", "partial"),
            Self::CannedArray => (CANNING, "CannedArray"),
            Self::CannedBytes => (CANNING, "CannedBytes"),
            Self::Datetime64 => ("numpy", "datetime64"),
            Self::Timedelta64 => ("numpy", "timedelta64"),
        }
    }
}

/// Where ipyparallel's classes are.
pub(crate) const CANNING: &str = "ipyparallel.serialize.canning";

impl Writer {
    /// Begins a pickle.
    pub(crate) fn new() -> Self {
        let mut out = Vec::with_capacity(256);
        out.extend_from_slice(&[op::PROTO, 5]);
        Self { out, memoized: 0, names: HashMap::new(), globals: [None; Global::COUNT] }
    }

    /// Ends the pickle.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.op(op::STOP);
        self.out
    }

    /// Where the next opcode will stand.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.out.reserve(bytes);
    }

    #[inline]
    pub(crate) fn op(&mut self, opcode: u8) {
        self.out.push(opcode);
    }

    #[inline]
    pub(crate) fn ops(&mut self, opcodes: &[u8]) {
        self.out.extend_from_slice(opcodes);
    }

    #[inline]
    pub(crate) fn bool(&mut self, value: bool) {
        self.op(if value { op::NEWTRUE } else { op::NEWFALSE });
    }

    #[inline]
    pub(crate) fn uint(&mut self, value: u64) {
        match i64::try_from(value) {
            Ok(value) => self.int(value),
            Err(_) => self.short_long(&u128::from(value).to_le_bytes()),
        }
    }

    pub(crate) fn size(&mut self, value: usize) {
        self.uint(value as u64);
    }

    #[inline]
    pub(crate) fn int(&mut self, value: i64) {
        if let Ok(value) = u8::try_from(value) {
            self.ops(&[op::BININT1, value]);
        } else if let Ok(value) = u16::try_from(value) {
            let [a, b] = value.to_le_bytes();
            self.ops(&[op::BININT2, a, b]);
        } else if let Ok(value) = i32::try_from(value) {
            let [a, b, c, d] = value.to_le_bytes();
            self.ops(&[op::BININT, a, b, c, d]);
        } else {
            self.short_long(&value.to_le_bytes());
        }
    }

    /// An integer in two's complement, little-endian, of up to 127 bytes; those that only repeat
    /// the sign are left out.
    #[inline]
    pub(crate) fn short_long(&mut self, bytes: &[u8]) {
        let bytes = without_signs(bytes);
        self.ops(&[op::LONG1, u8::try_from(bytes.len()).unwrap_or(u8::MAX)]);
        self.ops(bytes);
    }

    /// An integer as [`short_long`](Self::short_long) has it, of any length that `LONG4` takes.
    ///
    /// # Errors
    ///
    /// `Unsupported` for 2^31 bytes and more, which no pickle has.
    pub(crate) fn long(&mut self, bytes: &[u8]) -> Result<()> {
        let bytes = without_signs(bytes);
        match (u8::try_from(bytes.len()), i32::try_from(bytes.len())) {
            (Ok(len), _) => self.ops(&[op::LONG1, len]),
            (_, Ok(len)) => {
                self.op(op::LONG4);
                self.ops(&len.to_le_bytes());
            }
            _ => return Err(ErrorKind::Unsupported("an integer of 2^31 bytes and more").into()),
        }
        self.ops(bytes);
        Ok(())
    }

    #[inline]
    pub(crate) fn float(&mut self, bits: u64) {
        let [a, b, c, d, e, f, g, h] = bits.to_be_bytes();
        self.ops(&[op::BINFLOAT, a, b, c, d, e, f, g, h]);
    }

    /// Text: UTF-8, perhaps with surrogates, which Python takes, too.
    #[inline]
    pub(crate) fn text(&mut self, text: &[u8]) {
        match u8::try_from(text.len()) {
            Ok(len) => self.ops(&[op::SHORT_BINUNICODE, len]),
            Err(_) => self.long_head(op::BINUNICODE, op::BINUNICODE8, text.len()),
        }
        self.ops(text);
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        match u8::try_from(bytes.len()) {
            Ok(len) => self.ops(&[op::SHORT_BINBYTES, len]),
            Err(_) => self.long_head(op::BINBYTES, op::BINBYTES8, bytes.len()),
        }
        self.ops(bytes);
    }

    /// Begins a `bytearray`, whose bytes follow.
    pub(crate) fn bytearray(&mut self, len: usize) {
        self.op(op::BYTEARRAY8);
        self.ops(&(len as u64).to_le_bytes());
    }

    /// So many bytes more, to be written to.
    pub(crate) fn room(&mut self, len: usize) -> Result<&mut [u8]> {
        let start = self.out.len();
        let out_of_memory = |_| ErrorKind::OutOfMemory { bytes: len };
        self.out.try_reserve(len).map_err(out_of_memory)?;
        self.out.resize(start + len, 0);
        Ok(self.out.get_mut(start..).unwrap_or_default())
    }

    /// The head of text or bytes of more than 255 bytes.
    fn long_head(&mut self, opcode: u8, opcode8: u8, len: usize) {
        match u32::try_from(len) {
            Ok(len) => {
                self.op(opcode);
                self.ops(&len.to_le_bytes());
            }
            Err(_) => {
                self.op(opcode8);
                self.ops(&(len as u64).to_le_bytes());
            }
        }
    }

    /// Begins a tuple of `len` items.
    #[inline]
    pub(crate) fn begin_tuple(&mut self, len: usize) {
        match len {
            0 => self.op(op::EMPTY_TUPLE),
            1..=3 => {}
            _ => self.op(op::MARK),
        }
    }

    /// Ends a tuple of `len` items.
    #[inline]
    pub(crate) fn end_tuple(&mut self, len: usize) {
        match len {
            0 => {}
            1 => self.op(op::TUPLE1),
            2 => self.op(op::TUPLE2),
            3 => self.op(op::TUPLE3),
            _ => self.op(op::TUPLE),
        }
    }

    /// A tuple of integers.
    pub(crate) fn sizes(&mut self, values: &[usize]) {
        self.begin_tuple(values.len());
        values.iter().for_each(|value| self.size(*value));
        self.end_tuple(values.len());
    }

    /// A tuple of integers.
    pub(crate) fn ints(&mut self, values: impl ExactSizeIterator<Item = i64>) {
        let len = values.len();
        self.begin_tuple(len);
        values.for_each(|value| self.int(value));
        self.end_tuple(len);
    }

    /// Text that is likely to come again: the memo has it from then on.
    pub(crate) fn name(&mut self, name: &str) -> Memo {
        if let Some(memo) = self.names.get(name) {
            let memo = *memo;
            self.get(memo);
            return memo;
        }
        self.text(name.as_bytes());
        let memo = self.memoize();
        self.names.insert(name.into(), memo);
        memo
    }

    /// Remembers what was just written.
    pub(crate) fn memoize(&mut self) -> Memo {
        self.op(op::MEMOIZE);
        let memo = Memo(self.memoized);
        self.memoized = self.memoized.saturating_add(1);
        memo
    }

    /// What the memo has.
    #[inline]
    pub(crate) fn get(&mut self, Memo(slot): Memo) {
        match u8::try_from(slot) {
            Ok(slot) => self.ops(&[op::BINGET, slot]),
            Err(_) => {
                let [a, b, c, d] = slot.to_le_bytes();
                self.ops(&[op::LONG_BINGET, a, b, c, d]);
            }
        }
    }

    /// A class or function by its name.
    pub(crate) fn class(&mut self, module: &str, name: &str) -> Memo {
        self.name(module);
        self.name(name);
        self.op(op::STACK_GLOBAL);
        self.memoize()
    }

    /// A class or function that the writer itself needs.
    #[inline]
    pub(crate) fn global(&mut self, global: Global) {
        let known = self.globals.get(global as usize).copied().flatten();
        if let Some(memo) = known {
            return self.get(memo);
        }
        let (module, name) = global.module_and_name();
        let memo = self.class(module, name);
        if let Some(slot) = self.globals.get_mut(global as usize) {
            *slot = Some(memo);
        }
    }
}

/// The bytes of an integer but those that only repeat the sign.
fn without_signs(mut bytes: &[u8]) -> &[u8] {
    while let [.., before, last] = bytes {
        let repeats = matches!((before >> 7, last), (0, 0x00) | (1, 0xff));
        if !repeats {
            break;
        }
        bytes = bytes.split_last().map_or(bytes, |(_, rest)| rest);
    }
    if bytes == [0] { &[] } else { bytes }
}

/// Strides in bytes, and the position of the first item.
pub(crate) fn in_bytes(
    (strides, first): (impl IntoIterator<Item = isize>, usize),
    item_size: usize,
) -> (Vec<i64>, usize) {
    let strides = strides.into_iter().map(|stride| stride as i64 * item_size as i64);
    (strides.collect(), first * item_size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
        let mut writer = Writer::new();
        write(&mut writer);
        writer.out.split_off(2)
    }

    #[test]
    fn integers_are_as_short_as_they_can_be() {
        for (value, expected) in [
            (0, &b"K\0"[..]),
            (255, b"K\xff"),
            (256, b"M\0\x01"),
            (65_535, b"M\xff\xff"),
            (65_536, b"J\0\0\x01\0"),
            (-1, b"J\xff\xff\xff\xff"),
            (i64::from(i32::MIN), b"J\0\0\0\x80"),
            (1 << 31, b"\x8a\x05\0\0\0\x80\0"),
            (-(1 << 31) - 1, b"\x8a\x05\xff\xff\xff\x7f\xff"),
            (i64::MIN, b"\x8a\x08\0\0\0\0\0\0\0\x80"),
        ] {
            assert_eq!(written(|writer| writer.int(value)), expected, "{value}");
        }
        let most = written(|writer| writer.uint(u64::MAX));
        assert_eq!(most, b"\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\0");
        assert_eq!(written(|writer| writer.short_long(&[0; 16])), b"\x8a\0");
        assert_eq!(written(|writer| writer.short_long(&[0xff; 16])), b"\x8a\x01\xff");
        assert_eq!(written(|writer| writer.long(&[0; 300]).unwrap()), b"\x8a\0");
        let long = written(|writer| writer.long(&[1; 256]).unwrap());
        assert_eq!(long[..6], *b"\x8b\0\x01\0\0\x01");
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn integers_without_an_opcode_are_refused() {
        // Zeros that nobody touches, which are no memory, and what makes them count.
        let mut bytes = vec![0; 1 << 31];
        *bytes.last_mut().unwrap() = 1;
        let mut writer = Writer::new();
        let error = writer.long(&bytes).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Unsupported(_)), "{error}");
        assert_eq!(writer.len(), 2);
    }

    #[test]
    fn lengths_choose_the_opcode() {
        assert_eq!(written(|writer| writer.text(b"a")), b"\x8c\x01a");
        assert_eq!(written(|writer| writer.text(&[b'a'; 256]))[..6], *b"X\0\x01\0\0a");
        assert_eq!(written(|writer| writer.bytes(b"a")), b"C\x01a");
        assert_eq!(written(|writer| writer.bytes(&[b'a'; 256]))[..6], *b"B\0\x01\0\0a");
        let len = usize::try_from(u32::MAX).unwrap();
        let head = |len| written(|writer| writer.long_head(op::BINUNICODE, op::BINUNICODE8, len));
        assert_eq!(head(len), b"X\xff\xff\xff\xff");
        if let Some(len) = len.checked_add(1) {
            assert_eq!(head(len), b"\x8d\0\0\0\0\x01\0\0\0");
        }
    }

    #[test]
    fn names_are_written_once() {
        let twice = written(|writer| {
            writer.name("x");
            writer.name("x");
        });
        assert_eq!(twice, b"\x8c\x01x\x94h\0");
        let many = written(|writer| {
            (0..=256).for_each(|name| {
                let _memo = writer.name(&name.to_string());
            })
        });
        let last = written(|writer| {
            (0..=256).for_each(|name| {
                let _memo = writer.name(&name.to_string());
            });
            writer.name("256");
        });
        assert_eq!(last[many.len()..], *b"j\0\x01\0\0");
    }
}
