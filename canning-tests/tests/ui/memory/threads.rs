//! Owners of memory that may not leave their thread.

use std::{cell::Cell, rc::Rc, sync::Arc};

use canning_core::{Can, Result, SharedBytes, visitor::Canner};

struct OfOneThread(Rc<[u8]>);

impl AsRef<[u8]> for OfOneThread {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

struct Changes(Cell<f64>);

impl Can for Changes {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.f64(self.0.get())
    }
}

fn owned_by_one_thread(owner: OfOneThread) -> SharedBytes {
    SharedBytes::from_owner(owner)
}

fn borrowed<'a>(owner: &'a [u8]) -> SharedBytes {
    SharedBytes::from_owner(owner)
}

fn canned_from_one_thread<C: Canner<'static>>(value: &Arc<Rc<u8>>, canner: &mut C) {
    canning_core::buffer::can_arc(value, canner).unwrap();
}

fn canned_while_it_changes<C: Canner<'static>>(value: &Arc<Changes>, canner: &mut C) {
    canning_core::buffer::can_arc(value, canner).unwrap();
}

fn main() {}
