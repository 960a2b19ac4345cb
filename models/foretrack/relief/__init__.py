"""Relief guessed from one picture: which part of it is nearer."""
