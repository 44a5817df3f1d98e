//! A view of an array as lists of indices: a reference without strides.

use ndarray::{ArrayD, ArrayViewD, Axis, Dimension as _, IxDyn, ShapeBuilder, Slice};

use crate::input::Input;

/// What was done to a dense array, and what each of its axes then is.
#[derive(Debug)]
pub(crate) struct SlowArray {
    /// The shape of the dense array, and whether its first axis is the fastest.
    shape: Vec<usize>,
    is_fortran: bool,
    steps: Vec<Step>,
    axes: Vec<SlowAxis>,
    /// The index of each axis of the dense array that is not there any more.
    fixed: Vec<usize>,
}

/// An axis of the view.
#[derive(Clone, Debug)]
enum SlowAxis {
    /// The indices that it has of an axis of the dense array.
    Of { axis: usize, indices: Vec<usize> },
    /// So many times the same.
    Same(usize),
}

/// What is done to the view.
#[derive(Clone, Copy, Debug)]
enum Step {
    Slice { axis: usize, start: usize, end: usize, step: isize },
    Invert { axis: usize },
    Swap { one: usize, other: usize },
    Fix { axis: usize, index: usize },
    Broadcast { axis: usize, len: usize },
}

impl SlowArray {
    pub(crate) fn choose(input: &mut Input<'_>) -> Self {
        let shape: Vec<usize> = (0..input.below(5)).map(|_| len(input, 4)).collect();
        let of = |(axis, len): (_, &usize)| SlowAxis::Of { axis, indices: (0..*len).collect() };
        let axes = shape.iter().enumerate().map(of).collect();
        let fixed = vec![0; shape.len()];
        let is_fortran = input.bool();
        let mut slow = Self { shape, is_fortran, steps: Vec::new(), axes, fixed };
        while !input.is_empty() && slow.steps.len() < 8 {
            slow.step(input);
        }
        slow
    }

    fn step(&mut self, input: &mut Input<'_>) {
        let (kind, rank) = (input.below(6), self.axes.len());
        let (axis, len) = match self.axes.len() {
            0 => (0, 0),
            rank => {
                let axis = input.below(rank);
                (axis, self.len(axis))
            }
        };
        let step = match kind {
            0 | 1 if rank > 0 => {
                let start = input.below(len.max(1));
                let end = start + self::len(input, len - start);
                let step = input.one_of(&[1, 2, 3, -1, -2, -3]);
                Step::Slice { axis, start, end, step }
            }
            2 if rank > 0 => Step::Invert { axis },
            3 if rank > 0 => Step::Swap { one: axis, other: input.below(rank) },
            4 if len > 0 => Step::Fix { axis, index: input.below(len) },
            5 if rank < 7 && self.count() < 500 => {
                Step::Broadcast { axis: input.below(rank + 1), len: self::len(input, 4) }
            }
            _ => return,
        };
        self.steps.push(step);
        self.note(step);
    }

    fn len(&self, axis: usize) -> usize {
        match &self.axes[axis] {
            SlowAxis::Of { indices, .. } => indices.len(),
            SlowAxis::Same(len) => *len,
        }
    }

    fn count(&self) -> usize {
        (0..self.axes.len()).map(|axis| self.len(axis)).product()
    }

    fn note(&mut self, step: Step) {
        match step {
            Step::Swap { one, other } => self.axes.swap(one, other),
            Step::Broadcast { axis, len } => self.axes.insert(axis, SlowAxis::Same(len)),
            Step::Invert { axis } => {
                if let SlowAxis::Of { indices, .. } = &mut self.axes[axis] {
                    indices.reverse();
                }
            }
            Step::Fix { axis, index } => {
                if let SlowAxis::Of { axis, indices } = self.axes.remove(axis) {
                    self.fixed[axis] = indices[index];
                }
            }
            Step::Slice { axis, start, end, step } => {
                // As ndarray does: the range first, then its steps, from the end if they go back.
                let picked = |len: usize| -> Vec<usize> {
                    let mut range: Vec<usize> = (0..len).skip(start).take(end - start).collect();
                    if step < 0 {
                        range.reverse();
                    }
                    range.into_iter().step_by(step.unsigned_abs()).collect()
                };
                match &mut self.axes[axis] {
                    SlowAxis::Of { indices, .. } => {
                        *indices =
                            picked(indices.len()).into_iter().map(|at| indices[at]).collect();
                    }
                    SlowAxis::Same(len) => *len = picked(*len).len(),
                }
            }
        }
    }

