from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import ks_2samp, wasserstein_distance

from tests.signals.log.logs import AT, Folder, a_row, many, write_parquet

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def samples(log: Folder) -> tuple[np.ndarray, np.ndarray]:
    """Return a reference and a log of the feature age, which were written."""
    random = np.random.default_rng(7)
    reference, current = random.normal(40, 10, 3000), random.normal(44, 12, 2000)
    write_parquet(log.path / "reference.parquet", [a_row(age=float(age), score=0.5) for age in reference])
    log.write("one.parquet", [a_row(age=float(age), score=0.5) for age in current])
    return reference, current


def deciles(reference: np.ndarray, values: np.ndarray) -> np.ndarray:
    edges = np.quantile(reference, np.arange(1, 10) / 10)
    return np.bincount(np.searchsorted(edges, values), minlength=10) / len(values)


def test_distances_are_those_of_scipy(log: Folder, samples):
    reference, current = samples
    found = log.ask_all(
        "psi.age", "js.age", "wasserstein.age", "ks.age", "out_of_range.age", reference="reference.parquet"
    )
    p, q = deciles(reference, reference), deciles(reference, current)
    assert found["psi.age"].value == pytest.approx(np.sum((p - q) * np.log(p / q)))
    assert found["js.age"].value == pytest.approx(jensenshannon(p, q, base=2))
    assert found["wasserstein.age"].value == pytest.approx(wasserstein_distance(reference, current), abs=0.05)
    exact = ks_2samp(reference, current).statistic
    assert found["ks.age"].value <= exact + 1e-9
    assert found["ks.age"].value == pytest.approx(exact, abs=0.02)
    outside = np.mean((current < reference.min()) | (current > reference.max()))
    assert found["out_of_range.age"].value == pytest.approx(outside)


def test_bins_are_shown_beside_the_reference(log: Folder, samples):
    bins = log.measure("psi.age", reference="reference.parquet").bins
    assert bins is not None
    assert len(bins.labels) == len(bins.reference) == len(bins.current) == 10
    assert sum(bins.reference) == 3000
    assert sum(bins.current) == 2000


def test_the_definition_is_stated(log: Folder, samples):
    note = log.measure("psi.age", reference="reference.parquet").note
    assert "deciles of the reference; an empty bin counts as 0.0001" in note
    assert "3,000 rows of the reference" in note


def test_a_p_value_is_for_few_rows(log: Folder, samples):
    assert 0 <= log.measure("ks_p.age", reference="reference.parquet").value < 1e-6
    log.write("one.parquet", many(20_000))
    assert log.fail("ks_p.age", reference="reference.parquet").trouble == "refused"


def test_under_a_hundred_rows_there_is_no_verdict(log: Folder, samples):
    log.write("one.parquet", many(99, age=float))
    found = log.fail("psi.age", reference="reference.parquet")
    assert (found.trouble, found.n) == ("too few", 99)


def test_categories_that_the_reference_lacks_are_unseen(log: Folder):
    write_parquet(log.path / "reference.parquet", many(200, plan=lambda number: ("free", "pro")[number % 2]))
    log.write("one.parquet", many(200, plan=lambda number: ("free", "pro", "new", None)[number % 4]))
    found = log.measure("unseen.plan", reference="reference.parquet")
    assert found.value == pytest.approx(1 / 3)
    assert found.bins is not None
    assert dict(zip(found.bins.labels, found.bins.current, strict=True)) == {"free": 50, "pro": 50, "unseen": 50}
    assert log.measure("psi.plan", reference="reference.parquet").value > 1
    assert log.fail("ks.plan", reference="reference.parquet").trouble == "refused"


def test_many_categories_share_a_bin(log: Folder):
    write_parquet(log.path / "reference.parquet", many(300, plan=lambda number: f"plan {number % 150}"))
    log.write("one.parquet", many(300, plan=lambda number: f"plan {number % 150}"))
    assert log.measure("unseen.plan", reference="reference.parquet").value == 0
    found = log.measure("psi.plan", reference="reference.parquet")
    assert found.value == 0
    assert found.bins is not None
    assert found.bins.labels[-2:] == ("other", "unseen")


