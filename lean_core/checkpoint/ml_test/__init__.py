"""The ML Test Score: a second rubric, of 28 tests, off unless lean.toml asks for it."""

from lean_core.checkpoint.ml_test.rubric import SECTIONS, TESTS, MlTest, Section
from lean_core.checkpoint.ml_test.score import Answer, MlTestScore, score_tests

__all__ = ["SECTIONS", "TESTS", "Answer", "MlTest", "MlTestScore", "Section", "score_tests"]
