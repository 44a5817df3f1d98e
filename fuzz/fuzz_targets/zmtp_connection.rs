//! What it checks stands in `canning-fuzz/src/targets/zmtp_connection.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| canning_fuzz::run("zmtp_connection", data));
