"""Foretrack models: data, training, evaluation and export of model packs."""
