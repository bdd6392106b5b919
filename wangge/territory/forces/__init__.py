"""Forces: who works in a grid, who stands in for whom, what is missing, and how residents know whom they meet."""
