//! What it checks stands in `canning-fuzz/src/targets/shm_parcel.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| canning_fuzz::run("shm_parcel", data));
