"""How much to believe a perturbation."""
