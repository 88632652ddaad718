"""Ask a running system which version it runs."""

from lean_core.releases.probes.ask import Surroundings, ask, place_of
from lean_core.releases.probes.observation import Observation, Said, Silent, State, judge

__all__ = ["Observation", "Said", "Silent", "State", "Surroundings", "ask", "judge", "place_of"]
