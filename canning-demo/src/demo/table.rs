//! The table of what was sent, and what that took.

use std::{fmt, time::Duration};

use comfy_table::{CellAlignment, Table as Lines, presets};

use super::{memory::CopyTimes, process::Transfer, transport::Transport};

/// Rows, in the order in which the objects were sent.
pub(super) struct Table {
    transport: Transport,
    rows: Vec<Row>,
}

/// One object, sent several times.
pub(super) struct Row {
    pub(super) name: String,
    /// The first round, but with the median of the others' times.
    pub(super) transfer: Transfer,
    /// The time of the first round.
    pub(super) first: Duration,
    /// A copy of as many bytes as went out of band.
    pub(super) copy: CopyTimes,
}

impl Table {
    /// A table of what goes by a transport.
    pub(super) fn new(transport: Transport) -> Self {
        Self { transport, rows: Vec::new() }
    }

    /// Appends a row.
    pub(super) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }
}

/// Pure ASCII, at most 100 columns wide.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Lines::new();
        lines.load_style(presets::ASCII_BORDERS_ONLY_CONDENSED);
        lines.set_header(HEADER);
        lines.add_rows(self.rows.iter().map(Row::cells));
        for (at, column) in lines.column_iter_mut().enumerate() {
            // Little room, so that all fits; the frame needs some on its right, too.
            column.set_padding((1, u16::from(at == LAST)));
            if at > 0 {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        writeln!(f, "{lines}\ncopied here:   {}", self.transport.copied_here())?;
        f.write_str(NOTES)
    }
}

impl Row {
    fn cells(&self) -> [String; 10] {
        let sent = &self.transfer;
        let receipt = sent.receipt;
        let seconds = sent.time.as_secs_f64();
        // Where nothing went out of band, there is no rate.
        let rate = |rate: f64, digits| match sent.out_of_band {
            0 => "-".into(),
            _ => format!("{rate:.digits$}"),
        };
        [
            shortened(&self.name),
            grouped(sent.header),
            grouped(sent.buffers as u64),
            grouped(sent.out_of_band as u64),
            grouped(sent.header + sent.copied),
            grouped(receipt.in_band + receipt.out_of_band),
            millis(self.first),
            millis(sent.time),
            rate(sent.out_of_band as f64 / seconds / 1e9, 2),
            rate(seconds / self.copy.warm.as_secs_f64(), 1),
        ]
    }
}

/// The median; of an even number the upper one.
///
/// # Panics
///
/// When there is none.
pub(super) fn median(times: impl IntoIterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.into_iter().collect();
    times.sort();
    let middle = times.get(times.len() / 2);
    *middle.expect("a median of at least one time")
}

/// A time, in milliseconds.
pub(super) fn millis(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64() * 1e3)
}

/// A number with its digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The end of a name, where files differ.
fn shortened(name: &str) -> String {
    let Some(cut) = name.chars().count().checked_sub(NAME + 1) else {
        return name.to_owned();
    };
    let end: String = name.chars().skip(cut + 3).collect();
    format!("..{end}")
}

/// Characters of a name.
const NAME: usize = 22;

/// The last column.
const LAST: usize = 9;

const HEADER: [&str; 10] = [
    "\nobject",
    "header\nbytes",
    "buf-\nfers",
    "bytes out\nof band",
    "copied\nhere",
    "copied\nthere",
    "first\nms",
    "median\nms",
    "\nGB/s",
    "times\nmemcpy",
];

const NOTES: &str = "\
copied there:  bytes that the worker copied to put the value together
first, median: from can() to the worker's word that it holds the value, in the first round, and
               the median of the others; the very first waits for the worker's start
times memcpy:  the median, compared with a plain copy of the bytes out of band within this
               process into warm memory
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_easy_to_read() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(268_435_456), "268,435,456");
        assert_eq!(shortened("a.npy"), "a.npy");
        assert_eq!(shortened("0123456789012345678901"), "0123456789012345678901");
        assert_eq!(shortened("01234567890123456789-1.npy"), "..67890123456789-1.npy");
        let times = [3, 1, 2].map(Duration::from_millis);
        assert_eq!(millis(median(times)), "2.000");
    }
}
