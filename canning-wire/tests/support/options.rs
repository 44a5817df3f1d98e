//! What frames do for their bytes: all that this build can.

use canning_wire::FrameOptions;

/// Nothing, checksums, compression, and both.
pub fn all() -> Vec<FrameOptions> {
    #[cfg_attr(
        not(any(feature = "integrity", feature = "compression")),
        expect(unused_mut, reason = "there is nothing to add")
    )]
    let mut all = vec![FrameOptions::new()];
    #[cfg(feature = "integrity")]
    all.push(FrameOptions::new().with_integrity());
    #[cfg(feature = "compression")]
    all.extend(all.clone().into_iter().map(FrameOptions::with_compression));
    all
}
