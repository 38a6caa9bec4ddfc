#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| apiblame_fuzz::entries::knowledge(data));
