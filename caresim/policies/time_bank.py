"""Time bank: government opens a bank of hours, registers members, gives coins to elders and buys what nobody serves."""

from __future__ import annotations

from caresim.agents.bank_rules import TASK_NAMES, Task
from caresim.agents.instrument import Instrument, Levers, Move, lever
from caresim.kernel.parameters import each_once


class TimeBank(Levers):
    """Rules of the time bank that government sets."""

    open: bool = lever(
        False, unit="yes or no", off=False, low=None, meaning="Whether there is a time bank.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    registration: float = lever(
        0.03, unit="share", high=0.15, meaning="Share of healthy residents of 45-77 who register as members.",
        source="nanjing_time_bank", evidence="judgement",
    )  # fmt: skip
    endowment: float = lever(
        3.0, unit="hours per month", limits=(0.0, 100.0), high=10.0,
        meaning="Coins that each priority elder is given.", source="nanjing_time_bank", evidence="judgement",
    )  # fmt: skip
    backstop: float = lever(
        0.0, unit="share", high=1.0, meaning="Share of unserved requests that government buys for the coins.",
        source="nanjing_time_bank", evidence="judgement",
    )  # fmt: skip
    ceiling: float = lever(
        1500.0, unit="hours", limits=(0.0, 20000.0), low=100.0, high=10000.0, off=1500.0,
        meaning="Highest balance of an account; what is above falls to the pool.",
        source="nanjing_time_bank", evidence="verified",
    )  # fmt: skip
    gifts: bool = lever(
        False, unit="yes or no", off=False, low=None,
        meaning="Whether children may give coins to a parent who needs them.",
        source="beijing_time_bank", evidence="judgement",
    )  # fmt: skip
    digital: float = lever(
        0.0, unit="share", high=1.0, meaning="Share of records kept where they cannot get lost.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    by_task: bool = lever(
        False, unit="yes or no", off=False, low=None,
        meaning="Whether services have prices by task; otherwise a minute costs a coin.",
        source="pidu_time_bank", evidence="judgement",
    )  # fmt: skip
    price: tuple[int, int] = lever(
        (100, 50), unit="coins per 100 minutes", limits=(0, 1000), low=None, off=(100, 50),
        meaning="Prices of help in the house and of company, with pricing by task.",
        source="pidu_time_bank", evidence="judgement",
    )  # fmt: skip
    tasks: tuple[Task, ...] = lever(
        TASK_NAMES, unit="tasks", low=None, off=TASK_NAMES,
        meaning="Tasks that members may serve and government may buy; Beijing's list has all but errands and leisure.",
        source="beijing_time_bank", evidence="judgement",
    )  # fmt: skip

    _tasks = each_once("tasks")


INSTRUMENT = Instrument(
    name="time_bank",
    meaning="Healthy people serve elders for coins; government gives elders coins and may buy what nobody serves.",
    parameters=TimeBank,
    sets="time_bank",
    funder="local",
    moves=Move("hours_time_bank", +1, {"open": True, "registration": 0.15, "endowment": 5.0}),
)
