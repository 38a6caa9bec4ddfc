//! Kopf (nolar/kopf 1.30 to 1.45): attempts, their end, and the life of the operator.

use super::Client::Kopf;
use super::Life::{Death, Start, Stop};
use super::Shape::{KopfAttempt, Life, UrlStatus};
use super::{Signature, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Signature] = &[
    row("KOPF-01", "Request attempt #", "Request attempt #", KopfAttempt, Kopf, "kopf 1.37.5 kopf/_cogs/clients/api.py:76,90,93,97; 1.33 on"),
    row("KOPF-03", "ClientResponseError: ", "ClientResponseError: ", UrlStatus, Kopf, "aiohttp client_exceptions.py; kopf _cogs/clients/errors.py check_response"),
    row("KOPF-06", " observer has failed: ", "observer has failed", Life(Death), Kopf, "kopf 1.37.5 _cogs/aiokits/aiotasks.py:103: a root task, the operator exits"),
    row("KOPF-07", "Initial authentication has been initiated", "authentication has been init", Life(Start), Kopf, "kopf 1.37.5 _core/engines/activities.py"),
    row("KOPF-08", " is received. Operator is stopping", "Operator is stopping", Life(Stop), Kopf, "kopf 1.37.5 _core/reactor/running.py:449"),
];
