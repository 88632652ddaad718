"""The metrics of compared runs: values, differences from the baseline, and which is better."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lean_core.runs import DataCheck, MetricTable, Shown, compare_metrics, different_data, metric_table
from pages._ui import boundary, grid, keys, metric_directions, text
from pages._ui.compared import Compared
from pages._ui.workbench import read_directions

if TYPE_CHECKING:
    from pandas import DataFrame
    from pandas.io.formats.style import Styler
    from streamlit.elements.lib.column_types import ColumnConfig

FEW = 5
"""With more runs, a column for each difference too is more than a screen holds."""
MOST_NAMED = 8
"""Metrics that a warning names."""
BEST = "best"
DELTA_WIDTH = 100
"""Pixels; by its head alone, a column would cut the sign off."""
_KINDS: tuple[Shown, ...] = ("value", "difference", "relative")
# Washes that can be read on a light and on a dark ground.
_WASH = {"better": "background-color: rgba(21, 128, 61, 0.20)", "worse": "background-color: rgba(180, 35, 24, 0.20)"}
_BEST = "font-weight: 700; background-color: rgba(13, 148, 136, 0.28)"


def draw(compared: Compared) -> None:
    """Draw the metrics, after a warning where the runs can't be judged by them."""
    st.subheader("Metrics", anchor=False)
    names = sorted({name for run in compared.runs for name in run.metrics})
    if not names:
        st.caption("None of these runs logged a metric.")
        return
    named = names if len(names) <= MOST_NAMED else [*names[:MOST_NAMED], f"and {len(names) - MOST_NAMED} more"]
    check = different_data(
        {label: run.inputs for label, run in zip(compared.labels, compared.runs, strict=True)}, named
    )
    if check.state == "different":
        boundary.show("warning", f"**No winner.** {text.plain(check.warning)}")
    elif check.state == "unknown":
        boundary.show("info", text.plain(check.warning))
    rows = compare_metrics(
        [run.metrics for run in compared.runs],
        baseline=compared.baseline,
        directions=read_directions(compared.workbench),
        data=check,
    )
    visible = [row for row in rows if row.differs or compared.everything]
    if not visible:
        st.caption(f"No difference in {text.count(len(rows), 'metric')}.")
        return
    default = _KINDS if len(compared.runs) <= FEW else (_KINDS[0], _KINDS[2])
    shown = st.pills(
        "For each run", _KINDS, selection_mode="multi", default=default, key=keys.DELTAS, bind="query-params"
    )
    laid_out = metric_table(visible, compared.labels, shown or _KINDS[:1])
    frame = _frame(laid_out)
    if check.state == "same":
        frame.insert(1, BEST, [", ".join(compared.letters[at] for at in row.best) for row in visible])
    # The direction comes last: on a telephone it would stand where the values are.
    st.dataframe(
        _style(frame, laid_out),
        hide_index=True,
        height=grid.height(len(visible)),
        column_config=_configure(frame, laid_out, compared),
        column_order=[*(name for name in frame.columns if name != "better"), "better"],
        placeholder="",
        alt="Compared metrics",
    )
    _explain(check)
    metric_directions.draw(compared.workbench, rows)


def _explain(check: DataCheck) -> None:
    washes = "Green is better than the baseline, red is worse"
    said = {
        "same": f"{washes}; the best value is bold.",
        "unknown": f"{washes}; none is called the best.",
        "different": "Differences are shown without a verdict.",
    }
    st.caption(said[check.state])


def _frame(laid_out: MetricTable) -> DataFrame:
    """Return the table with numbers as numbers, so that they sort, but for columns with some that no grid can show."""
    frame: DataFrame = laid_out.table.to_pandas()
    for name in _numbers(laid_out):
        values = laid_out.table[name].to_pylist()  # in pandas, NaN and nothing are the same
        if not grid.can_show(values):
            say = "{:.2%}".format if name in laid_out.percents else text.number
            frame[name] = [None if value is None else say(value) for value in values]
    return frame


def _style(frame: DataFrame, laid_out: MetricTable) -> Styler:
    styles = frame.astype(object).map(lambda _: "")
    for (row, column), verdict in laid_out.verdicts.items():
        styles.loc[row, column] = _WASH.get(verdict, "")
    for row, column in laid_out.best:
        if column in styles.columns:
            styles.loc[row, column] = _BEST
    return frame.style.apply(lambda _: styles, axis=None)


def _configure(frame: DataFrame, laid_out: MetricTable, compared: Compared) -> dict[str, ColumnConfig | str]:
    config: dict[str, ColumnConfig | str] = {
        "metric": st.column_config.TextColumn("Metric", pinned=True, width=grid.key_width(frame["metric"])),
        BEST: st.column_config.TextColumn("Best", help="The run with the best value."),
        "better": st.column_config.TextColumn("Better is"),
    }
    heads = {label: compared.short_label(at) for at, label in enumerate(compared.labels)}
    for name in _numbers(laid_out):
        # A difference stands right of its value, so that the run's letter is enough for it.
        head = heads.get(name) or " ".join(name.split(maxsplit=2)[:2])
        width, help_ = None if name in heads else DELTA_WIDTH, text.plain(name)
        if frame[name].dtype.kind != "f":
            config[name] = st.column_config.TextColumn(head, help=help_, alignment="right", width=width)
        elif name in laid_out.percents:
            config[name] = st.column_config.NumberColumn(head, help=help_, format="percent", width=width)
        else:
            values = laid_out.table[name].to_pylist()
            config[name] = grid.number_column(head, values, help_=help_, least=width or 0)
    return config


def _numbers(laid_out: MetricTable) -> list[str]:
    return [name for name in laid_out.table.column_names if name not in {"metric", "better"}]
