//! Pickles byte by byte, and what they describe.

use canning_core::Buffer;

use super::*;
use crate::object::graph::{Id, MadeBy, Node};

/// Reads, with PEP 574's buffers of a byte each.
fn read(header: &[u8], buffers: usize) -> canning_core::Result<Graph> {
    let buffers: Vec<_> = (0..buffers).map(|_| Buffer::borrowed(b"b")).collect();
    let sources = Sources { header, buffers: &buffers };
    Ok(load(sources, Dialect::Pickle, &Limits::default())?.graph)
}

/// Prints an object roughly as Python does.
fn print(graph: &Graph, header: &[u8], id: Id, depth: usize) -> String {
    if depth == 0 {
        return "...".into();
    }
    let all = |ids: &[Id]| {
        let items: Vec<_> = ids.iter().map(|&id| print(graph, header, id, depth - 1)).collect();
        items.join(" ")
    };
    let pairs = |ids: &[(Id, Id)]| {
        let ids: Vec<_> = ids.iter().flat_map(|&(key, value)| [key, value]).collect();
        all(&ids)
    };
    let text = |span| {
        let bytes = graph.bytes(span, Sources { header, buffers: &[] }).unwrap();
        bytes.escape_ascii().to_string()
    };
    match graph.get(id) {
        Node::None => "None".into(),
        Node::Bool(bool) => bool.to_string(),
        Node::Int(int) => int.to_string(),
        Node::BigInt(span) => format!("int:{}", text(*span)),
        Node::Float(float) => format!("{float:?}"),
        Node::Str(span) => format!("'{}'", text(*span)),
        Node::Bytes(span) => format!("b'{}'", text(*span)),
        Node::ByteArray(span) => format!("bytearray'{}'", text(*span)),
        Node::Buffer { index, readonly: false } => format!("buffer{index}"),
        Node::Buffer { index, readonly: true } => format!("readonly{index}"),
        Node::List(ids) => format!("[{}]", all(ids)),
        Node::Tuple(ids) => format!("({})", all(ids)),
        Node::Set(ids) => format!("{{{}}}", all(ids)),
        Node::FrozenSet(ids) => format!("frozen{{{}}}", all(ids)),
        Node::Dict(ids) => format!("dict{{{}}}", pairs(ids)),
        Node::Global(global) => format!("{}.{}", text(global.module), text(global.name)),
        Node::Instance(instance) => {
            let mut printed = format!(
                "{}{}{}",
                if instance.made_by == MadeBy::NewObj { "new " } else { "" },
                all(&[instance.class]),
                all(&[instance.args])
            );
            if let Some(kwargs) = instance.kwargs {
                printed += &all(&[kwargs]);
            }
            if let Some(state) = instance.state {
                printed += &format!(" with {}", all(&[state]));
            }
            if !instance.items.is_empty() {
                printed += &format!(" of {}", all(&instance.items));
            }
            if !instance.entries.is_empty() {
                printed += &format!(" of {}", pairs(&instance.entries));
            }
            printed
        }
    }
}

#[track_caller]
fn gives(header: &[u8], expected: &str) {
    let graph = read(header, 2).unwrap_or_else(|error| panic!("{expected}: {error}"));
    assert_eq!(print(&graph, header, graph.root(), 6), expected);
    // Nothing less is a pickle.
    for end in 0..header.len() {
        read(&header[..end], 2).expect_err("truncated");
    }
}

#[track_caller]
fn refused(header: &[u8], expected: &str) {
    assert_eq!(read(header, 0).expect_err(expected).to_string(), expected);
}

#[test]
fn scalars_of_all_widths() {
    gives(b"\x80\x02N.", "None");
    gives(b"\x80\x05\x88.", "true");
    gives(b"\x80\x05\x89.", "false");
    gives(b"K\xff.", "255");
    gives(b"M\xff\xff.", "65535");
    gives(b"J\xff\xff\xff\xff.", "-1");
    gives(b"\x8a\x00.", "0");
    gives(b"\x8a\x01\x80.", "-128");
    gives(b"\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x80.", "-9223372036854775808");
    gives(
        b"\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\x00.",
        r"int:\xff\xff\xff\xff\xff\xff\xff\xff\x00",
    );
    gives(b"\x8a\x0a\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00.", "5");
    gives(b"\x8b\x09\x00\x00\x00\xfe\xff\xff\xff\xff\xff\xff\xff\xff.", "-2");
    gives(b"G\x3f\xf8\x00\x00\x00\x00\x00\x00.", "1.5");
}

