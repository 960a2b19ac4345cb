"""What the models share: geometry, data, training, measuring, and writing packs."""