    /// The dense array: each item is made of its number in C order.
    pub(crate) fn whole<T>(&self, item: impl Fn(usize) -> T) -> ArrayD<T> {
        let shape = IxDyn(&self.shape).set_f(self.is_fortran);
        ArrayD::from_shape_fn(shape, |index| item(self.number(index.slice())))
    }

    /// Does the same steps to the dense array, and has a look at the view.
    pub(crate) fn look<T>(&self, whole: &ArrayD<T>, then: &mut dyn FnMut(&ArrayViewD<'_, T>)) {
        look(whole.view(), &self.steps, then);
    }

    /// The items at all indices, the last axis the fastest.
    pub(crate) fn items<T>(&self, item: impl Fn(usize) -> T) -> Vec<T> {
        let shape: Vec<usize> = (0..self.axes.len()).map(|axis| self.len(axis)).collect();
        let of_view = |index: Vec<usize>| {
            let mut of_whole = self.fixed.clone();
            for (axis, index) in self.axes.iter().zip(index) {
                if let SlowAxis::Of { axis, indices } = axis {
                    of_whole[*axis] = indices[index];
                }
            }
            item(self.number(&of_whole))
        };
        indices(&shape).map(of_view).collect()
    }

    /// How many items of the dense array the view sees, if it sees any.
    pub(crate) fn distinct(&self) -> Option<usize> {
        let of_whole = self.axes.iter().map(|axis| match axis {
            SlowAxis::Of { indices, .. } => indices.len(),
            SlowAxis::Same(_) => 1,
        });
        (self.count() > 0).then(|| of_whole.product())
    }

    fn number(&self, index: &[usize]) -> usize {
        index.iter().zip(&self.shape).fold(0, |number, (index, len)| number * len + index)
    }
}

/// A length up to the most, which is seldom none: of an empty array there is little to be checked.
fn len(input: &mut Input<'_>, most: usize) -> usize {
    match usize::from(input.byte()) {
        byte if byte.is_multiple_of(32) || most == 0 => 0,
        byte => 1 + byte % most,
    }
}

/// All indices of a shape, the last axis the fastest.
pub(crate) fn indices(shape: &[usize]) -> impl Iterator<Item = Vec<usize>> + use<> {
    let shape = shape.to_vec();
    let count: usize = shape.iter().product();
    (0..count).map(move |mut number| {
        let mut index: Vec<usize> = shape
            .iter()
            .rev()
            .map(|len| {
                let digit = number % len;
                number /= len;
                digit
            })
            .collect();
        index.reverse();
        index
    })
}

fn look<T>(mut view: ArrayViewD<'_, T>, steps: &[Step], then: &mut dyn FnMut(&ArrayViewD<'_, T>)) {
    let Some((step, rest)) = steps.split_first() else { return then(&view) };
    match *step {
        Step::Slice { axis, start, end, step } => {
            let (start, end) = (start as isize, end as isize);
            view.slice_axis_inplace(Axis(axis), Slice::new(start, Some(end), step));
        }
        Step::Invert { axis } => view.invert_axis(Axis(axis)),
        Step::Swap { one, other } => view.swap_axes(one, other),
        Step::Fix { axis, index } => view = view.index_axis_move(Axis(axis), index),
        Step::Broadcast { axis, len } => {
            let view = view.insert_axis(Axis(axis));
            let mut shape = view.shape().to_vec();
            shape[axis] = len;
            let view = view.broadcast(IxDyn(&shape)).expect("an axis of one becomes any");
            return look(view, rest, then);
        }
    }
    look(view, rest, then);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_count() {
        assert_eq!(indices(&[2, 2]).collect::<Vec<_>>(), [[0, 0], [0, 1], [1, 0], [1, 1]]);
        assert_eq!(indices(&[]).count(), 1);
        assert_eq!(indices(&[3, 0]).count(), 0);
    }
}