#[test]
fn text_and_bytes_of_all_lengths() {
    gives(b"\x8c\x02hi.", "'hi'");
    gives(b"X\x02\x00\x00\x00hi.", "'hi'");
    gives(b"\x8d\x02\x00\x00\x00\x00\x00\x00\x00hi.", "'hi'");
    gives(b"\x8c\x04a\xed\xb0\x80.", r"'a\xed\xb0\x80'");
    gives(b"C\x02hi.", "b'hi'");
    gives(b"B\x02\x00\x00\x00hi.", "b'hi'");
    gives(b"\x8e\x02\x00\x00\x00\x00\x00\x00\x00hi.", "b'hi'");
    gives(b"\x96\x02\x00\x00\x00\x00\x00\x00\x00hi.", "bytearray'hi'");
    refused(b"\x8c\x01\xff.", "malformed header at byte 0: expected text in UTF-8");
    refused(b"\x8c\x02\xc0\x80.", "malformed header at byte 0: expected text in UTF-8");
}

#[test]
fn bytes_as_older_protocols_have_them() {
    gives(
        b"c_codecs\nencode\nX\x03\x00\x00\x00a\xc3\xbfX\x06\x00\x00\x00latin1\x86R.",
        r"b'a\xff'",
    );
    gives(b"c_codecs\nencode\nX\x01\x00\x00\x00aX\x06\x00\x00\x00latin1\x86R.", "b'a'");
    gives(b"c__builtin__\nbytes\n)R.", "b''");
    gives(
        b"c__builtin__\nbytearray\nX\x02\x00\x00\x00\xc3\xbfX\x07\x00\x00\x00latin-1\x86R.",
        r"bytearray'\xff'",
    );
    gives(b"cbuiltins\nbytearray\nC\x02hi\x85R.", "bytearray'hi'");
    gives(b"cbuiltins\nbytearray\n)R.", "bytearray''");
    // Another encoding is another call.
    gives(b"c_codecs\nencode\n\x8c\x01a\x8c\x05utf-8\x86R.", "_codecs.encode('a' 'utf-8')");
    refused(
        b"c_codecs\nencode\n\x8c\x03\xe2\x82\xac\x8c\x06latin1\x86R.",
        "malformed header at byte 30: expected text of Latin-1's characters",
    );
}

#[test]
fn containers() {
    gives(b").", "()");
    gives(b"(t.", "()");
    gives(b"N\x85.", "(None)");
    gives(b"N\x88\x86.", "(None true)");
    gives(b"N\x88\x89\x87.", "(None true false)");
    gives(b"(NNNNt.", "(None None None None)");
    gives(b"]Na(\x88\x89e.", "[None true false]");
    gives(b"}NNs(\x88\x89u.", "dict{None None true false}");
    gives(b"\x8f(K\x01K\x02\x90.", "{1 2}");
    gives(b"(K\x01K\x02\x91.", "frozen{1 2}");
    refused(b"}(Nu.", "malformed header at byte 3: expected as many values as keys");
    refused(b"}Na.", "malformed header at byte 2: expected a list below the items");
    refused(b"](N\x90.", "malformed header at byte 3: expected a set below the items");
    refused(b"]NNs.", "malformed header at byte 3: expected a dict below the entries");
}

