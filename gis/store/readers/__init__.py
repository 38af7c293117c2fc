"""Scoped readers, one module a part of the model; `gis.store.reader.Reader` joins them."""
