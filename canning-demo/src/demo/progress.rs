//! How far a long transfer is, on standard error.

use std::{
    env,
    io::{self, IoSlice, IsTerminal, Write},
};

use indicatif::{ProgressBar, ProgressStyle};

/// How far a transfer is.
pub(super) enum Progress {
    Hidden,
    /// On a terminal.
    Bar(ProgressBar),
    /// Elsewhere: a line for each quarter.
    Lines {
        what: String,
        len: u64,
        done: u64,
        quarters: u64,
    },
}

impl Progress {
    /// Begins a transfer of so many bytes.
    pub(super) fn new(what: &str, len: u64) -> Self {
        let what = format!("sending {what}");
        if !io::stderr().is_terminal() || env::var_os("CI").is_some() {
            return Self::Lines { what, len, done: 0, quarters: 0 };
        }
        let bar = ProgressBar::new(len).with_message(what);
        let style = ProgressStyle::with_template(
            "{msg} [{bar:30}] {bytes} of {total_bytes}, {bytes_per_sec}",
        );
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("=> "));
        }
        Self::Bar(bar)
    }

    /// So many bytes more are done.
    fn advance(&mut self, bytes: usize) {
        let before = match self {
            Self::Hidden => 0,
            Self::Bar(bar) => bar.position(),
            Self::Lines { done, .. } => *done,
        };
        self.reach(before + bytes as u64);
    }

    /// So many bytes are done in all.
    pub(super) fn reach(&mut self, bytes: u64) {
        match self {
            Self::Hidden => {}
            Self::Bar(bar) => bar.set_position(bytes),
            Self::Lines { what, len, done, quarters } => {
                *done = bytes;
                let now = (4 * *done / (*len).max(1)).min(4);
                if now > *quarters {
                    *quarters = now;
                    eprintln!("{what}: {} %", 25 * now);
                }
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

/// A writer that tells how far it is.
///
/// A blocking socket takes all it is given before it returns; so it is given little at once.
pub(super) struct Watched<'p, W> {
    inner: W,
    progress: &'p mut Progress,
}

impl<'p, W> Watched<'p, W> {
    pub(super) fn new(inner: W, progress: &'p mut Progress) -> Self {
        Self { inner, progress }
    }
}

impl<W: Write> Write for Watched<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut room = AT_ONCE;
        let mut few = Vec::with_capacity(slices.len());
        for slice in slices {
            let len = slice.len().min(room);
            few.extend(slice.get(..len).map(IoSlice::new));
            room -= len;
            if room == 0 {
                break;
            }
        }
        let written = self.inner.write_vectored(&few)?;
        self.progress.advance(written);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Bytes of one write.
const AT_ONCE: usize = 4 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_written_a_little_at_once() {
        let bytes: Vec<u8> = (0..=255).cycle().take(3 * AT_ONCE + 5).collect();
        let (mut out, mut progress) = (Vec::new(), Progress::Hidden);
        let mut writer = Watched::new(&mut out, &mut progress);
        let slices = [IoSlice::new(&[]), IoSlice::new(&bytes[..7]), IoSlice::new(&bytes[7..])];
        assert_eq!(writer.write_vectored(&slices).unwrap(), AT_ONCE);
        writer.write_all(&bytes[AT_ONCE..]).unwrap();
        assert_eq!(out, bytes);
    }
}
