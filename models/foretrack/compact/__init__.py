"""The compact model that ships: trajectory VAE, rectified flow from scenarios, visibility head."""
