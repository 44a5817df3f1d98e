//! Where bytes are, in a way that two processes can compare.

use std::{fmt, fs};

use canning_core::Canned;

/// A byte of a file, or of memory that is mapped as one is, which processes may share. An address
/// means nothing to another process; this does.
#[derive(Canned, Clone, Debug, PartialEq)]
pub(super) struct Place {
    /// Of the file system, and of the file in it, as the system prints them.
    file: String,
    offset: u64,
}

impl Place {
    /// What is mapped at an address; `None` where that is memory of this process alone, or the
    /// system has no `/proc`.
    pub(super) fn of<T>(address: *const T) -> Option<Self> {
        Self::find(&fs::read_to_string("/proc/self/maps").ok()?, address.addr() as u64)
    }

    /// Looks in lines such as `7f0000-7f2000 r--s 00001000 00:01 1035  /memfd:name (deleted)`.
    fn find(maps: &str, address: u64) -> Option<Self> {
        maps.lines().find_map(|line| {
            let mut words = line.split_whitespace();
            let (start, end) = words.next()?.split_once('-')?;
            let (start, end) = (hex(start)?, hex(end)?);
            let (offset, device, inode) = (hex(words.nth(1)?)?, words.next()?, words.next()?);
            let file = format!("{device} {inode}");
            let is_here = (start..end).contains(&address) && inode != "0";
            is_here.then(|| Self { file, offset: offset + (address - start) })
        })
    }
}

/// As part of a sentence.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "from byte {} of file {} on", self.offset, self.file)
    }
}

fn hex(digits: &str) -> Option<u64> {
    u64::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_byte_of_the_file_is_found() {
        let maps = "7000-9000 rw-p 00000000 00:00 0 \n\
                    a000-c000 r--s 00001000 00:01 1035   /memfd:name (deleted)\n";
        let place = |address| Place::find(maps, address);
        let expected = Place { file: "00:01 1035".into(), offset: 0x2008 };
        assert_eq!(place(0xb008), Some(expected));
        for address in [0, 0x7000, 0x9000, 0xc000] {
            assert_eq!(place(address), None, "{address:x}");
        }
    }
}
