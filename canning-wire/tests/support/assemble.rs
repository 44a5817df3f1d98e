//! Headers and frames put together by hand, byte by byte, without the encoder.

use std::iter;

use super::checksum::crc32c;

/// The bytes of hexadecimal digits; blanks are ignored.
pub fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(|digit| !digit.is_ascii_whitespace()).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// The parts of a header, each as it is encoded.
pub struct Header {
    /// From the tag to the flags.
    pub start: Vec<u8>,
    pub buffers: Vec<u8>,
    pub dtypes: Vec<u8>,
    pub names: Vec<u8>,
    pub body: Vec<u8>,
    pub tail: Vec<u8>,
}

impl Header {
    /// A header without tables and tail.
    pub fn of_body(body: &str) -> Self {
        Self {
            start: hex("d9d9f7 89 01 00"),
            buffers: hex("80"),
            dtypes: hex("80"),
            names: hex("80"),
            body: hex(body),
            tail: Vec::new(),
        }
    }

    pub fn start(self, start: &str) -> Self {
        let start = hex(start);
        Self { start, ..self }
    }

    pub fn buffers(self, buffers: &str) -> Self {
        let buffers = hex(buffers);
        Self { buffers, ..self }
    }

    pub fn dtypes(self, dtypes: &str) -> Self {
        let dtypes = hex(dtypes);
        Self { dtypes, ..self }
    }

    /// A table of these dtypes by name.
    pub fn dtype_names(self, names: &[&str]) -> Self {
        let mut dtypes = head(4, names.len() as u64);
        names.iter().for_each(|name| dtypes.extend(text(name)));
        Self { dtypes, ..self }
    }

    pub fn names(self, names: &str) -> Self {
        let names = hex(names);
        Self { names, ..self }
    }

    pub fn tail(self, tail: &str) -> Self {
        let tail = hex(tail);
        Self { tail, ..self }
    }

    /// The whole, with the padding that the tail needs.
    pub fn build(&self) -> Vec<u8> {
        let before = self.front(self.body.len() as u64).len();
        let pad = (0..200).find(|pad| {
            let start = before
                + head(2, *pad).len()
                + *pad as usize
                + head(2, self.tail.len() as u64).len();
            self.tail.is_empty() || start.is_multiple_of(64)
        });
        self.build_with(self.body.len() as u64, &vec![0; pad.unwrap() as usize])
    }

    /// The whole, with a length of the body and a padding of the caller's.
    pub fn build_with(&self, body_len: u64, padding: &[u8]) -> Vec<u8> {
        let mut out = self.front(body_len);
        out.extend(head(2, padding.len() as u64));
        out.extend(padding);
        out.extend(head(2, self.tail.len() as u64));
        out.extend(&self.tail);
        out
    }

    fn front(&self, body_len: u64) -> Vec<u8> {
        let mut out = self.start.clone();
        out.extend(head(0, body_len));
        for part in [&self.buffers, &self.dtypes, &self.names, &self.body] {
            out.extend(part);
        }
        out
    }
}

/// A frame of blobs that start at multiples of 64.
pub fn frame(objects: &[(Vec<u8>, Vec<Vec<u8>>)]) -> Vec<u8> {
    framed(objects, 0)
}

/// A frame with critical flags: bit 0 for checksums, bit 1 for buffers that may be compressed, and
/// are here as they are on the wire.
pub fn framed(objects: &[(Vec<u8>, Vec<Vec<u8>>)], flags: u32) -> Vec<u8> {
    let mut out = hex("89 43 41 4e 01 06 0000");
    out.extend(flags.to_le_bytes());
    out.extend([0; 4]);
    out.extend((objects.len() as u64).to_le_bytes());
    out.extend([0; 8]);
    for (header, buffers) in objects {
        out.extend((header.len() as u64).to_le_bytes());
        if flags & 2 != 0 {
            out.extend((buffers.len() as u64).to_le_bytes());
        }
    }
    if flags & 2 != 0 {
        let lens = objects.iter().flat_map(|(_, buffers)| buffers).map(Vec::len);
        lens.for_each(|len| out.extend((len as u64).to_le_bytes()));
    }
    let front = out.len();
    let sum = |out: &mut Vec<u8>, start: usize| {
        if flags & 1 != 0 {
            let sum = crc32c(&[&out[start..]]);
            out.extend(sum.to_le_bytes());
        }
    };
    sum(&mut out, 0);
    for blob in objects.iter().flat_map(|(header, buffers)| iter::once(header).chain(buffers)) {
        out.resize(out.len().next_multiple_of(64), 0);
        let start = out.len();
        out.extend(blob);
        sum(&mut out, start);
    }
    let len = (out.len() as u64).to_le_bytes();
    out[24..32].copy_from_slice(&len);
    if flags & 1 != 0 {
        // Now that the length is known.
        let sum = crc32c(&[&out[..front]]);
        out[front..front + 4].copy_from_slice(&sum.to_le_bytes());
    }
    out
}

/// A parcel, as it goes between the two ends of shared memory; its buffers follow on the socket.
pub fn parcel(objects: &[(Vec<u8>, Vec<Vec<u8>>)]) -> Vec<u8> {
    let buffers = || objects.iter().flat_map(|(_, buffers)| buffers);
    let mut rest = Vec::new();
    objects.iter().for_each(|(header, _)| rest.extend((header.len() as u64).to_le_bytes()));
    buffers().for_each(|_| rest.extend(hex("ffffffff 00000000 0000000000000000")));
    for (header, buffers) in objects {
        rest.extend(header);
        buffers.iter().for_each(|buffer| rest.extend(buffer));
    }
    let mut out = hex("89 53 48 4d 01 00 00 00 00000000 00000000");
    for number in [objects.len(), buffers().count(), rest.len()] {
        out.extend((number as u64).to_le_bytes());
    }
    out.extend(rest);
    out
}

pub fn text(text: &str) -> Vec<u8> {
    let mut out = head(3, text.len() as u64);
    out.extend(text.bytes());
    out
}

/// The shortest head.
pub fn head(major: u8, argument: u64) -> Vec<u8> {
    let bytes = argument.to_be_bytes();
    let (info, from) = match argument {
        0..24 => return vec![major << 5 | bytes[7]],
        24..0x100 => (24, 7),
        0x100..0x1_0000 => (25, 6),
        0x1_0000..0x1_0000_0000 => (26, 4),
        _ => (27, 0),
    };
    let mut out = vec![major << 5 | info];
    out.extend(&bytes[from..]);
    out
}
