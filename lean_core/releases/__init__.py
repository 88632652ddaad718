"""Releases: what a version must pass, where it went, and how to get back."""

# Environments, deployments, rollback
from lean_core.releases.basis import Basis, BasisKind, find_basis
from lean_core.releases.carry_out import Order, carry_out, record_event
from lean_core.releases.command import Shell
from lean_core.releases.drill import DrillEvidence, Rehearsal, find_drill, make_drill
from lean_core.releases.history import Interval, Then, environments_in, find_intervals, live_between
from lean_core.releases.masking import mask
from lean_core.releases.matrix import Matrix, MatrixCell, MatrixRow, build_matrix
from lean_core.releases.permission import Permission, Terms, find_gate, judge_deployment
from lean_core.releases.preflight import Preflight, PreflightCheck, check_version
from lean_core.releases.probes import Observation, judge
from lean_core.releases.promotion import find_skipped
from lean_core.releases.rollback import Candidate, NoWayBack, choose_candidate, find_candidates
from lean_core.releases.sentences import tell
from lean_core.releases.span import Span, read_span
from lean_core.releases.state import EnvironmentState, Live, find_withdrawal, fold_environment, fold_environments
from lean_core.releases.trail import KnownEvent, KnownTrail, as_known_at, know, order_trail
from lean_core.releases.waived import WaivedCheck, waived_checks

__all__ = [
    "Basis",
    "BasisKind",
    "Candidate",
    "DrillEvidence",
    "EnvironmentState",
    "Interval",
    "KnownEvent",
    "KnownTrail",
    "Live",
    "Matrix",
    "MatrixCell",
    "MatrixRow",
    "NoWayBack",
    "Observation",
    "Order",
    "Permission",
    "Preflight",
    "PreflightCheck",
    "Rehearsal",
    "Shell",
    "Span",
    "Terms",
    "Then",
    "WaivedCheck",
    "as_known_at",
    "build_matrix",
    "carry_out",
    "check_version",
    "choose_candidate",
    "environments_in",
    "find_basis",
    "find_candidates",
    "find_drill",
    "find_gate",
    "find_intervals",
    "find_skipped",
    "find_withdrawal",
    "fold_environment",
    "fold_environments",
    "judge",
    "judge_deployment",
    "know",
    "live_between",
    "make_drill",
    "mask",
    "order_trail",
    "read_span",
    "record_event",
    "tell",
    "waived_checks",
]
