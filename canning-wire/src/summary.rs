//! What a header announces, without a look at the value.

use std::fmt;

use canning_core::{Buffer, Dtype, ErrorKind, RecordName, Result, buffer::room};

use crate::header::{Front, Tables};

/// What the header of an object announces: names, dtypes, and the lengths of buffers. From
/// [`Object::summary`](crate::Object::summary).
///
/// Displays as a table. Names that a peer chose are escaped in it, and long ones cut:
///
/// ```
/// use canning_core::Canned;
///
/// #[derive(Canned)]
/// struct Frame {
///     step: u64,
///     box_size: [f32; 3],
///     positions: Vec<[f64; 3]>,
/// }
///
/// let frame = Frame { step: 7, box_size: [1.0; 3], positions: vec![[0.5; 3]; 2048] };
/// let summary = canning_wire::can(&frame)?.summary()?;
/// assert_eq!(
///     summary.to_string(),
///     "header  140 bytes, 12 of them items of small arrays\n\
///      record  Frame { step, box_size, positions }\n\
///      dtype   <f4\n\
///      dtype   <f8\n\
///      buffer  49152 bytes of <f8\n"
/// );
/// # Ok::<(), canning_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    header_len: u64,
    inline_len: u64,
    records: Vec<RecordName>,
    dtypes: Vec<Dtype>,
    buffers: Vec<BufferSummary>,
}

/// What the header of an object announces of a buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BufferSummary {
    /// The dtype of its items; text is `|u1`.
    pub dtype: Dtype,
    /// Its length in bytes.
    pub len: u64,
}

impl Summary {
    pub(crate) fn of(header: &Buffer<'_>, front: &Front) -> Result<Self> {
        let first = front.first_of(header)?.get(front.tables.clone()).unwrap_or_default();
        let Tables { dtypes, names } = front.parse_tables(header)?;
        let mut summary = Self {
            header_len: header.len() as u64,
            inline_len: front.tail.len() as u64,
            records: Vec::new(),
            dtypes: Vec::new(),
            buffers: Vec::new(),
        };
        for name in names {
            room::push(&mut summary.records, name.name(first)?.to_owned()?)?;
        }
        for received in dtypes {
            room::push(&mut summary.dtypes, received.dtype)?;
        }
        room::reserve_exact(&mut summary.buffers, front.buffers.len())?;
        for entry in &front.buffers {
            let number = usize::try_from(entry.dtype).ok();
            let dtype = number.and_then(|number| summary.dtypes.get(number));
            let offset = front.tables.start;
            let unknown = || ErrorKind::Malformed { expected: "a dtype of the table", offset };
            let dtype = dtype.ok_or_else(unknown)?.clone();
            summary.buffers.push(BufferSummary { dtype, len: entry.len });
        }
        Ok(summary)
    }

    /// The length of the header in bytes.
    pub fn header_len(&self) -> u64 {
        self.header_len
    }

    /// Bytes of the header that are items of small arrays, with the gaps between them.
    pub fn inline_len(&self) -> u64 {
        self.inline_len
    }

    /// The names of the structs and variants that occur, each once, with those of their fields;
    /// of a header that this crate wrote in the order in which the value has them, the outermost
    /// first. Whether the value is such a struct, or a list or tuple of some, they do not say.
    pub fn records(&self) -> &[RecordName] {
        &self.records
    }

    /// The dtypes of all arrays, small ones too, each once.
    pub fn dtypes(&self) -> &[Dtype] {
        &self.dtypes
    }

    /// The buffers, in their order.
    pub fn buffers(&self) -> &[BufferSummary] {
        &self.buffers
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "header  {} bytes", self.header_len)?;
        match self.inline_len {
            0 => writeln!(f)?,
            len => writeln!(f, ", {len} of them items of small arrays")?,
        }
        write_rows(f, "record", self.records.iter())?;
        write_rows(f, "dtype ", self.dtypes.iter().map(Dtype::shortened))?;
        write_rows(f, "buffer", self.buffers.iter())
    }
}

/// As `16384 bytes of <f8`.
impl fmt::Display for BufferSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of {}", self.len, self.dtype.shortened())
    }
}

fn write_rows<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    kind: &str,
    mut rows: impl ExactSizeIterator<Item = T>,
) -> fmt::Result {
    rows.by_ref().take(MOST_ROWS).try_for_each(|row| writeln!(f, "{kind}  {row}"))?;
    match rows.len() {
        0 => Ok(()),
        more => writeln!(f, "{kind}  … {more} more"),
    }
}

/// Rows of one kind that are displayed.
const MOST_ROWS: usize = 32;
