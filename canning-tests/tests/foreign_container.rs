//! An adapter for a container of another crate, written as anyone would: without touching core.
//!
//! `grid::Grid` lies in rows or in columns, as it was made.

#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::marker::PhantomData;

use canning_core::{
    Can, Canned, CannedObject, Copied, ErrorKind, Result, SharedBytes, Uncan, UncanOwned, Value,
    array::{can_run, uncan_array},
    buffer::{ArrayLayout, Axis, OwnedArray, Run},
    visitor::{Canner, Uncanner},
};
use canning_ndarray as _;
use canning_wire::{CanOptions, Object};
use grid::{Grid, Order, grid};
use ndarray::{Array1, Array2, ArrayView2, array};

/// The marker of grids, whose items have the marker `V`.
struct Gridded<V>(PhantomData<V>);

impl<T: Can<V>, V> Can<Gridded<V>> for Grid<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        let axes = match self.order() {
            Order::RowMajor => None,
            Order::ColumnMajor => Some(COLUMNS),
        };
        let layout =
            ArrayLayout::new(&[self.rows(), self.cols()], axes.as_ref().map(|axes| &axes[..]))?;
        can_run(Run::of_layout(self.flatten(), &layout)?, canner)
    }
}

/// Takes the memory over. Rows or columns that are reversed are put in order, and counted.
impl<'b, T: Uncan<'b, V>, V> Uncan<'b, Gridded<V>> for Grid<T> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let OwnedArray { layout, items } = uncan_array(uncanner)?;
        let &[_, columns] = layout.shape() else {
            return Err(ErrorKind::Rank { expected: 2, found: layout.shape().len() }.into());
        };
        let order = match layout.axes() {
            None => Order::RowMajor,
            Some(axes) if axes == COLUMNS => Order::ColumnMajor,
            Some(_) => {
                let bytes = size_of_val(items.as_slice()) as u64;
                uncanner.count_copy(Copied { in_band: 0, out_of_band: bytes });
                let mut items: Vec<_> = items.into_iter().map(Some).collect();
                let taken =
                    layout.positions().filter_map(|position| items.get_mut(position)?.take());
                return Ok(Self::from_vec(taken.collect(), columns));
            }
        };
        Ok(Self::from_vec_with_order(items, columns, order))
    }
}

const COLUMNS: [Axis; 2] = [Axis { index: 1, reversed: false }, Axis { index: 0, reversed: false }];

fn out_of_band<T: Can<V>, V>(value: &T) -> Object<'_> {
    CanOptions::new().inline_threshold(0).can(value).unwrap()
}

/// What a receiver holds who reads each buffer into an allocation of its own.
fn receive(sent: &Object<'_>, align: usize) -> Object<'static> {
    let landed = |buffer: &canning_core::Buffer<'_>, align| {
        SharedBytes::from_allocation(buffer.to_allocation(align).unwrap()).into()
    };
    let buffers = sent.buffers().iter().map(|buffer| landed(buffer, align));
    Object::restore(landed(sent.header(), 64), buffers.collect()).unwrap()
}

fn there_and_back<T: Can<V> + UncanOwned<V>, V>(value: &T) -> T {
    receive(&out_of_band(value), 8).get_object().unwrap()
}

#[test]
fn rows_and_columns_go_and_come_without_a_copy() {
    for order in [Order::RowMajor, Order::ColumnMajor] {
        let grid = Grid::from_vec_with_order((0..6_i64).collect(), 3, order);
        let sent = out_of_band(&grid);
        let [buffer] = sent.buffers() else { panic!("one array") };
        assert_eq!(buffer.as_slice().unwrap().as_ptr(), grid.flatten().as_ptr().cast());

        let mut received = receive(&sent, 8);
        let arrived = received.buffers()[0].as_slice().unwrap().as_ptr();
        let back: Grid<i64> = received.take().unwrap();
        assert_eq!((&back, back.order()), (&grid, order));
        assert_eq!(back.flatten().as_ptr().cast(), arrived);
        assert_eq!(received.copied(), Copied::default());
    }
}

