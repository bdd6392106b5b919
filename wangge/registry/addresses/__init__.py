"""Written addresses: their parts, what they mean, what was probably meant, and how they come into the register."""
