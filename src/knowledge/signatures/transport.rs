//! What Go's net, net/http, crypto/tls and x509 say (`<Verb> "<url>": <error>`; before Go 1.14 the
//! URL is not quoted), and the kernel's words that other languages print. No HTTP answer came: the
//! URL's host is at fault.

use super::Client::{ClientGo, Unknown};
use super::ErrorKind::{
    Canceled, Certificate, Deadline, Ended, Lookup, NoAnswer, NoRoute, Proxy, Refused, Reset,
};
use super::Shape::{Error, Quiet};
use super::{Signature, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Signature] = &[
    row("NET-01", "onnection refused", "onnection refused", Error(Refused), ClientGo, "Go net; errno ECONNREFUSED"),
    row("NET-02", "i/o timeout", "i/o timeout", Error(NoAnswer), ClientGo, "Go internal/poll/fd.go ErrDeadlineExceeded"),
    row("NET-03", "no route to host", "no route to host", Error(NoRoute), ClientGo, "Go net; errno EHOSTUNREACH"),
    row("NET-03", "network is unreachable", "network is unreach", Error(NoRoute), ClientGo, "Go net; errno ENETUNREACH"),
    row("NET-03", "connect: operation not permitted", "connect: operation not", Error(NoRoute), ClientGo, "Go net; errno EPERM: a packet filter"),
    row("NET-03", "host is down", "host is down", Error(NoRoute), ClientGo, "Go net; errno EHOSTDOWN"),
    row("NET-04", "no such host", "no such host", Error(Lookup), ClientGo, "Go net/net.go errNoSuchHost"),
    row("NET-04", "server misbehaving", "server misbehaving", Error(Lookup), ClientGo, "Go net/net.go errServerMisbehaving"),
    row("NET-04", "Temporary failure in name resolution", "in name resolution", Error(Lookup), ClientGo, "glibc gai_strerror EAI_AGAIN"),
    row("NET-04", "Name or service not known", "or service not known", Error(Lookup), ClientGo, "glibc gai_strerror EAI_NONAME"),
    row("NET-05", "onnection reset by peer", "onnection reset", Error(Reset), ClientGo, "Go net; errno ECONNRESET"),
    row("NET-05", "write: broken pipe", "broken pipe", Error(Reset), ClientGo, "Go net; errno EPIPE"),
    row("NET-05", "use of closed network connection", "closed network conn", Error(Reset), ClientGo, "Go net/net.go ErrClosed"),
    row("NET-06", "\": EOF", "\": EOF", Error(Ended), ClientGo, "Go io.EOF in url.Error"),
    row("NET-06", ": unexpected EOF", ": unexpected EOF", Error(Ended), ClientGo, "Go io.ErrUnexpectedEOF"),
    row("NET-06", "server closed idle connection", "closed idle conn", Error(Ended), ClientGo, "Go net/http/transport.go"),
    row("NET-07", "TLS handshake timeout", "TLS handshake timeout", Error(Deadline), ClientGo, "Go net/http/transport.go"),
    row("NET-08", "context deadline exceeded", "deadline exceeded", Error(Deadline), ClientGo, "Go context"),
    row("NET-08", "Client.Timeout exceeded while", "Client.Timeout", Error(Deadline), ClientGo, "Go net/http/client.go"),
    row("NET-08", "Client.Timeout or context cancellation", "Client.Timeout", Error(Deadline), ClientGo, "Go net/http/client.go"),
    row("NET-08", "request canceled while waiting for connection", "", Error(Deadline), ClientGo, "Go net/http/transport.go"),
    row("NET-09", "context canceled", "", Error(Canceled), ClientGo, "Go context: the client gave up"),
    row("NET-10", "http2: client connection lost", "client connection lost", Error(Reset), ClientGo, "golang.org/x/net http2/transport.go"),
    row("NET-10", "INTERNAL_ERROR; received from peer", "INTERNAL_ERROR; received", Error(Reset), ClientGo, "golang.org/x/net http2/errors.go"),
    row("NET-10q", "client connection force closed via ClientConn.Close", "", Quiet, ClientGo, "golang.org/x/net http2: rotation of credentials"),
    row("NET-10q", "ErrCode=NO_ERROR", "", Error(Canceled), ClientGo, "golang.org/x/net http2: GOAWAY without an error"),
    row("NET-11", "x509: ", "x509: ", Error(Certificate), ClientGo, "Go crypto/x509/verify.go"),
    row("NET-13", "remote error: tls: ", "remote error: tls", Error(Certificate), ClientGo, "Go crypto/tls/alert.go"),
    row("NET-13", "tls: internal error", "tls: internal", Error(Certificate), ClientGo, "Go crypto/tls/alert.go"),
    row("SSH-01", "Timeout, server ", "Timeout, server", Error(NoAnswer), Unknown, "OpenSSH clientloop.c: a tunnel from the API server to the nodes (tunnelfront)"),
    row("NET-14", "proxyconnect tcp: ", "proxyconnect tcp", Error(Proxy), ClientGo, "Go net/http/transport.go"),
    row("NET-14", "server gave HTTP response to HTTPS client", "response to HTTPS client", Error(Proxy), ClientGo, "Go net/http/client.go"),
    row("NET-14", "malformed HTTP response", "malformed HTTP resp", Error(Proxy), ClientGo, "Go net/http/transport.go"),
];
