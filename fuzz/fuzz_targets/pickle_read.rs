//! What it checks stands in `canning-fuzz/src/targets/pickle_read.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| canning_fuzz::run("pickle_read", data));
