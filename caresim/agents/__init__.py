"""Who lives in the simulation: people as columns, villages, the place's figures, the world that holds them."""
