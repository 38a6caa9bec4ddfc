//! Completions and the manual, made of the definition of the arguments, and the name under which the
//! program runs: as `kubectl-apiblame` it is a plugin, which is typed as `kubectl apiblame`.

use std::ffi::OsStr;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Args;

/// The definition, with the name that was typed.
pub(super) fn command() -> clap::Command {
    let typed = typed(std::env::args_os().next().as_deref());
    let command = Args::command();
    match typed {
        Some(name) => command.bin_name(name),
        None => command,
    }
}

/// How a plugin is typed, if the program is called like one.
fn typed(file: Option<&OsStr>) -> Option<&'static str> {
    match Path::new(file?).file_stem()?.to_str()? {
        "kubectl-apiblame" => Some("kubectl apiblame"),
        "oc-apiblame" => Some("oc apiblame"),
        _ => None,
    }
}

/// The script that completes arguments in a shell.
pub(super) fn completion(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "apiblame", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// A page of the manual: of the program, or of one of its commands.
///
/// # Errors
/// If there is no such command.
pub(super) fn page(of: Option<&str>) -> Result<String, String> {
    let mut program = Args::command();
    program.build();
    let page = match of {
        None => program,
        Some(name) => {
            let found =
                program.find_subcommand(name).ok_or_else(|| format!("there is no command {name:?}"))?;
            found.clone().version(env!("CARGO_PKG_VERSION"))
        }
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).render(&mut roff).map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&roff).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugin_is_called_as_it_is_typed() {
        assert_eq!(typed(Some(OsStr::new("/usr/bin/kubectl-apiblame"))), Some("kubectl apiblame"));
        assert_eq!(typed(Some(OsStr::new("kubectl-apiblame.exe"))), Some("kubectl apiblame"));
        assert_eq!(typed(Some(OsStr::new("apiblame"))), None);
    }
}
