"""Pure drawing: frames in, figures out."""
