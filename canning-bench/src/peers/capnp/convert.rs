//! Between the benchmarks' values and those that Cap'n Proto's schema describes. Arrays of
//! numbers are copied as a whole.

use ::capnp::any_pointer;

use crate::{
    peers::capnp::values_capnp::{frame, small, smalls},
    values::{Frame, Small, Views},
};

/// A value that is a message's root.
pub(super) trait Convert {
    fn put(&self, root: any_pointer::Builder<'_>);

    fn take(root: any_pointer::Reader<'_>) -> Self;
}

impl Convert for Frame {
    fn put(&self, root: any_pointer::Builder<'_>) {
        let mut to: frame::Builder<'_> = root.init_as();
        to.set_step(self.step);
        to.set_name(&self.name);
        let count = length(&self.pos);
        to.reborrow().init_pos(count).as_slice().unwrap().copy_from_slice(&self.pos);
        to.reborrow().init_vel(count).as_slice().unwrap().copy_from_slice(&self.vel);
        to.reborrow().init_ids(count).as_slice().unwrap().copy_from_slice(&self.ids);
    }

    fn take(root: any_pointer::Reader<'_>) -> Self {
        let from: frame::Reader<'_> = root.get_as().unwrap();
        look_at(from, |views| Self {
            step: from.get_step(),
            name: text(from.get_name()),
            pos: views.pos.to_vec(),
            vel: views.vel.to_vec(),
            ids: views.ids.to_vec(),
        })
    }
}

/// Looks at the arrays as they lie in a message.
pub(super) fn look_at<R>(from: frame::Reader<'_>, look: impl FnOnce(Views<'_>) -> R) -> R {
    let pos = from.get_pos().unwrap();
    let vel = from.get_vel().unwrap();
    let ids = from.get_ids().unwrap();
    look(Views {
        pos: pos.as_slice().unwrap(),
        vel: vel.as_slice().unwrap(),
        ids: ids.as_slice().unwrap(),
    })
}

impl Convert for Small {
    fn put(&self, root: any_pointer::Builder<'_>) {
        put_small(self, root.init_as());
    }

    fn take(root: any_pointer::Reader<'_>) -> Self {
        take_small(root.get_as().unwrap())
    }
}

impl Convert for Vec<Small> {
    fn put(&self, root: any_pointer::Builder<'_>) {
        let mut items = root.init_as::<smalls::Builder<'_>>().init_items(length(self));
        for (small, at) in self.iter().zip(0..) {
            put_small(small, items.reborrow().get(at));
        }
    }

    fn take(root: any_pointer::Reader<'_>) -> Self {
        let items = root.get_as::<smalls::Reader<'_>>().unwrap().get_items().unwrap();
        items.iter().map(take_small).collect()
    }
}

fn put_small(small: &Small, mut to: small::Builder<'_>) {
    let mut numbers = to.reborrow().init_numbers(length(&small.numbers));
    numbers.as_slice().unwrap().copy_from_slice(&small.numbers);
    to.set_name(&small.name);
}

fn take_small(from: small::Reader<'_>) -> Small {
    Small {
        numbers: from.get_numbers().unwrap().as_slice().unwrap().to_vec(),
        name: text(from.get_name()),
    }
}

fn text(text: ::capnp::Result<::capnp::text::Reader<'_>>) -> String {
    text.unwrap().to_str().unwrap().to_owned()
}

fn length<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap()
}
