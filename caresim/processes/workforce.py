"""Workforce: the price of an hour answers to shortage, and care workers come and go."""

from __future__ import annotations

import numpy as np

from caresim.agents.workforce import CERTIFIED, PER, UNCERTIFIED, pay_workers
from caresim.agents.world import Process, World
from caresim.kernel.clock import is_january
from caresim.kernel.parameters import Parameters, ascending, parameter

UP, DOWN = 1.02, 0.98
"""Monthly factors on the price of an hour."""
ENOUGH, IDLE = 0.9, 1.1
"""The price rises when less of the hours that elders wish to buy is filled, and falls when workers could give so much
more than is asked of them."""


class WorkforceRules(Parameters):
    """How many care workers there are, what they can do, and how pay moves them."""

    limited: bool = parameter(
        True, unit="yes or no",
        meaning="Whether there can be no more paid care than care workers give; no takes the limit away, for the study "
        "of informal care alone.", source="judgement", evidence="judgement",
    )  # fmt: skip
    hours: float = parameter(
        110.0, unit="hours per month", limits=(0.0, 300.0), low=80.0, high=140.0, local=True,
        meaning="Hours that a care worker spends with elders; roads and gaps between them come on top.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    certified_target: float = parameter(
        0.0, unit="workers per 10,000 elders", limits=(0.0, 10_000.0), low=0.0, high=32.0,
        meaning="Certified care workers that government aims at; the measure `care_workers` says how many.",
        source="zhejiang_carers", evidence="judgement",
    )  # fmt: skip
    premium: float = parameter(
        0.0, unit="share", limits=(0.0, 2.0), low=0.0, high=0.5,
        meaning="Extra pay of certified workers; a measure of government says how much.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    trained: float = parameter(
        0.0, unit="workers per 10,000 elders and year", limits=(0.0, 10_000.0), low=0.0, high=20.0,
        meaning="Uncertified workers who are trained and certified; a measure of government says how many.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    uncertified_start: float = parameter(
        8.0, unit="workers per 10,000 elders", limits=(0.0, 10_000.0), low=4.0, high=25.0,
        meaning="Uncertified care workers who offer themselves at the price of the start; 0 is a place without a "
        "private market.", source="recalled_care_market", evidence="judgement",
    )  # fmt: skip
    uncertified_personal: float = parameter(
        0.3, unit="share", low=0.0, high=1.0, local=True,
        meaning="Part of a case's personal care that uncertified workers may do.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    elasticity: float = parameter(
        1.0, unit="ratio", limits=(0.0, 10.0), low=0.3, high=2.0,
        meaning="Elasticity of the supply of workers to the price of an hour relative to the start; 0 switches the "
        "answer off.", source="judgement", evidence="judgement",
    )  # fmt: skip
    turnover: float = parameter(
        0.3, unit="share per year", limits=(0.0, 1.0), low=0.2, high=0.45,
        meaning="Care workers who leave in a year.", source="carer_turnover", evidence="verified",
    )  # fmt: skip
    hiring: float = parameter(
        0.8, unit="share", low=0.4, high=1.0,
        meaning="Part of the missing workers who are found in a year.", source="judgement", evidence="judgement",
    )  # fmt: skip
    remote_reach: float = parameter(
        0.5, unit="share", low=0.1, high=1.0,
        meaning="Hours for an elder in a remote village relative to elsewhere; the road takes the others.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    centre_workers: float = parameter(
        0.0, unit="workers per 10,000 elders", limits=(0.0, 10_000.0), low=0.0, high=20.0, local=True,
        meaning="Uncertified workers of the township's centre; a measure of government says how many.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    price_low: float = parameter(
        20.0, unit="yuan per hour", limits=(0.0, 1000.0), low=15.0, high=25.0,
        meaning="Below this the price of an hour does not fall.", source="jiashan_ltci", evidence="judgement",
    )  # fmt: skip
    price_high: float = parameter(
        60.0, unit="yuan per hour", limits=(0.0, 1000.0), low=45.0, high=80.0,
        meaning="Above this the price of an hour does not rise.", source="jiashan_ltci", evidence="judgement",
    )  # fmt: skip

    _prices = ascending("price_low", "price_high")

    def leaving(self) -> float:
        """Return the share of workers who leave in a year."""
        return min(max(self.turnover, 0.0), 1.0)

    def supply(self, elders: int, wage: float) -> np.ndarray:
        """Return how many certified workers government aims at and how many uncertified ones offer themselves."""
        return (
            np.array([self.certified_target, self.uncertified_start * wage**self.elasticity]) * elders / PER
        )

    def found(self, wage: float) -> np.ndarray:
        """Return the part of the missing certified and uncertified workers who are found in a year."""
        better_paid = (wage * (1.0 + self.premium)) ** self.elasticity
        return np.array([min(1.0, self.hiring * better_paid), self.hiring])

    def at_start(self, elders: int) -> np.ndarray:
        """Return the workers of the start: as many as stay if nothing changes."""
        found, stay = self.found(1.0), 1.0 - self.leaving()
        renewed = 1.0 - (1.0 - found) * stay
        return self.supply(elders, 1.0) * np.where(
            renewed > 0.0, found / np.where(renewed > 0.0, renewed, 1.0), 1.0
        )


def settle_workforce(world: World) -> None:
    """Pay what the time bank bought, move the price of an hour and, at the year's end, the number of workers."""
    rules: WorkforceRules = world.parameters["workforce"]
    force, bank = world.workforce, world.bank
    force.turnover = rules.leaving()
    if bank.month == world.month:
        pay_workers(world, "time_bank", "local", bank.flows.owed)
    if not rules.limited or force.workers is None:
        return
    move_price(world, rules)
    if is_january(world.month + 1):
        force.workers = renewed(rules, force.workers, len(world.elders), force.wage)


def move_price(world: World, rules: WorkforceRules) -> None:
    """Let the price rise where elders find nobody to pay, and fall where workers wait for work."""
    force, base = world.workforce, world.parameters["needs"].hour_price
    month = force.month
    given = int((force.capacity - force.pool).sum())
    factor = 1.0
    if month.bought < ENOUGH * month.wished:
        factor = UP
    elif force.capacity.sum() > IDLE * (given + month.short + month.wished - month.bought):
        factor = DOWN
    price = base * force.wage
    if base > 0.0 and factor != 1.0:
        force.wage = (
            min(max(price * factor, min(price, rules.price_low)), max(price, rules.price_high)) / base
        )


def renewed(rules: WorkforceRules, workers: np.ndarray, elders: int, wage: float) -> np.ndarray:
    """Return the workers of the coming year: some leave, part of those missing are found, some are trained."""
    staying = workers * (1.0 - rules.leaving())
    missing = np.maximum(rules.supply(elders, wage) - staying, 0.0)
    now = staying + rules.found(wage) * missing
    trained = min(rules.trained * elders / PER, float(now[UNCERTIFIED]))
    now[CERTIFIED] += trained
    now[UNCERTIFIED] -= trained
    return now


PROCESS = Process(
    name="workforce",
    run=settle_workforce,
    reads=("need", "parameters.needs", "parameters.time_bank"),
    writes=(),
    meaning="The price of an hour follows shortage; once a year care workers leave, are found and are trained.",
    parameters=WorkforceRules,
)
