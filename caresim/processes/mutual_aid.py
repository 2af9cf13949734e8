"""Mutual aid: villages open and close happiness homes, and elders pair up to look after one another."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from caresim.agents.candidates import places_below
from caresim.agents.care import WITH_CHILD
from caresim.agents.people import ELDER, INSTITUTION, LIVING_RESIDENT
from caresim.agents.service import by_lot
from caresim.agents.world import Process, World
from caresim.kernel.columns import NOBODY, Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, streams, uniform
from caresim.kernel.parameters import Parameters, ascending, parameter

TRUST = purpose("mutual_aid.trust")
MEANS = purpose("mutual_aid.means")
HOME = purpose("mutual_aid.home")
FIRST = purpose("mutual_aid.first")
PART = purpose("mutual_aid.part")
PAIR = purpose("mutual_aid.pair")
SEEK = purpose("mutual_aid.seek")
LASTING, MONTHLY = (MEANS, PAIR), (HOME, PART, SEEK)
OF_PEOPLE = itemgetter(
    "pair", "state", "village", "household", "place", "disability", "dementia", "arrangement", "key"
)
WILLING = "mutual_aid.willing"
EIGHT = 8
RESIDENT_ELDER = LIVING_RESIDENT | ELDER


class MutualAid(Parameters):
    """Trust of villages, and the homes and pairs that grow where there is trust and money."""

    trust_low: float = parameter(
        0.3, unit="share", low=0.1, high=0.4,
        meaning="Trust among neighbours in the village with the least.", source="judgement", evidence="judgement",
    )  # fmt: skip
    trust_high: float = parameter(
        0.7, unit="share", low=0.6, high=0.9,
        meaning="Trust among neighbours in the village with the most.", source="judgement", evidence="judgement",
    )  # fmt: skip
    home_share: float = parameter(
        0.2, unit="share", low=0.0, high=0.8, role="lever",
        meaning="Share of villages that are given the means to keep a happiness home (mutual-aid courtyard).",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    opening_year: float = parameter(
        0.5, unit="share", low=0.2, high=1.0,
        meaning="Yearly probability that a village of middling trust with the means opens a home.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    closing_year: float = parameter(
        0.1, unit="share", low=0.03, high=0.3,
        meaning="Yearly probability that a home in a village of middling trust closes although it has the means.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    participation: float = parameter(
        0.3, unit="share", low=0.1, high=0.6,
        meaning="Share of able elders who live alone that joins a happiness home in the village.",
        source="mutual_aid_preprint", evidence="verified",
    )  # fmt: skip
    home_cost_year: float = parameter(
        2000.0, unit="yuan per year", limits=(0.0, 1e6), low=1000.0, high=5000.0,
        meaning="Cost of running a happiness home, paid by the village collective.",
        source="feixiang2014", evidence="verified",
    )  # fmt: skip
    home_member_cost_year: float = parameter(
        350.0, unit="yuan per person-year", limits=(0.0, 1e5), low=200.0, high=700.0,
        meaning="Public support of a happiness home for each of its members.",
        source="feixiang2014", evidence="verified",
    )  # fmt: skip
    pair_share: float = parameter(
        0.02, unit="share", low=0.0, high=0.2, role="lever",
        meaning="Share of able elders without a child in the home, in a village of middling trust, who are willing "
        "to form a mutual-aid pair.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    pair_rollout: float = parameter(
        1.0, unit="share", low=0.0, high=1.0, role="lever",
        meaning="Share of townships in which pairs are encouraged; elsewhere nobody is willing to form one.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    part_year: float = parameter(
        0.2, unit="share", low=0.05, high=0.4,
        meaning="Yearly probability that a pair parts for reasons of its own.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    _trust = ascending("trust_low", "trust_high")


def begin(world: World) -> None:
    """Give each village its trust, and homes to those where they would be by now."""
    villages, draws = world.territory, world.draws
    parameters: MutualAid = world.parameters["mutual_aid"]
    found_homes(
        villages.key, villages.trust, villages.home, parameters.trust_low, parameters.trust_high,
        parameters.home_share, parameters.opening_year, parameters.closing_year, draws.word(TRUST, 0),
        draws.word(MEANS, 0), draws.word(FIRST, 0),
    )  # fmt: skip


@compiled
def found_homes(key, trust, home, low, high, share, opening, closing, trust_word, means_word, first_word):
    """Write trust and homes of the start; a home is where opening and closing balance."""
    for v in range(len(key)):
        trust[v] = low + (high - low) * uniform(trust_word, key[v])
        opens, closes = opening * trust[v], closing * (1.0 - trust[v])
        home[v] = (
            uniform(means_word, key[v]) < share
            and opens + closes > 0.0
            and uniform(first_word, key[v]) < opens / (opens + closes)
        )


def aid(world: World) -> None:
    """Let homes open and close, let pairs part, and let elders who seek one another pair up."""
    people, villages, month = world.people, world.territory, world.month
    rules: MutualAid = world.parameters["mutual_aid"]
    end = people.elders_end
    willing, where = world.once(
        WILLING, (people.generation, end, people.blank, rules),
        lambda: (
            who_may_seek(people["key"], end, rules.pair_share, world.draws.word(PAIR, 0)), encouraged(world, rules)
        ),
    )  # fmt: skip
    if where is not None:
        willing = willing[where[people["village"][willing]]]
    change_homes_and_pairs(
        *OF_PEOPLE(people.arrays), end, willing, villages.key, villages.trust, villages.home, rules.home_share,
        rules.opening_year, rules.closing_year, rules.pair_share, rules.part_year, month,
        world.draws.origins(LASTING, MONTHLY, month),
    )  # fmt: skip


def encouraged(world: World, rules: MutualAid) -> np.ndarray | None:
    """Return in which villages pairs are encouraged; None if in all."""
    return world.only_in(rules.pair_rollout) if rules.pair_rollout < 1.0 else None


@compiled
def change_homes_and_pairs(pair, state, village, household, place, disability, dementia, arrangement, key, n,
                           willing_rows, village_key, trust, home, home_share, opening, closing,
                           pair_share, part_year, month, origins):  # fmt: skip
    """Open and close happiness homes, let pairs part, and let those who seek a partner find one."""
    (means, willing), (luck_of_home, part, seek) = streams(origins[:2], 0), streams(origins[2:], month)
    change_homes(village_key, trust, home, home_share, opening, closing, means, luck_of_home)
    part_pairs(pair, state, village, place, disability, key, n, part_year / 12.0, part)
    seekers = find_seekers(
        willing_rows, key, state, pair, village, place, disability, dementia, arrangement, trust,
        pair_share, willing,
    )  # fmt: skip
    join_pairs(seekers, pair, village, household, key, len(trust), seek)


@compiled
def change_homes(key, trust, home, share, opening, closing, means_word, stream):
    """Open and close homes in place: trust opens them and keeps them, and without means there is none."""
    for v in range(len(key)):
        endowed = uniform(means_word, key[v]) < share
        luck = uniform(stream, key[v])
        if home[v]:
            home[v] = endowed and luck >= closing / 12.0 * 2.0 * (1.0 - trust[v])
        else:
            home[v] = endowed and luck < opening / 12.0 * 2.0 * trust[v]


@compiled
def part_pairs(pair, state, village, place, disability, key, n, part, stream):
    """Part pairs in place; whether two stay looks the same from either side, so that one side is asked."""
    twos = pair[: n // EIGHT * EIGHT].view(np.int64)
    first, m = np.empty(n + 1, dtype=np.int32), 0
    for e in range(n // EIGHT):  # most have no pair: two are looked at as one word, which then is -1
        if twos[4 * e] & twos[4 * e + 1] & twos[4 * e + 2] & twos[4 * e + 3] != NOBODY:
            for i in range(EIGHT * e, EIGHT * e + EIGHT):
                first[m] = i
                m += pair[i] > i
    for i in range(n // EIGHT * EIGHT, n):
        first[m] = i
        m += pair[i] > i
    for at in range(m):
        i = np.uint64(first[at])
        j = np.uint64(pair[i])
        stay = (state[i] & state[j] & RESIDENT_ELDER == RESIDENT_ELDER) & (village[i] == village[j])
        stay &= (
            (place[i] != INSTITUTION)
            & (place[j] != INSTITUTION)
            & ((disability[i] < 2) | (disability[j] < 2))
        )
        if not stay or uniform(stream, min(key[i], key[j])) < part:
            pair[i] = pair[j] = NOBODY


@compiled
def who_may_seek(key, n, share, word):
    """Return the rows of the first `n`, elders now or later, who are willing if their village trusts fully."""
    return places_below(word, key[:n], share * 2.0).astype(np.uint32)


@compiled
def find_seekers(willing_rows, key, state, pair, village, place, disability, dementia, arrangement, trust,
                 share, word):  # fmt: skip
    """Return the able elders without a child in the home who are willing to form a pair and have none."""
    rows, m = np.empty(len(willing_rows) + 1, dtype=np.int64), 0
    for row in willing_rows:  # without a branch; most have a partner or live with a child
        i = np.uint64(row)
        rows[m] = i
        m += (pair[i] == NOBODY) & (arrangement[i] & WITH_CHILD == 0) & (disability[i] <= 1)
    alone, m = m, 0
    for row in rows[:alone]:
        i = np.uint64(row)
        here = (state[i] & RESIDENT_ELDER == RESIDENT_ELDER) & (place[i] != INSTITUTION)
        rows[m] = i
        m += here & (dementia[i] == 0) & (uniform(word, key[i]) < share * 2.0 * trust[village[i]])
    return rows[:m]


@compiled
def join_pairs(seekers, pair, village, household, key, n_villages, stream):
    """Let seekers of a village who are no household pair up, two by two, by lot."""
    luck = np.empty(len(seekers))
    for at in range(len(seekers)):
        luck[at] = uniform(stream, key[seekers[at]])
    waiting = np.full(n_villages, NOBODY, dtype=np.int64)
    for at in by_lot(luck):
        j = seekers[at]
        i = waiting[village[j]]
        waiting[village[j]] = j if i == NOBODY else NOBODY
        if i != NOBODY and household[i] != household[j]:
            pair[i], pair[j] = j, i


PROCESS = Process(
    name="mutual_aid",
    run=aid,
    begin=begin,
    settles=True,
    reads=("state", "village", "household", "place", "disability", "dementia", "arrangement", "pair", "key",
           "village.home", "village.trust"),
    writes=("pair", "village.home"),
    meaning="Villages open and close happiness homes; elders who trust one another form mutual-aid pairs.",
    parameters=MutualAid,
    columns=(
        Column(
            "pair",
            np.int32,
            NOBODY,
            "row",
            "Partner of a mutual-aid pair.",
            "mutual_aid",
            link=True,
            elder=True,
        ),
    ),
)  # fmt: skip
