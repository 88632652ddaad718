from __future__ import annotations

import logging
import re

import pytest
from streamlit.testing.v1 import AppTest

from lean_core.errors import StoreBusy
from pages._ui import boundary


def broken_callback() -> None:
    import streamlit as st

    from pages._ui import boundary

    @boundary.guarded
    def fail() -> None:
        password = "hunter" + str(1 + 1)  # not to be found in the source that a traceback shows
        raise ZeroDivisionError(f"a detail about postgresql://ana:{password}@db/mlflow")

    boundary.show_notices()
    st.button("Go", key="go", on_click=fail)
    st.text("the page goes on")


def broken_fragment() -> None:
    import streamlit as st

    from pages._ui import boundary

    @boundary.fragment()
    def fail() -> None:
        raise ZeroDivisionError("a detail that nobody must see")

    fail()
    st.text("the page goes on")


def a_page_that_stops_and_reruns() -> None:
    import streamlit as st

    from pages._ui import boundary

    with boundary.catch_errors():
        if "again" not in st.session_state:
            st.session_state.again = True
            st.rerun()
        st.text("drawn")
        st.stop()
        st.text("never drawn")


def a_page_with_a_mistaken_filter() -> None:
    from lean_core.errors import FilterError
    from pages._ui import boundary

    with boundary.catch_errors():
        raise FilterError("unknown key", text="a.b > 1", start=0, end=3)


def assert_only_a_reference(app: AppTest, caplog: pytest.LogCaptureFixture) -> None:
    assert not app.exception
    (error,) = app.error
    assert "detail" not in error.value
    (reference,) = re.findall(r"E-[0-9A-F]{6}", error.value)
    (record,) = [record for record in caplog.records if record.name == "lean_mlops.app"]
    logged = record.getMessage()
    assert reference in logged
    assert "ZeroDivisionError: a detail" in logged
    assert "in fail\n" in logged, "the traceback's frames"
    assert "hunter2" not in logged
    assert [text.value for text in app.text] == ["the page goes on"]


def test_an_error_in_a_callback_is_a_reference_at_the_top_of_the_page(caplog: pytest.LogCaptureFixture):
    app = AppTest.from_function(broken_callback).run()
    app.button("go").click().run()
    assert_only_a_reference(app, caplog)
    assert not app.run().error, "it is said once"


def test_an_error_in_a_fragment_is_a_reference_in_its_place(caplog: pytest.LogCaptureFixture):
    assert_only_a_reference(AppTest.from_function(broken_fragment).run(), caplog)


def test_a_rerun_and_a_stop_pass_through():
    app = AppTest.from_function(a_page_that_stops_and_reruns).run()
    assert [text.value for text in app.text] == ["drawn"]
    assert not app.error


def test_a_mistake_in_a_filter_is_marked_where_it_is():
    app = AppTest.from_function(a_page_with_a_mistaken_filter).run()
    assert "unknown key" in app.error[0].value
    assert app.code[0].value == "a.b > 1\n^^^"


def test_our_own_errors_are_said_as_they_are_and_not_logged(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        assert boundary.explain(StoreBusy("held by ![x](http://a/b.png)")).startswith(r"held by \!\[x\]")
    assert not caplog.records
