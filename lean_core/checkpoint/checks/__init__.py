"""The five checks: pure rules, each takes what is known and returns its answer."""

from lean_core.checkpoint.checks.debt import DebtLog, check_debt
from lean_core.checkpoint.checks.deployment import Deployed, check_deployment
from lean_core.checkpoint.checks.live import check_live
from lean_core.checkpoint.checks.provenance import Provenance, check_provenance
from lean_core.checkpoint.checks.signal import Tells, Watch, check_signal

__all__ = [
    "DebtLog",
    "Deployed",
    "Provenance",
    "Tells",
    "Watch",
    "check_debt",
    "check_deployment",
    "check_live",
    "check_provenance",
    "check_signal",
]
