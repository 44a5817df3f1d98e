//! What it checks stands in `canning-fuzz/src/targets/array_layout.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| canning_fuzz::run("array_layout", data));
