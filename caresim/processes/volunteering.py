"""Volunteering: registered volunteers, a small core of them active, serve elders of their village without coins."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import COMPANY, INSTRUMENTAL, VOLUNTEER
from caresim.agents.grandchildren import occupied
from caresim.agents.people import LIVING_RESIDENT, age_in_years
from caresim.agents.schemes import VOLUNTEERS, links
from caresim.agents.service import in_turn, propensity, propensity_table, serve, within_reach
from caresim.agents.social_work import EVALUATION, GROUP_WORK, STAGE
from caresim.agents.world import Process, World
from caresim.kernel.clock import is_january
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

JOIN = purpose("volunteering.join")
PROPENSITY = purpose("volunteering.propensity")
ACTIVE = purpose("volunteering.active")
TIME = purpose("volunteering.time")
ASK = purpose("volunteering.ask")
RENEW = purpose("volunteering.renew")
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
    """Register the volunteers of the year."""
    people, parameters = world.people, world.parameters["volunteering"]
    register(
        *(people[name] for name in ("state", "born", "disability", "dementia", "key", "volunteer")), people.n,
        world.month, parameters.registration, parameters.retention, world.draws.word(JOIN, 0),
        world.draws.word(RENEW, world.month - world.month % 12),
    )  # fmt: skip
    gain = world.by_village("volunteering.registration_gain")
    if gain.any() or world.station.relieving:
        organised = world.station.organised
        persuade(
            *(people[name] for name in ("state", "born", "disability", "dementia", "key", "village", "client",
                                        "volunteer")),
            people.n, world.month, parameters.registration + gain + parameters.organised * (
                0.0 if organised is None else organised), parameters.group_willing, parameters.retention,
            world.draws.word(JOIN, 0), world.draws.word(RENEW, world.month - world.month % 12),
        )  # fmt: skip


@compiled
def register(state, born, disability, dementia, key, volunteer, n, month, share, retention, word, renew):
    """Write who is a volunteer: the healthy of the age whose lasting draw lies below the share and who do not rest."""
    for i in range(n):
        joins = (
            uniform(word, key[i]) < share
            and uniform(renew, key[i]) < retention
            and state[i] & LIVING_RESIDENT == LIVING_RESIDENT
        )
        of_age = YOUNGEST <= age_in_years(month, born[i]) <= OLDEST
        volunteer[i] = joins and of_age and disability[i] == 0 and dementia[i] == 0


@compiled
def persuade(state, born, disability, dementia, key, village, client, volunteer, n, month, share, willing, retention,
             word, renew):  # fmt: skip
    """Write who is a volunteer besides: of the same people, those whose lasting draw lies below a higher share."""
    for i in range(n):
        fit = disability[i] == 0 and dementia[i] == 0 and state[i] & LIVING_RESIDENT == LIVING_RESIDENT
        if volunteer[i] or not fit or not YOUNGEST <= age_in_years(month, born[i]) <= OLDEST:
            continue
        member = i < len(client) and client[i] & GROUP_WORK and client[i] & STAGE >= EVALUATION
        limit = share[village[i]] + (willing if member else 0.0)
        volunteer[i] = uniform(word, key[i]) < limit and uniform(renew, key[i]) < retention


def volunteer(world: World) -> None:
    """Let active volunteers serve those who still need help in the house or company, nearest first."""
    if is_january(world.month):
        begin(world)
    people, care, villages = world.people, world.care, world.territory
    parameters: Volunteering = world.parameters["volunteering"]
    helpers, minutes, luck = _turn_out(world, parameters)
    if len(helpers) == 0:
        return
    where = people["village"], villages.township, villages.x, villages.y, parameters.reach
    cases, wish = requests(
        care.rows, care.left, people["key"], links(world), helpers, *where, int(60.0 * parameters.most_hours),
        world.draws.stream(ASK, world.month),
    )  # fmt: skip
    care.make_room(len(cases) + len(helpers))
    care.n_gifts = serve(
        cases, wish, helpers, minutes, luck, care.rows, people["village"], people["household"], *where[1:], VOLUNTEER,
        care.gifts, care.n_gifts, care.left, care.received, people["given"],
    )  # fmt: skip


def _turn_out(world: World, parameters: Volunteering) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the active volunteers, the minutes that they offer and their draws."""
    people, draws, month = world.people, world.draws, world.month
    table = propensity_table(parameters.propensity_a, parameters.propensity_b)
    volunteers = np.flatnonzero(people["volunteer"][: people.n] != 0)
    found: tuple[np.ndarray, np.ndarray, np.ndarray] = turn_out(
        volunteers, *(people[name] for name in ("state", "disability", "dementia", "given", "capacity", "member",
                                                "key")),
        occupied(world), world.parameters["time_bank"].open, int(60.0 * world.parameters["needs"].busy_hours), table,
        parameters.hours,
        draws.word(PROPENSITY, 0), draws.stream(ACTIVE, month), draws.stream(TIME, month),
    )  # fmt: skip
    return found


