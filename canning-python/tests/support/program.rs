//! Pickles that are written by hand.

/// A global by its module and its name.
pub fn global(module: &str, name: &str) -> Vec<u8> {
    [b"c", module.as_bytes(), b"\n", name.as_bytes(), b"\n"].concat()
}

/// Text or bytes of any length, under the opcode that has four bytes for it.
pub fn long(opcode: u8, bytes: &[u8]) -> Vec<u8> {
    let len = u32::try_from(bytes.len()).unwrap();
    [&[opcode][..], &len.to_le_bytes(), bytes].concat()
}

/// Text.
pub fn text(text: &str) -> Vec<u8> {
    long(b'X', text.as_bytes())
}

/// An integer.
pub fn int(value: i32) -> Vec<u8> {
    [b"J".as_slice(), &value.to_le_bytes()].concat()
}

/// A tuple.
pub fn tuple(items: &[Vec<u8>]) -> Vec<u8> {
    [b"(".to_vec(), items.concat(), b"t".to_vec()].concat()
}

/// A list.
pub fn list(items: &[Vec<u8>]) -> Vec<u8> {
    [b"](".to_vec(), items.concat(), b"e".to_vec()].concat()
}

/// A call: a function, and the tuple of its arguments.
pub fn call(function: &[u8], args: &[u8]) -> Vec<u8> {
    [function, args, b"R"].concat()
}

/// Puts an object into a slot of the memo, and takes it off the stack.
pub fn keep(slot: u8, program: &[u8]) -> Vec<u8> {
    [program, &[b'q', slot, b'0']].concat()
}

/// What a slot of the memo has.
pub fn get(slot: u8) -> Vec<u8> {
    vec![b'h', slot]
}

/// A tuple of `count` times the same program, after others.
pub fn repeated(before: &[Vec<u8>], program: &[u8], count: usize) -> Vec<u8> {
    [&before.concat()[..], b"(", &program.repeat(count), b"t."].concat()
}

/// A list of `count` fields of one byte, each with a name of its own, as `numpy.dtype` takes it.
pub fn fields(count: usize) -> Vec<u8> {
    let field = |at: usize| tuple(&[text(&format!("f{at}")), text("u1")]);
    list(&(0..count).map(field).collect::<Vec<_>>())
}
