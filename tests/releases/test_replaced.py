from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lean_core.registry import Event
from lean_core.releases import KnownTrail
from lean_core.releases.replaced import find_replaced
from tests.releases.builders import a_deployment, a_trail, unreadable


def a_story(*versions: str) -> KnownTrail:
    """Return a trail of deployments, a day each; with ``<`` a rollback from the one before."""
    events: list[Event] = []
    for day, version in enumerate(versions):
        before = versions[day - 1].strip("<") if version.startswith("<") else None
        events.append(a_deployment(version.strip("<"), day=day, rollback_of=before))
    return a_trail(*events)


def replaced(version: str, *versions: str) -> str | None:
    return find_replaced(a_story(*versions), "prod", version).version


def test_a_version_that_is_not_live_would_take_the_place_of_the_one_that_is():
    assert replaced("3", "1", "2") == "2"
    assert replaced("1", "1", "2") == "2"


def test_the_live_version_took_the_place_of_the_last_other_one():
    assert replaced("3", "1", "2", "3") == "2"
    assert replaced("3", "1", "2", "3", "3") == "2"
    assert replaced("1", "1", "2", "3", "1") == "3"


def test_a_version_that_was_gone_back_to_is_measured_by_what_it_had_replaced():
    assert replaced("2", "1", "2", "3", "<2") == "1"
    assert replaced("2", "1", "2", "3", "<2", "3", "<2") == "1"
    assert replaced("2", "1", "2", "<1", "2") == "1"


def test_the_first_release_took_nobodys_place():
    for story in (("1",), ("1", "1"), ("1", "2", "<1")):
        found = find_replaced(a_story(*story), "prod", "1")
        assert (found.version, found.doubt) == (None, "")
        assert found.nothing == "1 itself is live in prod, and nothing was before it"


def test_where_nothing_is_live_nothing_is_replaced():
    found = find_replaced(a_story(), "prod", "1")
    assert (found.version, found.nothing) == (None, "nothing is live in prod yet")


def test_a_file_that_may_be_a_deployment_in_between_makes_it_unsure():
    events = [a_deployment("1"), a_deployment("2", day=2)]
    found = find_replaced(a_trail(*events, unreadable=[unreadable("deployment", day=1)]), "prod", "2")
    assert found.version is None
    assert found.doubt.startswith("what was live in prod before 2 is not sure: ")
    earlier = a_trail(*events, unreadable=[unreadable("deployment", day=-1)])
    assert find_replaced(earlier, "prod", "2").version == "1"


@given(st.lists(st.sampled_from(["1", "2", "3", "<1", "<2", "<3"]), max_size=8), st.sampled_from("1234"))
def test_no_version_is_its_own_measure(story: list[str], version: str):
    assert replaced(version, *story) != version
