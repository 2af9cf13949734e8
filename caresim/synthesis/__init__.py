"""The synthetic population: a place's figures, people, marriages, kin, villages, households at the start."""
