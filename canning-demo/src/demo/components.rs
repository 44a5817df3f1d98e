//! Principal components, by Jacobi's method.

use ndarray::{Array1, Array2, Array3, ArrayView3, Axis};

/// The directions in which images differ most, as images, and their shares of the variance;
/// the strongest first.
///
/// The sign of a direction means nothing; its largest pixel is made positive, so that two
/// results can be compared.
pub(super) fn components(images: ArrayView3<'_, u8>, most: usize) -> (Array3<f64>, Array1<f64>) {
    let (height, width) = (images.len_of(Axis(1)), images.len_of(Axis(2)));
    let Eigen { values, vectors } = eigen(covariance(images));
    let mut pairs: Vec<_> = values.iter().zip(vectors.columns()).collect();
    pairs.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    pairs.truncate(most);

    let total = values.sum();
    let explained = pairs.iter().map(|(value, _)| *value / total).collect();
    let mut directions = Array3::zeros((pairs.len(), height, width));
    for (mut direction, (_, vector)) in directions.outer_iter_mut().zip(pairs) {
        let largest = vector.iter().max_by(|a, b| a.abs().total_cmp(&b.abs()));
        let sign = largest.map_or(1.0, |largest| largest.signum());
        for (pixel, part) in direction.iter_mut().zip(vector) {
            *pixel = sign * part;
        }
    }
    (directions, explained)
}

/// How each pixel varies with each other.
fn covariance(images: ArrayView3<'_, u8>) -> Array2<f64> {
    let (count, pixels) = (images.len_of(Axis(0)), images.len_of(Axis(1)) * images.len_of(Axis(2)));
    let mut rows = Array2::zeros((count, pixels));
    for (mut row, image) in rows.outer_iter_mut().zip(images.outer_iter()) {
        for (number, pixel) in row.iter_mut().zip(image) {
            *number = f64::from(*pixel);
        }
    }
    let mean = rows.sum_axis(Axis(0)) / count.max(1) as f64;
    rows -= &mean;
    rows.t().dot(&rows) / count.saturating_sub(1).max(1) as f64
}

/// Eigenvalues, and eigenvectors as columns, in no order.
struct Eigen {
    values: Array1<f64>,
    vectors: Array2<f64>,
}

/// Rotates one pair of axes after the other until nothing is left beside the diagonal of a
/// symmetric matrix.
fn eigen(mut matrix: Array2<f64>) -> Eigen {
    let size = matrix.nrows();
    let mut vectors = Array2::eye(size);
    let enough = 1e-24 * matrix.iter().map(|entry| entry * entry).sum::<f64>();
    for _sweep in 0..SWEEPS {
        let beside = matrix.indexed_iter().filter(|((row, column), _)| row != column);
        if beside.map(|(_, entry)| entry * entry).sum::<f64>() <= enough {
            break;
        }
        for second in 1..size {
            for first in 0..second {
                rotate(&mut matrix, &mut vectors, first, second);
            }
        }
    }
    Eigen { values: matrix.diag().to_owned(), vectors }
}

/// Turns the entry at `(first, second)` into zero.
fn rotate(matrix: &mut Array2<f64>, vectors: &mut Array2<f64>, first: usize, second: usize) {
    let beside = matrix[[first, second]];
    if beside == 0.0 {
        return;
    }
    let half = (matrix[[second, second]] - matrix[[first, first]]) / (2.0 * beside);
    let tangent = half.signum() / (half.abs() + half.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    let mix =
        |a: &mut f64, b: &mut f64| (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    for axis in [Axis(0), Axis(1)] {
        let (mut before, mut after) = matrix.view_mut().split_at(axis, second);
        let mut a = before.index_axis_mut(axis, first);
        let mut b = after.index_axis_mut(axis, 0);
        a.iter_mut().zip(&mut b).for_each(|(a, b)| mix(a, b));
    }
    let (mut before, mut after) = vectors.view_mut().split_at(Axis(1), second);
    let (mut a, mut b) = (before.column_mut(first), after.column_mut(0));
    a.iter_mut().zip(&mut b).for_each(|(a, b)| mix(a, b));
}

/// More than any matrix needs: the method converges quadratically.
const SWEEPS: usize = 50;

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn eigenvectors_are_orthonormal_and_only_stretched() {
        let matrix = array![[4.0, 1.0, -2.0], [1.0, 2.0, 0.0], [-2.0, 0.0, 3.0]];
        let Eigen { values, vectors } = eigen(matrix.clone());
        let near = |a: Array2<f64>, b: Array2<f64>| (a - b).iter().all(|gap| gap.abs() < 1e-12);
        assert!(near(vectors.t().dot(&vectors), Array2::eye(3)));
        assert!(near(matrix.dot(&vectors), &vectors * &values));
    }

    #[test]
    fn images_along_one_direction_have_one_component() {
        let images = Array3::from_shape_fn((5, 1, 2), |(image, _, pixel)| {
            u8::try_from(image * (2 - pixel)).unwrap()
        });
        let (directions, explained) = components(images.view(), 1);
        assert!((explained[0] - 1.0).abs() < 1e-12);
        assert!((directions[[0, 0, 0]] / directions[[0, 0, 1]] - 2.0).abs() < 1e-12);
    }
}
