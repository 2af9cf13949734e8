"""Grandparents who look after children whose parents have left."""

from __future__ import annotations

import math


def grandchild_care(model):
    """Let able grandparents of the house look after children who live without either parent."""
    p = model.parameters["grandchild_care"]
    each, most = math.floor(60 * p.hours), math.floor(60 * p.most_hours)
    for person in model.people:
        person.grandchild_minutes = person.child_unminded = 0
    for child in model.people:
        parents = [parent for parent in (child.mother, child.father) if parent is not None]
        if not child.resident or child.age >= 15 or any(child.shares_home_with(one) for one in parents):
            continue
        old = [grandparent for parent in parents for grandparent in (parent.mother, parent.father)]
        minders = [one for one in old if child.shares_home_with(one) and one.able]
        for minder in minders:
            minder.grandchild_minutes = min(most, minder.grandchild_minutes + each // len(minders))
        if not minders:
            for parent in parents:
                if parent.alive and parent.registered and not parent.resident:
                    parent.child_unminded = 1


def occupied(model, person):
    """Return the minutes that count as given where it is asked who has time."""
    return math.floor(model.parameters["grandchild_care"].counted * person.grandchild_minutes)
