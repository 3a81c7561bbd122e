"""Read a screen from disk into validated profiles."""
