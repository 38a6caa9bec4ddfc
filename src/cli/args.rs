//! What can be typed.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use super::limits::LimitArgs;
use super::many::Shard;
use crate::filter::{Filter, When};
use crate::k8s::Cause;

/// Reads the logs of Kubernetes and OpenShift programs and names the APIService to blame.
#[derive(Clone, Debug, Parser)]
#[command(name = "apiblame", version, about, max_term_width = 100, after_help = EXAMPLES)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(disable_help_subcommand = true)]
pub struct Args {
    /// What to do, if not to report.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The report.
    #[command(flatten)]
    pub report: ReportArgs,

    /// What else is known.
    #[command(flatten)]
    pub knowledge: KnowledgeArgs,
}

/// What can be done beside reporting.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Print what apiblame knows of a signature, a cause or an APIService, and where that comes from.
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArgs),
    /// List what extends the API of clusters, by whom, and whether it fits their version.
    #[command(after_help = INVENTORY_EXAMPLES)]
    Inventory(InventoryArgs),
    /// Report on what `-o partial` has written, as one run over all its inputs would.
    Merge(ReportArgs),
    /// Tell what is new, worse, better or gone between two archives, logs or reports, such as from before and
    /// after an upgrade.
    Diff(DiffArgs),
    /// Count over many archives or partials, each of a cluster of its own: what breaks where, and whom.
    Fleet(FleetArgs),
    /// Print the JSON schema of `-o json`.
    Schema,
    /// Print a script that completes the arguments in a shell.
    #[command(hide = true, alias = "completions", after_help = COMPLETION_EXAMPLES)]
    Completion {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual, for `man -l -`.
    #[command(hide = true)]
    Man {
        /// A command, for its own page.
        command: Option<String>,
    },
}

/// What a report is made of.
#[derive(Clone, Debug, clap::Args)]
pub struct ReportArgs {
    /// Logs, folders, or `-` for standard input. Without any, standard input when it is piped.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// The form of the report.
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub output: Format,

    /// Where many inputs come from and go to.
    #[command(flatten)]
    pub many: ManyArgs,

    /// Write the report to a file, which is replaced only when all of it is written.
    #[arg(long, value_name = "FILE")]
    pub output_file: Option<PathBuf>,

    /// Follow a log while it is written: show incidents as they begin, escalate and recover, and give
    /// the report at the end of the log or at Ctrl-C.
    #[arg(short, long)]
    pub follow: bool,

    /// When to use colours. `NO_COLOR` and `CLICOLOR` are respected.
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,

    /// Only incidents that concern these namespaces: of a victim, a witness, the backend or the owner.
    #[arg(short, long, value_delimiter = ',', value_name = "NAMESPACE")]
    pub namespace: Vec<String>,

    /// Only incidents of these APIServices: `v1.metrics.k8s.io`, `*.group` or a group.
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    pub apiservice: Vec<String>,

    /// Only incidents with these causes.
    #[arg(long, value_delimiter = ',', value_parser = cause, value_name = "CAUSE")]
    pub cause: Vec<Cause>,

    /// Only what failed since this time (RFC 3339), or in the last 2h, 30m, 1d before the end of the
    /// gathering; before now, if no end of a gathering is known. What has no time stays.
    #[arg(long, value_parser = When::parse, value_name = "TIME")]
    pub since: Option<When>,

    /// Only what failed until this time; a duration counts back as that of --since.
    #[arg(long, value_parser = When::parse, value_name = "TIME")]
    pub until: Option<When>,

    /// Replace host names, IP addresses, user names and namespaces by tokens (HOST-1, NAMESPACE-1),
    /// the same name by the same token. APIServices and groups stay.
    #[arg(long)]
    pub redact: bool,

    /// Show all incidents, victims, requests, retries and evidence, in text and Markdown.
    #[arg(short, long)]
    pub verbose: bool,

    /// Print no text if nothing is found. What cannot be read is named nevertheless.
    #[arg(short, long)]
    pub quiet: bool,

    /// Exit with status 1 if there is an incident.
    #[arg(long)]
    pub exit_code: bool,

    /// Threads; one per core if 0.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,

    /// What an input may cost.
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// What else is known.
#[derive(Clone, Debug, clap::Args)]
pub struct KnowledgeArgs {
    /// A file of your own wordings, owners and known incidents (docs/signatures.md); can be given several
    /// times. Files of `~/.config/apiblame` are read by themselves.
    #[arg(long, global = true, value_name = "FILE.toml")]
    pub knowledge: Vec<PathBuf>,
}

impl ReportArgs {
    /// What is asked for.
    pub(super) fn filter(&self) -> Filter {
        Filter {
            namespaces: self.namespace.clone(),
            apiservices: self.apiservice.clone(),
            causes: self.cause.clone(),
            since: self.since,
            until: self.until,
        }
    }
}

/// Inputs by the thousand, each a cluster of its own.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ManyArgs {
    /// Read paths from a file, or from standard input for `-`, one a line. Each is read on its own and gives
    /// one line of `-o json`, `ndjson` or `partial`, or one file (--output-dir).
    #[arg(long, value_name = "FILE", help_heading = "Many inputs")]
    pub paths_from: Option<PathBuf>,

    /// The paths of --paths-from end with NUL, as those of `find -print0`.
    #[arg(short = '0', long, requires = "paths_from", help_heading = "Many inputs")]
    pub null: bool,

