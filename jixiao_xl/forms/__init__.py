"""Forms as data: what a definition says, and everything that follows from it."""
