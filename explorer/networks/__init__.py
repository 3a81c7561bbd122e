"""Networks among chosen genes: which pairs are drawn and why the others are not, where they stand, what they form."""
