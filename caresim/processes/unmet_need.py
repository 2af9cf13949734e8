"""Unmet need: the month's book of care is closed, and it is noted what stayed unmet and who cared most."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import CASE, FULL, GIVEN, GIVER, RELATION, minutes_left
from caresim.agents.world import Process, World
from caresim.kernel.columns import NOBODY, Column
from caresim.kernel.compiled import compiled


def close_book(world: World) -> None:
    """Carry each elder's unmet share forward, and note the main carers of the month."""
    people, care = world.people, world.care
    write_unmet(people["unmet"], world.elders, people.elders_end, care.rows, care.need, care.left)
    write_main_carers(
        people["main_carer"], people["main_relation"], people.elders_end, care.rows, care.gifts, care.n_gifts
    )


@compiled
def write_unmet(unmet, elders, n, rows, need, left):
    """Move the share of unmet need, in 250ths, half the way to this month's; 0 for all but resident elders."""
    known = np.empty(len(elders), dtype=np.uint8)
    for j in range(len(elders)):
        known[j] = unmet[elders[j]]
    unmet[:n] = 0
    case = 0
    for j in range(len(elders)):
        i = elders[j]
        now = 0
        if case < len(rows) and rows[case] == i:  # cases stand in the order of the elders
            whole = minutes_left(need, case)
            now = (FULL * minutes_left(left, case) + whole // 2) // whole
            case += 1
        unmet[i] = (known[j] + now) // 2


@compiled
def write_main_carers(main_carer, main_relation, n, rows, gifts, n_gifts):
    """Write who gave each case most personal care and help in the house at once, the earliest of equals."""
    main_carer[:n] = NOBODY
    main_relation[:n] = 0
    most = np.zeros(len(rows), dtype=np.int32)
    for g in range(n_gifts):
        case = gifts[g, CASE]
        minutes = gifts[g, GIVEN] + gifts[g, GIVEN + 1]
        if minutes > most[case]:
            most[case] = minutes
            main_carer[rows[case]] = gifts[g, GIVER]
            main_relation[rows[case]] = gifts[g, RELATION] + 1


PROCESS = Process(
    name="unmet_need",
    run=close_book,
    settles=True,
    reads=("need", "given", "capacity"),
    writes=("unmet", "main_carer", "main_relation"),
    meaning="It is noted which share of their needs elders were left with, and who was their main carer.",
    columns=(
        Column("unmet", np.uint8, 0, "250ths", "Share of the need that stays unmet, averaged over recent months.",
               "unmet_need", elder=True),
        Column("main_carer", np.int32, NOBODY, "row", "Who gave most personal care and help in the house this month.",
               "unmet_need", link=True, elder=True),
        Column("main_relation", np.uint8, 0, "code", "The main carer is the elder's: 0 nobody, 1 wife, 2 husband, "
               "3 daughter, 4 daughter-in-law, 5 son, 6 son-in-law, 7 neighbour, 8 pair, 9 peer, 10 volunteer, "
               "11 member of the time bank, 12 bought care, 13 entitled to, 14 purchased, 15 meal, 16 visit.",
               "unmet_need", elder=True),
    ),
)  # fmt: skip
