//! Runs the program in an empty environment, with nothing to read.

use std::process::{Command, Stdio};

/// Status, standard output and standard error.
pub(crate) fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apiblame"));
    let output = command.env_clear().stdin(Stdio::null()).args(args).output().expect("the program was built");
    let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}
