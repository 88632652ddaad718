"""Call MLflow's client within bounds, and say in one sentence what went wrong.

Left alone, the client blocks 247 s on a server that is not there, honours any ``Retry-After``, and puts the body of
an answer into its exceptions and its log: a body can hold anything, so nothing of it is ever shown.
"""

from lean_core.runs.tracking.bounds import Limits, bounded
from lean_core.runs.tracking.sentence import explain
from lean_core.runs.tracking.server import connect, is_server, open_client, send, talking
from lean_core.runs.tracking.trouble import Failure, Trouble, causes, client_errors, diagnose

__all__ = [
    "Failure",
    "Limits",
    "Trouble",
    "bounded",
    "causes",
    "client_errors",
    "connect",
    "diagnose",
    "explain",
    "is_server",
    "open_client",
    "send",
    "talking",
]
