"""Ask the API about customers, as the startup's app would; start `python serve.py` in another terminal first.

python traffic.py                              # twenty requests a second, for a minute
python traffic.py --minutes 10 --rate 5
python traffic.py --fault latency              # each answer takes half a second and more
python traffic.py --fault errors               # each third request fails
python traffic.py --fault nulls                # half of the requests lack when the customer last logged in
python traffic.py --fault drift                # a campaign brings new customers, and nobody else asks
python traffic.py --fault stop                 # nobody asks any more

A fault lasts as long as the command. The customers are those of data/churn.csv that no model was trained on.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import http.client
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
FAULTS = ("latency", "nulls", "drift", "errors", "stop")
BY_HEADER = ("latency", "errors")  # what serve.py does itself
HEADER = "X-Demo-Fault"
TRAINED_ON, UNSEEN = ("0", "1", "2", "3", "4", "5"), ("6", "7", "8", "9")  # last digits of the customers' numbers
TEXTS = ("customer_id", "country", "channel", "plan", "billing")
LABEL = "churned"
NEW = 3  # months
AT_ONCE = 16
TIMEOUT = 10  # seconds
HALF = 0.5
FAILED = 500  # the status from which on it is the API's fault

Customer = dict[str, object]


def read_customers(table: Path, digits: tuple[str, ...] = UNSEEN) -> list[Customer]:
    """Return the customers with these last digits, without what became of them."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["customer_id"].endswith(digits)]
    return [
        {name: value if name in TEXTS else json.loads(value) for name, value in row.items() if name != LABEL}
        for row in rows
    ]


def is_of_campaign(customer: Customer) -> bool:
    """Whether somebody came by an advertisement a short time ago, and pays by the month."""
    is_new = int(str(customer["tenure_months"])) < NEW
    return is_new and (customer["channel"], customer["billing"]) == ("ads", "monthly")


def draw(customers: list[Customer], fault: str, chance: random.Random) -> Iterator[Customer]:
    """Yield customers at random, for ever; with a fault of the data those that come with it."""
    if fault == "drift":
        customers = [each for each in customers if is_of_campaign(each)]
    while True:
        customer = chance.choice(customers)
        is_hit = fault == "nulls" and chance.random() < HALF
        yield customer | {"days_since_login": None} if is_hit else customer


def ask(port: int, customer: Customer, fault: str) -> int:
    """Return the status of the answer; 0: there was none."""
    headers = {HEADER: fault} if fault in BY_HEADER else {}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    with contextlib.closing(connection):
        try:
            connection.request("POST", "/predict", json.dumps(customer), headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0


def send(port: int, customers: Iterator[Customer], fault: str, *, requests: int, rate: float) -> Counter[int]:
    """Send so many requests at so many a second; return how often there was which status."""
    began = time.monotonic()

    def wait_and_ask(number: int, customer: Customer) -> int:
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        return ask(port, customer, fault)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = [pool.submit(wait_and_ask, number, next(customers)) for number in range(requests)]
        try:
            return Counter(each.result() for each in asked)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            return Counter(each.result() for each in asked if each.done() and not each.cancelled())


def main() -> None:
    """Send requests until the time is over, and tell what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1, help="default: %(default)s")
    parser.add_argument("--rate", type=float, default=20, help="requests a second; default: %(default)s")
    parser.add_argument("--fault", choices=FAULTS, default="", help="what goes wrong meanwhile")
    parser.add_argument("--port", type=int, default=8765, help="of the API; default: %(default)s")
    options = parser.parse_args()
    if options.fault == "stop":
        sys.stdout.write(f"nobody asks for {options.minutes:g} minutes: the newest prediction grows old\n")
        with contextlib.suppress(KeyboardInterrupt):
            time.sleep(60 * options.minutes)
        return
    chance = random.Random()  # noqa: S311 - which customers, not a secret
    customers = draw(read_customers(HERE / "data" / "churn.csv"), options.fault, chance)
    if not ask(options.port, next(customers), ""):
        parser.exit(1, f"nothing answers at port {options.port}: start `python serve.py` in another terminal\n")
    requests = max(1, round(60 * options.minutes * options.rate))
    told = send(options.port, customers, options.fault, requests=requests, rate=options.rate)
    failed = sum(count for status, count in told.items() if status >= FAILED or not status)
    sys.stdout.write(f"{told.total()} requests, {failed} of them failed\n")


if __name__ == "__main__":
    main()