def test_the_past_of_the_log_may_be_the_reference(log: Folder):
    log.write(
        "old.parquet", many(500, at=lambda number: AT - (30 + number % 40) * HOUR, age=lambda number: number % 50)
    )
    log.write("new.parquet", many(500, age=lambda number: number % 50))
    found = log.measure("psi.age", reference="7d")
    assert found.value == 0
    log.write("new.parquet", many(500, age=lambda number: 49 - number % 10))
    assert log.measure("psi.age", reference="7d").value > 1


def test_without_a_past_there_is_nothing_to_hold_it_against(log: Folder):
    log.write("new.parquet", many(200))
    found = log.fail("psi.age", reference="7d")
    assert found.trouble == "missing"
    assert "before the window" in found.sentence


def test_without_a_reference_there_is_nothing_to_hold_it_against(log: Folder):
    log.write("new.parquet", many(200))
    assert log.fail("psi.age").trouble == "refused"


def test_a_reference_that_is_not_there_is_told(log: Folder):
    log.write("new.parquet", many(200))
    found = log.ask_all("psi.age", "rows", reference="nothing.parquet")
    assert found["psi.age"].trouble == "missing"
    assert "nothing.parquet" in found["psi.age"].sentence
    assert found["rows"].value == 200


def test_a_feature_that_the_reference_lacks_is_told(log: Folder):
    rows = many(200)
    for row in rows:
        del row["age"]
    write_parquet(log.path / "reference.parquet", rows)
    log.write("new.parquet", many(200))
    found = log.fail("psi.age", reference="reference.parquet")
    assert found.trouble == "malformed"
    assert '"age"' in found.sentence


def test_a_reference_of_one_value_has_bins(log: Folder):
    write_parquet(log.path / "reference.parquet", many(200, age=lambda _: 5.0))
    log.write("new.parquet", many(200, age=lambda number: (5.0, 6.0)[number % 2]))
    assert log.measure("out_of_range.age", reference="reference.parquet").value == 0.5
    assert log.measure("ks.age", reference="reference.parquet").value == 0.5


def test_infinite_values_have_no_distance(log: Folder):
    write_parquet(log.path / "reference.parquet", many(200, age=float))
    log.write("new.parquet", many(200, age=lambda number: float("inf") if number == 7 else float(number)))
    assert log.fail("wasserstein.age", reference="reference.parquet").trouble == "malformed"
    assert log.measure("out_of_range.age", reference="reference.parquet").value == 1 / 200


def test_nan_is_in_no_bin(log: Folder):
    write_parquet(log.path / "reference.parquet", many(200, age=lambda number: float("nan") if number % 2 else number))
    log.write("new.parquet", many(300, age=lambda number: float("nan") if number % 3 else float(number)))
    found = log.measure("psi.age", reference="reference.parquet")
    assert found.n == 100
    assert sum(found.bins.reference) == 100


def test_a_reference_that_changes_is_binned_anew(log: Folder):
    write_parquet(log.path / "reference.parquet", many(200, age=float))
    log.write("new.parquet", many(200, age=float))
    assert log.measure("psi.age", reference="reference.parquet").value == 0
    write_parquet(log.path / "reference.parquet", many(201, age=lambda number: float(number + 1000)))
    assert log.measure("psi.age", reference="reference.parquet").value > 1


def test_values_on_the_edge_of_a_bin_are_below_it(log: Folder):
    random = np.random.default_rng(3)
    reference, current = random.integers(0, 37, 5000), random.integers(-2, 45, 3000)
    write_parquet(log.path / "reference.parquet", [a_row(age=int(age)) for age in reference])
    log.write("one.parquet", [a_row(age=int(age)) for age in current])
    bins = log.measure("psi.age", reference="reference.parquet").bins
    edges = np.unique(np.quantile(reference, np.arange(11) / 10))[1:-1]
    for values, counts in ((reference, bins.reference), (current, bins.current)):
        assert list(counts) == list(np.bincount(np.searchsorted(edges, values), minlength=len(edges) + 1))
