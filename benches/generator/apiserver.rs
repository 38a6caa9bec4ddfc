//! What a control plane prints about every request: kube-apiserver's log at `-v=3`, and its audit log.
//!
//! Both name the path and the status of each request, so almost every line holds what looks like a failure's
//! words and only the number tells. That makes them the hardest corpora for a search by phrases, and the
//! largest files of a real must-gather.

use super::scribe::Scribe;

/// Requests that kube-apiserver served, as httplog prints them.
const SERVED: &[&str] = &[
    r#"I%k %p httplog.go:132] "HTTP" verb="GET" URI="/apis/%g/namespaces/%n/%o" latency="%mms" userAgent="%U" audit-ID="%u" srcIP="%i:40872" apf_pl="workload-low" apf_fs="service-accounts" apf_iseats=1 apf_fseats=0 apf_additionalLatency="0s" apf_execution_time="%mms" resp=200"#,
    r#"I%k %p httplog.go:132] "HTTP" verb="LIST" URI="/api/v1/namespaces/%n/pods?limit=500&resourceVersion=%R" latency="%mms" userAgent="%U" audit-ID="%u" srcIP="%i:51234" apf_pl="system" apf_fs="system-nodes" apf_iseats=1 apf_fseats=0 apf_additionalLatency="0s" apf_execution_time="%mms" resp=200"#,
    r#"I%k %p httplog.go:132] "HTTP" verb="WATCH" URI="/apis/%g/%o?allowWatchBookmarks=true&resourceVersion=%R&timeout=8m%Ns&watch=true" latency="8m%N.503s" userAgent="%U" audit-ID="%u" srcIP="%i:39110" resp=200"#,
    r#"I%k %p httplog.go:132] "HTTP" verb="PUT" URI="/apis/coordination.k8s.io/v1/namespaces/%n/leases/%o?timeout=53.5s" latency="%mms" userAgent="%U" audit-ID="%u" srcIP="%i:44506" resp=200"#,
    r#"I%k %p httplog.go:132] "HTTP" verb="GET" URI="/apis/%G/%V?timeout=32s" latency="%mms" userAgent="%U" audit-ID="%u" srcIP="%i:45030" resp=200"#,
    r#"I%k %p httplog.go:132] "HTTP" verb="GET" URI="/readyz" latency="%mms" userAgent="kube-probe/1.30" audit-ID="%u" srcIP="%i:36522" resp=200"#,
];

const REFUSED: &str = r#"I%k %p httplog.go:132] "HTTP" verb="GET" URI="/apis/%G/%V?timeout=32s" latency="%mms" userAgent="%U" audit-ID="%u" srcIP="%i:45030" resp=503"#;
const AGGREGATOR: &str = r#"E%k %p available_controller.go:460] %V.%G failed with: failing or missing response from https://%B/apis/%G/%V: Get "https://%B/apis/%G/%V": dial tcp %B: i/o timeout"#;

/// One line of kube-apiserver: 0.1 % refused requests, and one line in 4,000 from the aggregator. Returns
/// whether it reports a failing request.
pub(crate) fn kube_apiserver(scribe: &mut Scribe, out: &mut Vec<u8>) -> bool {
    let (template, failing) = match scribe.rng.below(4000) {
        0 => (AGGREGATOR, true),
        1..=4 => (REFUSED, true),
        _ => (*scribe.rng.pick(SERVED), false),
    };
    scribe.record(template, out);
    failing
}

/// What an audit event says of its request; the parts around it are the same for all.
struct Audited {
    uri: &'static str,
    verb: &'static str,
    /// The objectRef, which discovery has none of.
    object: &'static str,
    /// What stands in responseStatus before the code.
    status: &'static str,
    code: u64,
}

