//! A headless Chromium, driven through its DevTools protocol over a pair of pipes: no network, no driver.
//! Messages are JSON, each ended by a NUL (`--remote-debugging-pipe` reads them from descriptor 3 and writes
//! them to 4, which a shell opens as named pipes).

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// Debian's name first; `CHROMIUM` names another.
pub(crate) fn chromium() -> Option<String> {
    let named = std::env::var("CHROMIUM").ok();
    let names = named.into_iter().chain(["chromium", "chromium-browser", "google-chrome"].map(String::from));
    let runs =
        |name: &String| Command::new(name).arg("--version").output().is_ok_and(|out| out.status.success());
    let found = names.into_iter().find(runs);
    if found.is_none() {
        eprintln!("skipped: there is no chromium to open the page in, and CHROMIUM names none");
    }
    found
}

/// A page in a browser.
pub(crate) struct Page {
    browser: Child,
    to: File,
    from: BufReader<File>,
    sent: u64,
    session: Option<String>,
    /// Everything that the browser told without being asked.
    pub(crate) events: Vec<Value>,
}

impl Page {
    /// Opens a file; the folder is the browser's.
    pub(crate) fn open(chromium: &str, folder: &Path, file: &Path) -> Page {
        let (to, from) = (folder.join("to"), folder.join("from"));
        let made = Command::new("mkfifo").arg(&to).arg(&from).status().expect("there is a mkfifo");
        assert!(made.success());
        let flags = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
             --disable-component-update --disable-sync --disable-quic --window-size=1200,1000 --remote-debugging-pipe";
        let browser = Command::new("/bin/sh")
            .args(["-c", &format!("exec \"$0\" {flags} --user-data-dir=\"$1\" 3<\"$2\" 4>\"$3\"")])
            .arg(chromium)
            .arg(folder.join("profile"))
            .args([&to, &from])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("there is a shell");
        let to = OpenOptions::new().write(true).open(to).expect("the pipe opens");
        let from = BufReader::new(File::open(from).expect("the pipe opens"));
        let mut page = Page { browser, to, from, sent: 0, session: None, events: Vec::new() };
        let target = page.ask("Target.createTarget", json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let attached = page.ask("Target.attachToTarget", attach);
        page.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.ask(&format!("{domain}.enable"), json!({}));
        }
        page.ask("Page.navigate", json!({"url": format!("file://{}", file.display())}));
        while !page.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = page.next();
            page.events.push(event);
        }
        page
    }

    fn next(&mut self) -> Value {
        let mut message = Vec::new();
        self.from.read_until(0, &mut message).expect("the browser speaks");
        assert_eq!(message.pop(), Some(0), "the browser went away");
        serde_json::from_slice(&message).expect("a message is JSON")
    }

    /// Asks the browser, and waits for its answer.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        self.sent += 1;
        let mut message = json!({"id": self.sent, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.to.write_all(format!("{message}\0").as_bytes()).expect("the browser listens");
        loop {
            let answer = self.next();
            if answer["id"] == self.sent {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
    }

    /// The value of an expression, evaluated from outside: the page's own policy does not hinder it.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true});
        self.ask("Runtime.evaluate", asked)["result"]["value"].clone()
    }

    /// Clicks with the mouse on the middle of an element.
    pub(crate) fn click(&mut self, selector: &str) {
        let place = self.value(&format!(
            "(() => {{ const e = document.querySelector('{selector}'); e.scrollIntoView({{block: 'center'}}); \
             const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let event =
                json!({"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1});
            self.ask("Input.dispatchMouseEvent", event);
        }
    }

    /// Presses a key.
    pub(crate) fn press(&mut self, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code});
            self.ask("Input.dispatchKeyEvent", event);
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.browser.kill();
        let _ = self.browser.wait();
    }
}
