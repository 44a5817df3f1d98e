//! All groups, one after the other.

use crate::{
    harness::Bench,
    subjects::{
        can, decode, derived, encode, exchange, file, integrity, python, small, strided, uncan, zmq,
    },
};

/// Cases that are measured in turns. Their data is built when their turn has come.
pub(crate) struct Group {
    pub(crate) id: String,
    measure: Measure,
}

/// Is given the group's id.
type Measure = Box<dyn FnOnce(&mut Bench, &str)>;

impl Group {
    pub(super) fn new(
        id: impl Into<String>,
        measure: impl FnOnce(&mut Bench, &str) + 'static,
    ) -> Self {
        Self { id: id.into(), measure: Box::new(measure) }
    }

    /// Builds the data and measures the cases.
    pub(crate) fn measure(self, bench: &mut Bench) {
        (self.measure)(bench, &self.id);
    }
}

/// All groups; for a brief run, without those that take long to build.
pub(crate) fn groups(is_quick: bool) -> Vec<Group> {
    let subjects = [
        can::groups(is_quick),
        uncan::groups(is_quick),
        encode::groups(),
        decode::groups(),
        exchange::groups(),
        integrity::groups(),
        small::groups(),
        derived::groups(),
        strided::groups(),
        file::groups(is_quick),
        #[cfg(target_os = "linux")]
        crate::subjects::shm::groups(is_quick),
        zmq::groups(),
        python::groups(),
    ];
    subjects.into_iter().flatten().collect()
}
