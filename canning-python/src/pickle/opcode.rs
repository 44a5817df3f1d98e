//! The opcodes of pickle's machine, by the names of Python's `pickletools`.

macro_rules! opcodes {
    ($($name:ident = $byte:literal)*) => {
        $(pub(crate) const $name: u8 = $byte;)*
    };
}

// Protocols 0 and 1, as far as the later ones write them.
opcodes! {
    MARK = b'('
    STOP = b'.'
    POP = b'0'
    POP_MARK = b'1'
    DUP = b'2'
    BINFLOAT = b'G'
    BININT = b'J'
    BININT1 = b'K'
    BININT2 = b'M'
    NONE = b'N'
    REDUCE = b'R'
    BINUNICODE = b'X'
    APPEND = b'a'
    BUILD = b'b'
    GLOBAL = b'c'
    APPENDS = b'e'
    BINGET = b'h'
    LONG_BINGET = b'j'
    BINPUT = b'q'
    LONG_BINPUT = b'r'
    SETITEM = b's'
    TUPLE = b't'
    SETITEMS = b'u'
    EMPTY_TUPLE = b')'
    EMPTY_LIST = b']'
    EMPTY_DICT = b'}'
}

// Protocol 2.
opcodes! {
    PROTO = 0x80
    NEWOBJ = 0x81
    TUPLE1 = 0x85
    TUPLE2 = 0x86
    TUPLE3 = 0x87
    NEWTRUE = 0x88
    NEWFALSE = 0x89
    LONG1 = 0x8a
    LONG4 = 0x8b
}

// Protocol 3.
opcodes! {
    BINBYTES = b'B'
    SHORT_BINBYTES = b'C'
}

// Protocol 4.
opcodes! {
    SHORT_BINUNICODE = 0x8c
    BINUNICODE8 = 0x8d
    BINBYTES8 = 0x8e
    EMPTY_SET = 0x8f
    ADDITEMS = 0x90
    FROZENSET = 0x91
    NEWOBJ_EX = 0x92
    STACK_GLOBAL = 0x93
    MEMOIZE = 0x94
    FRAME = 0x95
}

// Protocol 5.
opcodes! {
    BYTEARRAY8 = 0x96
    NEXT_BUFFER = 0x97
    READONLY_BUFFER = 0x98
}

/// The highest protocol that is read.
pub(crate) const HIGHEST_PROTOCOL: u8 = 5;

/// What an error says was expected where an opcode stands that is not read.
pub(crate) fn instead_of(opcode: u8) -> &'static str {
    match opcode {
        b'P' => "no PERSID: persistent ids are not read",
        b'Q' => "no BINPERSID: persistent ids are not read",
        0x82 => "no EXT1: the registry of extensions is not read",
        0x83 => "no EXT2: the registry of extensions is not read",
        0x84 => "no EXT4: the registry of extensions is not read",
        b'i' => "an opcode of protocols 2 to 5, not protocol 0's INST",
        b'o' => "an opcode of protocols 2 to 5, not protocol 1's OBJ",
        b'I' => "an opcode of protocols 2 to 5, not protocol 0's INT",
        b'L' => "an opcode of protocols 2 to 5, not protocol 0's LONG",
        b'F' => "an opcode of protocols 2 to 5, not protocol 0's FLOAT",
        b'S' => "an opcode of protocols 2 to 5, not protocol 0's STRING",
        b'T' => "an opcode of protocols 2 to 5, not Python 2's BINSTRING",
        b'U' => "an opcode of protocols 2 to 5, not Python 2's SHORT_BINSTRING",
        b'V' => "an opcode of protocols 2 to 5, not protocol 0's UNICODE",
        b'd' => "an opcode of protocols 2 to 5, not protocol 0's DICT",
        b'l' => "an opcode of protocols 2 to 5, not protocol 0's LIST",
        b'g' => "an opcode of protocols 2 to 5, not protocol 0's GET",
        b'p' => "an opcode of protocols 2 to 5, not protocol 0's PUT",
        _ => "an opcode of protocols 2 to 5",
    }
}
