//! What can be typed.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Reads the logs of Kubernetes and OpenShift programs and names the APIService to blame.
#[derive(Clone, Debug, Parser)]
#[command(name = "apiblame", version, about, max_term_width = 100, after_help = EXAMPLES)]
pub struct Args {
    /// Logs, folders, or `-` for standard input. Without any, standard input when it is piped.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// The form of the report.
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub output: Format,

    /// Write the report to a file, which is replaced only when all of it is written.
    #[arg(long, value_name = "FILE")]
    pub output_file: Option<PathBuf>,

    /// When to use colours. `NO_COLOR` and `CLICOLOR` are respected.
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,

    /// Show all victims, requests, retries and evidence.
    #[arg(short, long)]
    pub verbose: bool,

    /// Exit with status 1 if there is an incident.
    #[arg(long)]
    pub exit_code: bool,

    /// Threads; one per core if 0.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,
}

const EXAMPLES: &str = "\
Examples:
  oc logs deploy/my-operator | apiblame
  apiblame operator.log previous.log.gz
  apiblame -o json logs/ | jq '.incidents[].apiservice'

Exit status: 0 a report was given, 1 incidents were found (only with --exit-code), 2 usage error or
nothing could be read, 3 a report was given but some input could not be read.";

/// The form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For people, with all victims, requests, retries and evidence.
    Wide,
    /// For programs: the contract.
    Json,
    /// One failing request of one incident per line.
    Ndjson,
    /// For a ticket.
    Markdown,
    /// One page that can be attached to a case.
    Html,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Args::command().debug_assert();
    }
}
