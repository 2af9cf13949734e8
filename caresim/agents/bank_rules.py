"""Rules of the time bank: what government sets, what members may serve, and how they behave."""

from __future__ import annotations

from typing import Literal, get_args

from caresim.kernel.parameters import Parameters, each_once, parameter

PER = 100
"""Prices are coins for so many minutes."""
PLAIN_PRICES = (PER, PER)
"""A coin a minute, whatever the task."""
Task = Literal["family_services", "dining_tables", "health_management", "errands", "psychological_comfort",
               "inspection_visits", "leisure"]  # fmt: skip
TASK_NAMES: tuple[Task, ...] = get_args(Task)
IN_THE_HOUSE, IN_COMPANY = TASK_NAMES[:4], TASK_NAMES[4:]


class TimeBankRules(Parameters):
    """Rules of the time bank, most of them government's, and how its members behave."""

    open: bool = parameter(
        False, unit="yes or no", role="lever", meaning="Whether there is a time bank.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    rollout: float = parameter(
        1.0, unit="share", low=0.0, high=1.0, role="lever",
        meaning="Share of townships with a bank: only who lives there is a member, asks of it or is given coins.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    registration: float = parameter(
        0.03, unit="share", low=0.01, high=0.15, role="lever",
        meaning="Share of healthy residents of 45-77 who register as members.",
        source="nanjing_time_bank", evidence="judgement",
    )  # fmt: skip
    endowment: float = parameter(
        3.0, unit="hours per month", limits=(0.0, 100.0), low=0.0, high=10.0, role="lever",
        meaning="Coins that each priority elder is given: empty-nest elders of 80 and over who live alone, and the "
        "poor and disabled of 60-79.",
        source="nanjing_time_bank", evidence="judgement",
    )  # fmt: skip
    backstop: float = parameter(
        0.0, unit="share", low=0.0, high=1.0, role="lever",
        meaning="Share of unserved requests that government buys for the coins.",
        source="nanjing_time_bank", evidence="judgement",
    )  # fmt: skip
    ceiling: float = parameter(
        1500.0, unit="hours", limits=(0.0, 20000.0), low=100.0, high=10000.0, role="lever",
        meaning="Highest balance of an account; what is above falls to the pool.",
        source="nanjing_time_bank", evidence="verified",
    )  # fmt: skip
    gifts: bool = parameter(
        False, unit="yes or no", role="lever",
        meaning="Whether children may give coins to a parent who needs them.",
        source="beijing_time_bank", evidence="judgement",
    )  # fmt: skip
    digital: float = parameter(
        0.0, unit="share", low=0.0, high=1.0, role="lever",
        meaning="Share of records kept where they cannot get lost.", source="judgement", evidence="judgement",
    )  # fmt: skip
    by_task: bool = parameter(
        False, unit="yes or no", role="lever",
        meaning="Whether services have prices by task; otherwise a minute costs a coin.",
        source="pidu_time_bank", evidence="judgement",
    )  # fmt: skip
    price: tuple[int, int] = parameter(
        (100, 50), unit="coins per 100 minutes", limits=(0, 1000), role="lever",
        meaning="Prices of help in the house and of company, with pricing by task.",
        source="pidu_time_bank", evidence="judgement",
    )  # fmt: skip
    tasks: tuple[Task, ...] = parameter(
        TASK_NAMES, unit="tasks", role="lever",
        meaning="Tasks that members may serve and government may buy; nothing else is asked of the bank.",
        source="beijing_time_bank", evidence="judgement",
    )  # fmt: skip
    parts: tuple[float, float, float, float, float, float, float] = parameter(
        (0.4, 0.25, 0.1, 0.25, 0.4, 0.2, 0.4), unit="share", limits=(0.0, 1.0),
        meaning="Parts of help in the house that are family services, dining tables, health management and errands; "
        "of company that are psychological comfort, inspection visits and leisure.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    hours: float = parameter(
        6.0, unit="hours per month", limits=(0.0, 60.0), low=3.0, high=10.0,
        meaning="Mean time that a member offers in a month in which he is active; .5 to 1.5 of it.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    most_hours: float = parameter(
        10.0, unit="hours per month", limits=(0.0, 200.0), low=5.0, high=20.0,
        meaning="Most that an elder asks of the bank in a month.", source="judgement", evidence="judgement",
    )  # fmt: skip
    reach: float = parameter(
        15.0, unit="km", limits=(0.0, 500.0), low=5.0, high=30.0,
        meaning="How far members go to serve.", source="judgement", evidence="judgement",
    )  # fmt: skip
    retention: float = parameter(
        0.92, unit="share", low=0.8, high=0.97,
        meaning="Share of members who do not rest in a calendar year.", source="older_volunteers_stay",
        evidence="verified",
    )  # fmt: skip
    confidence_start: float = parameter(
        0.5, unit="share", low=0.2, high=0.8,
        meaning="Confidence of members in being served when the bank opens.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    confidence_speed: float = parameter(
        0.04, unit="share per month", limits=(0.0, 1.0), low=0.01, high=0.1,
        meaning="How far confidence moves in a month towards what the share of requests served says.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    confidence_weight: float = parameter(
        0.8, unit="share", low=0.0, high=1.0,
        meaning="How far confidence scales the members' activity; 0 cuts the loop.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    loss_year: float = parameter(
        0.0, unit="probability per year", limits=(0.0, 1.0), low=0.0, high=0.2,
        meaning="Probability that part of a balance kept on paper gets lost; off, as nothing identifies it.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    loss_part: float = parameter(
        0.5, unit="share", low=0.1, high=1.0,
        meaning="Part of a balance that is lost when records are.", source="judgement", evidence="judgement",
    )  # fmt: skip
    claims_from: float = parameter(
        75.0, unit="years", limits=(60.0, 100.0), role="constant",
        meaning="Age from which coins are claimed, for the actuarial liability only; no effect on the run.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    def prices(self) -> tuple[int, int]:
        """Return the coins that 100 minutes of help in the house and of company cost."""
        return self.price if self.by_task else PLAIN_PRICES

    def served(self) -> tuple[float, float]:
        """Return the parts of help in the house and of company that stand on the list of tasks."""
        part = dict(zip(TASK_NAMES, self.parts, strict=True))
        house, company = (
            sum(part[name] for name in of if name in self.tasks) / (sum(part[name] for name in of) or 1.0)
            for of in (IN_THE_HOUSE, IN_COMPANY)
        )
        return house, company

    _tasks = each_once("tasks")