const ANSWERED: &[Audited] = &[
    Audited {
        uri: "/apis/apps/v1/namespaces/%n/deployments/%o",
        verb: "get",
        object: r#","objectRef":{"resource":"deployments","namespace":"%n","name":"%o","apiGroup":"apps","apiVersion":"v1"}"#,
        status: "",
        code: 200,
    },
    Audited {
        uri: "/api/v1/namespaces/%n/configmaps/%o",
        verb: "update",
        object: r#","objectRef":{"resource":"configmaps","namespace":"%n","name":"%o","uid":"%u","apiVersion":"v1","resourceVersion":"%R"}"#,
        status: "",
        code: 200,
    },
    Audited {
        uri: "/api/v1/namespaces/%n/events",
        verb: "create",
        object: r#","objectRef":{"resource":"events","namespace":"%n","name":"%o.17b%x","apiVersion":"v1"}"#,
        status: "",
        code: 201,
    },
    Audited {
        uri: "/apis/%G/%V/%P?limit=500",
        verb: "list",
        object: AGGREGATED_OBJECT,
        status: "",
        code: 200,
    },
    Audited { uri: "/apis/%g?timeout=32s", verb: "get", object: "", status: "", code: 200 },
];

const AGGREGATED_OBJECT: &str = r#","objectRef":{"resource":"%P","apiGroup":"%G","apiVersion":"%V"}"#;

const UNAVAILABLE: &[Audited] = &[
    Audited {
        uri: "/apis/%G/%V/%P?limit=500",
        verb: "list",
        object: AGGREGATED_OBJECT,
        status: "",
        code: 503,
    },
    Audited { uri: "/apis/%G/%V?timeout=32s", verb: "get", object: "", status: "", code: 503 },
];

const CONFLICT: Audited = Audited {
    uri: "/apis/coordination.k8s.io/v1/namespaces/%n/leases/%o",
    verb: "update",
    object: r#","objectRef":{"resource":"leases","namespace":"%n","name":"%o","apiGroup":"coordination.k8s.io","apiVersion":"v1"}"#,
    status: r#""status":"Failure","message":"Operation cannot be fulfilled on leases.coordination.k8s.io \"%o\": the object has been modified; please apply your changes to the latest version and try again","reason":"Conflict","#,
    code: 409,
};

/// Who asks, and why he may.
struct Client {
    user: &'static str,
    reason: &'static str,
}

const CLIENTS: &[Client] = &[
    Client {
        user: r#"{"username":"system:serviceaccount:%n:%o","uid":"%u","groups":["system:serviceaccounts","system:serviceaccounts:%n","system:authenticated"],"extra":{"authentication.kubernetes.io/pod-name":["%o-%x"]}}"#,
        reason: r#"RBAC: allowed by ClusterRoleBinding \"%o\" of ClusterRole \"%o\" to ServiceAccount \"%o/%n\""#,
    },
    Client {
        user: r#"{"username":"system:node:ip-10-0-%N-%N.ec2.internal","groups":["system:nodes","system:authenticated"]}"#,
        reason: "",
    },
];

/// One audit event: 1 % answered 503 by an aggregated API, 0.3 % conflicts. Returns whether it reports a
/// failing request.
pub(crate) fn audit(scribe: &mut Scribe, out: &mut Vec<u8>) -> bool {
    let Audited { uri, verb, object, status, code } = match scribe.rng.below(1000) {
        0..10 => scribe.rng.pick(UNAVAILABLE),
        10..13 => &CONFLICT,
        _ => scribe.rng.pick(ANSWERED),
    };
    let Client { user, reason } = scribe.rng.pick(CLIENTS);
    scribe.begin(out);
    let head = r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"%u""#;
    let request = [head, r#","stage":"ResponseComplete","requestURI":""#, uri, r#"","verb":""#, verb];
    let client = [r#"","user":"#, user, r#","sourceIPs":["%i"],"userAgent":"%U""#, object];
    let answer = [r#","responseStatus":{"metadata":{},"#, status, r#""code":"#];
    for part in request.into_iter().chain(client).chain(answer) {
        scribe.fill(part, out);
    }
    super::number(out, *code);
    scribe.fill(r#"},"requestReceivedTimestamp":"%q%t","stageTimestamp":"%q","annotations":"#, out);
    scribe.fill(r#"{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""#, out);
    scribe.fill(reason, out);
    out.extend_from_slice(b"\"}}\n");
    *code == 503
}
