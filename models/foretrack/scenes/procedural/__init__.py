"""Procedural scenes as tracks alone, without pictures."""
