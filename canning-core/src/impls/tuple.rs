//! Tuples of one to twelve.

use crate::{
    buffer::Pool,
    error::{ErrorKind, Result},
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

macro_rules! tuples {
    ($($len:literal: $(($index:tt $item:ident $via:ident))+;)*) => {$(
        impl<$($item: Can<$via>, $via,)+> Can<($($via,)+)> for ($($item,)+) {
            fn can<'a, CannerT: Canner<'a>>(&'a self, canner: &mut CannerT) -> Result<()> {
                canner.begin_tuple($len)?;
                $(self.$index.can(canner).map_err(|error| error.in_item($index))?;)+
                canner.end_tuple()
            }
        }

        impl<'b, $($item: Uncan<'b, $via>, $via,)+> Uncan<'b, ($($via,)+)> for ($($item,)+) {
            fn uncan<UncannerT: Uncanner<'b>>(uncanner: &mut UncannerT) -> Result<Self> {
                let found = uncanner.begin_tuple()?;
                if found != $len {
                    return Err(ErrorKind::Length { expected: $len, found }.into());
                }
                let tuple = ($($item::uncan(uncanner).map_err(|error| error.in_item($index))?,)+);
                uncanner.end_tuple()?;
                Ok(tuple)
            }

            fn recycle(&mut self, pool: &Pool) {
                $(self.$index.recycle(pool);)+
            }
        }
    )*};
}

tuples! {
    1: (0 A VA);
    2: (0 A VA) (1 B VB);
    3: (0 A VA) (1 B VB) (2 C VC);
    4: (0 A VA) (1 B VB) (2 C VC) (3 D VD);
    5: (0 A VA) (1 B VB) (2 C VC) (3 D VD) (4 E VE);
    6: (0 A VA) (1 B VB) (2 C VC) (3 D VD) (4 E VE) (5 F VF);
    7: (0 A VA) (1 B VB) (2 C VC) (3 D VD) (4 E VE) (5 F VF) (6 G VG);
    8: (0 A VA) (1 B VB) (2 C VC) (3 D VD) (4 E VE) (5 F VF) (6 G VG) (7 H VH);
    9: (0 A VA) (1 B VB) (2 C VC) (3 D VD) (4 E VE) (5 F VF) (6 G VG) (7 H VH) (8 I VI);
    10: (0 A VA) (1 B VB) (2 C VC) (3 D VD) (4 E VE) (5 F VF) (6 G VG) (7 H VH) (8 I VI) (9 J VJ);
    11: (0 A VA) (1 B VB) (2 C VC) (3 D VD) (4 E VE) (5 F VF) (6 G VG) (7 H VH) (8 I VI) (9 J VJ) (10 K VK);
    12: (0 A VA) (1 B VB) (2 C VC) (3 D VD) (4 E VE) (5 F VF) (6 G VG) (7 H VH) (8 I VI) (9 J VJ) (10 K VK) (11 L VL);
}
