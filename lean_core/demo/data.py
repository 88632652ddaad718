"""The demo's table: customers of an invented subscription startup, drawn from the process stated here.

There is no real person behind any row, and no real company behind the table: `churn.csv`, beside this file, is
``as_csv(generate(SEED))`` and nothing else.

Each row is one customer, with what the startup knew on one day:

==================== ==========================================================================================
customer_id          C0001, C0002, ...: a running number
country              where the invoice goes: US, GB, DE, FR, ES or NL
channel              how the customer was won: organic, ads, referral or partner
plan                 starter, team or business
billing              monthly or annual; the larger the plan, the more often annual
tenure_months        whole months since signing up, 0 to 60, most of them few
seats                seats paid for: about 2, 8 or 30, by plan
active_seats         seats that somebody used in the last 30 days
monthly_price        what the customer pays each month in euros: list price x seats, less 15 % on annual billing
                     and 10 % from 20 seats on
logins_30d           logins in the last 30 days, over all seats
days_since_login     whole days since the last login, 0 to 90; under 30 where there was one in the last 30 days
tickets_90d          support tickets in the last 90 days
failed_payments_6m   card payments that failed in the last six months; hardly any on annual billing
churned              1 if the customer cancelled within the 60 days after that day, else 0
==================== ==========================================================================================

**How the label arises.** Two things that the table does not hold come first: each customer has an *engagement*
(a number from a standard normal distribution), which drives the use of seats, logins and days since the last login,
and a *mood* (another one), which nothing in the table shows. The chance to cancel is the logistic function of

- a base rate, + 0.5 x mood;
- + 1.3 in the first three months on monthly billing, - 0.3 for each doubling of the months after that;
- - 1.3 on annual billing;
- - 1.1 x engagement, and only half as much on the business plan;
- tickets work both ways: nobody asks (+ 0.9), one or two questions (- 0.9), four or more (+ 1.2), and these
  four or more count twice where engagement is below zero;
- + 0.9 for each failed payment, up to two;
- + 0.5 for customers won by ads, - 0.4 by referral.

`churned` is then drawn with that chance. The steps and products in it are what a straight line can't follow,
so that a network has something to gain over logistic regression, as in many a real table.

Only `random.Random.random` is used: of all of Python's generators its sequence alone is promised to stay the same.
"""

from __future__ import annotations

import csv
import io
import math
import random
from dataclasses import astuple, dataclass, fields
from statistics import NormalDist

SEED = 2026
CUSTOMERS = 4_000

COUNTRIES = {"US": 34, "GB": 18, "DE": 17, "FR": 12, "ES": 10, "NL": 9}
CHANNELS = {"organic": 40, "ads": 28, "referral": 20, "partner": 12}
PLANS = {"starter": 52, "team": 34, "business": 14}
SEAT_PRICE = {"starter": 12.0, "team": 19.0, "business": 29.0}
TYPICAL_SEATS = {"starter": 2.0, "team": 8.0, "business": 30.0}
ANNUAL_SHARE = {"starter": 0.2, "team": 0.4, "business": 0.65}

FIRST_MONTHS = 3
FEW_TICKETS = 2
MANY_TICKETS = 4
MANY_SEATS = 20

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One row of the table; its columns, in order, are described at the top."""

    customer_id: str
    country: str
    channel: str
    plan: str
    billing: str
    tenure_months: int
    seats: int
    active_seats: int
    monthly_price: float
    logins_30d: int
    days_since_login: int
    tickets_90d: int
    failed_payments_6m: int
    churned: int


COLUMNS = tuple(field.name for field in fields(Customer))


def generate(seed: int, *, customers: int = CUSTOMERS) -> list[Customer]:
    """Draw that many customers; the same seed gives the same ones everywhere."""
    draw = random.Random(seed)  # noqa: S311 - a table to learn from, not a secret
    return [_draw_customer(number, draw) for number in range(1, customers + 1)]


def as_csv(customers: list[Customer]) -> str:
    """Return the table as it lies in `churn.csv`: a header, commas, line feeds, prices with two decimals."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for customer in customers:
        writer.writerow(f"{value:.2f}" if isinstance(value, float) else value for value in astuple(customer))
    return text.getvalue()


def _draw_customer(number: int, draw: random.Random) -> Customer:
    engagement, mood = _normal(draw), _normal(draw)
    country, channel, plan = _choice(COUNTRIES, draw), _choice(CHANNELS, draw), _choice(PLANS, draw)
    annual = draw.random() < ANNUAL_SHARE[plan]
    tenure = min(60, int(_exponential(14.0, draw)))
    seats = max(1, round(TYPICAL_SEATS[plan] * math.exp(0.45 * _normal(draw))))
    used = _logistic(1.2 + 0.9 * engagement)
    active = sum(draw.random() < used for _ in range(seats))
    discount = 0.15 * annual + 0.1 * (seats >= MANY_SEATS)
    logins = _poisson(active * 6.0 * math.exp(0.35 * engagement), draw)
    tickets = _poisson(0.9 + 0.03 * seats, draw)
    failed = _poisson(0.05 if annual else 0.35, draw)
    chance = _chance_to_cancel(
        engagement=engagement if plan != "business" else engagement / 2,
        tickets=tickets,
        others=0.5 * mood
        + (-1.3 if annual else 1.3 * (tenure < FIRST_MONTHS))
        - 0.3 * math.log2(max(tenure, FIRST_MONTHS) / FIRST_MONTHS)
        + 0.9 * min(failed, 2)
        + {"ads": 0.5, "referral": -0.4}.get(channel, 0.0),
    )
    return Customer(
        customer_id=f"C{number:04}",
        country=country,
        channel=channel,
        plan=plan,
        billing="annual" if annual else "monthly",
        tenure_months=tenure,
        seats=seats,
        active_seats=active,
        monthly_price=round(SEAT_PRICE[plan] * seats * (1 - discount), 2),
        logins_30d=logins,
        days_since_login=_draw_days_since_login(engagement, logins, draw),
        tickets_90d=tickets,
        failed_payments_6m=failed,
        churned=int(draw.random() < chance),
    )


def _chance_to_cancel(*, engagement: float, tickets: int, others: float) -> float:
    if tickets == 0:
        asking = 0.9
    elif tickets <= FEW_TICKETS:
        asking = -0.9
    elif tickets >= MANY_TICKETS:
        asking = 2.4 if engagement < 0 else 1.2
    else:
        asking = 0.0
    return _logistic(-1.2 - 1.1 * engagement + asking + others)


def _draw_days_since_login(engagement: float, logins_30d: int, draw: random.Random) -> int:
    wait = _exponential(4.0 * math.exp(-0.8 * engagement), draw)
    return min(29, int(wait)) if logins_30d else min(90, 30 + int(3 * wait))


def _logistic(score: float) -> float:
    return 1 / (1 + math.exp(-score))


def _normal(draw: random.Random) -> float:
    return _NORMAL.inv_cdf(max(draw.random(), 1e-12))


def _exponential(mean: float, draw: random.Random) -> float:
    return -mean * math.log(1 - draw.random())


def _poisson(mean: float, draw: random.Random) -> int:
    """Count how many exponential waits fit into one unit of time: exact, at one draw for each event."""
    count, time = 0, _exponential(1 / mean, draw) if mean > 0 else math.inf
    while time < 1:
        count, time = count + 1, time + _exponential(1 / mean, draw)
    return count


def _choice(weights: dict[str, int], draw: random.Random) -> str:
    place = draw.random() * sum(weights.values())
    for name, weight in weights.items():
        place -= weight
        if place < 0:
            return name
    return name
