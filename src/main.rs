//! The program: everything is in the library.

use std::process::ExitCode;

/// Threads parse objects side by side, and the C library's allocator makes them wait for each other (musl's most).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    apiblame::cli::main()
}
