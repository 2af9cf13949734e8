"""Columns read once, to make objects of them and to compare with objects."""

from __future__ import annotations

import numpy as np

from caresim.agents.grandchildren import left_children
from caresim.agents.identity import UNMINDED
from caresim.agents.people import ALIVE, ELDER, FEMALE, LIVING_REGISTERED, PRESENT, REGISTERED

from .book import Case, Gift
from .people import Household, Person
from .states import LISTED, OWN, assembled, counted


def make_people(model, columns):
    """Turn rows into objects with the same attributes and links; return them by row."""
    rows = [*range(columns.n), *range(columns.kin_start, columns.kin_end)]
    person = {row: make_person(model, columns, row) for row in rows}
    households = {}
    for row, one in person.items():
        for link in ("mother", "father", "spouse"):
            setattr(one, link, person.get(int(columns[link][row])))
        if row < columns.n:
            for link in ("pair", "main_carer"):
                setattr(one, link, person.get(int(columns[link][row])))
        one.children = [person[child] for child in chain(columns, row)][::-1]
        if one.registered:
            number = int(columns["household"][row])
            if number >= 0:
                one.move_in(households.setdefault(number, Household()))
    return person


def make_gifts(world, person):
    """Return the hand-overs of the month before the start."""
    book = world.care
    cases = [
        Case(person[row], need) for row, need in zip(book.rows.tolist(), book.need.tolist(), strict=True)
    ]
    return [
        Gift(person.get(giver), cases[case], relation, where, minutes)
        for giver, case, relation, where, *minutes in book.hand_overs().tolist()
    ]


def make_person(model, columns, row):
    state = int(columns["state"][row])
    one = Person(model, columns["key"][row], int(columns["born"][row]), bool(state & FEMALE))
    one.alive, one.resident = bool(state & ALIVE), bool(state & PRESENT)
    one.elder, one.place = bool(state & ELDER), int(columns["place"][row])
    if not one.alive:
        one.remove()
    elif state & REGISTERED:
        model.enrol(one)
    else:
        model.kin.add(one)
    one.given = int(columns["given"][row])
    if row < columns.n:
        for name in OWN:
            setattr(one, name, int(columns[name][row]))
        one.child_unminded = int(bool(state & UNMINDED))
        one.dementia = bool(columns["dementia"][row])
    return one


def chain(columns, row):
    """Return the rows of a person's children, the newest first."""
    child = int(columns["first_child"][row])
    while child >= 0:
        yield child
        maternal = columns["mother"][child] == row
        child = int(columns["next_maternal" if maternal else "next_paternal"][child])


def columns_state(world):
    """Return everything that matters about a world's living registered people.

    By key: birth, sex, residence, place, the attributes of `OWN`, parents with whether they live, the spouse,
    and the living children from the newest to the oldest with where they are; households as sets of keys,
    whatever their numbers; the villages' labels; the month's onsets of ADL disability and how many were exposed.
    Left out are the dead, who matter only as parents, and kin of nobody who lives on the register: compaction
    drops their rows, which the objects keep.
    """
    people = world.people
    column = {name: array.tolist() for name, array in people.arrays.items()}
    for name, declared in people.declared.items():  # elders' columns end with the elders
        if declared.elder:
            column[name] += [declared.default] * (people.kin_start - len(column[name]))
    column["capacity"] = world.care.capacity(len(people["key"])).tolist()
    column["coins"] = world.bank.coins(np.arange(people.n)).tolist()
    column["child_unminded"] = [int(bool(state & UNMINDED)) for state in column["state"]]
    column["grandchild_minutes"] = minutes_of_minders(world)
    key, state = column["key"], column["state"]
    persons = {}
    homes = {}
    for row in people.who(LIVING_REGISTERED).tolist():
        spouse = column["spouse"][row]
        persons[key[row]] = {
            "born": column["born"][row],
            "sex": int(bool(state[row] & FEMALE)),
            "resident": bool(state[row] & PRESENT),
            "place": column["place"][row],
            **{name: int(column[name][row]) for name in OWN + LISTED},
            **{
                side: (key[column[side][row]], bool(state[column[side][row]] & ALIVE))
                if column[side][row] >= 0
                else None
                for side in ("mother", "father")
            },
            "pair": key_of(key, column["pair"][row]),
            "main_carer": key_of(key, column["main_carer"][row]),
            "spouse": (key[spouse], bool(state[spouse] & REGISTERED)) if spouse >= 0 else None,
            "children": tuple(
                (key[c], bool(state[c] & REGISTERED), bool(state[c] & PRESENT), column["place"][c])
                for c in chain(people, row)
                if state[c] & ALIVE
            ),
        }
        if column["household"][row] >= 0:
            homes.setdefault(column["household"][row], set()).add(key[row])
    flows, bank = people.flows, world.bank
    return assembled(
        persons, homes,
        rural=world.territory.rural.tolist(), adl=(int(flows.adl_onsets), int(flows.adl_exposed)),
        gifts=gifts_of(world), kin=kin_who_care(people, column["capacity"]),
        homes_of_villages=world.territory.home.tolist(),
        employment_lost=round(float(world.care.employment_lost), 9),
        bank=(int(bank.pool), int(bank.government), int(bank.lost), round(float(bank.confidence), 12), bank.opened),
    )  # fmt: skip


def minutes_of_minders(world):
    """Return by row how long each looks after grandchildren."""
    minutes, found = np.zeros(world.people.n, dtype=np.int64), left_children(world)
    if found is not None:
        minutes[found.minders] = found.minutes
    return minutes.tolist()


def key_of(keys, row):
    return keys[row] if row >= 0 else None


def gifts_of(world):
    """Return the hand-overs of the month."""
    key, rows = world.people["key"].tolist(), world.care.rows.tolist()
    return counted(
        (key_of(key, giver), key[rows[case]], relation, where, tuple(minutes))
        for giver, case, relation, where, *minutes in world.care.hand_overs().tolist()
    )


def kin_who_care(people, capacity):
    """Return what living people off the register gave and could have given, if anything."""
    given, state = people["given"], people["state"]
    rows = [*range(people.n), *range(people.kin_start, people.kin_end)]
    return {
        int(people["key"][row]): (int(given[row]), int(capacity[row]))
        for row in rows
        if state[row] & LIVING_REGISTERED == ALIVE and (given[row] or capacity[row])
    }
