//! The data set that is sent: a derived struct that nests, and borrows its arrays.

use std::collections::BTreeMap;

use canning_core::Canned;
use ndarray::{Array1, Array3, ArrayView1, ArrayView3, Ix1, Ix3, s};
use ndarray_npy::ReadNpyExt;

use super::{
    error::{Error, Result},
    origin::{Made, Origin},
};

/// The digits as they lie in memory, for views to borrow.
pub(super) struct Digits {
    images: Made<u8, Ix3>,
    labels: Made<u8, Ix1>,
}

/// Labelled images, and other views of the same memory.
#[derive(Canned)]
pub(super) struct Dataset<'a> {
    pub(super) name: &'a str,
    pub(super) source: Option<Source>,
    pub(super) scale: Scale,
    pub(super) class_names: BTreeMap<u8, String>,
    pub(super) images: ArrayView3<'a, u8>,
    pub(super) labels: ArrayView1<'a, u8>,
    pub(super) parts: Vec<Part<'a>>,
}

/// Where a data set comes from.
#[derive(Canned)]
pub(super) struct Source {
    pub(super) authors: Vec<String>,
    pub(super) year: u16,
    pub(super) licence: Option<String>,
}

/// What the numbers of an image mean.
#[derive(Canned)]
pub(super) enum Scale {
    /// Brightness as it is.
    Plain,
    /// Brightness in steps, from 0 to `most`.
    Steps { most: u8 },
}

/// A strided view of the images.
#[derive(Canned)]
pub(super) struct Part<'a> {
    pub(super) name: String,
    pub(super) images: ArrayView3<'a, u8>,
}

impl Digits {
    /// Reads the embedded files, and brings them where they are to be.
    ///
    /// # Errors
    ///
    /// When they are not what they should be.
    pub(super) fn read(origin: Origin) -> Result<Self> {
        let failed = |source| Error::Npy { path: "the embedded data".into(), source };
        let images = Array3::read_npy(IMAGES).map_err(failed)?;
        let labels = Array1::read_npy(LABELS).map_err(failed)?;
        Ok(Self { images: origin.bring(images)?, labels: origin.bring(labels)? })
    }

    /// Views of the digits; nothing of the images is copied.
    pub(super) fn dataset(&self) -> Dataset<'_> {
        let images = self.images.view();
        let part = |name: &str, images| Part { name: name.into(), images };
        Dataset {
            name: "Optical Recognition of Handwritten Digits",
            source: Some(Source {
                authors: vec!["E. Alpaydin".into(), "C. Kaynak".into()],
                year: 1998,
                licence: Some("CC BY 4.0".into()),
            }),
            scale: Scale::Steps { most: 16 },
            class_names: (0..).zip(NAMES.map(String::from)).collect(),
            images,
            labels: self.labels.view(),
            parts: vec![
                part("every second image", images.slice_move(s![..;2, .., ..])),
                part("mirrored", images.slice_move(s![.., .., ..;-1])),
                part("transposed", images.permuted_axes([0, 2, 1])),
                part("the left halves", images.slice_move(s![.., .., ..4])),
            ],
        }
    }
}

impl Scale {
    /// What to divide by so that the brightest is 1.
    pub(super) fn most(&self) -> f64 {
        match self {
            Self::Plain => 1.0,
            Self::Steps { most } => f64::from(*most),
        }
    }
}

const IMAGES: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/digits-images.npy"));

const LABELS: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/digits-labels.npy"));

const NAMES: [&str; 10] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
