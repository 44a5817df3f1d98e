//! What it checks stands in `canning-fuzz/src/targets/frame_stream.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| canning_fuzz::run("frame_stream", data));
