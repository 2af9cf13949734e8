"""The synthetic population: a place's figures, its people, marriages, kin, villages and households at the start."""
