"""Turn profiles into a map, keep it on disk, and measure similarity on it."""