#[test]
fn grid_and_ndarray_are_the_same_on_the_wire() {
    let mut grid = grid![[1_i32, 2, 3][4, 5, 6]];
    grid.transpose();
    assert_eq!(grid.order(), Order::ColumnMajor);
    let received = receive(&out_of_band(&grid), 4);
    let view: ArrayView2<'_, i32> = received.get().unwrap();
    assert_eq!((view, view.strides()), (array![[1, 4], [2, 5], [3, 6]].view(), &[1, 3][..]));

    let reversed = array![[1_i32, 2, 3], [4, 5, 6]];
    let reversed = reversed.slice(ndarray::s![..;-1, ..]);
    let mut received = receive(&out_of_band(&reversed), 4);
    let back: Grid<i32> = received.take().unwrap();
    assert_eq!(back, grid![[4, 5, 6][1, 2, 3]]);
    assert_eq!(received.copied().out_of_band, 24);
}

#[test]
fn other_items_come_back_in_their_places() {
    let mut words = grid![["a", "b"]["c", "d"]].map(str::to_owned);
    words.transpose();
    assert_eq!(there_and_back(&words), words);
    let empty = Grid::<String>::new(0, 0);
    assert_eq!(there_and_back(&empty), empty);
    let nested = grid![[Some(grid![[1_u8]]), None]];
    assert_eq!(there_and_back(&nested), nested);
}

#[test]
fn nesting_and_generics_infer_the_marker() {
    fn grids_of<T: Clone + Can<V> + UncanOwned<V>, V>(item: T) -> Vec<Option<(u8, Box<Grid<T>>)>> {
        let grid = Grid::init(2, 2, item);
        there_and_back(&vec![None, Some((7, Box::new(grid)))])
    }
    let [None, Some((7, grid))] = &grids_of(0.5_f32)[..] else { panic!("another value") };
    assert_eq!(**grid, Grid::init(2, 2, 0.5));
    let [None, Some((7, grid))] = &grids_of(array![1, 2])[..] else { panic!("another value") };
    assert_eq!(grid[(1, 1)], array![1, 2]);
}

#[derive(Canned, Clone, Debug, PartialEq)]
struct Level<T> {
    name: String,
    tiles: Grid<u16>,
    heights: Array2<f32>,
    layers: Vec<Grid<Array1<T>>>,
    spawn: Option<(Grid<bool>, T)>,
}

#[test]
fn derived_struct_holds_containers_of_several_crates() {
    let level = Level {
        name: "first".to_owned(),
        tiles: Grid::init_with_order(3, 2, Order::ColumnMajor, 7),
        heights: Array2::from_elem((2, 3), 0.5),
        layers: vec![grid![[array![1_i64, 2]][array![]]]],
        spawn: Some((grid![[true, false]], 9)),
    };
    let sent = out_of_band(&level);
    let addresses = sent.buffers().iter().map(|buffer| buffer.as_slice().unwrap().as_ptr());
    let addresses: Vec<_> = addresses.collect();
    let expected =
        [level.name.as_ptr(), level.tiles.flatten().as_ptr().cast(), level.heights.as_ptr().cast()];
    assert_eq!(addresses[..3], expected);
    assert_eq!(there_and_back(&level), level);

    let value = Value::of(&level).unwrap();
    assert_eq!(value.read::<Level<i64>, _>().unwrap(), level);
    let refused = value.read::<Level<i32>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "layers[0][0]: expected <i4, found <i8");
}

#[test]
fn another_rank_is_named_with_its_path() {
    let value = (1, array![1, 2]);
    let sent = out_of_band(&value);
    let refused = sent.get::<(i32, Grid<i32>), _>().unwrap_err();
    assert_eq!(refused.to_string(), "[1]: expected 2 axes, found 1");
}