    /// Take only the paths of this share, I of N, by a hash of the path. I counts from 0; N/N is 0/N, so that
    /// counting from 1 works too. By default JOB_COMPLETION_INDEX of APIBLAME_SHARDS, if that is set.
    #[arg(long, value_name = "I/N", value_parser = Shard::parse, help_heading = "Many inputs")]
    pub shard: Option<Shard>,

    /// Write one file for each path into this folder. What is there already, and is not older than its input,
    /// is not done again.
    #[arg(long, value_name = "DIR", conflicts_with = "output_file", help_heading = "Many inputs")]
    pub output_dir: Option<PathBuf>,
}

/// Reads a cause.
fn cause(name: &str) -> Result<Cause, String> {
    Cause::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Cause::all().map(Cause::as_str).collect();
        format!("the causes are {}", names.join(", "))
    })
}

/// What is to be explained.
#[derive(Clone, Debug, clap::Args)]
pub struct ExplainArgs {
    /// The id of a signature (as reports cite it), a cause, an APIService (`v1.route.openshift.io`,
    /// `*.group`, `group/version` or a group), or the id of a known incident.
    #[arg(value_name = "SIGNATURE-ID | CAUSE | APISERVICE")]
    pub word: String,
}

/// Which clusters are reviewed, and how.
#[derive(Clone, Debug, clap::Args)]
pub struct InventoryArgs {
    /// Must-gathers, as archives or folders; each is one cluster. Over several, the compatibility
    /// matrix counts how each version of an operator fares on each version of OpenShift.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,

    /// The form of the inventory.
    #[arg(short, long, value_enum, default_value_t = InventoryFormat::Text)]
    pub output: InventoryFormat,

    /// Replace host names, IP addresses, user names and namespaces by tokens.
    #[arg(long)]
    pub redact: bool,

    /// Threads; one per core if 0.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,

    /// What an input may cost.
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// What is compared, and how.
#[derive(Clone, Debug, clap::Args)]
pub struct DiffArgs {
    /// An archive, folder or log; a report of `-o json`; or a partial.
    pub before: PathBuf,

    /// The same, from later.
    pub after: PathBuf,

    /// The form of the comparison.
    #[arg(short, long, value_enum, default_value_t = InventoryFormat::Text)]
    pub output: InventoryFormat,

    /// Exit with status 1 if anything is new or worse.
    #[arg(long)]
    pub exit_code: bool,

    /// Threads; one per core if 0.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,

    /// What an input may cost.
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// Which archives are counted over, and how.
#[derive(Clone, Debug, clap::Args)]
pub struct FleetArgs {
    /// Must-gathers, logs or folders, each of them one cluster, and partials (`-o partial`).
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// The form of the report.
    #[arg(short, long, value_enum, default_value_t = FleetFormat::Text)]
    pub output: FleetFormat,

    /// Where many inputs come from.
    #[command(flatten)]
    pub many: ManyArgs,

    /// Write the report to a file, which is replaced only when all of it is written.
    #[arg(long, value_name = "FILE")]
    pub output_file: Option<PathBuf>,

    /// Threads; one per core if 0.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,

    /// What an input may cost.
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// The form of the fleet report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FleetFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For a ticket.
    Markdown,
    /// One page.
    Html,
    /// The events table: one row per archive, incident and request.
    Ndjson,
    /// The events table for query engines; needs --output-file.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// The form of an inventory or a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InventoryFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For a ticket.
    Markdown,
}

const EXAMPLES: &str = "\
Examples:
  oc logs deploy/my-operator | apiblame          what a log says
  oc logs -f deploy/my-operator | apiblame -f    the same while it is written
  apiblame must-gather.tar.gz                    an archive, with its objects
  apiblame -n shop --since 2h must-gather/       what concerned a namespace, lately
  apiblame -o html --output-file report.html --redact must-gather.tar.gz
                                                 a page for a case, without names
  apiblame -o json logs/ | jq '.incidents[].apiservice'
  apiblame explain v1beta1.metrics.k8s.io        what is known of an APIService
  apiblame inventory must-gather-*.tar.gz        what extends the API of clusters
  find . -name '*.tar.gz' | apiblame fleet --paths-from -
                                                 what breaks in which version, and whom

A log that is called like a command is read as ./explain. `apiblame completion bash` prints a script for
the shell, `apiblame man` the manual. As kubectl-apiblame on the PATH it is `kubectl apiblame`.

Exit status: 0 a report was given, 1 incidents were found (only with --exit-code), 2 usage error or
nothing could be read, 3 a report was given but some input could not be read.";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  apiblame explain KOPF-01                  a signature, as reports cite it
  apiblame explain apiservice-unavailable   a cause
  apiblame explain v1.apps.openshift.io     an APIService: who serves it, who owns it";

const INVENTORY_EXAMPLES: &str = "\
Examples:
  apiblame inventory must-gather.tar.gz
  apiblame inventory -o markdown archives/*.tar.gz    with the compatibility matrix";

const COMPLETION_EXAMPLES: &str = "\
Examples:
  apiblame completion bash > /etc/bash_completion.d/apiblame
  apiblame completion zsh  > \"${fpath[1]}/_apiblame\"
  apiblame completion fish > ~/.config/fish/completions/apiblame.fish";

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
    /// What was read, one line for each input, to be put together by `apiblame merge`.
    Partial,
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
