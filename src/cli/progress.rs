//! A bar on standard error while much is read: bytes, files, rate and time left. Only on a terminal, and only
//! if it takes long enough to be read.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::pipeline::Progress;

/// Who is done sooner sees no bar.
const PATIENCE: Duration = Duration::from_millis(700);
/// How often the bar is drawn.
const PACE: Duration = Duration::from_millis(120);

/// A bar that is drawn until it is dropped.
pub(super) struct Bar {
    thread: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Bar {
    /// Draws what `progress` counts, where somebody can see it.
    pub(super) fn of(progress: &Arc<Progress>, quiet: bool) -> Bar {
        if quiet || !io::stderr().is_terminal() {
            return Bar { thread: None };
        }
        let (stop, stopped) = channel();
        let progress = Arc::clone(progress);
        let thread = std::thread::spawn(move || {
            if stopped.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = bar(progress.expected());
            while stopped.recv_timeout(PACE) == Err(RecvTimeoutError::Timeout) {
                draw(&bar, &progress);
            }
            bar.finish_and_clear();
        });
        Bar { thread: Some((stop, thread)) }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.thread.take() {
            drop(stop);
            let _ = thread.join(); // what is drawn is no part of the result
        }
    }
}

/// A bar, or a spinner where the end is not known, as of standard input.
fn bar(expected: u64) -> ProgressBar {
    let (bar, shape) = match expected {
        0 => (ProgressBar::no_length(), "{spinner} {bytes} read, {msg}, {bytes_per_sec}"),
        _ => (
            ProgressBar::new(expected),
            "{percent:>3}% {wide_bar} {bytes} of {total_bytes}, {msg}, {bytes_per_sec}, {eta} left",
        ),
    };
    bar.set_draw_target(ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(shape) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}

fn draw(bar: &ProgressBar, progress: &Progress) {
    let most = bar.length().unwrap_or(u64::MAX);
    bar.set_message(format!("{} files", progress.files()));
    bar.set_position(progress.taken().min(most));
}
