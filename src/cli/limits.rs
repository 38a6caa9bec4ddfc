//! The flags of the limits, made from their table: `--help` shows them, `-h` does not.

use clap::{Arg, ArgMatches, Command, FromArgMatches};

use crate::limits::{Limits, ROWS, Row};

/// What the flags say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LimitArgs(pub Limits);

impl clap::Args for LimitArgs {
    fn augment_args(command: Command) -> Command {
        ROWS.iter().fold(command, |command, row| command.arg(flag(row)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        LimitArgs::augment_args(command)
    }
}

impl FromArgMatches for LimitArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = ROWS.iter().filter_map(|row| Some((row, *matches.get_one::<u64>(row.name)?)));
        Ok(LimitArgs(given.fold(Limits::default(), |limits, (row, value)| limits.with(row.limit, value))))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = LimitArgs::from_arg_matches(matches)?;
        Ok(())
    }
}

fn flag(row: &'static Row) -> Arg {
    Arg::new(row.name)
        .long(row.flag.trim_start_matches("--"))
        .help(format!("{} [default: {}]", row.help, row.unit.show(row.default)))
        .help_heading("Limits: what lies beyond one is counted, and the report says so")
        .value_name(if row.unit == crate::limits::Unit::Bytes { "SIZE" } else { "N" })
        .hide_short_help(true)
        .value_parser(move |text: &str| value(row, text))
}

fn value(row: &Row, text: &str) -> Result<u64, String> {
    let (least, most) = row.range;
    match row.unit.parse(text) {
        Some(value) if (least..=most).contains(&value) => Ok(value),
        _ => Err(format!("a value from {} to {}", row.unit.show(least), row.unit.show(most))),
    }
}
