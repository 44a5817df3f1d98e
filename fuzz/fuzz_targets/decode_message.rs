//! What it checks stands in `canning-fuzz/src/targets/decode_message.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| canning_fuzz::run("decode_message", data));
