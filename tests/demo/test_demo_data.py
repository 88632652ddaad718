from __future__ import annotations

from collections import Counter
from pathlib import Path

import lean_core.demo
from lean_core.demo import data

SHIPPED = Path(lean_core.demo.__file__).with_name("churn.csv")


def test_the_shipped_table_is_what_the_stated_process_draws():
    assert SHIPPED.read_bytes().decode() == data.as_csv(data.generate(data.SEED))


def test_another_seed_draws_other_customers():
    assert data.generate(1, customers=20) != data.generate(2, customers=20)


def test_fewer_customers_are_the_first_of_the_same_ones():
    assert data.generate(7, customers=5) == data.generate(7, customers=50)[:5]


def test_the_csv_has_the_columns_in_order_and_line_feeds_only():
    text = data.as_csv(data.generate(1, customers=2))

    assert text.splitlines()[0] == ",".join(data.COLUMNS)
    assert "\r" not in text
    assert text.endswith("\n")


def test_each_column_is_described_where_the_process_is_stated():
    missing = [column for column in data.COLUMNS if f"\n{column} " not in (data.__doc__ or "")]

    assert missing == []


def test_customers_are_plausible():
    for customer in data.generate(data.SEED):
        assert customer.country in data.COUNTRIES
        assert customer.channel in data.CHANNELS
        assert 0 <= customer.tenure_months <= 60
        assert 0 <= customer.active_seats <= customer.seats
        assert customer.monthly_price > 0
        assert (customer.logins_30d == 0) == (customer.days_since_login >= 30)
        assert customer.churned in (0, 1)


def test_about_a_quarter_cancels_and_annual_customers_cancel_less():
    customers = data.generate(data.SEED)
    cancelled = Counter(customer.billing for customer in customers if customer.churned)
    all_of = Counter(customer.billing for customer in customers)

    assert 0.2 < cancelled.total() / len(customers) < 0.3
    assert cancelled["annual"] / all_of["annual"] < 0.5 * cancelled["monthly"] / all_of["monthly"]
