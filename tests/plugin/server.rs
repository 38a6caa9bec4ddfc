//! As much of an API server as `kubectl logs` asks for: discovery, one pod, its log.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

const POD: &str = r#"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"operator-0","namespace":"default"},
    "spec":{"containers":[{"name":"operator","image":"operator"}]},"status":{"phase":"Running"}}"#;
const VERSIONS: &str = r#"{"kind":"APIVersions","versions":["v1"]}"#;
const GROUPS: &str = r#"{"kind":"APIGroupList","apiVersion":"v1","groups":[]}"#;
const RESOURCES: &str = r#"{"kind":"APIResourceList","groupVersion":"v1","resources":[
    {"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","verbs":["get","list"],"shortNames":["po"]},
    {"name":"pods/log","singularName":"","namespaced":true,"kind":"Pod","verbs":["get"]}]}"#;

/// Serves until the test ends.
pub(crate) fn serve(log: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it has an address");
    let log = Arc::new(log);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let log = Arc::clone(&log);
            std::thread::spawn(move || answer(&stream, &log));
        }
    });
    address
}

fn answer(mut stream: &TcpStream, log: &[u8]) -> Option<()> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let request = lines.next()?;
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let path = request.split_whitespace().nth(1)?;
    let (kind, body) = match path.split('?').next()? {
        "/api" => ("application/json", VERSIONS.as_bytes()),
        "/apis" => ("application/json", GROUPS.as_bytes()),
        "/api/v1" => ("application/json", RESOURCES.as_bytes()),
        "/api/v1/namespaces/default/pods/operator-0" => ("application/json", POD.as_bytes()),
        "/api/v1/namespaces/default/pods/operator-0/log" => ("text/plain", log),
        _ => ("text/plain", &b"404 page not found\n"[..]),
    };
    let status = if body.starts_with(b"404") { "404 Not Found" } else { "200 OK" };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body).ok()
}
