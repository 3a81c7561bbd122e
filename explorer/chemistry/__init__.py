"""Everything that touches a molecule; the only package that imports RDKit."""
