//! What the worker finds out about a data set, and the parent checks.

use std::collections::BTreeMap;

use canning_core::Canned;
use ndarray::{Array, Array1, Array2, Array3, ArrayView3, Axis, Dimension, Zip};

use super::{
    components::components,
    dataset::Dataset,
    error::{Error, Result},
};

/// What there is to know about a data set.
#[derive(Canned, Debug)]
pub(super) struct Findings {
    pub(super) classes: BTreeMap<u8, Class>,
    /// The mean image of each part.
    parts: Vec<Array2<f64>>,
    /// The directions in which the images differ most, as images.
    components: Array3<f64>,
    /// Their shares of the variance.
    pub(super) explained: Array1<f64>,
}

/// The images with the same label.
#[derive(Canned, Debug)]
pub(super) struct Class {
    pub(super) name: Option<String>,
    pub(super) count: usize,
    /// Brightness from 0 to 1.
    pub(super) mean: Array2<f64>,
}

impl Findings {
    /// Studies a data set.
    ///
    /// # Errors
    ///
    /// [`Error::Labels`].
    pub(super) fn of(dataset: &Dataset<'_>) -> Result<Self> {
        let most = dataset.scale.most();
        let parts = dataset.parts.iter();
        let (components, explained) = components(dataset.images, COMPONENTS);
        Ok(Self {
            classes: classes(dataset)?,
            parts: parts.map(|part| mean(part.images) / most).collect(),
            components,
            explained,
        })
    }

    /// Compares with what was found in the same data elsewhere.
    ///
    /// # Errors
    ///
    /// [`Error::Differs`] names the first difference.
    pub(super) fn check(&self, other: &Self) -> Result<()> {
        let agree = |what: &str, agree: bool| match agree {
            true => Ok(()),
            false => Err(Error::Differs(what.into())),
        };
        agree("classes", self.classes.keys().eq(other.classes.keys()))?;
        for ((label, class), other) in self.classes.iter().zip(other.classes.values()) {
            agree(&format!("class {label}"), class.agrees(other))?;
        }
        let mut parts = self.parts.iter().zip(&other.parts);
        let same = self.parts.len() == other.parts.len() && parts.all(|(a, b)| close(a, b));
        agree("the mean images of the strided views", same)?;
        agree("the explained variance", close(&self.explained, &other.explained))?;
        agree("the principal components", close(&self.components, &other.components))
    }
}

impl Class {
    fn agrees(&self, other: &Self) -> bool {
        (&self.name, self.count) == (&other.name, other.count) && close(&self.mean, &other.mean)
    }
}

fn classes(dataset: &Dataset<'_>) -> Result<BTreeMap<u8, Class>> {
    let (images, labels) = (dataset.images.len_of(Axis(0)), dataset.labels.len());
    if images != labels {
        return Err(Error::Labels { images, labels });
    }
    let empty = Array2::zeros((dataset.images.len_of(Axis(1)), dataset.images.len_of(Axis(2))));
    let mut classes = BTreeMap::new();
    for (image, label) in dataset.images.outer_iter().zip(&dataset.labels) {
        let class = classes.entry(*label).or_insert_with(|| Class {
            name: dataset.class_names.get(label).cloned(),
            count: 0,
            mean: empty.clone(),
        });
        class.count += 1;
        Zip::from(&mut class.mean).and(image).for_each(|sum, pixel| *sum += f64::from(*pixel));
    }
    let most = dataset.scale.most();
    for class in classes.values_mut() {
        class.mean /= most * class.count as f64;
    }
    Ok(classes)
}

/// The mean of all images; black if there are none.
fn mean(images: ArrayView3<'_, u8>) -> Array2<f64> {
    let mut sum = Array2::zeros((images.len_of(Axis(1)), images.len_of(Axis(2))));
    for image in images.outer_iter() {
        Zip::from(&mut sum).and(image).for_each(|sum, pixel| *sum += f64::from(*pixel));
    }
    sum / images.len_of(Axis(0)).max(1) as f64
}

/// Whether arrays are equal but for what the order of additions may change.
fn close<D: Dimension>(a: &Array<f64, D>, b: &Array<f64, D>) -> bool {
    a.shape() == b.shape() && Zip::from(a).and(b).all(|a, b| (a - b).abs() <= 1e-9)
}

/// How many principal components are looked for.
const COMPONENTS: usize = 8;

#[cfg(test)]
mod tests {
    use super::{
        super::{dataset::Digits, origin::Origin},
        *,
    };

    #[test]
    fn digits_are_what_is_known_of_them() {
        let digits = Digits::read(Origin::Heap).unwrap();
        let findings = Findings::of(&digits.dataset()).unwrap();
        let counts: Vec<usize> = findings.classes.values().map(|class| class.count).collect();
        assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
        // As scikit-learn's PCA gives them.
        let known = [0.148_905_94, 0.136_187_71, 0.117_945_94, 0.084_099_79];
        for (found, known) in findings.explained.iter().zip(known) {
            assert!((found - known).abs() < 1e-8, "{found}, not {known}");
        }
    }

    #[test]
    fn strided_views_have_the_means_of_the_whole() {
        let digits = Digits::read(Origin::Heap).unwrap();
        let findings = Findings::of(&digits.dataset()).unwrap();
        let whole = mean(digits.dataset().images) / 16.0;
        assert!(close(&findings.parts[1], &whole.slice(ndarray::s![.., ..;-1]).to_owned()));
        assert!(close(&findings.parts[2], &whole.t().to_owned()));
        assert!(close(&findings.parts[3], &whole.slice(ndarray::s![.., ..4]).to_owned()));
    }

    #[test]
    fn a_difference_is_named() {
        let digits = Digits::read(Origin::Heap).unwrap();
        let own = Findings::of(&digits.dataset()).unwrap();
        let mut other = Findings::of(&digits.dataset()).unwrap();
        own.check(&other).unwrap();
        other.classes.get_mut(&3).unwrap().mean[[2, 2]] += 0.5;
        let differs = own.check(&other).unwrap_err().to_string();
        assert_eq!(differs, "the worker computed something else than this process: class 3");
    }
}
