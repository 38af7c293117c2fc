"""Writers, one module a part of the model; `gis.store.writer.Writer` joins them."""
