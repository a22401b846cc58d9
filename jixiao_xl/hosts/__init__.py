"""Faces: the command line now, Excel's buttons and functions beside it."""
