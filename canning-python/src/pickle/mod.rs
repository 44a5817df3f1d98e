//! The machine language of pickles.
