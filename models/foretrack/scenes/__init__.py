"""Rendered procedural scenes: frames, exact tracks, visibility and depth, by seed."""
