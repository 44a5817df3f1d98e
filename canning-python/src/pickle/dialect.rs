//! Telling the dialects apart.

use canning_core::Result;

use super::machine::{Pickle, run};
use crate::{
    Limits,
    ipyparallel::canned,
    object::{
        Dialect,
        graph::{Graph, Source, Sources},
    },
};

impl Dialect {
    /// Tells a header's dialect by looking: one with `NEXT_BUFFER` is a pickle's of PEP 574, one
    /// with a canned object of ipyparallel's is that, and any other is both.
    ///
    /// For tools that are not told. It reads the header, which costs as much as restoring an
    /// object from it. Whoever knows who sent it should not ask: a pickle of the first kind may
    /// hold canned objects that nobody asked to be uncanned.
    ///
    /// # Errors
    ///
    /// When the header is no pickle, or exceeds the default [`Limits`].
    ///
    /// # Examples
    ///
    /// ```
    /// use canning_python::Dialect;
    ///
    /// let numbers = vec![1.0_f64; 2048];
    /// let blobs = canning_python::ipyparallel::can(&numbers)?.into_blobs();
    /// let header = blobs[0].as_slice().unwrap_or_default();
    /// assert_eq!(Dialect::of_header(header)?, Dialect::Ipyparallel);
    /// assert_eq!(Dialect::of_header(b"\x80\x05\x97.")?, Dialect::Pickle);
    /// # Ok::<(), canning_core::Error>(())
    /// ```
    pub fn of_header(header: &[u8]) -> Result<Self> {
        let mut graph = Graph::for_bytes(header.len());
        let pickle =
            Pickle { bytes: header, source: Source::Header, start: 0, buffers: usize::MAX };
        let (_, buffers) = run(&mut graph, pickle, &Limits::default())?;
        let sources = Sources { header, buffers: &[] };
        if buffers == 0 && canned::is_any(&graph, sources) {
            Ok(Self::Ipyparallel)
        } else {
            Ok(Self::Pickle)
        }
    }
}
