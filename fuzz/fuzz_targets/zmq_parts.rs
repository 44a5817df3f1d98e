//! What it checks stands in `canning-fuzz/src/targets/zmq_parts.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| canning_fuzz::run("zmq_parts", data));
