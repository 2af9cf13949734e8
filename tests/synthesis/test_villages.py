import numpy as np

from caresim.agents.people import PRESENT
from caresim.kernel.draws import Draws
from caresim.synthesis.parameters import Villages
from caresim.synthesis.villages import lay_out
from tests.synthesis.worlds import world_of


def test_townships_lie_together_and_the_remote_cluster_is_far():
    territory = lay_out(100, 10, Villages(), Draws(1, 0))
    assert len(territory) == 100
    assert np.array_equal(np.unique(territory.township), np.arange(10))
    assert (np.diff(territory.township) >= 0).all()
    assert territory.remote.sum() == 10
    assert territory.distance[territory.remote].mean() > 1.5 * territory.distance[~territory.remote].mean()
    assert len(np.unique(territory.key)) == 100


def test_villages_have_different_sizes_and_none_is_a_giant():
    world = world_of(residents=30000, villages=100, townships=10)
    people = world.people
    size = np.bincount(people["village"][: people.n], minlength=100)
    assert size.sum() == people.n
    assert 0.3 < np.log(size).std() < 0.5
    assert size.max() < 5 * size.mean()


def test_a_rural_sample_is_all_rural_and_a_county_has_its_rural_share():
    assert world_of("rural_china", 2010, residents=3000).territory.rural.all()
    world = world_of("baiquan", 2010, residents=6000, villages=60)
    people = world.people
    home = people["village"][: people.n][(people["state"][: people.n] & PRESENT) != 0]
    share = world.territory.rural[home].mean()
    assert abs(share - world.place.rural_share) < 0.03
    territory = world.territory
    seat = territory.township == 0
    assert territory.rural[~seat].all()
    assert (
        territory.distance[seat & territory.rural].min() > territory.distance[seat & ~territory.rural].max()
    )
