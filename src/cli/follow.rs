//! `-f`: a log is followed while it is written, and reported at its end or at Ctrl-C.
//!
//! A thread of its own waits for bytes, for only reading can wait; this one takes what came, and shows what
//! has changed: at once if nothing was shown lately, else within [`PACE`]. On a terminal the panel stands
//! below and is drawn over; where output is piped, lines are appended. With a form other than text, or
//! `--output-file`, they go to standard error, and the report alone to where it belongs.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Seek, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use super::args::ReportArgs;
use super::{Exit, Format, complain, conclude, now, terminal};
use crate::coverage::Unreadable;
use crate::pipeline::Live;
use crate::redact::Redactor;
use crate::report::{Moment, Report, Ticker};

/// The least time between two looks at what was read.
const PACE: Duration = Duration::from_millis(100);
/// How long a look may make the next one wait: so many times as long as it took itself.
const SHARE: u32 = 4;
/// How often the reading thread looks whether a file has grown, and this one whether Ctrl-C was pressed.
const POLL: Duration = Duration::from_millis(50);
/// Bytes that are read at once.
const CHUNK: usize = 256 * 1024;

/// What the reading thread tells.
enum Came {
    Bytes(Vec<u8>),
    End(Option<io::Error>),
}

/// Follows the log, and reports.
pub(super) fn run(args: &ReportArgs, path: &Path) -> Exit {
    let name = path.display().to_string();
    let interrupted = Arc::new(AtomicBool::new(false));
    if let Err(error) = stop_at_ctrl_c(Arc::clone(&interrupted)) {
        complain(&format!("Ctrl-C cannot be caught: {error}"));
    }
    let came = match open(path) {
        Ok((reader, grows)) => read(reader, grows),
        Err(error) => {
            complain(&format!("{}: {}", crate::report::safe::field(&name), error));
            return Exit::Usage;
        }
    };
    let mut live = Live::new(&name, args.limits.0);
    let mut shown = Shown::new(args);
    let broken = match follow(&came, &interrupted, &mut live, &mut shown) {
        Ok(broken) => broken,
        Err(Refused::Content) => {
            complain("-f follows text; an archive or a compressed log is read without it");
            return Exit::Usage;
        }
        Err(Refused::Reader) => return Exit::Ok, // nobody reads what is shown
    };
    let broken = broken.map(|error| Unreadable { path: name, error: error.to_string() });
    conclude(live.finish(now(), broken), args, shown.redactor)
}

/// Why following ends without a report.
enum Refused {
    Content,
    Reader,
}

/// Until the end, or Ctrl-C.
fn follow(
    came: &Receiver<Came>,
    interrupted: &AtomicBool,
    live: &mut Live,
    shown: &mut Shown<'_>,
) -> Result<Option<io::Error>, Refused> {
    let (mut begun, mut fresh) = (false, false);
    loop {
        let wait = if fresh { shown.due().min(POLL) } else { POLL };
        match came.recv_timeout(wait) {
            Ok(Came::Bytes(bytes)) => {
                if !begun && !Live::takes(&bytes) {
                    return Err(Refused::Content);
                }
                (begun, fresh) = (true, true);
                live.add(&bytes);
            }
            Ok(Came::End(error)) => {
                shown.clear();
                return Ok(error);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
        }
        if interrupted.load(Relaxed) {
            shown.clear();
            return Ok(None);
        }
        if fresh && shown.due().is_zero() {
            fresh = false;
            shown.show(live).map_err(|_| Refused::Reader)?;
        }
    }
}

/// What is shown, and where.
struct Shown<'a> {
    args: &'a ReportArgs,
    ticker: Ticker,
    redactor: Option<Redactor>,
    /// Whether standard output is the report's alone.
    aside: bool,
    /// Whether it is drawn over.
    terminal: bool,
    /// Lines of the panel that stand on the terminal.
    drawn: usize,
    /// Whether any news were shown.
    told: bool,
    next: Instant,
}