#[test]
fn the_stack_and_the_memo() {
    gives(b"N2\x86.", "(None None)");
    gives(b"NK\x010.", "None");
    gives(b"N(K\x01K\x021.", "None");
    gives(b"N(0.", "None");
    gives(b"]\x94h\x00a.", "[[[[[[...]]]]]]");
    gives(b"]q\x01h\x01\x86.", "([] [])");
    gives(b"Nr\x00\x00\x01\x00j\x00\x00\x01\x00\x86.", "(None None)");
    // MEMOIZE fills the slot of its count, whatever the others are.
    gives(b"Nq\x09\x88\x940h\x09h\x01\x87.", "(None None true)");
    gives(b"Nr\x05\x00\x00\x00\x88\x94\x94\x94\x94\x94\x940h\x05\x86.", "(None true)");
    refused(b"h\x00.", "malformed header at byte 0: expected a memo slot that was filled");
    let above = "expected more objects on the stack, above the last mark";
    refused(b"N\x86.", &format!("malformed header at byte 1: {above}"));
    refused(b"N(\x85.", &format!("malformed header at byte 2: {above}"));
    refused(b"](a.", &format!("malformed header at byte 2: {above}"));
    refused(b"N(.", &format!("malformed header at byte 2: {above}"));
    refused(b"](Ne0.", &format!("malformed header at byte 5: {above}"));
    refused(b"NN.", "malformed header at byte 2: expected one object on the stack at STOP");
    refused(b"(N.", "malformed header at byte 2: expected one object on the stack at STOP");
    refused(b"N.N", "malformed header at byte 2: expected the end after STOP");
    refused(b"Nt.", "malformed header at byte 1: expected a mark on the stack");
    refused(b"0.", "malformed header at byte 0: expected a mark on the stack");
    refused(b"q\x00.", "malformed header at byte 0: expected an object on the stack");
}

#[test]
fn instances_are_described_and_never_made() {
    gives(b"\x80\x02cos\nsystem\n\x8c\x02id\x85R.", "os.system('id')");
    gives(b"\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.", "os.system('id')");
    gives(b"cm\nC\n)\x81}\x8c\x01xK\x01sb.", "new m.C() with dict{'x' 1}");
    gives(b"cm\nC\n)}\x92.", "new m.C()dict{}");
    gives(b"cm\nC\n)RNa(\x88\x89eNNs(NNu.", "m.C() of None true false of None None None None");
    gives(b"cm\nf\n)R)R.", "m.f()()");
    refused(b"N)R.", "malformed header at byte 2: expected a class or a function");
    refused(b"cm\nC\nNR.", "malformed header at byte 6: expected a tuple of arguments");
    refused(b"cm\nC\n)N\x92.", "malformed header at byte 7: expected a dict of arguments");
    refused(b"]Nb.", "malformed header at byte 2: expected an instance that takes a state");
    refused(b"cm\nC\n)RNbNb.", "malformed header at byte 10: expected one state an instance");
    refused(b"N\x8c\x01a\x93.", "malformed header at byte 4: expected a module's name and a name");
    refused(b"cm\nC", "malformed header at byte 3: expected a line and its end");
    refused(b"c\xff\nC\n.", "malformed header at byte 0: expected a name in UTF-8");
}

#[test]
fn buffers_in_turn() {
    gives(b"\x80\x05\x97\x98\x97\x86.", "(readonly0 buffer1)");
    refused(b"\x97.", "expected 1 buffers, found 0");
    refused(b"N\x98.", "malformed header at byte 1: expected a buffer to make read-only");
}

#[test]
fn what_is_not_read_is_named() {
    refused(b"\x80\x06N.", "unknown format version 6");
    let refusals: [(u8, &str); 6] = [
        (b'P', "no PERSID: persistent ids are not read"),
        (b'Q', "no BINPERSID: persistent ids are not read"),
        (0x82, "no EXT1: the registry of extensions is not read"),
        (b'i', "an opcode of protocols 2 to 5, not protocol 0's INST"),
        (b'S', "an opcode of protocols 2 to 5, not protocol 0's STRING"),
        (b'?', "an opcode of protocols 2 to 5"),
    ];
    for (opcode, expected) in refusals {
        let text = format!("malformed header at byte 1: expected {expected}");
        refused(&[b'N', opcode, b'1', b'\n', b'.'], &text);
    }
    refused(b"", "malformed header at byte 0: expected an opcode, up to STOP");
}