@compiled
def turn_out(volunteers, state, disability, dementia, given, capacity, member, key, occupied, bank_open, busy, table,
             hours, propensity_word, active_stream, time_stream):  # fmt: skip
    """Return the rows, minutes offered and draws of the volunteers who are active, and add to their capacity."""
    helpers = np.empty(len(volunteers), dtype=np.int64)
    minutes = np.empty(len(volunteers), dtype=np.int64)
    luck = np.empty(len(volunteers), dtype=np.float64)
    found = 0
    for i in volunteers:
        well = disability[i] == 0 and dementia[i] == 0 and state[i] & LIVING_RESIDENT == LIVING_RESIDENT
        if not well or given[i] + occupied[i] >= busy or (bank_open and member[i]):
            continue
        luck[found] = uniform(active_stream, key[i])
        if luck[found] < propensity(table, uniform(propensity_word, key[i])):
            helpers[found] = i
            minutes[found] = int(60.0 * hours * (0.5 + uniform(time_stream, key[i])))
            capacity[i] += minutes[found]
            found += 1
    return helpers[:found].copy(), minutes[:found].copy(), luck[:found].copy()


@compiled
def requests(rows, left, key, linked, helpers, village, township, x, y, reach, most, stream):
    """Return the cases that ask volunteers within reach and the minutes wished: first whom a social worker linked.

    Within these and the others their draws decide who comes first.
    """
    served = within_reach(helpers, village, township, x, y, reach)
    asking = []
    for case in range(len(rows)):
        if served[village[rows[case]]] and left[case, INSTRUMENTAL] + left[case, COMPANY] > 0 and most > 0:
            asking.append(case)
    luck, later = np.empty(len(asking)), np.empty(len(asking), dtype=np.int64)
    for at in range(len(asking)):
        i = rows[asking[at]]
        luck[at], later[at] = uniform(stream, key[i]), linked[i] & VOLUNTEERS == 0
    order, _ = in_turn(later, luck, 2)
    cases = np.empty(len(order), dtype=np.int64)
    wish = np.empty(len(order), dtype=np.int64)
    for at in range(len(order)):
        cases[at] = asking[order[at]]
        wish[at] = min(most, left[cases[at], INSTRUMENTAL] + left[cases[at], COMPANY])
    return cases, wish


PROCESS = Process(
    name="volunteering",
    run=volunteer,
    begin=begin,
    source="volunteers",
    settles=True,
    reads=("need", "given", "state", "born", "village", "household", "disability", "dementia", "volunteer", "member",
           "grandchild_minutes", "linked", "parameters.needs", "parameters.time_bank"),
    writes=("volunteer", "given", "capacity"),
    meaning="Registered volunteers, a few of them active in a month, help elders of their village.",
    parameters=Volunteering,
    columns=(Column("volunteer", np.uint8, 0, "0/1", "1 registered as a volunteer.", "volunteering"),),
)  # fmt: skip