impl<'a> Shown<'a> {
    fn new(args: &'a ReportArgs) -> Shown<'a> {
        let aside = args.output_file.is_some() || !matches!(args.output, Format::Text | Format::Wide);
        let terminal = if aside { io::stderr().is_terminal() } else { io::stdout().is_terminal() };
        Shown {
            args,
            ticker: Ticker::default(),
            redactor: args.redact.then(Redactor::default),
            aside,
            terminal,
            drawn: 0,
            told: false,
            next: Instant::now(),
        }
    }

    /// How long to wait before the next look.
    fn due(&self) -> Duration {
        self.next.saturating_duration_since(Instant::now())
    }

    fn show(&mut self, live: &Live) -> io::Result<()> {
        let begin = Instant::now();
        let now = now();
        let so_far = live.so_far(now);
        let mut report: Report = so_far.report;
        self.args.filter().apply(&mut report, now);
        if let Some(redactor) = &mut self.redactor {
            redactor.report(&mut report);
        }
        let news = self.ticker.news(&report, Moment { until: so_far.until, now });
        if !self.args.quiet {
            let (columns, rows) = terminal::size();
            let panel =
                if self.terminal { self.ticker.panel(&report, rows / 2, columns - 1) } else { Vec::new() };
            self.draw(&news, &panel)?;
        }
        self.next = Instant::now() + PACE.max(begin.elapsed() * SHARE);
        Ok(())
    }

    /// Puts the news where the panel stood, and the panel below.
    fn draw(&mut self, news: &[String], panel: &[String]) -> io::Result<()> {
        let mut text = over(self.drawn);
        for line in news.iter().chain(panel) {
            text.push_str(line);
            text.push('\n');
        }
        self.drawn = panel.len();
        self.told |= !news.is_empty();
        self.put(&text)
    }

    /// Takes the panel away: the report follows, behind an empty line.
    fn clear(&mut self) {
        let mut text = over(std::mem::take(&mut self.drawn));
        if self.told && !self.aside {
            text.push('\n');
        }
        let _ = self.put(&text); // if nobody reads it, the report will say so
    }

    fn put(&self, text: &str) -> io::Result<()> {
        let mut out: Box<dyn Write> =
            if self.aside { Box::new(io::stderr().lock()) } else { Box::new(io::stdout().lock()) };
        out.write_all(text.as_bytes())?;
        out.flush()
    }
}

/// Goes up so many lines and erases what stands below.
fn over(lines: usize) -> String {
    if lines == 0 { String::new() } else { format!("\u{1b}[{lines}A\u{1b}[J") }
}

/// The first Ctrl-C asks for the report, the second ends the program.
fn stop_at_ctrl_c(interrupted: Arc<AtomicBool>) -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(move || {
        if interrupted.swap(true, Relaxed) {
            std::process::exit(130);
        }
    })
}

/// What is followed, and whether it may grow behind its end, as a file does and a pipe does not.
fn open(path: &Path) -> io::Result<(Box<dyn Read + Send>, Option<File>)> {
    if path == Path::new("-") {
        return Ok((Box::new(io::stdin()), None));
    }
    let file = File::open(path)?;
    let kind = file.metadata()?;
    if kind.is_dir() {
        return Err(io::Error::other("a folder cannot be followed"));
    }
    let grows = if kind.is_file() { Some(file.try_clone()?) } else { None };
    Ok((Box::new(file), grows))
}

/// Reads in a thread of its own, which lives until the end of the log or of the program.
fn read(reader: Box<dyn Read + Send>, grows: Option<File>) -> Receiver<Came> {
    let (tell, came) = sync_channel(8);
    std::thread::spawn(move || {
        let end = read_on(reader, grows, &tell).err();
        let _ = tell.send(Came::End(end)); // nobody may be there any more
    });
    came
}

fn read_on(mut reader: Box<dyn Read + Send>, grows: Option<File>, tell: &SyncSender<Came>) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => match &grows {
                None => return Ok(()),
                Some(file) => wait(file)?,
            },
            Ok(n) => {
                if tell.send(Came::Bytes(buffer[..n].to_vec())).is_err() {
                    return Ok(());
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// At the end of a file: a little later there may be more. One that became shorter is read anew.
fn wait(mut file: &File) -> io::Result<()> {
    std::thread::sleep(POLL);
    if file.metadata()?.len() < file.stream_position()? {
        file.rewind()?;
    }
    Ok(())
}
