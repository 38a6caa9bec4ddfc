//! Who does what is found while reading: the threads that read, the threads of the pool, or both.
//!
//! As many threads work as there are in the pool, those that read included: one that inflates an archive must not
//! share its core with two that scan. Where all of them read, each does at once what it has found, while it
//! lies in the cache; a thread that has nothing more to read does what others have found.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rayon::Scope;

use super::lock;

/// Bytes of logs and objects that may wait to be read.
const MOST: usize = 64 << 20;

/// The same where only threads that read ahead may help: what waits long is no longer in the cache.
const FEW: usize = 2 << 20;

/// Bytes for which a thread is woken.
const ENOUGH: usize = 512 << 10;

/// Something to do, on so many bytes.
type Work<T> = (usize, Box<dyn FnOnce(&T) + Send>);

/// What is to be done, and how many are at it.
pub(super) struct Hands<T> {
    todo: Mutex<Todo<T>>,
    /// Threads in all.
    threads: usize,
    /// Threads that read, those that read ahead among them.
    readers: AtomicUsize,
    /// Threads that read ahead.
    ahead: AtomicUsize,
}

struct Todo<T> {
    queue: VecDeque<Work<T>>,
    /// Bytes in it.
    bytes: usize,
    /// Threads that take from it.
    takers: usize,
}

impl<T> Todo<T> {
    /// Whether one more thread may take from it, of so many that are free; it is counted.
    fn one_more(&mut self, free: usize) -> bool {
        let may = self.takers < free;
        self.takers += usize::from(may);
        may
    }
}

impl<T: Sync> Hands<T> {
    /// So many threads at most.
    pub(super) fn new(threads: usize) -> Hands<T> {
        let todo = Todo { queue: VecDeque::new(), bytes: 0, takers: 0 };
        Hands {
            todo: Mutex::new(todo),
            threads,
            readers: AtomicUsize::default(),
            ahead: AtomicUsize::default(),
        }
    }

    /// A thread begins to read.
    pub(super) fn begin(&self) {
        self.readers.fetch_add(1, Relaxed);
    }

    /// It has nothing more to read, and helps the others.
    pub(super) fn end(&self, of: &T) {
        self.readers.fetch_sub(1, Relaxed);
        let free = self.free();
        if lock(&self.todo).one_more(free) {
            self.take(of);
        }
    }

    /// Whether one more thread may read, one that reads ahead for another; it is counted.
    pub(super) fn begin_ahead(&self) -> bool {
        let may = self.free() > 0;
        if may {
            self.ahead.fetch_add(1, Relaxed);
            self.begin();
        }
        may
    }

    /// It has nothing more to read ahead.
    pub(super) fn end_ahead(&self, of: &T) {
        self.ahead.fetch_sub(1, Relaxed);
        self.end(of);
    }

    /// Threads that need not read.
    fn free(&self) -> usize {
        self.threads.saturating_sub(self.readers.load(Relaxed))
    }

    /// Does something, here or elsewhere: with a limit of bytes that wait nobody waits for anybody, and memory
    /// stays bounded.
    pub(super) fn give<'s>(
        &'s self,
        of: &'s T,
        scope: &Scope<'s>,
        bytes: usize,
        work: impl FnOnce(&T) + Send + 'static,
    ) {
        let free = self.free();
        let most = match (free, self.ahead.load(Relaxed)) {
            (0, 0) => 0,
            (0, _) => FEW,
            _ => MOST,
        };
        let mut todo = lock(&self.todo);
        if most == 0 || todo.bytes + bytes > most {
            drop(todo);
            return work(of);
        }
        todo.bytes += bytes;
        todo.queue.push_back((bytes, Box::new(work)));
        if todo.bytes >= ENOUGH && todo.one_more(free) {
            scope.spawn(move |_| self.take(of));
        }
    }

    /// Does what is to be done until nothing is, as one of the takers.
    fn take(&self, of: &T) {
        loop {
            let mut todo = lock(&self.todo);
            let Some(work) = todo.queue.pop_front() else {
                todo.takers -= 1;
                return;
            };
            drop(todo);
            self.work(of, work);
        }
    }

    fn work(&self, of: &T, (bytes, work): Work<T>) {
        work(of);
        lock(&self.todo).bytes -= bytes; // not before: it is in memory so long
    }

    /// Does one thing that is to be done; whether there was one.
    pub(super) fn help(&self, of: &T) -> bool {
        let work = lock(&self.todo).queue.pop_front(); // not locked while it is done
        let Some(work) = work else { return false };
        self.work(of, work);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::*;

    /// The sum of what was given, and how much of it was done before the thread that gave it had ended.
    fn sum(threads: usize, readers: usize, bytes: usize) -> (u64, u64) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let (done, hands) = (AtomicU64::new(0), Hands::new(threads));
        let mut before = 0;
        pool.in_place_scope(|scope| {
            (0..readers).for_each(|_| hands.begin());
            for n in 1..=1000 {
                hands.give(&done, scope, bytes, move |done: &AtomicU64| {
                    done.fetch_add(n, Relaxed);
                });
            }
            before = done.load(Relaxed);
            (0..readers).for_each(|_| hands.end(&done));
        });
        let todo = lock(&hands.todo);
        assert_eq!((todo.bytes, todo.takers, todo.queue.len()), (0, 0, 0));
        (done.load(Relaxed), before)
    }

    #[test]
    fn everything_is_done_whoever_does_it() {
        assert_eq!(sum(2, 2, 1000), (500_500, 500_500), "all read: each does at once what it found");
        assert_eq!(sum(2, 1, 1), (500_500, 0), "too little to wake anybody");
        assert_eq!(sum(2, 1, 10_000).0, 500_500);
        assert_eq!(sum(4, 1, MOST / 2).0, 500_500, "too much for the queue");
    }
}
