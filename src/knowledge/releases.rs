//! Which Kubernetes an OpenShift release is built on.

/// OpenShift minor release and its Kubernetes minor release, oldest first.
///
/// Source: the OpenShift release notes ("based on Kubernetes 1.x"), for 4.22 openshift/kubernetes#2773; 4.y
/// has been built on 1.(y+13) since 4.5.
#[rustfmt::skip]
pub const RELEASES: &[(&str, &str)] = &[
    ("4.1", "1.13"), ("4.2", "1.14"), ("4.3", "1.16"), ("4.4", "1.17"), ("4.5", "1.18"), ("4.6", "1.19"),
    ("4.7", "1.20"), ("4.8", "1.21"), ("4.9", "1.22"), ("4.10", "1.23"), ("4.11", "1.24"), ("4.12", "1.25"),
    ("4.13", "1.26"), ("4.14", "1.27"), ("4.15", "1.28"), ("4.16", "1.29"), ("4.17", "1.30"), ("4.18", "1.31"),
    ("4.19", "1.32"), ("4.20", "1.33"), ("4.21", "1.34"), ("4.22", "1.35"),
];
