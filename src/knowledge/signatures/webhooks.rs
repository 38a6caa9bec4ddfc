//! Webhooks: admission and conversion. A webhook that is reached *through* the aggregation layer
//! (no `Post "…"`, or a URL of the API server) is an APIService's failure.

use super::Client::Apiserver;
use super::ErrorKind::{Admission, Conversion};
use super::Shape::{Quiet, Webhook};
use super::{Signature, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Signature] = &[
    row("WH-01", "failed calling webhook ", "ailed calling webhook", Webhook(Admission), Apiserver, "apiserver pkg/util/webhook/error.go:33"),
    row("WH-01", "failed calling admission webhook ", "calling admission webhook", Webhook(Admission), Apiserver, "apiserver pkg/util/webhook/error.go; to 1.12"),
    row("WH-02", "Failed calling webhook, failing ", "ailed calling webhook", Webhook(Admission), Apiserver, "apiserver pkg/admission/plugin/webhook/validating/dispatcher.go:205"),
    row("CONV-01", "conversion webhook for ", "onversion webhook for", Webhook(Conversion), Apiserver, "apiextensions-apiserver pkg/apiserver/conversion/webhook_converter.go:286"),
    row("WH-04", " denied the request", "", Quiet, Apiserver, "apiserver pkg/admission/plugin/webhook: the webhook answered, and said no"),
];
