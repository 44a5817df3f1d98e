//! NumPy's dtypes and arrays.
