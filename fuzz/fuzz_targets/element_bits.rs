//! What it checks stands in `canning-fuzz/src/targets/element_bits.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| canning_fuzz::run("element_bits", data));
