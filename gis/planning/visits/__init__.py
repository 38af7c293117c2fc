"""Who visits whom, when and in which order: arrays in and out."""
