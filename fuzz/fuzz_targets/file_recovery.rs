//! What it checks stands in `canning-fuzz/src/targets/file_recovery.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| canning_fuzz::run("file_recovery", data));
