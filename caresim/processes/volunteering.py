"""Volunteering: registered volunteers, a small core of them active, serve elders of their village without coins."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.bank_reach import members_in
from caresim.agents.bank_rules import TimeBankRules
from caresim.agents.care import COMPANY, INSTRUMENTAL, VOLUNTEER, note_limits, with_room
from caresim.agents.grandchildren import occupied
from caresim.agents.registers import kept_register, turn_out
from caresim.agents.schemes import VOLUNTEERS, links
from caresim.agents.service import fit_residents, in_turn, serve, within_reach
from caresim.agents.social_work import EVALUATION, GROUP_WORK, STAGE
from caresim.agents.world import Process, World
from caresim.kernel.clock import is_january
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, streams, uniform
from caresim.kernel.parameters import Parameters, parameter

JOIN = purpose("volunteering.join")
PROPENSITY = purpose("volunteering.propensity")
ACTIVE = purpose("volunteering.active")
TIME = purpose("volunteering.time")
ASK = purpose("volunteering.ask")
RENEW = purpose("volunteering.renew")
MONTHLY = ACTIVE, TIME, ASK
OF_PEOPLE = itemgetter(
    "state",
    "place",
    "disability",
    "dementia",
    "given",
    "member",
    "key",
    "village",
    "household",
)
RULES = itemgetter("volunteering", "time_bank", "needs")
TERMS = "volunteering.terms"
NO_CLIENTS = np.zeros(0, dtype=np.uint8)
EVERYBODY = 1.0
"""Who rests in a year is no volunteer then, so that nobody on the register rests."""
YOUNGEST, OLDEST = 45, 77
"""Years of age, both included, at which people become volunteers."""


class Volunteering(Parameters):
    """Who volunteers, how often and for how long."""

    registration: float = parameter(
        0.02, unit="share", low=0.0, high=0.15, role="lever",
        meaning="Share of healthy residents of 45-77 that registers as volunteers.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    registration_gain: float = parameter(
        0.0, unit="share", limits=(0.0, 1.0), low=0.0, high=0.06, local=True,
        meaning="Share that registers besides; a measure of government says how many.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    group_willing: float = parameter(
        0.05, unit="share", low=0.0, high=0.15,
        meaning="Share of those who were members of a social worker's group that registers besides.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    organised: float = parameter(
        0.005, unit="share", low=0.0, high=0.02,
        meaning="Share that registers besides for an hour of community work a month for 100 elders.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    retention: float = parameter(
        0.92, unit="share", low=0.8, high=0.97,
        meaning="Share of volunteers who do not rest in a calendar year; who rests may come back the next.",
        source="older_volunteers_stay", evidence="verified",
    )  # fmt: skip
    propensity_a: float = parameter(
        0.3, unit="shape", limits=(0.05, 20.0), low=0.15, high=1.0,
        meaning="First shape of the Beta distribution of the share of months in which a registered helper is active; "
        "below 1 a small core does most.",
        source="nsw_timebank2015", evidence="judgement",
    )  # fmt: skip
    propensity_b: float = parameter(
        2.7, unit="shape", limits=(0.05, 20.0), low=1.0, high=5.0,
        meaning="Second shape of that distribution; the mean is a/(a + b).",
        source="nsw_timebank2015", evidence="judgement",
    )  # fmt: skip
    hours: float = parameter(
        6.0, unit="hours per month", limits=(0.0, 40.0), low=3.0, high=10.0,
        meaning="Hours that a volunteer offers in an active month, before a factor of .5 to 1.5.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    most_hours: float = parameter(
        8.0, unit="hours per month", limits=(0.0, 100.0), low=4.0, high=20.0,
        meaning="Hours that an elder asks volunteers for at most.", source="judgement", evidence="judgement",
    )  # fmt: skip
    reach: float = parameter(
        0.0, unit="km", limits=(0.0, 100.0), low=0.0, high=10.0,
        meaning="Distance between villages of a township that volunteers go; 0 is the own village only.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def begin(world: World) -> None:
    """Register the volunteers of the year; where a measure or social workers persuade people, more of them."""
    people, station, draws = world.people, world.station, world.draws
    parameters: Volunteering = world.parameters["volunteering"]
    gain = world.by_village("volunteering.registration_gain")
    persuaded = station.relieving or bool(gain.any())
    organised = station.organised if persuaded and station.organised is not None else 0.0
    register(
        *(people[name] for name in ("state", "place", "born", "disability", "dementia", "key", "village", "volunteer")),
        people["client"] if persuaded else NO_CLIENTS, people.n, world.month, parameters.registration,
        parameters.registration + gain + parameters.organised * organised,
        parameters.group_willing, parameters.retention, draws.word(JOIN, 0),
        draws.word(RENEW, world.month - world.month % 12),
    )  # fmt: skip


@compiled
def register(state, place, born, disability, dementia, key, village, volunteer, client, n, month, share, limit, willing,
             retention, word, renew):  # fmt: skip
    """Write who is a volunteer: the healthy of the age whose lasting draw is low enough and who do not rest.

    It is below a share, or below a limit that is set by village and higher for members of a social worker's group.
    """
    volunteer[:n] = 0
    most = max(share, limit.max() + willing)
    for i in fit_residents(state, place, born, disability, dementia, n, month, YOUNGEST, OLDEST):
        luck = uniform(word, key[i])
        if luck >= most:  # nearly all
            continue
        member = i < len(client) and client[i] & GROUP_WORK and client[i] & STAGE >= EVALUATION
        joins = luck < share or luck < limit[village[i]] + (willing if member else 0.0)
        volunteer[i] = joins and uniform(renew, key[i]) < retention


def volunteer(world: World) -> None:
    """Let active volunteers serve those who still need help in the house or company, nearest first."""
    if is_january(world.month):
        begin(world)
    people, care, villages = world.people, world.care, world.territory
    when = RULES(world.parameters)
    terms, shapes, where = world.once(TERMS, when, lambda: terms_of(world, *when))
    rows, keys, chances, _ = kept_register(world, "volunteer", PROPENSITY, shapes, RENEW, EVERYBODY, 0)
    arrays = people.arrays if where is None else people.arrays | {"member": members_in(world, where)}
    care.gifts, care.n_gifts, care.limits, care.n_limits = turn_out_and_serve(
        rows, keys, chances, *OF_PEOPLE(arrays), links(world), occupied(world), care.rows, care.left,
        care.received, care.gifts, care.n_gifts, care.limits, care.n_limits, villages.township, villages.x,
        villages.y, *terms, world.month, world.draws.origins((), MONTHLY, world.month),
    )  # fmt: skip


def terms_of(world: World, rules: Volunteering, bank: TimeBankRules, needs: Any) -> tuple[Any, ...]:
    """Return the rules as numbers: hours, most minutes asked, reach, who is free; the shapes of propensities.

    Last are the villages in which there is a time bank, None if in all.
    """
    terms = rules.hours, int(60.0 * rules.most_hours), rules.reach, int(60.0 * needs.busy_hours), bank.open
    where = world.only_in(bank.rollout) if bank.rollout < 1.0 else None
    return terms, (rules.propensity_a, rules.propensity_b), where


@compiled
def turn_out_and_serve(register_rows, keys, chances, state, place, disability, dementia, given, member, key,
                       village, household, linked, occupied, rows, left, received, gifts, k, limits, m, township, x, y,
                       hours, most, reach, busy, bank_open, month, origins):  # fmt: skip
    """Let volunteers turn out and serve; return the hand-overs and the limits, and how many there are."""
    active, time, ask = streams(origins, month)
    helpers, minutes, luck = turn_out(
        register_rows, keys, chances, 1.0, state, place, disability, dementia, given, member, occupied,
        not bank_open, busy, hours, active, time,
    )  # fmt: skip
    if len(helpers) == 0:
        return gifts, k, limits, m
    limits, m = note_limits(limits, m, helpers, minutes)
    cases, wish = requests(rows, left, key, linked, helpers, village, township, x, y, reach, most, ask)
    gifts = with_room(gifts, k, len(cases) + len(helpers))
    k = serve(
        cases, wish, helpers, minutes, luck, rows, village, household, township, x, y, reach, VOLUNTEER, gifts, k,
        left, received, given,
    )  # fmt: skip
    return gifts, k, limits, m


@compiled
def requests(rows, left, key, linked, helpers, village, township, x, y, reach, most, stream):
    """Return the cases that ask volunteers within reach and the minutes wished: first whom a social worker linked.

    Within these and the others their draws decide who comes first.
    """
    served = within_reach(helpers, village, township, x, y, reach)
    asking, luck, m = np.empty(len(rows) + 1, dtype=np.int64), np.empty(len(rows)), 0
    for case in range(len(rows)):  # without a branch
        asking[m] = case
        m += served[village[rows[case]]] & (left[case, INSTRUMENTAL] + left[case, COMPANY] > 0) & (most > 0)
    later = np.empty(m, dtype=np.int64)
    for at in range(m):
        i = rows[asking[at]]
        luck[at], later[at] = uniform(stream, key[i]), linked[i] & VOLUNTEERS == 0
    order, _ = in_turn(later, luck[:m], 2)
    cases, wish = np.empty(m, dtype=np.int64), np.empty(m, dtype=np.int64)
    for at in range(m):
        cases[at] = asking[order[at]]
        wish[at] = min(most, np.int64(left[cases[at], INSTRUMENTAL]) + left[cases[at], COMPANY])
    return cases, wish


PROCESS = Process(
    name="volunteering",
    run=volunteer,
    begin=begin,
    source="volunteers",
    settles=True,
    reads=("place", "need", "given", "state", "born", "village", "household", "disability", "dementia", "volunteer",
           "member", "linked", "client", "key", "parameters.needs", "parameters.time_bank",
           "parameters.grandchild_care"),
    writes=("volunteer", "given"),
    meaning="Registered volunteers, a few of them active in a month, help elders of their village.",
    parameters=Volunteering,
    columns=(Column("volunteer", np.uint8, 0, "0/1", "1 registered as a volunteer.", "volunteering", most=1),),
)  # fmt: skip
