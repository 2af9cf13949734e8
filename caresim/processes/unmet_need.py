"""Unmet need: the month's book of care is closed, and it is noted what stayed unmet and who cared most."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from caresim.agents.care import FULL, total_minutes
from caresim.agents.world import Process, World
from caresim.kernel.columns import NOBODY, Column
from caresim.kernel.compiled import compiled

OF_PEOPLE = itemgetter("unmet", "main_carer", "main_relation")


def close_book(world: World) -> None:
    """Carry each elder's unmet share forward, and note the main carers of the month."""
    people, care = world.people, world.care
    write_down(
        *OF_PEOPLE(people.arrays), people.elders_end, world.elders, care.rows,
        care.need, care.left, care.gifts, care.n_gifts,
    )  # fmt: skip


@compiled
def write_down(unmet, main_carer, main_relation, n, elders, rows, need, left, gifts, n_gifts):
    """Write what stayed unmet and who cared most, into the columns of all who are or may be elders."""
    write_unmet(unmet, elders, n, rows, need, left)
    write_main_carers(main_carer, main_relation, n, rows, gifts, n_gifts)


@compiled
def write_unmet(unmet, elders, n, rows, need, left):
    """Move the share of unmet need, in 250ths, half the way to this month's; 0 for all but resident elders."""
    halved, moved = np.empty(len(elders), dtype=np.uint8), np.empty(len(rows), dtype=np.uint8)
    for case in range(len(rows)):
        whole = np.uint32(total_minutes(need, case))  # short and unsigned, because that divides faster
        now = (np.uint32(FULL * total_minutes(left, case)) + whole // np.uint32(2)) // whole
        moved[case] = (unmet[np.uint64(rows[case])] + now) // 2
    for j in range(len(elders)):
        halved[j] = unmet[np.uint64(elders[j])] // 2
    unmet[:n] = 0
    for j in range(len(elders)):
        unmet[np.uint64(elders[j])] = halved[j]
    for case in range(len(rows)):
        unmet[np.uint64(rows[case])] = moved[case]


@compiled
def write_main_carers(main_carer, main_relation, n, rows, gifts, n_gifts):
    """Write who gave each case most personal care and help in the house at once, the earliest of equals."""
    most, relation = np.zeros(len(rows), dtype=np.int32), np.zeros(len(rows), dtype=np.int32)
    carer = np.full(len(rows), NOBODY, dtype=np.int32)
    for g in range(n_gifts):  # no branch, since no processor guesses who gives more
        case = np.uint32(gifts[g].case)
        minutes = np.int32(gifts[g].personal) + np.int32(gifts[g].instrumental)
        better = minutes > most[case]
        most[case] = minutes if better else most[case]
        carer[case] = gifts[g].giver if better else carer[case]
        relation[case] = gifts[g].relation + 1 if better else relation[case]
    main_carer[:n] = NOBODY
    main_relation[:n] = 0
    for case in range(len(rows)):
        i = np.uint64(rows[case])
        main_carer[i], main_relation[i] = carer[case], relation[case]


PROCESS = Process(
    name="unmet_need",
    run=close_book,
    settles=True,
    reads=("need", "given", "unmet"),
    writes=("unmet", "main_carer", "main_relation"),
    meaning="It is noted which share of their needs elders were left with, and who was their main carer.",
    columns=(
        Column("unmet", np.uint8, 0, "250ths", "Share of the need that stays unmet, averaged over recent months.",
               "unmet_need", elder=True, most=FULL),
        Column("main_carer", np.int32, NOBODY, "row", "Who gave most personal care and help in the house this month.",
               "unmet_need", link=True, elder=True),
        Column("main_relation", np.uint8, 0, "code", "The main carer is the elder's: 0 nobody, 1 wife, 2 husband, "
               "3 daughter, 4 daughter-in-law, 5 son, 6 son-in-law, 7 neighbour, 8 pair, 9 peer, 10 volunteer, "
               "11 member of the time bank, 12 bought care, 13 entitled to, 14 purchased, 15 meal, 16 visit.",
               "unmet_need", elder=True, most=16),
    ),
)  # fmt: skip
