"""Names, aliases and known biology."""
