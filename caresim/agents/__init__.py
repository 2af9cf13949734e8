"""Who lives in the simulation: people as columns, their villages, the place's figures, and the world that holds them."""
