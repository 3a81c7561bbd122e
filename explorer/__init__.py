"""Keyhole: an open explorer for perturbation maps of biology."""

__version__ = "0.1.0"
